"""Experiments: what a treatment of some people of a segment causes, against others of it who were left alone."""
