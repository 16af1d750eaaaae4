"""What people decide: merge, unmerge, tags, erasure."""

from datetime import UTC, datetime
from typing import Any

import pytest

from fanwheel.cdp import persons, tags
from fanwheel.cdp.persons import service
from fanwheel.cdp.persons.errors import NotPartOfPersonError, PersonNotFoundError, SamePersonError
from fanwheel.cdp.tags.errors import BadTagError

NOW = datetime(2026, 3, 2, tzinfo=UTC)
USER, OTHER, ANON, MAIL = ("user_id", "u1"), ("user_id", "u2"), ("anonymous_id", "a1"), ("email", "ada@brand.io")


def merge(world: Any, one: int, other: int) -> int:
    return world.run(lambda tx: service.merge(tx, one, other, actor="user:1", now=NOW))


def unmerge(world: Any, person: int, *homes: int) -> list[int]:
    return world.run(lambda tx: service.unmerge(tx, person, homes, actor="user:1"))


def history(world: Any) -> list[tuple[Any, ...]]:
    rows = world.rows("SELECT * FROM identity_audit WHERE workspace_id = %(workspace)s ORDER BY audit_id")
    return [(row["actor"], row["action"], row["person_id"], row["other_ids"], row["reason"]) for row in rows]


def test_merging_joins_two_persons_and_says_who_did_it(world) -> None:
    homes = world.say((USER,), (OTHER,))
    low, high = sorted(homes.values())

    assert merge(world, high, low) == low
    assert world.groups() == {frozenset({USER, OTHER})}
    assert history(world) == [("user:1", "merge", low, [high], "manual")]


def test_evidence_that_joins_two_persons_is_in_the_history(world) -> None:
    homes = world.say((USER,), (OTHER,))
    world.say((USER, MAIL), (OTHER, MAIL))
    low, high = sorted(homes.values())

    assert history(world) == [("ingest", "merge", low, [high], "event")]


def test_a_refusal_names_its_guard(world) -> None:
    homes = world.say((USER, ANON))
    homes |= world.say((OTHER, ANON))
    person = min(homes[USER], homes[ANON])

    assert history(world) == [
        ("ingest", "refused", person, [max(homes[USER], homes[ANON])], "split"),
        ("ingest", "refused", min(homes[ANON], homes[OTHER]), [max(homes[ANON], homes[OTHER])], "shared_device"),
    ]


def test_evidence_that_was_cut_stays_cut(world) -> None:
    homes = world.say((USER, MAIL), (OTHER, MAIL))
    person = min(homes.values())

    left = unmerge(world, person, homes[OTHER])
    world.say((OTHER, MAIL))

    assert world.groups() == {frozenset({USER, MAIL}), frozenset({OTHER})}
    assert left == sorted({min(homes[USER], homes[MAIL]), homes[OTHER]})
    assert history(world)[-1] == ("user:1", "unmerge", left[0], left[1:], "manual")


def test_a_merge_that_was_taken_back_can_be_made_again(world) -> None:
    homes = world.say((USER,), (OTHER,))
    person = merge(world, *homes.values())
    unmerge(world, person, homes[OTHER])
    assert len(world.groups()) == 2

    merge(world, *homes.values())

    assert len(world.groups()) == 1


def test_what_cannot_be_decided_is_refused(world) -> None:
    homes = world.say((USER, ANON), (OTHER,))
    person = min(homes[USER], homes[ANON])

    with pytest.raises(SamePersonError):
        merge(world, homes[USER], homes[ANON])
    with pytest.raises(PersonNotFoundError):
        merge(world, homes[USER], 999_999_999)
    with pytest.raises(NotPartOfPersonError):
        unmerge(world, person, homes[OTHER])
    with pytest.raises(NotPartOfPersonError):
        unmerge(world, person, homes[USER], homes[ANON])
    with pytest.raises(NotPartOfPersonError):
        unmerge(world, person)
    with pytest.raises(BadTagError):
        world.run(lambda tx: tags.change(tx, person, add=["  "], by="user:1", now=NOW))


def test_tags_go_with_the_home_that_was_tagged(world) -> None:
    homes = world.say((USER,), (OTHER,))
    world.run(lambda tx: tags.change(tx, homes[USER], add=["vip", " gold  club "], by="user:1", now=NOW))
    person = merge(world, *homes.values())
    worn = {
        row["person_id"]: row["tags"] for row in world.rows("SELECT * FROM person WHERE workspace_id=%(workspace)s")
    }
    assert worn == {person: ["gold club", "vip"]}

    world.run(lambda tx: tags.change(tx, person, remove=["vip"], by="user:1", now=NOW))
    unmerge(world, person, homes[OTHER])

    worn = {
        row["person_id"]: row["tags"] for row in world.rows("SELECT * FROM person WHERE workspace_id=%(workspace)s")
    }
    assert worn == {homes[USER]: ["gold club"], homes[OTHER]: []}


def test_an_erased_person_leaves_nothing_behind(world) -> None:
    homes = world.say((USER, MAIL), (USER, ANON), (OTHER, ANON))
    keep(world, homes[USER], "o1")
    keep(world, homes[OTHER], "o2")

    erasure = world.run(lambda tx: service.erase(tx, homes[MAIL], actor="user:1"))

    gone = {homes[USER], homes[MAIL]}
    assert world.groups() == {frozenset({OTHER, ANON})}  # the shared device is the other user's alone now
    for table, column in (
        ("person_part", "home_id"), ("person_click", "home_id"), ("person_tag", "home_id"), ("tag_log", "home_id"),
        ("person_layer", "home_id"), ("consent", "home_id"),
        ("shop_order", "home_id"), ("event", "person_id"), ("person", "person_id"),
        ("invite", "referrer_home"), ("person_list", "home_id"), ("segment_part", "home_id"),
        ("segment_change", "person_id"),
    ):  # fmt: skip
        left = {
            row["id"] for row in world.rows(f"SELECT {column} AS id FROM {table} WHERE workspace_id = %(workspace)s")
        }
        assert left
        assert not left & gone
    for table in ("order_line", "refund"):
        rows = world.rows(f"SELECT order_id FROM {table} WHERE workspace_id = %(workspace)s")
        assert [row["order_id"] for row in rows] == ["o2"]
    (rejected,) = world.rows("SELECT payload FROM event_rejected WHERE workspace_id = %(workspace)s")
    assert rejected["payload"] == "{}"
    (asked,) = world.rows("SELECT * FROM erasure WHERE workspace_id = %(workspace)s")
    assert (asked["erasure_id"], set(asked["home_ids"]), asked["requested_by"]) == (erasure, gone, "user:1")
    assert "erase" in [entry[1] for entry in history(world)]


def keep(world: Any, home: int, order: str) -> None:
    """One row of everything for a home."""
    for sql in (
        "INSERT INTO person_part (workspace_id, home_id, first_seen_at, last_seen_at, introduced_at)"
        " VALUES (%(workspace)s, %(home)s, now(), now(), now())",
        "INSERT INTO person_click VALUES (%(workspace)s, %(home)s, 'gclid', 'c', now())",
        "INSERT INTO person_tag VALUES (%(workspace)s, %(home)s, 'vip', now(), 'user:1')",
        "INSERT INTO tag_log (workspace_id, home_id, tag, is_added, logged_at, logged_by, origin)"
        " VALUES (%(workspace)s, %(home)s, 'vip', true, now(), 'user:1', 'user')",
        "INSERT INTO person_layer VALUES (%(workspace)s, %(home)s, 1, 'gold', now())",
        "INSERT INTO person_list VALUES (%(workspace)s, %(home)s, 1)",
        "INSERT INTO segment_part VALUES (%(workspace)s, %(home)s, '')",
        "INSERT INTO segment_change (workspace_id, segment_id, person_id, is_entry, changed_at, cause)"
        " VALUES (%(workspace)s, 1, %(home)s, true, now(), 'change')",
        "INSERT INTO consent (workspace_id, home_id, channel, is_granted, decided_at)"
        " VALUES (%(workspace)s, %(home)s, 'email', true, now())",
        "INSERT INTO shop_order (workspace_id, order_id, home_id, status, placed_at, currency, total_minor, stated_at)"
        " VALUES (%(workspace)s, %(order)s, %(home)s, 'paid', now(), 'USD', 1, now())",
        "INSERT INTO order_line (workspace_id, order_id, line_number) VALUES (%(workspace)s, %(order)s, 1)",
        "INSERT INTO refund VALUES (%(workspace)s, %(order)s, 'r', now(), 'USD', 1)",
        "INSERT INTO event (workspace_id, event_id, message_key, person_id, kind, name, occurred_at, received_at,"
        " properties, context) VALUES (%(workspace)s, gen_random_uuid(), gen_random_uuid(), %(home)s, 1, 'x', now(),"
        " now(), '{}', '{}')",
        "INSERT INTO event_rejected (workspace_id, api_key_id, code, message, payload)"
        " SELECT %(workspace)s, 1, 'x', 'x', CASE %(order)s WHEN 'o1' THEN 'from ada@brand.io' ELSE '{}' END",
        "INSERT INTO invite VALUES (%(workspace)s, %(home)s, %(home)s, now()) ON CONFLICT DO NOTHING",
    ):
        world.do(sql, home=home, order=order)


def test_an_erased_identifier_may_come_back_as_somebody_new(world) -> None:
    before = world.say((USER, MAIL))
    world.run(lambda tx: service.erase(tx, before[USER], actor="user:1"))

    after = world.say((USER,))

    assert after[USER] not in before.values()
    assert world.groups() == {frozenset({USER})}


def test_identity_is_fenced_by_workspace(new_world) -> None:
    one, other = new_world(), new_world()
    homes = one.say((USER, ANON))

    assert set(other.say((USER, ANON)).values()).isdisjoint(homes.values())
    with pytest.raises(PersonNotFoundError):
        other.run(lambda tx: persons.get_living(tx, homes[USER]))
