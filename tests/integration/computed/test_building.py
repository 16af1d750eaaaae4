"""Formulas are brought before everybody, whatever is cut short, and tried before they are saved."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from tests.support.computed_live import BOUGHT, Reckoned, hours
from tests.support.computed_reference import come_to
from tests.support.stream import NOON, Event

from fanwheel.cdp import computed
from fanwheel.cdp.computed import sampling
from fanwheel.cdp.segments.live import formulas

FORMULAS: dict[str, Any] = {
    "orders": {"of": "count", "event": BOUGHT},
    "spent": {"of": "sum", "event": BOUGHT, "path": "total", "window": hours(30)},
    "favorite": {"of": "most_frequent", "events": [BOUGHT, {"name": "Looked"}], "path": "products.category"},
    "topics": {"of": "top", "event": {"name": "Looked"}, "path": "topic", "limit": 2},
    "kinds": {"of": "distinct", "event": BOUGHT, "path": "products.category", "window": hours(20)},
    "hour": {"of": "best_hour", "event": {"name": "Looked"}},
}
WORDS = ("tea", " hat", "été", 7, 7.0, True, "", None)


def happening(rng: Random) -> Event:
    """Something that somebody did in the last two days, or will do tomorrow."""
    said: dict[str, Any] = {
        "topic": rng.choice([*WORDS, ["tea", rng.choice(WORDS)]]),
        "total": rng.choice([1, 2.5, "3"]),
    }
    if rng.random() < 0.7:
        said["products"] = [{"category": rng.choice(WORDS)} for _ in range(rng.randrange(3))]
    else:
        said["category"] = rng.choice(WORDS)
    at = rng.randrange(-86_400, 2 * 86_400)
    return Event(name=rng.choice(["Bought", "Looked"]), who=f"u{rng.randrange(4)}", at=at, properties=said)


def plainly(crowd: Reckoned, told: list[Event], name: str) -> dict[str, Any]:
    """What a formula comes to by a plain reading of it."""
    now_us = int(crowd.now.timestamp()) * 1_000_000
    noon_us = int(NOON.timestamp()) * 1_000_000
    found: dict[str, list[dict[str, Any]]] = {}
    for number, event in enumerate(told):
        at_us = noon_us + int(event.at) * 1_000_000
        plain = {"id": number, "at_us": at_us, "name": event.name, "properties": event.properties}
        found.setdefault(event.who, []).append(plain)
    values = {who: come_to(FORMULAS[name], events, now_us, NOON.tzinfo) for who, events in found.items()}  # type: ignore[arg-type]
    return {who: value for who, value in values.items() if value is not None}


@pytest.mark.parametrize("seed", range(3))
def test_values_are_the_same_whether_events_came_before_the_formula_or_after(crowd: Reckoned, seed: int) -> None:
    rng = Random(seed)
    told = [happening(rng) for _ in range(60)]
    crowd.hear(*told[:20])
    crowd.put(*told[20:30])  # stored, and not read from the stream yet when the formulas are saved
    crowd.order(**FORMULAS)
    crowd.settle()
    crowd.hear(*told[30:])

    for _ in range(3):
        for name in FORMULAS:
            assert crowd.values(name) == plainly(crowd, told, name), (name, crowd.now)
        crowd.pass_time(hours=rng.randrange(1, 20))
    remembered = parts(crowd)
    crowd.rows("DELETE FROM segment_part WHERE workspace_id = %(workspace)s RETURNING 1")
    crowd.rows("UPDATE segment_metric SET ready_at = NULL WHERE workspace_id = %(workspace)s RETURNING 1")
    crowd.order(another={"of": "count", "event": {"name": "Looked"}})
    crowd.settle()
    assert parts(crowd) == remembered


def parts(crowd: Reckoned) -> dict[int, tuple[bytes, str | None]]:
    """What is remembered of homes."""
    rows = crowd.rows("SELECT home_id, digest, words FROM segment_part WHERE workspace_id = %(workspace)s")
    return {row["home_id"]: (row["digest"], row["words"]) for row in rows}


@pytest.mark.parametrize("steps", range(5))
def test_a_build_that_was_cut_short_goes_on_where_it_stood(crowd: Reckoned, steps: int) -> None:
    crowd.hear(*[Event(name="Bought", who=f"u{number}") for number in range(8)])
    crowd.order(orders=FORMULAS["orders"], kinds=FORMULAS["kinds"])

    async def step(db: Any) -> None:
        judge = crowd.judge()
        for _ in range(steps):
            await formulas._pass(db, crowd.workspace, judge, at_once=3)

    crowd.rows("UPDATE segment_metric SET ready_at = now() WHERE workspace_id = %(workspace)s AND %(did)s RETURNING 1",
               did=steps > 0)  # fmt: skip
    crowd.run(step)
    crowd.hear(Event(name="Bought", who="u0", at=1), Event(name="Bought", who="u7", at=1))

    assert crowd.act(computed.list_states) == {"orders": "ready", "kinds": "ready"}
    known = crowd.values("orders")
    assert set(known) == {f"u{number}" for number in range(8)}
    assert known["u0"] == known["u7"] == (2 if steps == 0 else 1)  # the past was said to be remembered already


def test_taking_values_away_goes_on_where_it_stood(crowd: Reckoned, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd.hear(*[Event(name="Bought", who=f"u{number}") for number in range(4)])
    crowd.define(orders=FORMULAS["orders"], kinds=FORMULAS["kinds"])
    monkeypatch.setattr(formulas, "_TAKEN_AT_ONCE", 3)
    crowd.act(lambda tx: computed.retire(tx, "orders"))
    crowd.run(lambda db: formulas._take_away(db, crowd.workspace))
    assert sum("orders" in traits for traits in crowd.everything().values()) == 1
    crowd.settle()

    assert crowd.values("orders") == {}
    assert crowd.act(computed.list_states) == {"kinds": "ready"}
    crowd.define(orders=FORMULAS["orders"])
    assert set(crowd.values("orders").values()) == {1}


def test_a_formula_is_tried_on_people_before_it_is_saved(crowd: Reckoned) -> None:
    crowd.hear(
        Event(name="Bought", who="u1", at=1, properties={"products": [{"category": "tea"}]}),
        Event(name="Bought", who="u2", properties={"products": [{"category": "hat"}, {"category": "bag"}]}),
        Event(name="Looked", who="u3", at=2, properties={"category": "tea"}),
    )
    crowd.merge("u1", "u2")
    crowd.settle()
    formula = computed.read_formula({"of": "top", "event": BOUGHT, "path": "products.category"})

    found = crowd.run(
        lambda db: sampling.sample(
            crowd.settings, db, crowd.workspace, formula, now=crowd.now - timedelta(hours=1), limit=5
        )
    )

    assert found.looked_at == 2
    assert found.people == [(crowd.home("u1"), ["tea", "bag", "hat"]), (crowd.home("u3"), None)]
    assert crowd.rows("SELECT 1 FROM segment_book WHERE workspace_id = %(workspace)s") == []
