"""From the plain people and events of ``segments_random`` to what the evaluator takes."""

from collections.abc import Iterable, Mapping
from typing import Any

from fanwheel.cdp.segments import digest, facts, metrics

KINDS = {"track": 1, "page": 3, "screen": 4}


def remember(events: Iterable[Mapping[str, Any]], matcher: metrics.Matcher) -> list[digest.Remembered]:
    """What the metrics remember of some events."""
    return [
        digest.Remembered(number, event["at_us"], digest.short_id(event["event_id"]), value)
        for event in events
        for number, value in matcher.read(KINDS[event["kind"]], event["name"], event["properties_text"])
    ]


def facts_of(person: Mapping[str, Any], digests: Iterable[bytes]) -> facts.Facts:
    """What is known of a person whose homes have these digests."""
    sets = {name: frozenset(person[name]) for name in ("tags", "channels", "segments", "lists")}
    return facts.Facts(**{**person, **sets}, series=digest.merge(digests))
