"""Computed traits follow events, time, merges and erasures, and rules follow them."""

from datetime import timedelta

import pytest
from tests.support.computed_live import BOUGHT, Reckoned, hours
from tests.support.segments_live import days
from tests.support.stream import NOON, Event

from fanwheel.cdp import computed, persons

DAY = 86_400
COUNT = {"of": "count", "event": BOUGHT}
SPENT = {"of": "sum", "event": BOUGHT, "path": "total", "window": days(2)}
FAVORITE = {"of": "most_frequent", "event": BOUGHT, "path": "products.category"}


def bought(who: str = "u1", at: float = 0, **properties: object) -> Event:
    return Event(name="Bought", who=who, at=at, properties=properties)


def carts(*categories: str) -> list[dict[str, str]]:
    return [{"category": each} for each in categories]


def test_an_event_changes_what_formulas_come_to(crowd: Reckoned) -> None:
    crowd.hear(bought("early", total=5))
    crowd.define(orders=COUNT, spent=SPENT, favorite=FAVORITE, last={"of": "last_time", "event": BOUGHT})
    assert crowd.values("orders") == {"early": 1}
    assert crowd.values("favorite") == {}

    crowd.hear(Event(name="Looked", who="u2"), bought(at=60, total=7.5, products=carts("tea", "hat")))
    crowd.hear(bought(at=30, total=0.1, products=carts("hat")), bought("u2", total="free"))

    assert crowd.values("orders") == {"early": 1, "u1": 2, "u2": 1}
    assert crowd.values("spent") == {"early": 5, "u1": 7.6, "u2": 0}
    assert crowd.values("favorite") == {"u1": "hat"}
    assert crowd.values("last")["u1"] == "2026-03-01T12:01:00Z"


def test_an_event_that_comes_again_counts_once(crowd: Reckoned) -> None:
    crowd.hear(bought(products=carts("tea")))
    crowd.define(orders=COUNT, favorite=FAVORITE)

    # The backfill and the stream both tell of what had not been read when the formula was saved.
    crowd.put(bought(at=1, products=carts("hat")), bought(at=2, products=carts("hat")))
    crowd.order(kinds={"of": "distinct", "event": BOUGHT, "path": "products.category"})
    crowd.settle()
    crowd.hear()

    assert crowd.values("orders") == {"u1": 3}
    assert crowd.values("favorite") == {"u1": "hat"}
    assert crowd.values("kinds") == {"u1": 2}


def test_a_window_ends_at_its_own_second(crowd: Reckoned) -> None:
    crowd.define(spent=SPENT)
    crowd.hear(bought(at=0, total=5), bought(at=3_600, total=7))
    assert crowd.values("spent") == {"u1": 12}

    crowd.now = NOON + timedelta(days=2, microseconds=-1)
    crowd.settle()
    assert crowd.values("spent") == {"u1": 12}
    crowd.pass_time(microseconds=1)
    assert crowd.values("spent") == {"u1": 7}
    crowd.pass_time(hours=1)
    assert crowd.values("spent") == {"u1": 0}

    crowd.hear(bought(at=5 * DAY, total=9))  # yet to come
    assert crowd.values("spent") == {"u1": 0}
    crowd.now = NOON + timedelta(days=5)
    crowd.settle()
    assert crowd.values("spent") == {"u1": 9}


@pytest.mark.parametrize("wholesale_from", [1, 1_000_000])
def test_a_rule_on_a_computed_trait_follows_it(crowd: Reckoned, wholesale_from: int) -> None:
    crowd.wholesale_from = wholesale_from
    crowd.hear(bought("early", total=20))
    # Both at once: rules wait for the traits that they mention.
    crowd.order(spent=SPENT)
    rule = {"type": "trait", "name": "spent", "test": {"op": "at_least", "value": 10}}
    spenders = crowd.make("Spenders", rule)
    others = crowd.make("Others", {"type": "not", "condition": {"type": "segment", "segment_id": spenders}})
    assert (crowd.members(spenders), crowd.members(others), crowd.facts(spenders)) == ({"early"}, set(), [])

    crowd.hear(bought(total=6))
    assert (crowd.members(spenders), crowd.members(others)) == ({"early"}, {"u1"})
    crowd.hear(bought(at=60, total=6))
    assert (crowd.members(spenders), crowd.members(others)) == ({"early", "u1"}, set())
    crowd.now = NOON + timedelta(days=2)
    crowd.settle()

    assert (crowd.members(spenders), crowd.members(others)) == (set(), {"early", "u1"})
    told = [("u1", "in", "change"), ("early", "out", "time"), ("u1", "out", "time")]
    assert sorted(crowd.facts(spenders)) == sorted(told)


def test_a_merge_joins_values_an_unmerge_parts_them_and_an_erasure_leaves_nothing(crowd: Reckoned) -> None:
    crowd.define(orders=COUNT, favorite=FAVORITE)
    crowd.hear(bought("u1", products=carts("tea")), bought("u2", at=1, products=carts("hat")))
    crowd.hear(bought("u2", at=2, products=carts("hat")))

    crowd.merge("u1", "u2")
    crowd.settle()
    assert crowd.values("orders") == {"u1": 3}
    assert crowd.everything() == {"u1": {"orders": 3, "favorite": "hat"}}

    crowd.rows(
        "UPDATE identifier SET person_id = home_id WHERE workspace_id = %(workspace)s AND home_id = %(home)s"
        " RETURNING (SELECT count(*) FROM identifier)",
        home=crowd.home("u2"),
    )
    crowd.rows(
        "INSERT INTO person_stale (workspace_id, person_id)"
        " SELECT %(workspace)s, unnest(ARRAY[%(one)s, %(two)s]::bigint[]) RETURNING 1",
        one=crowd.home("u1"), two=crowd.home("u2"),
    )  # fmt: skip
    crowd.settle()
    assert crowd.values("orders") == {"u1": 1, "u2": 2}
    assert crowd.values("favorite") == {"u1": "tea", "u2": "hat"}

    crowd.erase("u2")
    crowd.settle()
    assert crowd.everything() == {"u1": {"orders": 1, "favorite": "tea"}}
    kept = crowd.rows("SELECT words FROM segment_part WHERE workspace_id = %(workspace)s")
    assert [list(row["words"].split('"'))[3] for row in kept] == ["tea"]


def test_a_formula_decides_whatever_else_is_said_under_its_name(crowd: Reckoned) -> None:
    crowd.hear(Event(kind="identify", who="u1", properties={"orders": "many", "favorite": "said", "city": "Paris"}))
    crowd.define(orders=COUNT, favorite=FAVORITE)
    assert crowd.values("orders") == {"u1": 0}
    assert crowd.values("favorite") == {}

    crowd.hear(Event(kind="identify", who="u1", at=9, properties={"favorite": "said again"}))
    crowd.act(lambda tx: persons.refold(tx, [crowd.home("u1")]))
    crowd.settle()
    assert crowd.values("favorite") == {}

    crowd.retire("favorite")
    crowd.retire("orders")
    traits = crowd.person("u1")["traits"]
    assert traits == {"orders": "many", "favorite": "said again", "city": "Paris"}
    assert crowd.everything() == {}


def test_a_fold_that_knew_an_older_value_is_put_right(crowd: Reckoned) -> None:
    crowd.define(orders=COUNT)
    crowd.hear(bought())
    # As a fold leaves it that began before the value was written and ended after.
    crowd.rows(
        "UPDATE person SET traits = '{\"orders\": 7}' WHERE workspace_id = %(workspace)s RETURNING 1",
    )
    crowd.rows(
        "INSERT INTO segment_note (workspace_id, person_id) VALUES (%(workspace)s, %(home)s) RETURNING 1",
        home=crowd.home("u1"),
    )
    crowd.settle()

    assert crowd.values("orders") == {"u1": 1}


def test_another_formula_is_built_beside_the_one_that_counts(crowd: Reckoned) -> None:
    crowd.define(orders=COUNT)
    crowd.hear(*[bought(f"u{number}", total=number) for number in range(7)])
    crowd.order(orders=SPENT | {"window": hours(100)})

    assert set(crowd.values("orders").values()) == {1}
    states = crowd.act(computed.list_states)
    crowd.settle()

    assert states == {"orders": "building"}
    assert crowd.values("orders") == {f"u{number}": number for number in range(7)}
    assert crowd.act(computed.list_states) == {"orders": "ready"}
    (metric,) = crowd.rows("SELECT spec FROM segment_metric WHERE workspace_id = %(workspace)s")
    assert metric["spec"]["of"] == "total"


def test_what_nobody_asks_for_any_more_is_forgotten(crowd: Reckoned) -> None:
    crowd.define(orders=COUNT, favorite=FAVORITE)
    crowd.hear(bought("u1", products=carts("tea")), bought("u2"))
    crowd.retire("favorite")
    assert crowd.rows("SELECT DISTINCT words FROM segment_part WHERE workspace_id = %(workspace)s") == [{"words": None}]
    assert crowd.values("orders") == {"u1": 1, "u2": 1}

    crowd.retire("orders")

    assert crowd.rows("SELECT 1 FROM segment_part WHERE workspace_id = %(workspace)s") == []
    assert crowd.rows("SELECT 1 FROM computed_trait WHERE workspace_id = %(workspace)s") == []
    assert crowd.rows("SELECT 1 FROM list_segment_work() WHERE workspace_id = %(workspace)s AND is_building") == []
    assert "orders" not in crowd.person("u1")["traits"]


def test_hours_are_those_of_the_workspace_wherever_it_moves(crowd: Reckoned) -> None:
    crowd.define(hour={"of": "best_hour", "event": BOUGHT})
    crowd.hear(bought())
    assert crowd.values("hour") == {"u1": 12}

    crowd.rows("UPDATE workspace SET time_zone = 'Asia/Shanghai' WHERE workspace_id = %(workspace)s RETURNING 1")
    crowd.hear(bought("u2", at=3_600))
    crowd.settle()

    assert crowd.values("hour") == {"u1": 20, "u2": 21}


@pytest.mark.parametrize("is_kept", [True, False])
def test_changes_are_written_down_where_that_is_asked_for(crowd: Reckoned, *, is_kept: bool) -> None:
    crowd.rows(
        "INSERT INTO trait_definition (workspace_id, name, type, formula, keeps_history, created_by, updated_by)"
        " VALUES (%(workspace)s, 'orders', 'number', '{}', %(kept)s, 'user:1', 'user:1') RETURNING 1",
        kept=is_kept,
    )
    crowd.define(orders=COUNT)
    crowd.hear(bought())
    crowd.hear(bought(at=1))

    told = crowd.rows(
        "SELECT old, new FROM portrait_change WHERE workspace_id = %(workspace)s AND kind = 'trait' AND name = 'orders'"
    )
    assert told == ([{"old": 1, "new": 2}] if is_kept else [])
