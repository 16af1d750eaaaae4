"""Segments: rules that say who is who, right within a second."""

from fanwheel.cdp.segments.live.building import Builder
from fanwheel.cdp.segments.live.judge import Judge
from fanwheel.cdp.segments.live.taking import Taker

__all__ = ["Builder", "Judge", "Taker"]
