"""Segments from scratch: rules as statements over all events and people.

All of it takes its time: to be called in a thread, and imported where it is called, because engines are heavy.
"""

from fanwheel.cdp.segments.analytic.backfill import Told, backfill
from fanwheel.cdp.segments.analytic.build import Build, build
from fanwheel.cdp.segments.analytic.looks import Part, Preview, forget, preview
from fanwheel.cdp.segments.analytic.trends import Trend, trend

__all__ = ["Build", "Part", "Preview", "Told", "Trend", "backfill", "build", "forget", "preview", "trend"]
