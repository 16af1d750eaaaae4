"""Segments from scratch: rules as statements over all events and people."""

from fanwheel.cdp.segments.analytic.build import Build, build

__all__ = ["Build", "build"]
