"""Segments: rules that say who is who, right within a second."""
