"""Lengths: what a platform would refuse for its length is refused before it is claimed, with the figures."""

from collections.abc import Mapping, Sequence
from typing import Any

from fanwheel.domains.private.channels.adapter import About
from fanwheel.domains.private.channels.contracts import AnyPart, Text


def too_long(parts: Sequence[AnyPart], about: About) -> Mapping[str, Any] | None:
    """The first text that the channel does not take, how long it is and may be; None where all fit."""
    most = about.text_limit if about.text_bytes is None else about.text_bytes
    if most is None:
        return None
    for number, part in enumerate(parts, start=1):
        if not isinstance(part, Text):
            continue
        count = len(part.text) if about.text_bytes is None else len(part.text.encode("utf-8", "surrogatepass"))
        if count > most:
            unit = "characters" if about.text_bytes is None else "bytes"
            return {"why": "too_long", "part": number, "count": count, "most": most, "unit": unit}
    return None
