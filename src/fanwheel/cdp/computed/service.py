"""What people do with formulas: begin to have them worked out, change them, have them worked out no more."""

from collections.abc import Mapping
from typing import Literal

from fanwheel.cdp.computed.formula import Formula, formula_json
from fanwheel.cdp.computed.repository import ComputedRepository
from fanwheel.cdp.segments import service as segments
from fanwheel.infra.postgres import Transaction

State = Literal["building", "ready"]


async def put(tx: Transaction, name: str, formula: Formula) -> None:
    """Have a trait worked out for everybody by a formula, as soon as the worker has brought everybody before it.

    Where another formula counts, it goes on counting for whoever was not brought before the new one yet.
    """
    await segments.hold(tx)
    if await ComputedRepository(tx).put(name, formula_json(formula)):
        await segments.turn_page(tx)


async def retire(tx: Transaction, name: str) -> None:
    """Have a trait worked out no more: the worker takes its values away."""
    await segments.hold(tx)
    if await ComputedRepository(tx).retire(name):
        await segments.turn_page(tx)


async def list_states(tx: Transaction) -> Mapping[str, State]:
    """Every computed trait: whether everybody follows the formula that was saved last."""
    return await ComputedRepository(tx).list_states()
