"""What a message cost is written on it when it goes out, by the price that says most of it."""

from decimal import Decimal
from typing import Any

import pytest
from tests.support.reach import ACCOUNT, NOON, Town

from fanwheel.domains.private.channels.adapter import Allowance
from fanwheel.domains.private.channels.contracts import Address, Receipt, Text
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate import reach
from fanwheel.loop.operate.reach import pricing
from fanwheel.loop.operate.reach.errors import BadPricesError
from fanwheel.loop.operate.reach.pricing import Price


def price(amount: str, **changes: Any) -> Price:
    values: dict[str, Any] = {"channel": "email", "account_id": None, "purpose": "", "opens": "", "currency": "USD"}
    return Price(**(values | changes), price=Decimal(amount))


def put(town: Town, *prices: Price) -> list[Price]:
    return town.do(lambda tx: pricing.put_prices(tx, prices, actor="user:1"))


def costs(town: Town) -> list[tuple[str, int | None, str | None]]:
    sql = "SELECT state, cost_micros, cost_currency FROM intent WHERE workspace_id = %s ORDER BY intent_id"
    return town.rows(sql, town.workspace)


@pytest.mark.parametrize(
    ("prices", "cost"),
    [
        ([], (None, None)),
        ([price("0.001")], (1_000, "USD")),
        ([price("0.001"), price("0.002", purpose="marketing")], (2_000, "USD")),
        ([price("9", purpose="service"), price("9", account_id=ACCOUNT + 1), price("9", channel="sms")], (None, None)),
        ([price("0.002", purpose="marketing"), price("0.05", account_id=ACCOUNT, currency="CNY")], (50_000, "CNY")),
        # A right is asked for by no price of these, so the price within one does not count.
        ([price("0.001"), price("9", opens="message")], (1_000, "USD")),
    ],
)
def test_the_price_that_says_most_of_a_message_counts(
    town: Town, prices: list[Price], cost: tuple[int | None, str | None]
) -> None:
    put(town, *prices)
    town.wish(town.people(1))

    town.send()

    assert costs(town) == [("sent", *cost)]


def test_within_a_right_and_in_several_parts_a_message_costs_what_that_costs(town: Town) -> None:
    town.allow(Allowance("window", "message", 86_400, 5, "person"))
    put(town, price("0.01"), price("0.002", opens="message"))
    home = town.people(1)[0]
    address = Address("email", town.value("SELECT value FROM identifier WHERE home_id = %s", home))

    async def written(tx: Transaction) -> None:
        await reach.open_windows(tx, [reach.Opening(ACCOUNT, address, "message", NOON)], now=NOON)

    town.do(written)
    town.wish([home], parts=(Text("one"), Text("two"), Text("three")))
    town.send()

    assert costs(town) == [("sent", 3 * 2_000, "USD")]


def test_a_task_costs_once_it_is_confirmed_and_a_bounce_stays_paid(town: Town) -> None:
    put(town, price("0.5"))

    async def task(key: str) -> tuple[int, str]:
        town.sink.take(key)
        return 200, "task"

    town.sink.answer = task
    town.wish(town.people(1))
    town.send()
    before = costs(town)
    (key,) = town.sink.taken

    def told(state: Any) -> None:
        receipt = Receipt(key=state, sender=None, at=NOON, state=state, message=key)
        town.do(
            lambda tx: reach.take_receipts(tx, account_id=ACCOUNT, receipts=[receipt], hasher=town.hasher, now=NOON)
        )

    told("confirmed")
    confirmed = costs(town)
    put(town, price("7"))
    told("bounced")

    assert before == [("task", None, None)]
    assert confirmed == [("sent", 500_000, "USD")]
    assert costs(town) == [("failed", 500_000, "USD")]


def test_prices_are_kept_to_the_millionth_and_contradictions_are_refused(town: Town) -> None:
    kept = put(town, price("0.000001", account_id=4, purpose="service", opens="tap"))

    assert kept == [price("0.000001", account_id=4, purpose="service", opens="tap")]
    for bad in ([price("1"), price("2", currency="EUR")], [price("1", currency="ZZZ")]):
        with pytest.raises(BadPricesError):
            put(town, *bad)
