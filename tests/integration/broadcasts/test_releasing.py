"""Releasing: nobody is lost and nobody gets it twice, whatever dies, stops, or turns out to be somebody else."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.support.broadcasts import Square, say
from tests.support.reach import ACCOUNT

from fanwheel.cdp import persons
from fanwheel.loop.operate.broadcasts import lifecycle, releasing, trials
from fanwheel.loop.operate.broadcasts.contracts import Broadcast
from fanwheel.loop.operate.reach.settings import CapRule, HoldoutRules

SHANGHAI, NEW_YORK = "Asia/Shanghai", "America/New_York"


def waiting(square: Square) -> int:
    return sum(count for (state, _), count in square.states().items() if state == "waiting")


# ---------------------------------------------------------------- what dies
@pytest.mark.usefixtures("small_portions")
def test_a_crash_in_every_portion_loses_nobody_and_doubles_nobody(square: Square) -> None:
    with_mail, without = square.people(37), square.people(8, says=False)
    square.allow_second(without)
    found = square.begin([*with_mail, *without], fallback=True)

    square.go(found, crashes=True)

    assert square.heard() == dict.fromkeys([*with_mail, *without], 1)
    told = square.get(found)
    assert (told.state, told.people, told.released) == ("done", 45, 45)
    assert told.progress == {"audience": 45, "released": 45, "waiting": 0, "sent": 45}


@pytest.mark.usefixtures("small_portions")
def test_several_workers_at_once_double_nobody(square: Square) -> None:
    people = square.people(60)
    found = square.begin(people)

    square.release_beside_each_other(workers=3)
    square.go(found)

    assert square.heard() == dict.fromkeys(people, 1)
    assert square.get(found).released == 60


@pytest.mark.usefixtures("small_portions")
def test_what_has_gone_out_is_made_up_for_in_whole_portions(square: Square, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releasing, "AHEAD", 20)
    found = square.begin(square.people(50))
    released = []

    for gone in (0, 4, 6):
        square.rows(
            "UPDATE intent SET state = 'canceled' WHERE intent_id IN"
            " (SELECT intent_id FROM intent WHERE workspace_id = %s AND state = 'waiting' LIMIT %s)",
            square.workspace,
            gone,
        )
        square.release(found)
        released.append(square.get(found).released)

    assert released == [20, 20, 30]


# ---------------------------------------------------------------- pauses
@pytest.mark.usefixtures("small_portions")
def test_a_pause_stops_what_waits_at_the_gate_and_going_on_repeats_nothing(
    square: Square, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releasing, "AHEAD", 20)
    people = square.people(50)
    found = square.begin(people)
    square.release(found)
    assert waiting(square) == 20

    square.do(lambda tx: lifecycle.pause(tx, found, now=square.now))
    square.release(found)
    square.send()
    assert square.heard() == {}

    square.do(lambda tx: lifecycle.resume(tx, found, now=square.now))
    square.go(found)
    assert square.heard() == dict.fromkeys(people, 1)
    assert square.get(found).state == "done"


@pytest.mark.usefixtures("small_portions")
def test_what_is_canceled_stays_where_it_is_even_if_it_comes_back_to_the_gate(
    square: Square, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releasing, "AHEAD", 20)
    found = square.begin(square.people(50))
    square.release(found)
    square.rows("UPDATE intent SET state = 'claimed' WHERE intent_id = (SELECT min(intent_id) FROM intent "
                "WHERE workspace_id = %s)", square.workspace)  # fmt: skip

    assert square.do(lambda tx: lifecycle.cancel(tx, found, now=square.now)) == 19
    square.release(found)
    square.rows("UPDATE intent SET state = 'waiting' WHERE workspace_id = %s AND state = 'claimed'", square.workspace)
    square.send()
    square.release(found)

    assert square.heard() == {}
    assert square.states() == {("canceled", None): 20}
    assert square.get(found).state == "canceled"
    assert square.rows("SELECT step FROM step_pause WHERE workspace_id = %s", square.workspace) == []


# ---------------------------------------------------------------- other routes
def test_the_next_route_reaches_whom_another_channel_can_and_nobody_twice(square: Square) -> None:
    square.rule(holdouts=HoldoutRules(universal=0, channel=0))
    fine, refused, gone, lost, nowhere = (square.people(3, says=says) for says in (True, False, True, True, False))
    square.allow_second([*fine, *refused, *gone, *lost])
    found = square.begin([*fine, *refused, *gone, *lost, *nowhere], fallback=True)
    answers = dict.fromkeys(gone, (404, "")) | dict.fromkeys(lost, (0, ""))

    async def answer(key: str) -> tuple[int, str]:
        intent_id = int(key.split("-")[2])
        home, occurrence = square.rows("SELECT home_id, occurrence FROM intent WHERE intent_id = %s", intent_id)[0]
        if occurrence == "0" and home in answers:
            return answers[home]
        square.sink.take(key)
        return 200, ""

    square.sink.answer = answer
    square.go(found, crashes=True)

    # Of those whose answer was lost nobody knows whether they have it: they are not tried elsewhere.
    assert square.heard() == dict.fromkeys([*fine, *refused, *gone], 1)
    by_route = square.rows(
        "SELECT occurrence, state, rule, count(*) FROM intent WHERE workspace_id = %s"
        " GROUP BY occurrence, state, rule ORDER BY occurrence, state, rule",
        square.workspace,
    )
    assert by_route == [
        ("0", "failed", "recipient_gone", 3),
        ("0", "sent", None, 3),
        ("0", "skipped", "consent", 6),
        ("0", "unclear", "unclear", 3),
        ("1", "sent", None, 6),
        ("1", "skipped", "consent", 3),
    ]
    assert square.get(found).progress == {
        "audience": 15, "released": 15, "waiting": 0, "sent": 9, "unclear": 3, "skipped": 3,
    }  # fmt: skip


def test_whoever_is_held_out_or_capped_is_not_reached_by_another_route(square: Square) -> None:
    people = square.people(40)
    square.allow_second(people)
    found = square.begin(people, fallback=True, holdout_share=0.5)
    square.go(found)
    held_out = square.states()["held_out", "holdout"]
    assert 8 <= held_out <= 32
    assert len(square.heard()) == 40 - held_out
    assert len(square.facts("Message Held Out")) == held_out

    square.rule(holdouts=HoldoutRules(universal=0, channel=0), caps=(CapRule(name="day", most=1, window_s=86_400),))
    again = square.begin(people, fallback=True, expires_hours=1)
    square.go(again)
    assert square.states()["skipped", "cap"] == 40
    assert square.get(again).state == "done"
    assert len(square.heard()) == 40 - held_out


# ---------------------------------------------------------------- merges
@pytest.mark.parametrize("when", ["launched", "released", "sent"])
def test_two_who_turn_out_to_be_one_get_one_message(square: Square, when: str) -> None:
    one, other = square.people(1), square.people(1, says=False)
    square.allow_second([*one, *other])
    found = square.begin([*one, *other], fallback=True)
    if when != "launched":
        square.release(found)
    if when == "sent":
        square.send(say)

    square.do(lambda tx: persons.merge(tx, one[0], other[0], actor="test", now=square.now))
    square.say([one[0]], is_granted=True, at=square.now)
    square.go(found)

    assert square.sink.taken.total() == 1
    assert square.get(found).state == "done"
    if when == "sent":
        # The other had fallen back to a channel on which the one person could be reached once more.
        assert square.states() == {("sent", None): 1, ("skipped", "consent"): 1, ("skipped", "repeated"): 1}


# ---------------------------------------------------------------- times and paces
def test_each_is_reached_by_the_clock_on_the_own_wall(square: Square) -> None:
    square.now = datetime(2026, 3, 7, 12, tzinfo=UTC)
    at_home, in_china, in_york = (square.people(2, zone=zone) for zone in (None, SHANGHAI, NEW_YORK))
    square.rows("UPDATE workspace SET time_zone = 'Asia/Tokyo' WHERE workspace_id = %s", square.workspace)
    found = square.begin([*at_home, *in_china, *in_york], schedule={"kind": "local", "at": "2026-03-08T10:00"})

    heard: dict[datetime, set[int]] = {}
    for _ in range(40):
        before = set(square.heard())
        square.go(found)
        if news := set(square.heard()) - before:
            heard[square.now] = news
        square.now += timedelta(hours=1)

    assert heard == {
        datetime(2026, 3, 8, 1, tzinfo=UTC): set(at_home),  # the brand is in Tokyo
        datetime(2026, 3, 8, 2, tzinfo=UTC): set(in_china),
        datetime(2026, 3, 8, 14, tzinfo=UTC): set(in_york),  # clocks were put forward that night
    }
    assert square.get(found).state == "done"


@pytest.mark.usefixtures("small_portions")
def test_the_pace_holds_and_a_pause_is_not_caught_up(square: Square) -> None:
    found = square.begin(square.people(40), per_minute=60)
    released = []
    for second in (0, 1, 1, 5):
        square.now += timedelta(seconds=second)
        square.release(found)
        released.append(square.get(found).released)
    square.do(lambda tx: lifecycle.pause(tx, found, now=square.now))
    square.now += timedelta(hours=1)
    square.do(lambda tx: lifecycle.resume(tx, found, now=square.now))
    square.release(found)
    square.now += timedelta(seconds=2)
    square.release(found)

    assert [*released, square.get(found).released] == [1, 2, 3, 8, 10]


# ---------------------------------------------------------------- variants
def test_the_rest_waits_for_the_winner_and_hears_it(square: Square) -> None:
    found = square.begin(square.people(60), variants=("A", "B"), experiment={"share": 0.4, "metric": "clicked",
                         "max_hours": 24, "otherwise": "best"})  # fmt: skip
    square.go(found)
    told = square.get(found)
    tried = variants(square)
    assert (told.state, told.phase, told.variants) == ("running", "deciding", ("A", "B"))
    assert 12 <= sum(tried.values()) <= 36
    assert min(tried["A"], tried["B"]) >= 3

    evidence = {"p": 0.01}
    square.do(lambda tx: lifecycle.decide(tx, found, None, evidence=evidence, by="deadline", now=square.now))
    square.go(found)
    assert (square.get(found).phase, variants(square)) == ("deciding", tried)

    square.do(lambda tx: lifecycle.decide(tx, found, "B", evidence=evidence, by="test", now=square.now))
    square.go(found)
    assert variants(square) == {"A": tried["A"], "B": 60 - tried["A"]}
    told = square.get(found)
    assert (told.state, told.winner, told.evidence) == ("done", "B", {"p": 0.01, "by": "test"})


def variants(square: Square) -> dict[str, int]:
    sql = "SELECT proof ->> 'variant', count(*)::integer FROM intent WHERE workspace_id = %s GROUP BY 1"
    return dict(square.rows(sql, square.workspace))


# ---------------------------------------------------------------- those who look at it first
def test_seeds_and_tests_go_out_whatever_the_caps_say_and_count_nowhere(square: Square) -> None:
    square.rule(holdouts=HoldoutRules(universal=0.9, channel=0.9), caps=(CapRule(name="day", most=1, window_s=86_400),))
    seeds, people = square.people(4), square.people(5)
    found = square.draft([*seeds, *people], seed_list_id=square.list_of(seeds))
    trial = trials.Trial([seeds[0]], [], to_seeds=True, variant="", route=None)
    tried, unknown = square.do(lambda tx: trials.send(tx, found, trial, occurrence="x", now=square.now))
    square.send(say)
    square.launch(found)
    square.go(found)

    told: Broadcast = square.get(found)
    assert ([each.person_id for each in tried], unknown) == (seeds, [])
    assert {seed: square.heard()[seed] for seed in seeds} == dict.fromkeys(seeds, 2)
    assert told.people == told.released == 5
    held = square.rows(
        "SELECT account_id, step FROM intent WHERE workspace_id = %s AND state = 'held_out'", square.workspace
    )
    assert set(held) <= {(ACCOUNT, f"broadcast:{found}")}
