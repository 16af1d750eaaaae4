"""What messages cost, over HTTP."""

from decimal import Decimal
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep
from fanwheel.loop.operate.reach import pricing

router = APIRouter(tags=["reach"])

Reader = Annotated[Principal, allow("sending:read")]
Writer = Annotated[Principal, allow("sending:write")]


class MessagePrice(BaseModel):
    """What one message costs (a long one: each of its parts), in units of ``currency``, as text such as “0.0045”.

    Of several that fit a message that of its account counts before that of the channel, then that of the right it used
    (``opens``: the person wrote, followed, tapped …), then that of its purpose.
    """

    model_config = ConfigDict(extra="forbid")
    channel: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    account_id: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    purpose: Literal["", "marketing", "transactional", "service"] = ""
    opens: Literal["", "message", "follow", "tap", "scan", "enter", "grant", "comment"] = ""
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    price: str = Field(pattern=r"^\d{1,4}(\.\d{1,6})?$")


class MessagePrices(BaseModel):
    """What messages cost; those that no price fits cost nothing."""

    model_config = ConfigDict(extra="forbid")
    items: Annotated[list[MessagePrice], Field(max_length=500)]


@router.get("/prices")
async def list_prices(db: DatabaseDep, principal: Reader) -> MessagePrices:
    """What messages cost, by channel and account."""
    async with db.transaction(principal.workspace_id) as tx:
        return _out(await pricing.list_prices(tx))


@router.put("/prices")
async def put_prices(db: DatabaseDep, principal: Writer, body: MessagePrices) -> MessagePrices:
    """Put other prices in their place; messages that went out keep what they cost then."""
    given = [pricing.Price(**item.model_dump(exclude={"price"}), price=Decimal(item.price)) for item in body.items]
    async with db.transaction(principal.workspace_id) as tx:
        kept = await pricing.put_prices(tx, given, actor=principal.actor)
        await audit.write(tx, principal, "reach.prices", detail=body.model_dump(mode="json"))
    return _out(kept)


def _out(prices: list[pricing.Price]) -> MessagePrices:
    return MessagePrices(items=[_item(price) for price in prices])


def _item(price: pricing.Price) -> MessagePrice:
    return MessagePrice.model_validate(price._asdict() | {"price": f"{price.price.normalize():f}"})
