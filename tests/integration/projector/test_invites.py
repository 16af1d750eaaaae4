"""Invites join referrer and referee, whoever is heard of first."""

import uuid
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.stream import Event, Stream, seconds


def accepted(who: str, referrer: object, at: float = 0, **properties: object) -> Event:
    return Event(name="Invite Accepted", who=who, at=at, properties={"referrer_id": referrer, **properties})


def invites(stream: Stream) -> dict[str, tuple[str, float | None, str]]:
    """Referee -> first referrer, when, code."""
    rows = stream.rows(
        """SELECT referee.value AS referee, referrer.value AS referrer, accepted_at, code
             FROM invite
             JOIN identifier AS referee ON (referee.workspace_id, referee.home_id) = (invite.workspace_id, referee_home)
             JOIN identifier AS referrer
                  ON (referrer.workspace_id, referrer.home_id) = (invite.workspace_id, referrer_home)
            WHERE invite.workspace_id = %(workspace)s
            ORDER BY accepted_at DESC, referrer_home DESC"""
    )
    return {row["referee"]: (row["referrer"], seconds(row["accepted_at"]), row["code"]) for row in rows}


def test_an_accepted_invite_makes_its_referrer_a_sharer(stream: Stream) -> None:
    stream.tell(Event(name="Product Viewed", who="u1"))

    stream.tell(accepted("u2", "u1", at=7, code="SPRING"))

    assert invites(stream) == {"u2": ("u1", 7, "SPRING")}
    assert (stream.person("u1")["stage"], seconds(stream.person("u1")["shared_at"])) == (4, 7)
    assert stream.person("u2")["stage"] == 1


def test_a_referrer_of_whom_nothing_was_heard_is_met_later(stream: Stream) -> None:
    stream.tell(accepted("u2", "u77", at=7))
    (home,) = stream.rows("SELECT home_id FROM identifier WHERE value = 'u77' AND workspace_id = %(workspace)s")
    stream._homes["u77"] = home["home_id"]

    stream.tell(Event(name="Product Viewed", who="u77", at=9))

    assert invites(stream) == {"u2": ("u77", 7, "")}
    assert (stream.person("u77")["stage"], stream.person("u77")["event_count"]) == (4, 1)


@given(events=st.permutations([("u1", 9.0), ("u2", 5.0), ("u3", 5.0), ("u4", 30.0)]), data=st.data())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_of_several_invites_the_earliest_counts_in_any_order(
    shared_dsn: str, events: Sequence[tuple[str, float]], data: st.DataObject
) -> None:
    stream = Stream(shared_dsn)
    for who in ("u1", "u2", "u3", "u4"):
        stream.home(who)
    cut = data.draw(st.integers(0, len(events)))

    for group in (events[:cut], events[cut:]):
        if group:
            stream.tell(*(accepted("u9", who, at=at) for who, at in group))

    assert invites(stream) == {"u9": ("u2", 5, "")}
    assert all(stream.person(who)["shared_at"] for who in ("u1", "u2", "u3", "u4"))
    stream.close()


def test_the_referrer_may_be_named_by_another_identifier(stream: Stream) -> None:
    stream.tell(accepted("u2", {"kind": "email", "value": " Ann@Example.com "}))

    assert invites(stream)["u2"][0] == "ann@example.com"


def test_nobody_refers_themselves(stream: Stream) -> None:
    stream.tell(accepted("u2", "u2"))

    assert invites(stream) == {}
    assert stream.person("u2")["shared_at"] is None


def test_a_code_longer_than_is_kept_credits_nobody_by_a_part_of_it(stream: Stream) -> None:
    stream.tell(
        Event(name="Invite Sent", who="u1", properties={"code": "x" * 201}),
        Event(name="Invite Accepted", who="u2", properties={"code": "x" * 202}),
    )

    (refused,) = stream.rows("SELECT message FROM event_rejected WHERE workspace_id = %(workspace)s")
    assert "“code” is longer than 200" in refused["message"]
    assert stream.person("u1")["stage"] == 4


def test_erasing_a_person_takes_what_their_invites_said_of_others(stream: Stream) -> None:
    stream.tell(
        Event(name="Product Viewed", who="u1"),
        accepted("u2", "u1", at=5),
        *(Event(name="Invite Sent", who=who, at=at, properties={"code": "A"}) for who, at in (("u3", 1), ("u4", 9))),
        Event(name="Invite Accepted", who="u5", at=7, properties={"code": "A"}),
    )
    before = {who: seconds(stream.person(who)["shared_at"]) for who in ("u1", "u3", "u4")}

    for who in ("u2", "u3"):
        stream.erase(who)

    assert before == {"u1": 5, "u3": 1, "u4": 9}
    # Nobody whom u1 brought is left; the code is now u4's, and was taken up before u4 sent it again.
    assert {who: seconds(stream.person(who)["shared_at"]) for who in ("u1", "u4")} == {"u1": None, "u4": 7}
    assert stream.rows("SELECT home_id FROM invite_code WHERE workspace_id = %(workspace)s") == [
        {"home_id": stream.home("u4")}
    ]


@pytest.mark.parametrize("referrer", [None, "", True, {"kind": "shoe", "value": "x"}, ["u1"]])
def test_an_invite_without_a_referrer_is_refused(stream: Stream, referrer: object) -> None:
    stream.tell(accepted(f"u{uuid.uuid4().hex}", referrer))

    (refused,) = stream.rows("SELECT code, message FROM event_rejected WHERE workspace_id = %(workspace)s")
    assert refused["code"] == "invite_refused"
    assert "referrer_id" in refused["message"]
