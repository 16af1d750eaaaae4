"""Disclosure: all that is kept of a person, for the person."""
