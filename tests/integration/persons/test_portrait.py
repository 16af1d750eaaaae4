"""The portrait: one row per person, whatever its homes and in whatever order they came together."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from fanwheel.cdp import persons

DAY = datetime(2026, 3, 1, 9, tzinfo=UTC)
USER, ANON, FRIEND = ("user_id", "u1"), ("anonymous_id", "a1"), ("user_id", "u2")


def us(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)


def a_part(world: Any, home: int, **said: Any) -> None:
    columns = {"first_seen_at": DAY, "last_seen_at": DAY, "introduced_at": DAY, "event_count": 1, **said}
    world.do(
        f"INSERT INTO person_part (workspace_id, home_id, {', '.join(columns)})"
        f" VALUES (%(workspace)s, %(home)s, {', '.join(f'%({name})s' for name in columns)})",
        home=home,
        **{k: psycopg.types.json.Jsonb(v) if isinstance(v, dict) else v for k, v in columns.items()},
    )


def an_order(world: Any, home: int, order_id: str, total_minor: int, **said: Any) -> None:
    columns = {"status": "paid", "placed_at": DAY, "currency": "USD", "stated_at": DAY, **said}
    world.do(
        f"INSERT INTO shop_order (workspace_id, order_id, home_id, total_minor, {', '.join(columns)})"
        f" VALUES (%(workspace)s, %(order_id)s, %(home)s, %(total)s, {', '.join(f'%({name})s' for name in columns)})",
        order_id=order_id,
        home=home,
        total=total_minor,
        **columns,
    )


def fold(world: Any, *homes: int) -> dict[str, Any]:
    world.run(lambda tx: persons.refold(tx, homes))
    (row,) = world.rows("SELECT * FROM person WHERE workspace_id = %(workspace)s")
    return row


def test_parts_of_all_homes_are_folded(world) -> None:
    homes = world.say((USER, ANON))
    touch = {"at": us(DAY), "source_id": 3, "domain": 2, "campaign": ""}
    later = {"at": us(DAY) + 5, "source_id": 4, "domain": 1, "campaign": ""}
    a_part(world, homes[ANON], first_touch=touch, last_touch=touch, event_count=2)
    a_part(
        world,
        homes[USER],
        first_touch=later,
        last_touch=later,
        last_seen_at=DAY + timedelta(days=2),
        event_count=3,
        operated_at=DAY + timedelta(days=1),
    )

    row = fold(world, homes[ANON])

    assert row["person_id"] == min(homes.values())
    assert (row["first_seen_at"], row["last_seen_at"], row["event_count"]) == (DAY, DAY + timedelta(days=2), 5)
    assert (row["first_source_id"], row["first_domain"], row["first_touch_at"]) == (3, 2, DAY)
    assert (row["last_source_id"], row["last_domain"]) == (4, 1)
    assert (row["stage"], row["operated_at"]) == (2, DAY + timedelta(days=1))


def test_the_newest_statement_of_a_trait_wins_and_null_takes_it_away(world) -> None:
    homes = world.say((USER, ANON))
    a_part(world, homes[ANON], traits={"city": ["Oslo", 2], "plan": ["free", 1], "age": [7, 1]})
    a_part(world, homes[USER], traits={"city": ["Bergen", 1], "plan": ["paid", 1], "age": [None, 2]})

    assert fold(world, homes[USER])["traits"] == {"city": "Oslo", "plan": "free"}


@pytest.mark.parametrize(
    ("traits", "name"),
    [
        ({"name": ["Ada Lovelace", 1], "nickname": ["ada", 2]}, "Ada Lovelace"),
        ({"firstName": ["Ada", 1], "lastName": ["Lovelace", 1]}, "Ada Lovelace"),
        ({"first_name": ["小明", 1]}, "小明"),
        ({"nickname": ["ada", 1], "name": [" ", 1]}, "ada"),
        ({}, "ada***"),
    ],
)
def test_a_person_is_called_by_the_best_name_known(world, traits: dict[str, Any], name: str) -> None:
    homes = world.say((USER, ("email", "ada.lovelace@brand.io")))
    a_part(world, homes[USER], traits=traits)

    assert fold(world, homes[USER])["display_name"] == name


def test_revenue_is_net_and_in_the_reporting_currency_of_the_day(world) -> None:
    homes = world.say((USER, ANON))
    world.do(
        "INSERT INTO currency_rate VALUES (%(workspace)s, 'EUR', '2026-01-01', 2),"
        " (%(workspace)s, 'EUR', '2026-03-02', 3)"
    )
    an_order(world, homes[ANON], "o1", 1000)  # 1000 - 300 refunded
    an_order(world, homes[USER], "o2", 500, currency="EUR")  # 500 at 2
    an_order(world, homes[USER], "o3", 500, currency="EUR", placed_at=DAY + timedelta(days=1))  # 500 at 3
    an_order(world, homes[USER], "o4", 900)  # refunded whole
    an_order(world, homes[USER], "o5", 900, status="cancelled")
    an_order(world, homes[USER], "o6", 900, currency="GBP", placed_at=DAY + timedelta(days=2))  # no rate known
    world.do(
        "INSERT INTO refund VALUES (%(workspace)s, 'o1', 'r1', %(at)s, 'USD', 300),"
        " (%(workspace)s, 'o4', 'r2', %(at)s, 'USD', NULL)",
        at=DAY,
    )

    row = fold(world, homes[USER])

    assert (row["order_count"], row["revenue_minor"]) == (5, 700 + 1000 + 1500)
    assert (row["stage"], row["converted_at"], row["repurchased_at"]) == (5, DAY, DAY)


def test_a_fan_is_whoever_last_said_yes_on_some_channel(world) -> None:
    homes = world.say((USER, ANON))
    a_part(world, homes[ANON], fan_channels={"email": [True, us(DAY)]})
    assert fold(world, homes[USER])["is_fan"] is True

    world.do(
        "INSERT INTO consent (workspace_id, home_id, channel, is_granted, decided_at)"
        " VALUES (%(workspace)s, %(home)s, 'email', false, %(at)s)",
        home=homes[USER],
        at=DAY + timedelta(seconds=1),
    )

    assert fold(world, homes[USER])["is_fan"] is False


def test_leave_for_another_purpose_makes_no_fan(world) -> None:
    homes = world.say((USER,))
    world.do(
        "INSERT INTO consent (workspace_id, home_id, channel, purpose, is_granted, decided_at)"
        " VALUES (%(workspace)s, %(home)s, 'email', 'order_updates', true, %(at)s)",
        home=homes[USER],
        at=DAY,
    )

    row = fold(world, homes[USER])

    assert (row["is_fan"], row["operated_at"]) == (False, None)


def test_bringing_someone_is_sharing_but_bringing_oneself_is_not(world) -> None:
    homes = world.say((USER, ANON), (FRIEND,))
    world.do("INSERT INTO invite VALUES (%(workspace)s, %(a)s, %(u)s, now())", a=homes[ANON], u=homes[USER])
    world.run(lambda tx: persons.refold(tx, homes.values()))
    before = world.rows("SELECT shared_at FROM person WHERE workspace_id = %(workspace)s")

    world.do("INSERT INTO invite VALUES (%(workspace)s, %(f)s, %(u)s, %(at)s)", f=homes[FRIEND], u=homes[USER], at=DAY)
    world.run(lambda tx: persons.refold(tx, homes.values()))
    after = world.rows("SELECT shared_at FROM person WHERE workspace_id = %(workspace)s ORDER BY person_id")

    assert [row["shared_at"] for row in before] == [None, None]
    assert [row["shared_at"] for row in after] == [DAY, None]


def test_a_fold_that_missed_a_merge_is_made_again(world) -> None:
    homes = world.say((USER,), (ANON,))
    a_part(world, homes[USER], event_count=2)
    a_part(world, homes[ANON], event_count=3)
    world.run(lambda tx: persons.refold(tx, homes.values()))

    world.say((USER, ANON))
    before = world.rows("SELECT event_count FROM person WHERE workspace_id = %(workspace)s")
    world.run(persons.refold)

    (row,) = world.rows("SELECT * FROM person WHERE workspace_id = %(workspace)s")
    assert len(before) == 1  # the absorbed person left the lists with the merge itself
    assert (row["event_count"], row["person_id"]) == (5, min(homes.values()))
    assert not world.rows("SELECT 1 FROM person_stale WHERE workspace_id = %(workspace)s")


def test_new_rates_restate_every_buyer(world) -> None:
    homes = world.say((USER,))
    an_order(world, homes[USER], "o1", 500, currency="EUR")
    assert fold(world, homes[USER])["revenue_minor"] == 0

    world.do("INSERT INTO currency_rate VALUES (%(workspace)s, 'EUR', '2026-01-01', 2)")
    world.run(persons.restate_revenue)
    world.run(persons.refold)

    assert world.rows("SELECT revenue_minor FROM person WHERE workspace_id = %(workspace)s")[0]["revenue_minor"] == 1000
