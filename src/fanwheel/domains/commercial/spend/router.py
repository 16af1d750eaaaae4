"""Spend over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from fanwheel.domains.commercial.spend import schemas, service
from fanwheel.domains.commercial.spend.contracts import Costs, SpendRow
from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep
from fanwheel.kernel.domain import Domain

router = APIRouter(prefix="/api", tags=["spend"])


@router.get("/spend")
async def list_spend(
    principal: Annotated[Principal, allow("spend:read")],
    database: DatabaseDep,
    first: Annotated[date, Query(alias="from")] = date.min,
    last: Annotated[date, Query(alias="to")] = date.max,
) -> schemas.CostsOut:
    """Spend of a period, newest day first, with its sum in the reporting currency."""
    async with database.transaction(principal.workspace_id) as tx:
        costs = await service.list_spend(tx, first, last)
    return schemas.CostsOut.model_validate(
        {
            "items": [item._asdict() | {"domain": item.domain.label} for item in costs.items],
            "currency": costs.currency,
            "total_minor": costs.total_minor,
            "unconverted": [{"currency": code, "amount_minor": amount} for code, amount in costs.unconverted],
            "warning": _warning(costs),
        }
    )


@router.post("/spend")
async def put_spend(
    body: schemas.SpendItemsIn, principal: Annotated[Principal, allow("spend:write")], database: DatabaseDep
) -> schemas.StoredOut:
    """Store spend; the same source, day, campaign and currency again replaces the amount."""
    rows = [
        SpendRow(
            source=item.source,
            spent_on=item.spent_on,
            amount=item.amount,
            campaign=item.campaign,
            currency=item.currency,
            domain=None if item.domain is None else Domain.of(item.domain),
        )
        for item in body.items
    ]
    async with database.transaction(principal.workspace_id) as tx:
        result = await service.put_spend(tx, rows)
        await audit.write(tx, principal, "spend.put", None, {"stored": result.stored, "refused": len(result.refused)})
    refused = [schemas.RefusedOut(row=row, message=message) for row, message in result.refused]
    return schemas.StoredOut(stored=result.stored, refused=refused)


def _warning(costs: Costs) -> str | None:
    if not costs.unconverted:
        return None
    codes = ", ".join(code for code, _ in costs.unconverted)
    return f"The total lacks what was spent in {codes}: no rate to {costs.currency} is known. Add one under Settings."
