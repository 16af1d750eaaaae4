"""What an event with a source says of the arrival."""

from functools import lru_cache
from typing import Final, NamedTuple

from fanwheel.cdp import profiles, sources
from fanwheel.cdp.events.consumer import StreamEvent

# Addresses repeat within a visit and contexts within a client, so most arrivals have been read before.
_REMEMBERED: Final = 4096


class Arrival(NamedTuple):
    """A touch, and the click ids that came with it."""

    touch: profiles.Touch
    clicks: tuple[profiles.Click, ...]


def read_arrival(event: StreamEvent) -> Arrival:
    """The touch of an event whose source is known, and its click ids."""
    campaign, clicks = _read(event.properties, event.context)
    home, at = event.home_id, event.at_us
    touch = profiles.Touch(at, event.source_id, event.domain, campaign)
    return Arrival(touch, tuple(profiles.Click(home, kind, value, at) for kind, value in clicks))


def _read(properties: str, context: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    evidence = sources.read_evidence(properties, context)
    return ("", ()) if evidence is None else _understand(evidence)


@lru_cache(maxsize=_REMEMBERED)
def _understand(evidence: sources.Evidence) -> tuple[str, tuple[tuple[str, str], ...]]:
    return sources.campaign_name(evidence), tuple(sources.click_ids_of(evidence).items())
