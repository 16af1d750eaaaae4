"""Business hours in plain values."""

from datetime import date

import msgspec


class Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stretch of a day, in minutes since midnight; 1440 is the end of the day."""

    opens: int
    closes: int


class Weekly(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stretch that comes every week; day 1 is Monday."""

    day: int
    opens: int
    closes: int


class Special(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A date with hours of its own; without any it is closed all day."""

    date: date
    spans: tuple[Opening, ...] = ()
