"""Fanwheel: a brand's own growth system for private-domain traffic."""

__version__ = "0.1.0"
