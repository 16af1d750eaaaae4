"""What is older than it is to be kept goes; everything else stays."""

from datetime import timedelta

import pytest
from tests.integration.persons.conftest import World
from tests.support.house import Browser, House

from fanwheel.infra import retention
from fanwheel.kernel.clock import utc_now


def put(owner: Browser, kind: str, days: int | None) -> int:
    return owner.ask("PUT", "/api/retention", json={"items": [{"kind": kind, "days": days}]}).status_code


def refused(world: World, *days_ago: int) -> None:
    for days in days_ago:
        world.run(
            lambda tx, days=days: tx.run(
                "INSERT INTO event_rejected (workspace_id, received_at, api_key_id, code, message, payload)"
                " VALUES (%(workspace)s, %(at)s, 1, 'x', 'x', '{}')",
                at=utc_now() - timedelta(days=days),
            )
        )


def sent(world: World, days_ago: int, state: str) -> None:
    world.run(
        lambda tx: tx.run(
            "WITH made AS (INSERT INTO intent (workspace_id, home_id, step, occurrence, channel, account_id, purpose,"
            " state, due_at, done_at) VALUES (%(workspace)s, 1, 's', %(days)s || %(state)s, 'email', 1, 'marketing',"
            " %(state)s, %(at)s, %(at)s) RETURNING intent_id)"
            " INSERT INTO receipt (workspace_id, intent_id, key, state, happened_at)"
            " SELECT %(workspace)s, intent_id, 'k', 'delivered', %(at)s FROM made",
            at=utc_now() - timedelta(days=days_ago),
            state=state,
            days=str(days_ago),
        )
    )


def count(world: World, table: str) -> int:
    counts = {
        "intent": "SELECT count(*) FROM intent",
        "receipt": "SELECT count(*) FROM receipt",
        "link_recipient": "SELECT count(*) FROM link_recipient",
        "link_visit": "SELECT count(*) FROM link_visit",
        "event_rejected": "SELECT count(*) FROM event_rejected",
    }
    return int(world.run(lambda tx: tx.value(counts[table])))


def forget(house: House, world: World) -> int:
    return house.run(retention.forget(house.database, world.workspace, now=utc_now()))


def test_everything_is_kept_until_somebody_says_otherwise(house: House, world: World, owner: Browser) -> None:
    refused(world, 4_000)

    assert forget(house, world) == 0
    assert {item["days"] for item in owner.get("/api/retention").json()["items"]} == {None}


def test_what_is_older_goes_and_the_rest_stays(house: House, world: World, owner: Browser) -> None:
    refused(world, 1, 20, 40)
    assert put(owner, "refused_events", 30) == 204

    assert forget(house, world) == 1
    assert count(world, "event_rejected") == 2

    assert put(owner, "refused_events", None) == 204
    assert forget(house, world) == 0


def test_preview_counts_what_would_go_and_lets_nothing_go(house: House, world: World, owner: Browser) -> None:
    refused(world, 1, 20, 40)

    told = owner.get("/api/retention/preview?kind=refused_events&days=10").json()

    assert told["items"] == 2
    assert told["oldest_at"] < (utc_now() - timedelta(days=39)).isoformat()
    assert count(world, "event_rejected") == 3
    assert owner.get("/api/retention/preview?kind=sends&days=30").status_code == 422


def test_links_forget_to_whom_they_were_sent(house: House, world: World, owner: Browser) -> None:
    for days, code in ((100, "Old"), (1, "New")):
        at = utc_now() - timedelta(days=days)
        world.run(
            lambda tx, at=at, code=code: tx.run(
                "INSERT INTO link_recipient (workspace_id, code, message_key, person_id, version_id, channel, made_at)"
                " VALUES (%(workspace)s, %(code)s || %(workspace)s, %(code)s, 1, 1, 'email', %(at)s)",
                at=at,
                code=code,
            )
        )
        world.run(
            lambda tx, at=at, code=code: tx.run(
                "INSERT INTO link_visit (workspace_id, kind, recipient, visited_at, is_settled)"
                " VALUES (%(workspace)s, 'open', %(code)s || %(workspace)s, %(at)s, true)",
                at=at,
                code=code,
            )
        )
    put(owner, "visits", 30)

    assert owner.get("/api/retention/preview?kind=visits&days=30").json()["items"] == 2
    assert forget(house, world) == 2
    assert (count(world, "link_recipient"), count(world, "link_visit")) == (1, 1)


def test_sends_go_with_their_receipts_unless_they_are_under_way(house: House, world: World, owner: Browser) -> None:
    for days_ago, state in ((200, "sent"), (200, "skipped"), (200, "unclear"), (10, "sent")):
        sent(world, days_ago, state)
    put(owner, "sends", 90)

    assert forget(house, world) == 2
    assert (count(world, "intent"), count(world, "receipt")) == (2, 2)


@pytest.mark.parametrize(("kind", "days"), [("sends", 30), ("conversations", 0), ("nonsense", 30), ("visits", -1)])
def test_a_period_that_is_too_short_or_of_nothing_is_refused(owner: Browser, kind: str, days: int) -> None:
    assert put(owner, kind, days) == 422


def test_every_kind_can_be_let_go_of(house: House, world: World, owner: Browser) -> None:
    for kind in retention.KINDS:
        assert put(owner, kind, 400) == 204

    assert forget(house, world) == 0
