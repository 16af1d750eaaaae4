"""What definitions need of formulas; loaded when the first trait is to be worked out."""

import json
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from fanwheel.cdp.traits.contracts import Status, Template, Type
from fanwheel.cdp.traits.errors import BadTraitError
from fanwheel.infra.postgres import Transaction


def _computed() -> Any:
    found = import_module("fanwheel.cdp.computed")
    if not hasattr(found, "read_formula"):
        raise BadTraitError("Traits cannot be worked out from events yet.", hint="Declare it without a formula.")
    return found


def type_of(raw: Mapping[str, Any]) -> Type:
    """The type of trait that a formula gives.

    Raises
    ------
    BadFormulaError
        If it is none.
    """
    computed = _computed()
    found: Type = computed.type_of(computed.read_formula(raw))
    return found


async def put(tx: Transaction, name: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Have a trait worked out by a formula from now on; the formula as it is kept."""
    computed = _computed()
    formula = computed.read_formula(raw)
    await computed.put(tx, name, formula)
    kept: dict[str, Any] = json.loads(computed.formula_json(formula))
    return kept


async def retire(tx: Transaction, name: str) -> None:
    """Work a trait out no more, and take away what it came to."""
    await _computed().retire(tx, name)


async def list_states(tx: Transaction) -> Mapping[str, Status]:
    """Whether traits that are worked out are ready, by name."""
    found: Mapping[str, Status] = await _computed().list_states(tx)
    return found


def list_templates() -> Sequence[Template]:
    """Traits with formulas to begin with."""
    found = getattr(import_module("fanwheel.cdp.computed"), "TEMPLATES", ())
    return [Template(each.id, each.name, each.type, each.unit, formula=each.formula) for each in found]
