"""What the live part of segments hands around."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from fanwheel.cdp.segments.digest import Memory
    from fanwheel.cdp.segments.facts import Facts

Cause = Literal["change", "time", "rule", "merge", "erasure"]
NOBODY_SEEN: Final = b""


class Change(NamedTuple):
    """A person entered a segment or left it."""

    segment_id: int
    person_id: int
    is_entry: bool
    cause: Cause


@dataclass(slots=True, kw_only=True)
class Standing:
    """Where a person stands: what was decided the last time, and by what was known then."""

    members: Collection[int] = ()
    seen: bytes = NOBODY_SEEN
    due_us: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A living person with what rules may ask of them. ``memory`` is what is remembered of their events."""

    facts: "Facts"
    segments: set[int]  # the same object as in the facts: it changes while the person is judged
    traits: dict[str, Any]  # the same object as in the facts: formulas are worked out before rules are asked
    memory: "Memory"
    words: Sequence[str]  # those that the memory names by their bits, as they are kept
    standing: Standing


@dataclass(slots=True, kw_only=True)
class Judgment:
    """What is to be written of a person."""

    person_id: int
    members: list[int]
    seen: bytes
    due_us: int | None
    moves: list[Change] = field(default_factory=list)
    traits: dict[str, Any] = field(default_factory=dict)  # computed ones that are another now, None for none


class RuleRow(NamedTuple):
    """A segment as the judge needs it."""

    segment_id: int
    status: str
    rule: Mapping[str, Any]
    live_rule: Mapping[str, Any] | None


class FormulaRow(NamedTuple):
    """A computed trait as the judge needs it."""

    name: str
    status: str
    formula: Mapping[str, Any]
    live_formula: Mapping[str, Any] | None
    built_to: int = 0


class Part(NamedTuple):
    """What is remembered of the events of a home: a digest, and as JSON the words that it names by their bits."""

    digest: bytes
    words: str | None = None
