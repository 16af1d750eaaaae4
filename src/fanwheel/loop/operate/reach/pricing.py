"""What messages cost: prices of channels and accounts, of which the one that says most of a message counts."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.bulk import to_json_rows
from fanwheel.kernel import money
from fanwheel.loop.operate.reach.errors import BadPricesError

_SQL: Final = sqlfile.load("fanwheel.loop.operate.reach", "pricing.sql")
_MICROS: Final = 1_000_000


class Price(NamedTuple):
    """What one message costs, in units of a currency.

    No ``account_id``: through every account of the channel. Empty ``purpose``: for any. ``opens``: within a right that
    the person gave this way; empty: within any, or none.
    """

    channel: str
    account_id: int | None
    purpose: str
    opens: str
    currency: str
    price: Decimal


async def list_prices(tx: Transaction) -> list[Price]:
    """Every price, by channel."""
    return [
        Price(
            row["channel"], row["account_id"] or None, row["purpose"], row["opens"], row["currency"],
            Decimal(row["price_micros"]) / _MICROS,
        )
        for row in await tx.all(_SQL["list_prices"])
    ]  # fmt: skip


async def put_prices(tx: Transaction, prices: Sequence[Price], *, actor: str) -> list[Price]:
    """Put other prices in the place of those that are; what went out keeps what it cost then.

    Raises
    ------
    BadPricesError
        If two say the same, or one has no currency of ISO 4217.
    """
    if len({each[:4] for each in prices}) < len(prices):
        raise BadPricesError("Two prices are for the same messages.", hint="Keep one of them.")
    for each in prices:
        if not money.is_currency(each.currency):
            raise BadPricesError(f"“{each.currency}” is not a currency.", hint="Give a code such as EUR or CNY.")
    rows = [
        {
            **each._asdict(),
            "account_id": each.account_id or 0,
            "price_micros": int((each.price * _MICROS).to_integral_value()),
        }
        for each in prices
    ]
    await tx.run(_SQL["forget_prices"])
    if rows:
        await tx.run(_SQL["put_prices"], prices=to_json_rows(rows), actor=actor)
    return await list_prices(tx)
