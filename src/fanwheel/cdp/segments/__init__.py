"""Segments: rules that say who is who, right within a second."""

from fanwheel.cdp.segments.live.building import Builder
from fanwheel.cdp.segments.live.judge import Judge
from fanwheel.cdp.segments.live.taking import Taker
from fanwheel.cdp.segments.standing import list_inside

__all__ = ["Builder", "Judge", "Taker", "list_inside"]
