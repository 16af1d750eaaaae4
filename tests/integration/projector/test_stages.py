"""The projector turns events into stages, touches, fans and traits."""

import pytest
from tests.support.stream import Event, Stream, order, seconds

STAGES = ("introduced_at", "operated_at", "converted_at", "shared_at", "repurchased_at")


def test_each_stage_has_its_own_first_time(stream: Stream) -> None:
    stream.tell(
        Event(name="Product Viewed", at=1),
        Event(name="Message Received", at=5),
        Event(name="Message Received", at=3),
        Event(name="Order Completed", at=10, properties=order("o1", total=20)),
        Event(name="Content Shared", at=12),
        Event(name="Order Completed", at=30, properties=order("o2", total=5)),
        Event(name="Order Completed", at=40, properties=order("o3", total=5)),
    )

    person = stream.person("u1")

    assert [seconds(person[stage]) for stage in STAGES] == [1, 3, 10, 12, 30]
    assert (person["stage"], person["order_count"], person["revenue_minor"]) == (5, 3, 3000)
    assert (person["event_count"], seconds(person["last_seen_at"])) == (7, 40)


@pytest.mark.parametrize(
    ("name", "properties", "stage"),
    [
        ("Product Viewed", {}, 1),
        ("Anything Else", {}, 1),
        ("Message Sent", {}, 1),  # we wrote; nobody answered
        ("Message Opened", {}, 1),
        ("Message Received", {}, 2),
        ("Live Joined", {}, 2),
        ("Comment Posted", {}, 2),
        ("Lead Submitted", {}, 2),
        ("Form Submitted", {}, 2),
        ("Channel Joined", {"channel": "wecom"}, 2),
        ("Consent Granted", {"channel": "email"}, 2),
        ("Order Completed", {"order_id": "o1", "total": "9.90"}, 3),
        ("Order Completed", {"order_id": "o1", "total": 9.9, "status": "pending"}, 1),
        ("Invite Sent", {}, 4),
        ("Content Shared", {}, 4),
    ],
)
def test_an_event_brings_a_person_to_its_stage(
    stream: Stream, name: str, properties: dict[str, object], stage: int
) -> None:
    stream.tell(Event(name=name, properties=properties))

    assert stream.person("u1")["stage"] == stage


def test_first_and_last_touch_stay_whatever_comes_later(stream: Stream) -> None:
    campaign = {"campaign": {"name": "spring"}, "page": {"url": "https://shop.example/?gclid=G2"}}
    stream.tell(Event(name="Visit", at=10, source=1, domain=2, context=campaign))
    stream.tell(Event(name="Visit", at=20, source=2, domain=1))
    stream.tell(Event(name="Visit", at=5, source=3, domain=3))  # arrives late, happened first
    stream.tell(Event(name="Visit", at=15, source=4, domain=1))  # in between: neither
    stream.tell(Event(name="Visit", at=90))  # no evidence: no touch

    person = stream.person("u1")

    assert (person["first_source_id"], person["first_domain"], seconds(person["first_touch_at"])) == (3, 3, 5)
    assert (person["last_source_id"], person["last_domain"], seconds(person["last_touch_at"])) == (2, 1, 20)


def test_every_click_id_is_kept_with_its_first_time(stream: Stream) -> None:
    def landing(at: float, query: str) -> Event:
        return Event(
            name="Visit", at=at, source=1, domain=2, context={"page": {"url": f"https://shop.example/?{query}"}}
        )

    stream.tell(landing(9, "gclid=G1"), landing(8, "gclid=G1&fbclid=F1"))
    stream.tell(landing(5, "gclid=G1"), landing(20, "gclid=G2"))
    stream.tell(landing(6, "bd_vid=B1&x=%00"))

    clicks = stream.rows("SELECT kind, value, clicked_at FROM person_click WHERE workspace_id = %(workspace)s")

    assert {(c["kind"], c["value"]): seconds(c["clicked_at"]) for c in clicks} == {
        ("gclid", "G1"): 5,
        ("gclid", "G2"): 20,
        ("fbclid", "F1"): 8,
        ("bd_vid", "B1"): 6,
        ("bd_landing_url", "https://shop.example/?bd_vid=B1&x=%00"): 6,
    }


def test_a_landing_address_of_any_length_is_kept_as_far_as_it_fits(stream: Stream) -> None:
    url = "https://shop.example/?bd_vid=B&q=" + "茶" * 4000

    stream.tell(Event(name="Visit", source=1, domain=2, context={"page": {"url": url}}))

    clicks = stream.rows(
        "SELECT value FROM person_click WHERE workspace_id = %(workspace)s AND kind = 'bd_landing_url'"
    )
    assert url.startswith(clicks[0]["value"])
    assert len(clicks[0]["value"].encode()) > 1990


def test_times_keep_their_microseconds(stream: Stream) -> None:
    stream.tell(Event(name="Live Joined", at=1.123457), Event(name="Visit", at=86_400 * 400 + 0.999999))

    person = stream.person("u1")

    assert seconds(person["operated_at"]) == 1.123457
    assert seconds(person["last_seen_at"]) == 86_400 * 400 + 0.999999


def test_of_each_trait_the_newest_statement_counts(stream: Stream) -> None:
    def identify(at: float, **traits: object) -> Event:
        return Event(kind="identify", at=at, properties=traits)

    stream.tell(identify(10, name="Ann", city="Paris"))
    stream.tell(identify(5, name="Anna", plan="free"), identify(20, city=None))

    person = stream.person("u1")

    assert (person["display_name"], person["traits"]) == ("Ann", {"name": "Ann", "plan": "free"})


def test_characters_and_numbers_that_cannot_be_stored_cost_no_other_trait(stream: Stream) -> None:
    stream.tell(Event(kind="identify", raw=r'{"a": "x\u0000y", "b": 1e999, "c": "\\u0000", "d": 12.5}'))

    assert stream.person("u1")["traits"] == {"a": "xy", "c": "\\u0000", "d": 12.5}


def test_a_fan_is_whoever_last_agreed_on_some_channel(stream: Stream) -> None:
    stream.tell(Event(name="Channel Joined", at=1, properties={"channel": "WeChat OA"}))
    assert stream.person("u1")["is_fan"]

    stream.tell(Event(name="Channel Left", at=9, properties={"channel": "wechat_oa"}))
    assert not stream.person("u1")["is_fan"]

    stream.tell(Event(name="Consent Granted", at=5, properties={"channel": "wechat_oa"}))  # late, and older
    assert not stream.person("u1")["is_fan"]

    stream.tell(Event(name="Consent Granted", at=3, properties={"channel": "email"}))
    assert stream.person("u1")["is_fan"]
    assert seconds(stream.person("u1")["operated_at"]) == 1


def test_joining_without_consent_makes_no_fan(stream: Stream) -> None:
    stream.tell(Event(name="Channel Joined", properties={"channel": "sms", "consent": False}))

    assert (stream.person("u1")["is_fan"], stream.person("u1")["stage"]) == (False, 2)


def test_the_ledger_of_consent_keeps_every_statement_with_its_evidence(stream: Stream) -> None:
    stream.tell(
        Event(name="Consent Granted", at=1, properties={"channels": ["email", "sms"], "evidence": "checkbox 7"}),
        Event(name="Consent Withdrawn", at=2, properties={"channel": "email", "purpose": "Order updates"}),
    )

    ledger = stream.rows(
        """SELECT channel, purpose, is_granted, decided_at, evidence FROM consent
            WHERE workspace_id = %(workspace)s ORDER BY decided_at, channel"""
    )

    assert [(r["channel"], r["purpose"], r["is_granted"], seconds(r["decided_at"])) for r in ledger] == [
        ("email", "marketing", True, 1),
        ("sms", "marketing", True, 1),
        ("email", "order_updates", False, 2),
    ]
    assert ledger[0]["evidence"]["proof"] == "checkbox 7"


def test_an_imported_consent_without_evidence_is_refused(stream: Stream) -> None:
    told = {"channel": "email", "imported": "fans.csv"}
    stream.tell(
        Event(name="Consent Granted", who="u1", properties=told),
        Event(name="Consent Granted", who="u2", properties=told | {"evidence": "form of 1 May"}),
        Event(name="Consent Withdrawn", who="u1", properties=told),
    )

    kept = stream.rows("SELECT is_granted FROM consent WHERE workspace_id = %(workspace)s ORDER BY consent_id")
    assert sorted(row["is_granted"] for row in kept) == [False, True]
    refused = stream.rows("SELECT code FROM event_rejected WHERE workspace_id = %(workspace)s")
    assert [row["code"] for row in refused] == ["bad_consent"]


def test_what_the_ledger_has_already_is_not_written_twice(stream: Stream) -> None:
    stream.tell(Event(name="Consent Granted", properties={"channel": "email", "recorded": True}))

    assert stream.rows("SELECT FROM consent WHERE workspace_id = %(workspace)s") == []
    assert stream.person("u1")["stage"] == 2  # it is contact all the same


def test_a_statement_of_consent_without_a_channel_is_refused_and_the_event_stays(stream: Stream) -> None:
    stream.tell(Event(name="Consent Granted", properties={}))

    refused = stream.rows("SELECT code, message, payload FROM event_rejected WHERE workspace_id = %(workspace)s")

    assert [r["code"] for r in refused] == ["bad_consent"]
    assert "channel" in refused[0]["message"]
    assert '"userId":"u1"' in refused[0]["payload"]
    assert stream.person("u1")["event_count"] == 1
