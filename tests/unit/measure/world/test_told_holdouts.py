"""The demo brand tells who is held out, and what that kept from happening, in the words of the tracking API."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from fanwheel.measure import world
from fanwheel.measure.world import calendar, holdouts

CONFIG = world.default_config(date(2026, 3, 1), people=1_500, weeks=12, seed=3)


@pytest.fixture(scope="module")
def made() -> world.World:
    return world.World(CONFIG)


@pytest.fixture(scope="module")
def told(made: world.World) -> list[dict[str, Any]]:
    return list(made.messages())


def ghosts(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [message for message in told if message.get("properties", {}).get("ghost") is True]


def test_every_would_be_exposure_in_the_window_is_told(made: world.World, told: list[dict[str, Any]]) -> None:
    table = made.ledger.ghosts
    person = table["person"].astype(np.int64)
    seconds = calendar.epoch_seconds(CONFIG, table["at"].astype(np.float64), made.people.is_china[person])
    start, end = calendar.window(CONFIG)

    assert len(ghosts(told)) == int(((seconds >= start) & (seconds < end)).sum()) > 100
    assert {message["event"] for message in ghosts(told)} == {"Ad Held Out", "Message Held Out"}


def test_whoever_meets_a_ghost_was_held_out_before_under_the_same_name(told: list[dict[str, Any]]) -> None:
    held: dict[str, set[str]] = defaultdict(set)
    for message in told:
        named = str(message.get("userId") or message.get("anonymousId") or message["context"])
        if message.get("event") == "Holdout Assigned":
            assert message["properties"]["holdout"] not in held[named], "told twice"
            held[named].add(message["properties"]["holdout"])
        elif message.get("properties", {}).get("ghost"):
            assert held[named] & {"universal", message["properties"]["source"]}


def test_the_arms_are_as_large_as_the_brand_decided(made: world.World, told: list[dict[str, Any]]) -> None:
    named: dict[str, set[str]] = defaultdict(set)
    for message in told:
        if message.get("event") == "Holdout Assigned" and "userId" in message:
            named[message["properties"]["holdout"]].add(message["userId"])
    drawn = holdouts.assignments(CONFIG, made.people)

    assert named.keys() <= {"universal", *(channel.source for channel in CONFIG.channels)}
    for channel in CONFIG.channels:
        flags = drawn.get(channel.slug)
        costs = channel.visit_cost or channel.fixed_cost or channel.commission
        if flags is None or not costs:
            assert channel.source not in named
            continue
        of = {f"mw{100_000 + person}" for person in np.flatnonzero(flags).tolist()}
        assert named[channel.source] <= of
        assert len(of) == pytest.approx(0.3 * CONFIG.people, rel=0.2)


def test_every_assignment_says_which_share_was_planned(told: list[dict[str, Any]]) -> None:
    said = [message["properties"] for message in told if message.get("event") == "Holdout Assigned"]

    assert {properties["share"] for properties in said if properties["holdout"] == "universal"} == {0.02}
    assert {properties["share"] for properties in said if properties["holdout"] != "universal"} == {0.3}


def test_nobody_is_held_out_before_the_holdouts_begin(made: world.World, told: list[dict[str, Any]]) -> None:
    first = min(m["timestamp"] for m in told if m.get("event") == "Holdout Assigned")

    assert first[:10] == made.tables.start.isoformat()
    assert min(message["timestamp"] for message in ghosts(told)) >= first


def test_a_fact_that_lost_its_person_is_told_of_somebody_never_seen_otherwise() -> None:
    config = replace(world.scored_config(people=1_500, seed=2, weeks=18), lost_identities=0.2)
    told, whole = (list(world.World(c).messages()) for c in (config, replace(config, lost_identities=0.0)))

    lost = [message for message in told if message.get("anonymousId", "").startswith("lost-")]
    orders, lost_orders = (
        [message["properties"] for message in some if message.get("event") == "Order Completed"]
        for some in (whole, lost)
    )
    assert len(lost_orders) / len(orders) == pytest.approx(0.2, abs=0.05)  # standard error 0.013
    assert len(ghosts(lost)) / len(ghosts(told)) == pytest.approx(0.2, abs=0.05)
    assert len(ghosts(told)) == len(ghosts(whole))
    assert not [message for message in lost if "userId" in message or message["type"] == "identify"]
    # Who meets a ghost is known to be held out, though not who that is.
    held = {message["anonymousId"] for message in lost if message.get("event") == "Holdout Assigned"}
    assert held == {message["anonymousId"] for message in ghosts(lost)}
    assert not [message for message in whole if message.get("anonymousId", "").startswith("lost-")]


def test_whatever_happens_to_an_order_happens_to_whoever_ordered() -> None:
    config = replace(world.scored_config(people=1_500, seed=2, weeks=18), lost_identities=0.2)
    named: dict[str, set[bool]] = defaultdict(set)
    for message in world.World(config).messages():
        of_order = {"Checkout Started", "Order Completed", "Order Refunded", "Order Cancelled"}
        # A checkout that was left has no order.
        if message.get("event") in of_order and "order_id" in message["properties"]:
            named[message["properties"]["order_id"]].add(message.get("anonymousId", "").startswith("lost-"))

    assert {len(ways) for ways in named.values()} == {1}
    assert {True} in named.values()
