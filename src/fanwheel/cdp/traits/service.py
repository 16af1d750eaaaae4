"""Declaring traits: what a brand wants to know of people, under which names, of which types."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from fanwheel.cdp import scores
from fanwheel.cdp.traits import reckoning
from fanwheel.cdp.traits.contracts import Catalog, Definition, Type
from fanwheel.cdp.traits.errors import BadTraitError, TraitInUseError, TraitNameTakenError, TraitNotFoundError
from fanwheel.cdp.traits.repository import TraitRepository
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row

_COUNTED: Final = 20_000
_NAME: Final = re.compile(r"[^\s.$\x00-\x1f](?:[^.\x00-\x1f]{0,62}[^\s.\x00-\x1f])?")
# Words under which the routes of this very page stand.
_RESERVED: Final = frozenset({"templates", "preview", "export", "import"})
_SCORE_TYPES: Final[Mapping[str, Type]] = {
    "clv_12m": "number", "next_purchase_due": "date", "p_alive": "number", "rfm_tier": "text",
}  # fmt: skip
SCORES: Final[Mapping[str, Definition]] = {
    name: Definition(name=name, type=_SCORE_TYPES[name], origin="score", keeps_history=False) for name in scores.NAMES
}


def is_name(name: str) -> bool:
    """Whether a trait may be called so."""
    return _NAME.fullmatch(name) is not None and name not in _RESERVED


async def list_definitions(tx: Transaction) -> list[Definition]:
    """Traits that were declared, in their order, then the scores of the measurement that were not."""
    declared = await _declared(tx)
    return [*declared, *(SCORES[name] for name in sorted(SCORES.keys() - {each.name for each in declared}))]


async def list_traits(tx: Transaction) -> Catalog:
    """Every trait with how many have it: declared ones in their order, then the others by name."""
    traits = TraitRepository(tx)
    step = max(1, await traits.count_people() // _COUNTED)
    everybody, counted = await traits.count_values(step=step)
    declared = await _declared(tx)
    names = {each.name for each in declared}
    others = sorted((counted.keys() | SCORES.keys()) - names)
    every = [*declared, *(SCORES.get(name) or _observed(name, counted[name]) for name in others)]
    items = [_with_counts(each, counted.get(each.name), step) for each in every]
    return Catalog(items, everybody * step, step > 1)


async def get(tx: Transaction, name: str) -> Definition:
    """A trait with how many have it.

    Raises
    ------
    TraitNotFoundError
        If it was not declared and nobody has it.
    """
    for each in (await list_traits(tx)).items:
        if each.name == name:
            return each
    raise TraitNotFoundError(f"No trait “{name}” is known.", hint="See GET /api/traits for those that are.")


async def declare(tx: Transaction, name: str, values: Mapping[str, Any], *, actor: str) -> None:
    """Declare a trait; with a formula it is worked out from events from then on.

    Raises
    ------
    BadTraitError, BadFormulaError
        If it cannot be declared so.
    TraitNameTakenError
        If it is declared already.
    """
    if not is_name(name):
        raise BadTraitError(
            f"No trait can be called “{name}”.",
            hint="Take a name of 1 to 64 characters without a dot, a “$” at its beginning or line breaks.",
        )
    kept = {**values, "status": "ready"}
    if (formula := values.get("formula")) is not None:
        kept |= await _reckon(tx, name, formula, values["type"])
    _require_sound(name, kept)
    if kept.get("keeps_history") is None:
        kept["keeps_history"] = formula is None and name not in SCORES
    if not await TraitRepository(tx).add(name, kept, actor=actor):
        raise TraitNameTakenError(f"“{name}” is declared already.", hint=f"Change it with PATCH /api/traits/{name}.")


async def change(tx: Transaction, name: str, values: Mapping[str, Any], *, actor: str) -> None:
    """Change what was declared of a trait; what is None stays. Values that people have stay as they are.

    Raises
    ------
    TraitNotFoundError
        If it was not declared.
    BadTraitError, BadFormulaError
        If it cannot be so.
    """
    traits, before = await _hold(tx, name)
    kept = {**values, "status": None}
    type_: Type = values.get("type") or before.type
    options = values.get("options")
    if options is None and type_ in ("option", "options"):
        options = [each._asdict() for each in before.options]
    if (formula := values.get("formula")) is not None:
        if before.formula is None:
            raise BadTraitError(
                f"“{name}” is said by people and events, not worked out.",
                hint="Declare a trait of another name with this formula.",
            )
        kept |= await _reckon(tx, name, formula, type_)
    elif before.formula is not None and type_ != before.type:
        _require_fit(before.formula, type_)
    _require_sound(name, {"type": type_, "options": options, "formula": formula or before.formula})
    kept["options"] = list(options or ())
    await traits.change(name, kept, actor=actor)


async def remove(tx: Transaction, name: str) -> None:
    """Forget a declaration. What people said stays; what was worked out goes away.

    Raises
    ------
    TraitNotFoundError
        If it was not declared.
    TraitInUseError
        If it is worked out and segments ask for it.
    """
    traits, before = await _hold(tx, name)
    if before.formula is not None:
        if asking := await traits.list_asking(name):
            raise TraitInUseError(
                f"Segments ask for this trait: {', '.join(asking)}.", hint="Take it out of their rules first."
            )
        await reckoning.retire(tx, name)
    await traits.delete(name)


async def _hold(tx: Transaction, name: str) -> tuple[TraitRepository, Definition]:
    traits = TraitRepository(tx)
    if not await traits.hold(name):
        raise TraitNotFoundError(f"“{name}” is not declared.", hint="Declare it with POST /api/traits.")
    return traits, (await traits.list_definitions(name))[0]


async def _declared(tx: Transaction) -> list[Definition]:
    declared = await TraitRepository(tx).list_definitions()
    if any(each.formula is not None for each in declared):
        states = await reckoning.list_states(tx)
        declared = [
            replace(each, status=states.get(each.name, each.status)) if each.formula is not None else each
            for each in declared
        ]
    return [replace(each, origin="score") if each.name in SCORES else each for each in declared]


async def _reckon(tx: Transaction, name: str, raw: Mapping[str, Any], type_: Type) -> dict[str, Any]:
    """Have a formula worked out; what is stored of it."""
    _require_fit(raw, type_)
    if name in SCORES:
        raise BadTraitError(f"“{name}” is a score of the measurement.", hint="Choose another name.")
    return {"formula": await reckoning.put(tx, name, raw), "status": "building"}


def _require_fit(raw: Mapping[str, Any], type_: Type) -> None:
    gives = reckoning.type_of(raw)
    # A last value is whatever the events say.
    if type_ != gives and not (raw.get("of") == "last_value" and type_ in ("number", "bool", "date")):
        raise BadTraitError(f"The formula gives a trait of type “{gives}”.", hint=f"Set the type to “{gives}”.")


def _require_sound(name: str, values: Mapping[str, Any]) -> None:
    """Refuse a type without what belongs to it."""
    options = [option["value"] for option in values.get("options") or ()]
    has_options = values["type"] in ("option", "options") and values.get("formula") is None
    if has_options and not options:
        raise BadTraitError(f"“{name}” has no options.", hint="Send “options”: a list of {value, label}.")
    if options and values["type"] not in ("option", "options"):
        raise BadTraitError(f"A trait of type “{values['type']}” has no options.", hint="Set type “option” instead.")
    if len(set(options)) < len(options):
        twice = next(value for value in options if options.count(value) > 1)
        raise BadTraitError(f"The option “{twice}” stands there twice.", hint="Give each option a value of its own.")
    if name in SCORES and values["type"] != SCORES[name].type:
        raise BadTraitError(f"The score “{name}” is of type “{SCORES[name].type}”.", hint="Leave its type as it is.")


def _observed(name: str, row: Row) -> Definition:
    """What a trait that nobody declared looks like: the type of most of its values."""
    kinds: dict[Type, int] = {
        "date": row["dates"], "number": row["numbers"], "bool": row["booleans"], "options": row["arrays"],
    }  # fmt: skip
    likely: Type = max(kinds, key=lambda kind: kinds[kind])
    return Definition(name=name, type=likely if 2 * kinds[likely] > row["people"] else "text", origin="observed")


def _with_counts(each: Definition, row: Row | None, step: int) -> Definition:
    if row is None:
        return replace(each, people=0, misfits=0)
    # Of a trait that was not declared nothing can be a misfit.
    return replace(each, people=row["people"] * step, misfits=row["misfits"] * step)


def by_name(definitions: Sequence[Definition]) -> dict[str, Definition]:
    """Definitions by their names."""
    return {each.name: each for each in definitions}
