"""How single values, moments, windows and chains of events are judged: pure, without input or output."""
