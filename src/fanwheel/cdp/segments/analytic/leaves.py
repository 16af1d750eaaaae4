"""The conditions of rules that have no others inside, each once, and how a rule follows from them."""

from collections.abc import Callable, Iterable
from typing import Protocol, Self, TypeAlias, TypeVar

import msgspec

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.rules.walking import parts, walk

Leaf: TypeAlias = (
    tree.Trait | tree.Field | tree.Tag | tree.Layer | tree.Reachable | tree.Source | tree.Domain | tree.Referral
    | tree.Segment | tree.Listed | tree.Sample | tree.Event | tree.Sequence
)  # fmt: skip


class Set(Protocol):
    """A set of people: packed bits or a bitmap."""

    def __and__(self, other: Self, /) -> Self: ...

    def __or__(self, other: Self, /) -> Self: ...

    def __xor__(self, other: Self, /) -> Self: ...


S = TypeVar("S", bound=Set)


def key_of(leaf: tree.Condition) -> bytes:
    """What tells a condition from any other; Python alone holds 1 and true to be the same."""
    return msgspec.json.encode(leaf)


def leaves_of(rules: Iterable[tree.Rule]) -> dict[bytes, Leaf]:
    """Every condition without others inside, once."""
    found = {}
    for rule in rules:
        for _, condition in walk(rule.condition):
            if isinstance(condition, Leaf):
                found[key_of(condition)] = condition
    return found


def combine(condition: tree.Condition, held: Callable[[Leaf], S], *, everybody: S) -> S:
    """Who meets ``condition``, given who meets each leaf."""
    if isinstance(condition, Leaf):
        return held(condition)
    inner = [combine(part, held, everybody=everybody) for _, part in parts(condition, "")]
    if isinstance(condition, tree.Not):
        return everybody ^ inner[0]
    if not inner:
        return everybody if isinstance(condition, tree.All) else everybody ^ everybody
    found = inner[0]
    for other in inner[1:]:
        found = found & other if isinstance(condition, tree.All) else found | other
    return found
