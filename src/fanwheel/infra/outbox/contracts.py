"""Facts in plain values."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to a person, to become an event once: two facts with one ``key`` are one.

    ``refs`` are identifiers of the person, kinds and values, the one to go by first; ``properties`` name the channel,
    the account and what it belongs to, and hold no contact data. With ``kind`` "identify" they are traits and there is
    no name.
    """

    key: str
    name: str = ""
    at: datetime
    refs: Sequence[tuple[str, str]]
    properties: Mapping[str, Any] = {}
    kind: Literal["track", "identify"] = "track"
