"""The brand world: the same every time, consistent in itself, and honest about its truth."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import numpy as np
import pytest

from fanwheel.cdp.sources import DEFAULT_RULES, Classifier, Evidence
from fanwheel.kernel.money import to_minor
from fanwheel.measure import world
from fanwheel.measure.world import details
from fanwheel.measure.world.dossier import Registry
from fanwheel.measure.world.streams import Streams
from fanwheel.measure.world.timeline import Moment, lay_out

UNTIL = date(2026, 3, 1)
SMALL = replace(world.default_config(UNTIL, people=1_500, weeks=8, seed=3), holdouts=None, pre_weeks=0)


@pytest.fixture(scope="module")
def small() -> list[dict[str, Any]]:
    return list(world.World(SMALL).messages())


def digest(messages: Iterable[dict[str, Any]]) -> str:
    whole = hashlib.sha256()
    for message in messages:
        whole.update(msgspec.json.encode(message))
    return whole.hexdigest()


def net_revenue_by_hand(messages: Iterable[dict[str, Any]], rates: dict[str, float]) -> float:
    """Orders less refunds less cancelled orders, out of the messages alone, in reporting minor units."""
    totals: dict[str, tuple[int, str]] = {}
    refunds: Counter[str] = Counter()
    void = set()
    for message in messages:
        said = message.get("properties", {})
        if message.get("event") == "Order Completed":
            totals[said["order_id"]] = to_minor(said["total"], said["currency"]), said["currency"]
        elif message.get("event") == "Order Refunded":
            refunds[said["order_id"]] += to_minor(said["amount"], said["currency"])
        elif message.get("event") == "Order Cancelled":
            void.add(said["order_id"])
    return sum(
        (total - refunds[order]) * rates[currency] for order, (total, currency) in totals.items() if order not in void
    )


def test_equal_configs_tell_equal_messages(small: list[dict[str, Any]]) -> None:
    again = world.World(SMALL).messages()

    assert digest(small) == digest(again)


def test_another_seed_tells_other_messages(small: list[dict[str, Any]]) -> None:
    other = world.World(replace(SMALL, seed=4)).messages()

    assert {message["messageId"] for message in other}.isdisjoint(message["messageId"] for message in small)


def test_another_day_keeps_message_ids_and_moves_the_clock(small: list[dict[str, Any]]) -> None:
    later = list(world.World(replace(SMALL, until=UNTIL + timedelta(days=3))).messages())

    then = {message["messageId"]: message for message in later}
    # Moments within minutes of an edge of the window may fall on its other side; nothing else may differ.
    shared = [message for message in small if message["messageId"] in then]
    assert len(shared) > 0.998 * max(len(small), len(later))
    assert all(message["timestamp"] != then[message["messageId"]]["timestamp"] for message in shared)
    assert all(message.get("event") == then[message["messageId"]].get("event") for message in shared)


def test_message_ids_are_unique_and_times_rise_for_each_person_within_the_window(small: list[dict[str, Any]]) -> None:
    end = datetime(2026, 3, 2, tzinfo=UTC)
    start = end - timedelta(weeks=8)
    newest: dict[str, str] = {}
    for message in small:
        owner = message.get("userId") or message.get("anonymousId") or str(message["context"]["externalIds"][0])
        assert newest.get(owner, "") <= message["timestamp"]
        newest[owner] = message["timestamp"]

    assert len({message["messageId"] for message in small}) == len(small)
    assert start <= datetime.fromisoformat(min(newest.values()))
    assert datetime.fromisoformat(max(newest.values())) < end


def test_every_message_names_somebody_and_fits_the_limits_of_ingest(small: list[dict[str, Any]]) -> None:
    for message in small:
        assert message.get("userId") or message.get("anonymousId") or message["context"]["externalIds"]
        assert len(msgspec.json.encode(message)) < 2_000

    kinds = {message["type"] for message in small}
    assert kinds == {"track", "page", "identify", "alias"}


def test_an_order_total_is_goods_less_discount_plus_shipping(small: list[dict[str, Any]]) -> None:
    orders = [message["properties"] for message in small if message.get("event") == "Order Completed"]

    assert len(orders) > 100
    assert {order["currency"] for order in orders} == {"CNY", "USD"}
    for order in orders:
        goods = sum(round(line["price"] * 100) * line["quantity"] for line in order["products"])
        expected = goods - round(order["discount"] * 100) + round(order["shipping"] * 100)
        assert round(order["total"] * 100) == expected


def test_somebody_orders_before_inviting_and_referees_name_a_buyer(small: list[dict[str, Any]]) -> None:
    accepted = [message for message in small if message.get("event") == "Invite Accepted"]
    buyers = {message.get("userId") for message in small if message.get("event") == "Order Completed"}
    known = {message.get("userId") for message in small if message["type"] == "identify"}

    assert accepted
    # Those who bought before the window opened are known, though their order is not shown.
    assert all(message["properties"]["referrer_id"] in buyers | known for message in accepted)


def test_truth_equals_two_worlds_told_in_full_and_subtracted() -> None:
    truth = world.measure_truth(SMALL)
    rates = dict(SMALL.rates)
    full = net_revenue_by_hand(world.World(SMALL).messages(), rates)

    assert truth.revenue_minor == pytest.approx(full, abs=1)
    for slug in ("douyin_video", "brand_search", "email", "coupon_affiliate", "referral"):
        rest = tuple(channel for channel in SMALL.channels if channel.slug != slug)
        without = net_revenue_by_hand(world.World(replace(SMALL, channels=rest)).messages(), rates)
        assert truth.of(slug).incremental_revenue_minor == pytest.approx(full - without, abs=2)


def test_spend_rows_add_up_to_the_spend_of_the_truth() -> None:
    truth = world.measure_truth(SMALL)
    totals: Counter[str] = Counter()
    for row in world.World(SMALL).spend():
        assert UNTIL - timedelta(days=8 * 7 - 1) <= row.spent_on <= UNTIL
        totals[row.channel] += row.amount_minor * SMALL.rates[row.currency]

    assert {channel.channel: channel.spend_minor for channel in truth.channels} == pytest.approx(
        {channel.slug: totals[channel.slug] for channel in SMALL.channels}, abs=1
    )


def test_a_channel_that_does_nothing_adds_exactly_nothing() -> None:
    idle = tuple(
        replace(channel, effect=0.0, effect_customer=0.0, reach_new=0.0, joins={}, discount=0.0, join_at_order=0.0)
        for channel in SMALL.channels
        if channel.content is not world.Content.INVITE
    )

    truth = world.measure_truth(replace(SMALL, channels=idle))

    assert truth.orders > 10
    assert {channel.incremental_revenue_minor for channel in truth.channels} == {0}


def test_harvesters_look_best_by_last_touch_and_add_nothing() -> None:
    truth = world.measure_truth(
        replace(world.default_config(UNTIL, people=8_000, weeks=16), holdouts=None, pre_weeks=0)
    )
    margin = 0.4

    for slug in ("brand_search", "coupon_affiliate", "retargeting"):
        channel = truth.of(slug)
        assert channel.is_wasted(margin)
        assert channel.last_touch_minor > 1.5 * channel.spend_minor / margin
    for slug in ("email", "wecom", "ocean_engine", "generic_search"):
        assert not truth.of(slug).is_wasted(margin)


def test_the_default_world_is_as_large_as_promised() -> None:
    config = world.default_config(UNTIL)
    people, ledger = world.draw_people(config), world.simulate(config)

    timeline = lay_out(config, people, ledger, devices=Registry(config.seed, people).device_count())

    start, end = (datetime(*day, tzinfo=UTC).timestamp() * 1000 for day in ((2025, 9, 1), (2026, 3, 2)))
    shown = (timeline.milliseconds >= start) & (timeline.milliseconds < end)
    assert len(np.unique(timeline.person[shown])) >= 30_000
    assert 900_000 < shown.sum() < 1_200_000
    assert set(timeline.code[shown].tolist()) == set(Moment)


def test_no_column_of_the_ledger_holds_a_nan() -> None:
    ledger = world.simulate(SMALL)

    for table in (ledger.visits, ledger.messages, ledger.joins, ledger.orders, ledger.lines, ledger.invites):
        assert all(not np.isnan(column).any() for column in table.columns.values())
        assert len(table) > 0


def test_switching_off_an_unknown_channel_is_an_error() -> None:
    with pytest.raises(KeyError, match="billboard"):
        world.simulate(SMALL, off={"billboard"})


SCORED = tuple(c for c in world.scored_config().channels if c.content is not world.Content.INVITE)


@pytest.mark.parametrize("channel", [*world.DEFAULT_CHANNELS, *SCORED], ids=lambda channel: channel.source)
@pytest.mark.parametrize("is_china", [True, False])
def test_default_rules_place_a_visit_where_the_world_says(channel: world.ChannelSpec, is_china: bool) -> None:
    classify = Classifier(DEFAULT_RULES).classify
    context = details.arrival(channel, 0.4, is_china=is_china)
    event = details.landing_event(channel, 0.4)
    page, campaign = context.get("page", {}), context.get("campaign", {})

    match = classify(
        Evidence(
            url=page.get("url", ""),
            referrer=page.get("referrer", ""),
            campaign_source=campaign.get("source", ""),
            campaign_medium=campaign.get("medium", ""),
            campaign_name=campaign.get("name", ""),
            channel=event[1].get("channel", "") if event else "",
        )
    )

    assert match is not None
    assert (match.source_slug, match.domain.label) == (channel.source, channel.domain.value)


def test_draws_are_uniform_and_independent_across_purposes() -> None:
    streams, people = Streams(1), np.arange(200_000, dtype=np.int64)
    first, second = streams.uniform("buy", people, week=1), streams.uniform("buy", people, week=2)

    # Standard errors: mean 0.00065, correlation 0.0022.
    assert first.mean() == pytest.approx(0.5, abs=0.003)
    assert first.var() == pytest.approx(1 / 12, abs=0.001)
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.01
    assert abs(np.corrcoef(first[1:], first[:-1])[0, 1]) < 0.01


def test_a_draw_does_not_depend_on_who_else_is_asked() -> None:
    streams, people = Streams(1), np.arange(1_000, dtype=np.int64)
    some = people[people % 7 == 0]

    assert (
        streams.uniform("visit", people, channel="email")[some] == streams.uniform("visit", some, channel="email")
    ).all()
