"""What decides whether a message may go out: pure rules over plain figures."""
