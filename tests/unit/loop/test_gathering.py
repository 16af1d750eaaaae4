"""No event can stop the stream: whatever it says is either understood or refused."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanwheel.cdp.events.consumer import StreamEvent
from fanwheel.kernel.ids import HomeId, SourceId
from fanwheel.loop.convert import orders
from fanwheel.loop.wheel.gathering import gather
from fanwheel.loop.wheel.turns import NAMES, TURNS

FIELDS = (
    "order_id orderId total revenue value amount currency status discount shipping tax coupon coupon_id products "
    "refund_id channel channels consent purpose evidence referrer_id referrer code url $current_url gclid utm_source"
)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
odd = leaves | st.sampled_from(["USD", "jpy", "12.5", "-1", "1e400", "email", "\0", "9" * 400])
values = st.recursive(odd, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner))
products = st.lists(st.dictionaries(st.sampled_from(["price", "quantity", "sku", "name"]), values), max_size=3)
said = st.dictionaries(st.sampled_from(FIELDS.split()), values | products, max_size=6)
contexts = st.dictionaries(st.sampled_from(["page", "campaign", "referrer", "channel", "link"]), values, max_size=4)
strange = [
    "", "{", "null", '{"a":1e999}', '{"a":"\\ud800"}', '{"order_id":"1","total":1e999999999}',
    '{"order_id":"1","total":5,"tax":"-1e999999999"}', '{"referrer":{"kind":["email"],"value":"u"}}',
]  # fmt: skip
texts = st.one_of(said, values).map(json.dumps) | st.sampled_from(strange)


def event(name: str, properties: str, context: Any = None, *, kind: int = 1, source: int = 0) -> StreamEvent:
    return StreamEvent("e", "k", HomeId(1), kind, name, 5, SourceId(source), 1, properties, json.dumps(context))


@given(st.sampled_from(NAMES), texts, contexts, st.sampled_from([0, 7]))
def test_every_semantic_event_is_understood_or_refused(name: str, properties: str, context: Any, source: int) -> None:
    told = event(name, properties, context, source=source)

    gathered = gather([told], identifier_of={1: ("user_id", "u1")}, reporting_currency="USD")

    assert gathered.parts[1].event_count == 1
    assert all(refusal.event is told and refusal.message for refusal in gathered.refusals)
    for statement in gathered.said_of_orders:
        orders.resolve(statement.order_id, statement.said)


@pytest.mark.parametrize(
    ("name", "properties", "code"),
    [
        ("Order Completed", '{"order_id":"1","total":1e999999999}', "order_refused"),
        ("Order Refunded", '{"order_id":"1","total":"-1e999999999"}', "order_refused"),
        ("Invite Accepted", '{"referrer":{"kind":["email"],"value":"u"}}', "invite_refused"),
    ],
)
def test_values_beyond_all_reason_are_refused(name: str, properties: str, code: str) -> None:
    gathered = gather([event(name, properties)], identifier_of={1: ("user_id", "u1")}, reporting_currency="USD")

    assert [refusal.code for refusal in gathered.refusals] == [code]


@pytest.mark.parametrize("name", NAMES)
def test_what_nobody_foresaw_is_refused_and_its_neighbors_are_taken(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr("fanwheel.loop.wheel.gathering.TURNS", {name: fail} if name in TURNS else {})
    monkeypatch.setattr("fanwheel.loop.wheel.gathering.ORDER_TURNS", {name: fail} if name not in TURNS else {})
    events = [event(name, "{}"), event("", '{"plan":"pro"}', kind=2)]

    gathered = gather(events, identifier_of={1: ("user_id", "u1")}, reporting_currency="USD")

    assert [refusal.code for refusal in gathered.refusals] == ["not_understood"]
    assert gathered.parts[1].traits == {"plan": ("pro", 5)}


@pytest.mark.parametrize("name", ["Message Held Out", "Live Joined", "Order Completed"])
def test_what_a_holdout_kept_from_happening_says_nothing_of_the_person(name: str) -> None:
    ghost = event(name, '{"order_id":"1","total":5,"ghost":true}', kind=7, source=3)

    gathered = gather([ghost], identifier_of={1: ("user_id", "u1")}, reporting_currency="USD")

    assert not gathered.parts
    assert not gathered.said_of_orders
    assert gathered.held_out == {1}


@given(texts)
def test_traits_are_taken_as_far_as_they_can_be_read(properties: str) -> None:
    gathered = gather([event("", properties, kind=2)], identifier_of={1: ("user_id", "u1")}, reporting_currency="USD")

    assert gathered.parts[1].event_count == 1
