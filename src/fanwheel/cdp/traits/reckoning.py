"""What definitions need of formulas; loaded when the first trait is to be worked out."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from fanwheel.cdp.traits.contracts import Status, Template, Type
from fanwheel.infra.postgres import Transaction


def type_of(raw: Mapping[str, Any]) -> Type:
    """The type of trait that a formula gives.

    Raises
    ------
    BadFormulaError
        If it is none.
    """
    from fanwheel.cdp import computed

    return computed.type_of(computed.read_formula(raw))


async def put(tx: Transaction, name: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Have a trait worked out by a formula from now on; the formula as it is kept."""
    from fanwheel.cdp import computed

    formula = computed.read_formula(raw)
    await computed.put(tx, name, formula)
    return msgspec.json.decode(computed.formula_json(formula), type=dict[str, Any])


async def retire(tx: Transaction, name: str) -> None:
    """Work a trait out no more, and take away what it came to."""
    from fanwheel.cdp import computed

    await computed.retire(tx, name)


async def list_states(tx: Transaction) -> Mapping[str, Status]:
    """Whether traits that are worked out are ready, by name."""
    from fanwheel.cdp import computed

    return await computed.list_states(tx)


def list_templates() -> Sequence[Template]:
    """Traits with formulas to begin with."""
    from fanwheel.cdp import computed

    return [Template(each.id, each.name, each.type, each.unit, formula=each.formula) for each in computed.TEMPLATES]
