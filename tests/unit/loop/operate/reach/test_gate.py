"""The gate asks its rules in their order, and nothing that is counted is ever exceeded."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanwheel.loop.operate.reach.rules import gate, holdouts, quiet, rights
from fanwheel.loop.operate.reach.rules.caps import next_slot
from fanwheel.loop.operate.reach.rules.case import Book, Cap, Case, Charge, Holdout, Quiet, Right, Touch, Window

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HERE = UUID(int=1)
DAY = timedelta(days=1)
LATER = NOON + 30 * DAY


def a_case(**changes: Any) -> Case:
    values: dict[str, Any] = {
        "intent_id": 1,
        "person_id": 1,
        "step": "broadcast:1",
        "channel": "email",
        "purpose": "marketing",
        "priority": 0,
        "now": NOON,
        "expires_at": None,
        "address_hash": HERE,
        "standing": None,
        "zone": "UTC",
        "covers": "free",
        "parts": 1,
    }
    return Case(**(values | changes))


def a_right(**changes: Any) -> Right:
    values: dict[str, Any] = {
        "allowance_id": 1,
        "name": "reply",
        "opens": "message",
        "lasts_s": 48 * 3600,
        "most": 5,
        "per": "person",
        "covers": "any",
    }
    return Right(**(values | changes))


def a_window(**changes: Any) -> Window:
    values: dict[str, Any] = {
        "opens": "message",
        "label": "",
        "opened_at": NOON,
        "until": None,
        "granted": None,
        "used": 0,
    }
    return Window(**(values | changes))


def rule_of(case: Case, book: Book) -> str | None:
    return gate.judge([case], book)[0].rule


def outcome_of(case: Case, book: Book) -> str:
    ruling = gate.judge([case], book)[0].ruling
    return "passed" if ruling is None else ruling.outcome


def a_strict_book(**changes: Any) -> Book:
    """One that has something against everybody."""
    values: dict[str, Any] = {
        "rights": [a_right(), a_right(allowance_id=2, name="a day", opens="always", lasts_s=86_400, most=0)],
        "caps": [Cap("none", 0, 86_400)],
        "quiet": [Quiet(0, 1_440)],
        "holdouts": [Holdout("universal", 1.0)],
        "salt": "salt",
    }
    return Book(**(values | changes))


AN_OPEN_RIGHT: dict[str, Any] = {"windows": {HERE: [a_window()]}}
MENDED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("expired", {"expires_at": NOON - DAY, "person_id": None, "standing": "erased"}, {}),
    ("erased", {"person_id": None, "is_repeat": True, "address_hash": None, "standing": "suppressed"}, {}),
    ("repeated", {"is_repeat": True, "address_hash": None, "standing": "suppressed"}, {}),
    ("address", {"address_hash": None, "standing": "suppressed"}, {}),
    ("suppressed", {"standing": "suppressed", "fault": {"why": "empty"}}, {}),
    ("consent", {"standing": "no_consent", "fault": {"why": "empty"}}, {}),
    ("window", {"fault": {"why": "empty"}}, {}),
    ("quota", {"fault": {"why": "empty"}}, AN_OPEN_RIGHT),
    ("cap", {"fault": {"why": "empty"}}, AN_OPEN_RIGHT | {"rights": [a_right()]}),
    ("quiet_hours", {"fault": {"why": "empty"}}, {"rights": [], "caps": []}),
    ("content", {"fault": {"why": "empty"}}, {"rights": [], "caps": [], "quiet": []}),
    ("holdout", {}, {"rights": [], "caps": [], "quiet": []}),
]


@pytest.mark.parametrize(("rule", "case", "book"), MENDED, ids=[row[0] for row in MENDED])
def test_the_first_rule_that_has_something_against_a_message_is_named(
    rule: str, case: dict[str, Any], book: dict[str, Any]
) -> None:
    assert rule_of(a_case(**case), a_strict_book(**book)) == rule


def test_the_table_above_has_every_rule_in_the_order_of_the_gate() -> None:
    assert [row[0] for row in MENDED] == list(gate.RULES)


def test_what_nothing_speaks_against_passes() -> None:
    assert rule_of(a_case(), Book()) is None


@pytest.mark.parametrize("purpose", ["transactional", "service"])
def test_caps_quiet_hours_and_holdouts_concern_marketing_alone(purpose: str) -> None:
    assert rule_of(a_case(purpose=purpose), a_strict_book(rights=[])) is None


@pytest.mark.parametrize(
    ("expires_in", "outcome"),
    [
        (None, "refused"),  # nobody said until when it makes sense
        (timedelta(hours=1), "refused"),  # it would be too late
        (timedelta(hours=24), "postponed"),
    ],
)
def test_a_refusal_that_time_heals_waits_if_there_is_time(expires_in: timedelta | None, outcome: str) -> None:
    book = Book(caps=[Cap("day", 1, 86_400)], touches={1: [Touch("sms", NOON - timedelta(hours=12))]})
    expires_at = None if expires_in is None else NOON + expires_in

    verdict = gate.judge([a_case(expires_at=expires_at)], book)[0]

    assert verdict.ruling is not None
    assert verdict.ruling.outcome == outcome
    assert verdict.ruling.until == NOON + timedelta(hours=12)


# ---------------------------------------------------------------- windows
@pytest.mark.parametrize(
    ("window", "passes"),
    [
        (a_window(), True),
        (a_window(used=4), True),
        (a_window(used=5), False),
        (a_window(opened_at=NOON - timedelta(hours=47)), True),
        (a_window(opened_at=NOON - timedelta(hours=48)), False),
        (a_window(opened_at=NOON - timedelta(hours=48) + timedelta(seconds=1)), False),  # over before it arrives
        (a_window(opens="follow"), False),
        (a_window(until=NOON - timedelta(seconds=1)), False),
        (a_window(granted=1, used=1), False),
    ],
)
def test_a_message_needs_a_right_that_is_open_and_has_room(window: Window, passes: bool) -> None:
    book = Book(rights=[a_right()], windows={HERE: [window]})

    assert (rule_of(a_case(), book) is None) is passes


def test_of_two_rights_the_one_that_ends_first_is_used() -> None:
    long, short = a_window(), a_window(opens="tap")
    book = Book(
        rights=[a_right(), a_right(allowance_id=2, name="tap", opens="tap", lasts_s=60, most=3)],
        windows={HERE: [long, short]},
    )

    gate.judge([a_case(intent_id=number) for number in range(4)], book)

    assert (short.used, long.used) == (3, 1)


def test_templates_go_at_any_time_where_a_quota_is_for_them_alone() -> None:
    book = Book(rights=[a_right(covers="free"), a_right(allowance_id=2, opens="always", covers="template", most=100)])

    assert rule_of(a_case(covers="template", templates=("order",)), book) is None
    assert rule_of(a_case(), book) == "window"


def test_a_template_that_is_granted_by_name_uses_the_grant_up() -> None:
    book = Book(
        rights=[
            a_right(name="subscription", opens="grant", lasts_s=None, most=None, covers="template"),
            a_right(allowance_id=2, opens="always", covers="template", most=100),
        ],
        windows={HERE: [a_window(opens="grant", label="subscription:news", granted=1)]},
    )
    case = a_case(covers="template", templates=("subscription:news",))

    assert rule_of(a_case(covers="template", templates=("subscription:other",)), book) == "window"
    assert rule_of(case, book) is None
    assert rule_of(case, book) == "window"


# ---------------------------------------------------------------- quotas, tried at random
@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    most=st.integers(1, 12),
    lasts_s=st.sampled_from([7, 60, 3_600, 86_400]),
    per=st.sampled_from(["person", "account"]),
)
def test_no_window_of_its_length_ever_holds_more_than_a_quota_allows(
    seed: int, most: int, lasts_s: int, per: str
) -> None:
    rng = random.Random(seed)
    right = a_right(opens="always", lasts_s=lasts_s, most=most, per=per)
    used: dict[tuple[str, UUID], dict[datetime, int]] = {}
    sent: dict[UUID, list[datetime]] = {}
    now = NOON
    for number in range(150):
        now += timedelta(seconds=rng.expovariate(8 / lasts_s))
        who = UUID(int=rng.randrange(1, 4))
        case = a_case(intent_id=number, now=now, address_hash=who, parts=rng.choice([1, 1, 2]))
        book = Book(rights=[right], used=used)
        if gate.judge([case], book)[0].rule is None:
            # It may leave at any time as long as the lease holds.
            left_at = now + timedelta(seconds=rng.uniform(0, 75))
            subject = rights.subject(right, case)
            sent.setdefault(subject, []).extend([left_at] * case.parts)

    assert sent or most == 1
    for moments in sent.values():
        for begin in moments:
            assert sum(begin <= at < begin + timedelta(seconds=lasts_s) for at in moments) <= most


def test_a_quota_says_when_there_is_room_again_and_keeps_its_word() -> None:
    right = a_right(opens="always", lasts_s=3_600, most=3, per="account")
    book = Book(rights=[right])
    cases = [a_case(intent_id=number, expires_at=LATER) for number in range(4)]

    last = gate.judge(cases, book)[-1]

    assert last.ruling is not None
    assert last.ruling.until is not None
    again = a_case(now=last.ruling.until, expires_at=LATER)
    assert gate.judge([again], book)[0].rule is None
    early = a_case(now=last.ruling.until - timedelta(seconds=1), expires_at=LATER)
    assert rule_of(early, Book(rights=[right], used={k: dict(v) for k, v in book.used.items()})) == "quota"


# ---------------------------------------------------------------- caps
@settings(max_examples=100, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    limits=st.lists(st.tuples(st.integers(1, 5), st.sampled_from([3_600, 86_400, 604_800])), min_size=1, max_size=3),
)
def test_nobody_gets_more_than_every_cap_allows(seed: int, limits: list[tuple[int, int]]) -> None:
    rng = random.Random(seed)
    caps = [Cap(f"cap {number}", most, window_s) for number, (most, window_s) in enumerate(limits)]
    book = Book(caps=caps)
    now = NOON
    for number in range(80):
        now += timedelta(hours=rng.expovariate(0.3))
        channel = rng.choice(["email", "sms"])
        gate.judge([a_case(intent_id=number, now=now, channel=channel)], book)

    got = [touch.at for touch in book.touches.get(1, [])]
    assert got
    for cap in caps:
        window = timedelta(seconds=cap.window_s)
        assert max(sum(end - window < at <= end for at in got) for end in got) <= cap.most


def test_the_last_places_of_a_cap_are_kept_for_what_is_more_urgent() -> None:
    cap = Cap("week", 3, 604_800, kept=1)
    touches = [Touch("email", NOON - DAY), Touch("email", NOON - 2 * DAY)]

    assert next_slot(cap, touches, now=NOON, priority=0) == NOON + 5 * DAY
    assert next_slot(cap, touches, now=NOON, priority=10) == NOON


def test_a_cap_of_one_channel_leaves_the_others_alone() -> None:
    book = Book(caps=[Cap("sms", 1, 86_400, channels=("sms",))], touches={1: [Touch("sms", NOON)]})

    assert rule_of(a_case(), book) is None
    assert rule_of(a_case(channel="sms"), book) == "cap"


# ---------------------------------------------------------------- quiet hours
NIGHT = Quiet(22 * 60, 8 * 60)


@pytest.mark.parametrize(
    ("now", "zone", "until"),
    [
        ("2026-03-02T12:00", "UTC", None),
        ("2026-03-02T22:00", "UTC", "2026-03-03T08:00"),
        ("2026-03-03T07:59", "UTC", "2026-03-03T08:00"),
        ("2026-03-03T08:00", "UTC", None),
        ("2026-03-02T14:00", "Asia/Shanghai", "2026-03-03T00:00"),  # ten in the evening there
        ("2026-03-28T23:30", "Europe/Berlin", "2026-03-29T06:00"),  # the night in which an hour is missing
        ("2026-10-25T00:30", "Europe/Berlin", "2026-10-25T07:00"),  # the night that has an hour twice
        ("2026-03-02T23:00", "Not/A_Place", "2026-03-03T08:00"),
    ],
)
def test_quiet_hours_end_when_the_clock_on_the_wall_says_so(now: str, zone: str, until: str | None) -> None:
    expected = None if until is None else datetime.fromisoformat(until).replace(tzinfo=UTC)

    assert quiet.ends_at(NIGHT, datetime.fromisoformat(now).replace(tzinfo=UTC), zone) == expected


@settings(max_examples=300, deadline=None)
@given(
    minutes=st.integers(0, 366 * 1_440),
    zone=st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    begins=st.integers(0, 1_439),
    ends=st.integers(0, 1_439),
)
def test_once_quiet_hours_have_ended_they_are_over(minutes: int, zone: str, begins: int, ends: int) -> None:
    hours = Quiet(begins, ends)
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)

    until = quiet.ends_at(hours, now, zone)

    if until is not None:
        assert now < until <= now + timedelta(hours=26)
        assert quiet.ends_at(hours, until, zone) is None


# ---------------------------------------------------------------- holdouts
def test_a_holdout_has_its_share_of_people_and_only_grows() -> None:
    few, many = Holdout("universal", 0.05), Holdout("universal", 0.2)
    people = range(1, 40_001)
    out = {person for person in people if holdouts.is_held_out(few, person, salt="a")}

    assert abs(len(out) / 40_000 - 0.05) < 0.005  # 0.005 is 4.6 standard deviations
    assert out <= {person for person in people if holdouts.is_held_out(many, person, salt="a")}


def test_holdouts_are_independent_of_each_other() -> None:
    one, other = Holdout("channel:email", 0.3), Holdout("broadcast:1", 0.3)
    both = sum(
        holdouts.is_held_out(one, person, salt="a") and holdouts.is_held_out(other, person, salt="a")
        for person in range(40_000)
    )

    assert abs(both / 40_000 - 0.09) < 0.01


def test_who_is_held_out_counts_towards_caps_as_if_reached() -> None:
    book = Book(caps=[Cap("day", 1, 86_400)], holdouts=[Holdout("universal", 1.0)])

    verdicts = gate.judge([a_case(), a_case(intent_id=2, step="broadcast:2")], book)

    assert [verdict.rule for verdict in verdicts] == ["holdout", "cap"]


def test_a_step_may_hold_people_out_of_itself() -> None:
    book = Book(step_holdouts={"broadcast:1": 1.0})

    assert outcome_of(a_case(), book) == "held_out"
    assert outcome_of(a_case(step="broadcast:2"), book) == "passed"


def test_what_passes_says_what_it_reserved() -> None:
    window = a_window()
    quota = a_right(allowance_id=2, name="a day", opens="always", lasts_s=86_400, most=9, per="account")
    book = Book(rights=[a_right(), quota], windows={HERE: [window]})

    verdict = gate.judge([a_case(parts=2)], book)[0]

    assert isinstance(verdict.charge, Charge)
    assert verdict.charge.window == ("message", "", NOON)
    assert verdict.charge.quotas == (("a day", UUID(int=0), rights.part_of(quota, NOON)),)
    assert verdict.charge.parts == 2
    assert verdict.charge.good_until == NOON + timedelta(hours=48) - timedelta(seconds=2)
    assert window.used == 2
