"""Whoever does something, changes, or merely lets time pass is in the right segments at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.support.segments_live import Crowd, bought, days
from tests.support.stream import NOON, Event, order

from fanwheel.cdp import persons, scores, tags
from fanwheel.cdp.segments import service
from fanwheel.cdp.segments.errors import BadSegmentError, SegmentMentionedError, SegmentNameTakenError
from fanwheel.cdp.segments.forgetting import forget_changes

DAY = 86_400


def trait(name: str, **test: Any) -> dict[str, Any]:
    return {"type": "trait", "name": name, "test": test}


def inside(segment_id: int) -> dict[str, Any]:
    return {"type": "segment", "segment_id": segment_id}


def test_an_event_brings_a_person_in_and_tells_of_it_once(crowd: Crowd) -> None:
    crowd.hear(Event(name="Bought", who="early"))
    buyers = crowd.make("Buyers", bought())
    assert (crowd.members(buyers), crowd.facts(buyers)) == ({"early"}, [])

    crowd.hear(Event(name="Bought", who="late"), Event(name="Looked", who="looker"))
    crowd.hear(Event(name="Bought", who="late", at=5))

    assert crowd.members(buyers) == {"early", "late"}
    assert crowd.facts(buyers) == [("late", "in", "change")]


def test_events_count_from_the_moment_at_which_they_occurred(crowd: Crowd) -> None:
    twice = crowd.make("Twice within two days", bought(at_least=2, within=days(2)))

    crowd.hear(Event(name="Bought", who="u1", at=DAY - 60), Event(name="Bought", who="u1", at=DAY + 3600))
    assert crowd.members(twice) == set()  # the second is yet to come
    crowd.pass_time(hours=1, seconds=-1)
    assert crowd.members(twice) == set()
    crowd.pass_time(seconds=1)
    assert crowd.members(twice) == {"u1"}

    crowd.hear(Event(name="Bought", who="u2", at=-10 * DAY), Event(name="Bought", who="u2", at=DAY))
    assert crowd.members(twice) == {"u1"}  # one of those is too old
    crowd.now = NOON + timedelta(days=3, seconds=-61)
    crowd.settle()
    assert crowd.members(twice) == {"u1"}
    crowd.pass_time(seconds=1)
    assert crowd.members(twice) == set()
    assert crowd.facts(twice) == [("u1", "in", "time"), ("u1", "out", "time")]


def test_what_is_known_of_a_person_counts_whoever_says_it(crowd: Crowd) -> None:
    told = crowd.make(
        "Parisian regulars, tagged, of the best tier",
        {
            "type": "all",
            "conditions": [
                trait("city", op="is", value="Paris"),
                {"type": "tag", "tag": "regular"},
                {"type": "layer", "layer": "rfm_tier", "classes": ["top"]},
            ],
        },
    )
    crowd.hear(Event(kind="identify", who="u1", properties={"city": "Paris"}))
    home = crowd.home("u1")

    crowd.act(lambda tx: tags.change(tx, home, add=["regular"], by="user:1", now=crowd.now))
    crowd.settle()
    assert crowd.members(told) == set()
    crowd.act(
        lambda tx: scores.service.ScoreRepository(tx).put(
            [scores.Score(home, {"rfm_tier": "top"})], scored_at=crowd.now
        )
    )
    crowd.settle()
    assert crowd.members(told) == {"u1"}
    crowd.act(lambda tx: tags.change(tx, home, remove=["regular"], by="user:1", now=crowd.now))
    crowd.settle()

    assert crowd.members(told) == set()
    assert crowd.facts(told) == [("u1", "in", "change"), ("u1", "out", "change")]


def test_channels_lists_referrals_and_touches_are_known(crowd: Crowd) -> None:
    source = crowd.rows(
        "INSERT INTO source (workspace_id, slug, name, domain) VALUES (%(workspace)s, 'live', 'Live', 'public')"
        " RETURNING source_id"
    )[0]["source_id"]
    shelf = crowd.rows(
        "INSERT INTO list (workspace_id, name, created_by) VALUES (%(workspace)s, 'VIP', 'user:1') RETURNING list_id"
    )[0]["list_id"]
    reached = crowd.make("By mail", {"type": "reachable", "channel": "email"})
    listed = crowd.make("Listed", {"type": "list", "list_id": shelf})
    came = crowd.make("From live", {"type": "source", "sources": ["live"], "touch": "first"})
    inviter = crowd.make("Inviters", {"type": "referral", "role": "inviter"})
    invitee = crowd.make("Invitees", {"type": "referral", "role": "invitee"})

    crowd.hear(
        Event(name="Consent Granted", who="u1", properties={"channel": "email"}),
        Event(name="Content Viewed", who="u2", source=source, domain=1),
        Event(name="Invite Accepted", who="u3", properties={"referrer_id": "u1"}),
    )
    crowd.rows(
        "INSERT INTO person_list VALUES (%(workspace)s, %(home)s, %(shelf)s) RETURNING 1",
        home=crowd.home("u2"), shelf=shelf,
    )  # fmt: skip
    crowd.act(lambda tx: persons.refold(tx, [crowd.home("u2")]))
    crowd.settle()

    assert [crowd.members(each) for each in (reached, listed, came)] == [{"u1"}, {"u2"}, {"u2"}]
    assert [crowd.members(each) for each in (inviter, invitee)] == [{"u1"}, {"u3"}]


def test_a_merge_joins_what_two_did_and_an_unmerge_takes_it_apart(crowd: Crowd) -> None:
    twice = crowd.make("Twice", bought(at_least=2))
    once = crowd.make("Once", bought())
    crowd.hear(Event(name="Bought", who="a1"), Event(name="Bought", who="u1"))
    homes = [crowd.home("a1"), crowd.home("u1")]

    crowd.act(lambda tx: persons.merge(tx, *homes, actor="user:1", now=crowd.now))
    crowd.settle()
    assert (crowd.members(twice), crowd.members(once)) == ({"a1"}, {"a1"})
    crowd.act(lambda tx: persons.unmerge(tx, homes[0], homes[1:], actor="user:1"))
    crowd.settle()

    assert (crowd.members(twice), crowd.members(once)) == (set(), {"a1", "u1"})
    assert crowd.facts(twice) == [("a1", "in", "change"), ("a1", "out", "change")]
    assert crowd.facts(once)[2:] == [("u1", "out", "merge"), ("u1", "in", "change")]


def test_an_erased_person_leaves_and_nothing_of_them_stays(crowd: Crowd) -> None:
    once = crowd.make("Once", bought())
    crowd.hear(Event(name="Bought", who="u1"), Event(name="Bought", who="u2"))

    crowd.erase("u1")
    crowd.settle()

    assert crowd.members(once) == {"u2"}
    gone = crowd.home("u1")
    assert crowd.facts(once) == [("nobody", "in", "change"), ("u2", "in", "change"), ("u1", "out", "erasure")]
    for table, column in (("segment_part", "home_id"), ("segment_person", "person_id"), ("segment_note", "person_id")):
        rows = crowd.rows(f"SELECT {column} AS id FROM {table} WHERE workspace_id = %(workspace)s")
        assert gone not in {row["id"] for row in rows}


def test_a_segment_follows_the_segments_that_it_mentions(crowd: Crowd) -> None:
    once = crowd.make("Once", bought(within=days(2)))
    others = crowd.make("Others", {"type": "not", "condition": inside(once)})
    both = crowd.make("Paris of others", {"type": "all", "conditions": [inside(others), trait("city", op="exists")]})
    crowd.hear(Event(kind="identify", who="u1", properties={"city": "Paris"}))
    assert [crowd.members(each) for each in (once, others, both)] == [set(), {"u1"}, {"u1"}]

    crowd.hear(Event(name="Bought", who="u1", at=DAY))
    assert [crowd.members(each) for each in (once, others, both)] == [{"u1"}, set(), set()]
    crowd.pass_time(days=2)
    assert [crowd.members(each) for each in (once, others, both)] == [set(), {"u1"}, {"u1"}]
    assert crowd.facts(both) == [("u1", "in", "change"), ("u1", "out", "change"), ("u1", "in", "time")]


@pytest.mark.parametrize("wholesale_from", [1, 1_000])
def test_another_rule_lets_those_who_differ_enter_and_leave(crowd: Crowd, wholesale_from: int) -> None:
    crowd.wholesale_from = wholesale_from
    crowd.hear(*(Event(name="Bought", who=f"u{n}", at=n, properties={"total": n}) for n in range(1, 8)))
    rich = crowd.make("Rich", bought())
    crowd.hear(*(Event(name="Looked", who=f"u{n}") for n in range(5, 10)))

    crowd.change(rich, {"type": "event", "event": {"name": "Looked"}, "test": {"op": "at_least", "value": 1}})

    assert crowd.members(rich) == {f"u{n}" for n in range(5, 10)}
    left = [(f"u{n}", "out", "rule") for n in range(1, 5)]
    assert sorted(crowd.facts(rich)) == sorted([*left, ("u8", "in", "rule"), ("u9", "in", "rule")])
    # What nobody asks for any more is no longer remembered.
    assert len(crowd.rows("SELECT 1 FROM segment_metric WHERE workspace_id = %(workspace)s")) == 1


def test_a_paused_segment_stands_still_and_then_catches_up(crowd: Crowd) -> None:
    once = crowd.make("Once", bought(within=days(3)))
    crowd.hear(Event(name="Bought", who="u1", at=DAY))
    crowd.act(lambda tx: service.pause(tx, once))
    crowd.hear(Event(name="Bought", who="u2", at=2 * DAY))
    crowd.pass_time(days=3)
    assert crowd.members(once) == {"u1"}

    crowd.act(lambda tx: service.resume(tx, once))
    crowd.settle()

    assert crowd.members(once) == {"u2"}
    assert crowd.facts(once) == [("u1", "in", "change"), ("u1", "out", "rule"), ("u2", "in", "rule")]


def test_a_deleted_segment_is_gone_without_a_word(crowd: Crowd) -> None:
    once = crowd.make("Once", bought())
    twice = crowd.make("Twice", {"type": "all", "conditions": [inside(once), bought(at_least=2)]})
    crowd.hear(Event(name="Bought", who="u1"))

    with pytest.raises(SegmentMentionedError, match="Twice"):
        crowd.act(lambda tx: service.delete(tx, once))
    crowd.act(lambda tx: service.delete(tx, twice))
    crowd.act(lambda tx: service.delete(tx, once))
    crowd.hear(Event(name="Bought", who="u1", at=1))

    for table in ("segment", "segment_bitmap", "segment_change", "segment_metric"):
        assert crowd.rows(f"SELECT 1 FROM {table} WHERE workspace_id = %(workspace)s") == []
    assert crowd.rows("SELECT members FROM segment_person WHERE workspace_id = %(workspace)s AND members <> '{}'") == []


def test_what_cannot_be_a_segment_is_refused(crowd: Crowd) -> None:
    once = crowd.make("Once", bought())
    other = crowd.make("Other", inside(once))

    with pytest.raises(BadSegmentError, match="mentions itself"):
        crowd.change(once, inside(other))
    with pytest.raises(BadSegmentError, match="no segment 99999"):
        crowd.make("Nobody's", inside(99999))
    with pytest.raises(BadSegmentError, match="no list 99999"):
        crowd.make("Nobody's", {"type": "list", "list_id": 99999})
    with pytest.raises(SegmentNameTakenError):
        crowd.make(" once ", bought())


def test_members_come_in_pages_and_a_person_knows_their_segments(crowd: Crowd) -> None:
    crowd.hear(*(Event(name="Bought", who=f"u{n}", at=n) for n in range(9)))
    once = crowd.make("Once", bought())
    crowd.hear(Event(name="Bought", who="late"))

    pages, after = [], 0
    while page := crowd.act(lambda tx, after=after: service.members(tx, once, after=after, limit=4)):
        pages.append(page)
        after = page[-1]

    assert [len(page) for page in pages] == [4, 4, 2]
    assert [person for page in pages for person in page] == sorted(
        crowd.home(who) for who in [*(f"u{n}" for n in range(9)), "late"]
    )
    early = crowd.act(lambda tx: service.of_person(tx, crowd.home("u3")))
    late = crowd.act(lambda tx: service.of_person(tx, crowd.home("late")))
    assert [(each.segment_id, each.since) for each in early] == [(once, None)]
    assert [(each.segment_id, each.since) for each in late] == [(once, crowd.now)]


def test_the_trend_says_how_many_there_were_each_evening(crowd: Crowd) -> None:
    once = crowd.make("Once", bought(within=days(2)))
    crowd.rows("UPDATE segment SET created_at = %(now)s WHERE workspace_id = %(workspace)s RETURNING 1", now=crowd.now)
    crowd.hear(Event(name="Bought", who="u1", at=DAY), Event(name="Bought", who="u2", at=DAY))
    crowd.pass_time(days=1)
    crowd.hear(Event(name="Bought", who="u3", at=2 * DAY))
    crowd.pass_time(days=1)

    trend = crowd.act(lambda tx: service.trend(tx, once, days=90, now=crowd.now))

    assert [(each.size, each.entries, each.exits) for each in trend] == [(2, 2, 0), (3, 1, 0), (1, 0, 2)]


@pytest.mark.parametrize("jump", [timedelta(hours=-30), timedelta(seconds=-3)])
def test_a_clock_that_is_set_back_undoes_what_was_too_early(crowd: Crowd, jump: timedelta) -> None:
    once = crowd.make("Once", bought(within=days(2)))
    crowd.hear(Event(name="Bought", who="u1", at=DAY), Event(name="Bought", who="u2", at=2 * DAY))
    crowd.now = NOON + timedelta(days=2, hours=23, minutes=59, seconds=59)
    crowd.settle()
    assert crowd.members(once) == {"u1", "u2"}
    crowd.pass_time(seconds=2)
    assert crowd.members(once) == {"u2"}

    crowd.now += jump
    crowd.settle()
    crowd.hear(Event(name="Looked", who="u2"))

    # A few seconds are waited for; whoever was judged for a moment much later is judged again.
    assert crowd.members(once) == ({"u2"} if jump > timedelta(minutes=-1) else {"u1"})
    crowd.now = NOON + timedelta(days=3, seconds=5)
    crowd.settle()
    assert crowd.members(once) == {"u2"}


def test_another_time_zone_moves_days(crowd: Crowd) -> None:
    today = crowd.make("Born today", trait("birthday", op="anniversary", days=0))
    crowd.now = datetime(2026, 3, 2, 20, tzinfo=UTC)
    crowd.hear(
        Event(kind="identify", who="u1", properties={"birthday": "1990-03-02"}),
        Event(kind="identify", who="u2", properties={"birthday": "1990-03-03"}),
    )
    assert crowd.members(today) == {"u1"}

    crowd.rows("UPDATE workspace SET time_zone = 'Asia/Shanghai' WHERE workspace_id = %(workspace)s RETURNING 1")
    crowd.hear(Event(name="Looked", who="u3"))

    assert crowd.members(today) == {"u2"}


def test_orders_and_stages_count_as_the_portrait_has_them(crowd: Crowd) -> None:
    buyers = crowd.make(
        "Twice a buyer",
        {
            "type": "all",
            "conditions": [
                {"type": "field", "name": "order_count", "test": {"op": "at_least", "value": 2}},
                {"type": "layer", "layer": "stage", "classes": ["repurchase"]},
            ],
        },
    )
    crowd.hear(Event(name="Order Completed", who="u1", properties=order("o1", total=5)))
    assert crowd.members(buyers) == set()
    crowd.hear(Event(name="Order Completed", who="u1", at=9, properties=order("o2", total=5)))
    assert crowd.members(buyers) == {"u1"}
    crowd.hear(Event(name="Order Cancelled", who="u1", at=10, properties=order("o2")))
    assert crowd.members(buyers) == set()


def judged_at(crowd: Crowd, who: str) -> datetime:
    (row,) = crowd.rows(
        "SELECT judged_at FROM segment_person WHERE workspace_id = %(workspace)s AND person_id = %(home)s",
        home=crowd.home(who),
    )
    found: datetime = row["judged_at"]
    return found


def test_whoever_cannot_have_moved_is_left_alone_until_they_can(crowd: Crowd) -> None:
    twice = crowd.make("Twice within three days", bought(at_least=2, within=days(3)))
    crowd.hear(*(Event(name="Bought", who="u1", at=DAY - at) for at in (2, 1)))
    before = judged_at(crowd, "u1")

    crowd.pass_time(hours=1)
    crowd.hear(Event(name="Bought", who="u1", at=DAY + 3600))
    assert (crowd.members(twice), judged_at(crowd, "u1")) == ({"u1"}, before)
    crowd.now = NOON + timedelta(days=4, seconds=-2)
    crowd.settle()
    assert crowd.members(twice) == {"u1"}
    crowd.pass_time(seconds=1)  # the first two were three days ago

    assert crowd.members(twice) == set()
    assert crowd.facts(twice) == [("u1", "in", "change"), ("u1", "out", "time")]


def test_a_newcomer_is_asked_what_nobody_can_be_told_beforehand(crowd: Crowd) -> None:
    half = crowd.make("Half", {"type": "sample", "percent": 50})
    other = crowd.make("The other half", {"type": "not", "condition": inside(half)})
    quiet = crowd.make("Never bought", {"type": "not", "condition": bought()})
    both = crowd.make("Buyers of the half", {"type": "all", "conditions": [inside(half), bought()]})
    everybody = {f"u{number}" for number in range(40)}
    crowd.hear(*(Event(name="Viewed" if who < "u3" else "Bought", who=who, at=DAY) for who in sorted(everybody)))

    drawn = crowd.members(half)
    buyers = {who for who in everybody if who >= "u3"}
    assert 8 <= len(drawn) <= 32
    assert crowd.members(other) == everybody - drawn
    assert crowd.members(quiet) == everybody - buyers
    assert crowd.members(both) == drawn & buyers
    assert crowd.facts(other) == [(who, "in", "change") for who in sorted(everybody - drawn)]


def test_whoever_was_left_alone_is_judged_by_all_that_changed_since(crowd: Crowd) -> None:
    twice = crowd.make("Twice", bought(at_least=2))
    crowd.hear(Event(name="Bought", who="u1", at=1), Event(name="Bought", who="a1", at=2))
    crowd.merge("u1", "a1")
    crowd.hear(Event(name="Looked", who="u1", at=3))
    assert crowd.members(twice) == {"u1"}

    crowd.hear(Event(name="Bought", who="a1", at=4))  # nobody need be judged for that
    crowd.rows(
        "UPDATE identifier SET person_id = home_id WHERE workspace_id = %(workspace)s AND home_id = %(home)s"
        " RETURNING 1",
        home=crowd.home("a1"),
    )
    crowd.rows(
        "INSERT INTO person_stale (workspace_id, person_id) SELECT %(workspace)s, unnest(%(homes)s::bigint[])"
        " RETURNING 1",
        homes=[crowd.home("u1"), crowd.home("a1")],
    )
    crowd.settle()

    assert crowd.members(twice) == {"a1"}


def test_old_entries_and_exits_go_and_nobody_leaves_for_that(crowd: Crowd) -> None:
    once = crowd.make("Once", bought())
    crowd.hear(*(Event(name="Bought", who=f"u{n}") for n in range(5)))
    crowd.pass_time(days=399)
    crowd.hear(Event(name="Bought", who="late", at=3))
    later = crowd.now + timedelta(days=2)

    gone = crowd.run(lambda db: forget_changes(db, [crowd.workspace], days=400, now=later, at_once=2))

    assert gone == 5
    assert crowd.facts(once) == [("late", "in", "change")]
    assert crowd.members(once) == {*(f"u{n}" for n in range(5)), "late"}
