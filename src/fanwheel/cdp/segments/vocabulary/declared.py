"""Traits as rules may name them: what was seen on people, with what was declared."""

from collections.abc import Iterable, Sequence
from typing import Final

from fanwheel.cdp.segments.vocabulary.contracts import Kind, Known, KnownTrait
from fanwheel.cdp.traits.contracts import Definition, Type

_KINDS: Final[dict[Type, Kind]] = {
    "text": "text", "number": "number", "bool": "boolean", "date": "moment", "option": "text", "options": "text",
}  # fmt: skip


def describe(seen: Iterable[Known], definitions: Sequence[Definition]) -> list[KnownTrait]:
    """Declared traits in their order, whether anybody has them or not, then scores and the others by name.

    Of a trait with options these are offered, and then what people have besides.
    """
    observed = {each.name: each for each in seen}
    known = [
        _declared(each, observed.pop(each.name, None))
        for each in definitions
        if each.updated_at is not None or each.name in observed
    ]
    return [*known, *(KnownTrait(*each) for _, each in sorted(observed.items()))]


def _declared(definition: Definition, seen: Known | None) -> KnownTrait:
    kind = _KINDS[definition.type]
    offered = [option.value for option in definition.options]
    # What does not fit the declaration is no good offer.
    met = [value for value in seen.values if value not in offered] if seen and seen.kind == kind else []
    return KnownTrait(
        definition.name,
        kind,
        [*offered, *met],
        definition.label,
        definition.type,
        definition.unit,
        definition.options,
        definition.origin,
    )
