"""Stage one: people come in from the public and the commercial domain."""
