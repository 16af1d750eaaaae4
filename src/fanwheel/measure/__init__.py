"""Measurement: read-only beside the loop."""
