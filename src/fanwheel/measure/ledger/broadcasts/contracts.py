"""The lift of a broadcast in plain values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from fanwheel.measure.ledger.experiments.contracts import Finding

Holdout = Literal["broadcast", "channel", "universal"]
ArmName = Literal["treated", "broadcast", "channel", "universal"]
ORDER: Final = "order"
# What a broadcast alone causes is told best by its own holdout; whoever is held out of more misses more.
HOLDOUTS: Final[tuple[Holdout, ...]] = ("broadcast", "channel", "universal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """People who passed the gate on a channel and were treated or held out, with sums of what they did since.

    ``converted`` are people, ``value`` is in minor units of the reporting currency; ``…_before`` is the same in the
    four weeks before. ``share`` is the share of people that was to be held out, None where several were. ``elapsed`` is
    the sum over people of the fraction of their days that is over.
    """

    name: ArmName
    channel: str
    people: int
    converted: float
    converted_before: float
    converted_both: float
    value: float
    value_squares: float
    value_before: float
    value_before_squares: float
    value_cross: float
    elapsed: float
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a comparison: people, how many of them converted, and what all of them brought."""

    people: int
    converted: int
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The treated against those whom one holdout kept from it.

    ``conversion`` is of the share of people who converted, ``value`` of what a person brought, None where the goal is
    an event. ``sample_ratio_p`` is the chance of arms at least this far from the shares planned; None: several shares.
    """

    holdout: Holdout
    channel: str | None
    treated: Side
    held_out: Side
    conversion: Finding
    value: Finding | None
    sample_ratio_p: float | None
    elapsed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """Every comparison that holdouts allow, that of the broadcast's own first, as of a moment."""

    as_of: datetime
    treated: Side
    comparisons: tuple[Comparison, ...]
