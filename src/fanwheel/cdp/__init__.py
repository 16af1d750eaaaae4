"""Customer data: events, persons, sources, consent."""
