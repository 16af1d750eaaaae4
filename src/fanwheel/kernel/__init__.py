"""Words that every other package speaks; standard library only."""
