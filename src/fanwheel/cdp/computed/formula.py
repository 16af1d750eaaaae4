"""The formula of a computed trait, as it is written in JSON (version 1), and what it means.

At an instant ``now`` only events count that occurred at or before it and, with ``window``, later than ``now`` less the
window: as in rules of segments an event of ``at`` is in the window from ``at`` until just before ``at + window``.
Of several selectors an event counts once, however many of them it passes.

- ``count``: how many events; ``first_time``, ``last_time``: the moments of the first and the last.
- ``sum``, ``average``, ``min``, ``max``: of the numbers at ``path``, to six decimals, halves upwards; an event without
  a number there does not count.
- ``distinct``, ``most_frequent``, ``top``, ``last_value``: of the words at ``path``: texts, without blanks around them
  and cut at 200 characters, numbers, true or false. Of a list each item is a word, at a path that begins with
  ``products.`` each product has its own; a word counts once in one event. Of words that are in equally many events the
  one met last goes first, and of those met last together the first by the alphabet: numbers before texts, and false and
  true before both. ``top`` gives a list, the most frequent first; ``last_value`` the word met last.
- ``best_hour``: the hour of the day, 0 to 23 in the workspace's time zone, in which most events occurred; of equals the
  one of the latest event.

Of nothing ``count``, ``sum`` and ``distinct`` are 0; the others are then none, and the person lacks the trait.
"""

from typing import Annotated, Final, Literal, TypeAlias, get_args

import msgspec
from msgspec import Meta, Struct

from fanwheel.cdp.segments.metrics import Metric
from fanwheel.cdp.segments.tree import Name, Selector, Span

VERSION: Final = 1
Aggregate: TypeAlias = Literal[
    "count", "sum", "average", "min", "max", "first_time", "last_time", "distinct", "most_frequent", "top", "best_hour",
    "last_value",
]  # fmt: skip
TraitType: TypeAlias = Literal["text", "number", "bool", "date", "option", "options"]
AGGREGATES: Final[tuple[str, ...]] = get_args(Aggregate)
OF_NUMBERS: Final = frozenset({"sum", "average", "min", "max"})
OF_WORDS: Final = frozenset({"distinct", "most_frequent", "top", "last_value"})
MOST_EVENTS: Final = 10
MOST_WORDS: Final = 20
_USUAL_WORDS: Final = 3
_TYPES: Final[dict[str, TraitType]] = {
    "first_time": "date", "last_time": "date", "most_frequent": "text", "last_value": "text", "top": "options",
}  # fmt: skip


class Formula(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """An aggregate over the events of one selector or of several."""

    version: Literal[1] = 1
    of: Aggregate
    event: Selector | None = None
    events: Annotated[tuple[Selector, ...], Meta(max_length=MOST_EVENTS)] = ()
    path: Name | None = None
    window: Span | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST_WORDS)] | None = None

    @property
    def selectors(self) -> tuple[Selector, ...]:
        """Which events count."""
        return self.events if self.event is None else (self.event,)

    @property
    def metrics(self) -> list[Metric]:
        """What must be remembered of events, one for each selector."""
        has_words = self.of in OF_WORDS
        return [Metric(event=each, of=self.path, has_words=has_words) for each in dict.fromkeys(self.selectors)]

    @property
    def size(self) -> int:
        """How many words ``top`` gives at most."""
        return self.limit or _USUAL_WORDS


def type_of(formula: Formula) -> TraitType:
    """The type of trait that a formula gives; a last value may be of any type but a list."""
    return _TYPES.get(formula.of, "number")


def formula_json(formula: Formula) -> str:
    """A formula as it is stored."""
    return msgspec.json.encode(msgspec.to_builtins(formula) | {"version": VERSION}, order="deterministic").decode()
