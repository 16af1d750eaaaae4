"""Profiles: what the events of one home say of a person, kept so that a merge never reads events again."""

from fanwheel.cdp.profiles.contracts import Click, Operated, Part, Reachable, Shared, Touch
from fanwheel.cdp.profiles.service import Homes, find_homes, put_clicks, put_parts

__all__ = [
    "Click",
    "Homes",
    "Operated",
    "Part",
    "Reachable",
    "Shared",
    "Touch",
    "find_homes",
    "put_clicks",
    "put_parts",
]
