"""Dealing, promises, words and what a message does, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanwheel.loop.operate.conversations.contracts import Member, Policy, Team
from fanwheel.loop.operate.conversations.rules import dealing, promises, reading, threads, words
from fanwheel.loop.operate.conversations.rules.threads import Thread

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


class Always:
    """A brand that never closes, or that is there for half of every span."""

    def __init__(self, share: float = 1.0) -> None:
        self._share = share

    def due(self, start: datetime, seconds: float) -> datetime:
        return start + timedelta(seconds=seconds / self._share)

    def open_seconds(self, start: datetime, end: datetime) -> float:
        return (end - start).total_seconds() * self._share


def a_thread(**more: object) -> Thread:
    values: dict[str, object] = dict.fromkeys(Thread._fields)
    values |= {
        "conversation_id": 1, "account_id": 1, "channel": "webchat", "home_id": 1, "name": "", "state": "open",
        "priority": 0, "round": 1, "opened_at": NOON, "last_at": NOON, "last_message_id": 0, "last_kind": "in",
        "preview": "", "due_for": "",
    }  # fmt: skip
    return Thread(**{**values, **more})  # type: ignore[arg-type]


def a_policy(**more: object) -> Policy:
    values: dict[str, object] = dict.fromkeys(Policy._fields)
    values |= {"policy_id": 1, "name": "Fast", "is_in_hours": False, "first_response_s": 300}
    return Policy(**{**values, **more})  # type: ignore[arg-type]


# ---------------------------------------------------------------- dealing
def a_team(assigns: str, **more: object) -> Team:
    values = {"team_id": 1, "name": "T", "assigns": assigns, "most_open": None, "last_user_id": None}
    return Team(**{**values, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("team", "loads", "owners", "users"),
    [
        (a_team("manual"), {1: 0}, [None], [None]),
        (a_team("round_robin", last_user_id=1), {1: 0, 2: 9, 3: 0}, [None] * 4, [2, 3, 1, 2]),
        (a_team("round_robin", last_user_id=3), {1: 0, 2: 0, 3: 0}, [None], [1]),  # from the end to the beginning
        (a_team("load"), {1: 2, 2: 0}, [None] * 4, [2, 2, 1, 2]),
        (a_team("load", most_open=1), {1: 1, 2: 0}, [None] * 2, [2, None]),
        (a_team("owner"), {1: 0, 2: 5}, [2, None, 9], [2, 1, 1]),  # 9 is not there
        (a_team("owner", most_open=1), {1: 0, 2: 5}, [2], [2]),  # who looks after a fan takes the fan
        (a_team("load"), {}, [None], [None]),
    ],
)
def test_conversations_are_dealt_as_the_team_says(
    team: Team, loads: dict[int, int], owners: list[int | None], users: list[int | None]
) -> None:
    members = [Member(1, user, count) for user, count in loads.items()]

    assert dealing.deal(team, members, owners).users == users


# ---------------------------------------------------------------- promises
def test_the_first_policy_that_fits_counts() -> None:
    policies = [a_policy(policy_id=1, channel="line"), a_policy(policy_id=2, priority=2), a_policy(policy_id=3)]

    found = [promises.find_policy(policies, a_thread(**more)) for more in ({}, {"priority": 2}, {"channel": "line"})]

    assert [policy.policy_id for policy in found if policy] == [3, 2, 1]


@pytest.mark.parametrize(
    ("thread", "policy", "minutes", "what"),
    [
        (a_thread(waiting_since=NOON), a_policy(), 5, "first"),
        (a_thread(waiting_since=NOON), a_policy(is_in_hours=True), 10, "first"),  # open for half of the time
        (a_thread(waiting_since=NOON, answered_at=NOON), a_policy(next_response_s=600), 10, "next"),
        (a_thread(waiting_since=NOON), a_policy(resolution_s=60), 1, "resolution"),  # what is due first is shown
        (a_thread(), a_policy(), None, ""),  # nobody waits
        (a_thread(waiting_since=NOON, state="snoozed"), a_policy(), None, ""),
    ],
)
def test_what_is_promised_next_is_due_when_it_was_promised(
    thread: Thread, policy: Policy, minutes: int | None, what: str
) -> None:
    promised = promises.promise(thread, [policy], Always(0.5 if policy.is_in_hours else 1))

    assert promised.due_at == (None if minutes is None else NOON + timedelta(minutes=minutes))
    assert promised.due_for == what


def test_lateness_is_measured_by_the_clock_that_was_promised() -> None:
    end = NOON + timedelta(minutes=8)

    by_clock = promises.measure(NOON, end, promised_s=300, is_in_hours=False, hours=Always(0.5))
    in_hours = promises.measure(NOON, end, promised_s=300, is_in_hours=True, hours=Always(0.5))

    assert by_clock == (480, 240, True)
    assert in_hours == (480, 240, False)


# ---------------------------------------------------------------- what a message does
def test_a_word_after_the_end_begins_another_round() -> None:
    closed = a_thread(state="closed", closed_at=NOON, answered_at=NOON, assignee_id=7)

    heard = threads.hear(closed, message_id=9, said_at=NOON + timedelta(hours=1), body="Hi\nagain")

    assert (heard.state, heard.round, heard.answered_at, heard.assignee_id) == ("open", 2, None, 7)
    assert heard.preview == "Hi again"


def test_a_rule_s_answer_is_no_first_answer() -> None:
    asked = threads.hear(a_thread(), message_id=1, said_at=NOON, body="Hi")

    answered = threads.answer(asked, message_id=2, said_at=NOON, body="Hello", is_human=False)

    assert answered.answered_at is None
    assert answered.waiting_since is None


def test_what_is_told_late_does_not_stand_for_what_came_after() -> None:
    newest = threads.hear(a_thread(), message_id=9, said_at=NOON, body="new")

    late = threads.mention(newest, message_id=3, said_at=NOON - timedelta(days=1), body="old")

    assert (late.preview, late.last_message_id, late.last_at) == ("new", 9, NOON)


@pytest.mark.parametrize(
    ("text", "score"), [("5", 5), (" 3 ", 3), ("4分", 4), ("0", None), ("6", None), ("5 stars", None), ("", None)]
)
def test_a_bare_number_is_a_score_and_nothing_else(text: str, score: int | None) -> None:
    assert reading.score(text, surveyed_at=NOON, now=NOON + timedelta(days=1)) == score
    assert reading.score(text, surveyed_at=None, now=NOON) is None
    assert reading.score(text, surveyed_at=NOON, now=NOON + timedelta(days=3)) is None


# ---------------------------------------------------------------- words
@given(
    st.lists(st.sampled_from(["退货", "订单号", "refund", "ＡＢＣ１２", "de2026"]), min_size=1, max_size=8), st.data()
)
def test_whatever_stands_in_a_message_from_the_beginning_of_a_word_is_found(
    said: list[str], data: st.DataObject
) -> None:
    text = data.draw(st.sampled_from([" ", "，", "\n"])).join(said)
    sought = data.draw(st.sampled_from(said))
    asked = words.ask(sought[: data.draw(st.integers(2, len(sought)))])

    kept = set(words.numbers(text, workspace=3, message_id=5))
    [portion] = words.portions(asked, workspace=3, newest=5, oldest=5)

    assert asked.is_in(text)
    assert set(portion) <= kept


def test_other_workspaces_and_portions_have_other_numbers() -> None:
    here = words.numbers("退货", workspace=1, message_id=1)

    assert words.numbers("退货", workspace=2, message_id=1) != here
    assert words.numbers("退货", workspace=1, message_id=words.PORTION) != here
    assert all(-(1 << 31) <= number < 1 << 31 for number in here)


def test_portions_are_asked_from_the_newest_on() -> None:
    asked = words.ask("退货")
    newest, oldest = 3 * words.PORTION, words.PORTION

    portions = words.portions(asked, workspace=1, newest=newest, oldest=oldest)

    assert [set(portion) for portion in portions] == [
        set(words.numbers("退货", workspace=1, message_id=number * words.PORTION)) for number in (3, 2, 1)
    ]


def test_an_excerpt_shows_the_place() -> None:
    text = "a " * 200 + "退货 " + "b " * 200

    shown = words.excerpt(text, ["退货"])

    assert "退货" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) < 200
