"""What becomes of one event on the wire."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fanwheel.cdp.events import wire
from fanwheel.cdp.events.prepare import Moment, Prepared, message_key, prepare, prepare_all
from fanwheel.cdp.events.rows import from_pg_time
from fanwheel.cdp.events.wire import Refusal

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def one(event: dict[str, Any], **around: Any) -> Prepared | Refusal:
    body = json.dumps({"batch": [event], **around}).encode()
    envelope = wire.decode_batch(body)
    return prepare(envelope.events[0], Moment.of(NOON, envelope.sent_at))


def taken(event: dict[str, Any], **around: Any) -> Prepared:
    done = one(event, **around)
    assert isinstance(done, Prepared), done
    return done


def posthog(event: dict[str, Any]) -> list[Prepared]:
    ready, refused = prepare_all(wire.decode_posthog(json.dumps({"batch": [event]}).encode()), NOON)
    assert not refused
    return ready


@pytest.mark.parametrize(
    ("name", "properties", "kind"),
    [
        ("Holdout Assigned", {"holdout": "universal"}, 7),
        ("Message Held Out", {"channel": "email"}, 7),
        ("Ad Held Out", {}, 7),
        ("Live Joined", {"ghost": True}, 7),
        ("Live Joined", {"ghost": False}, 1),
        ("Live Joined", {"ghost": "yes", "more": {"ghost": True}}, 1),
        ("Live Joined", {"title": "ghost"}, 1),
    ],
)
def test_what_a_holdout_kept_from_happening_is_a_kind_of_its_own(
    name: str, properties: dict[str, Any], kind: int
) -> None:
    assert taken({"type": "track", "event": name, "userId": "u", "properties": properties}).kind == kind


def test_only_what_is_tracked_can_be_held_out() -> None:
    assert taken({"type": "page", "name": "Ad Held Out", "userId": "u", "properties": {"ghost": True}}).kind == 3


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ({"type": "track", "userId": "u"}, "missing_event"),
        ({"type": "track", "event": "X"}, "missing_id"),
        ({"type": "track", "event": "X", "userId": "  "}, "missing_id"),
        ({"type": "nod", "userId": "u"}, "unknown_type"),
        ({"userId": "u", "event": "X"}, "unknown_type"),
        ({"type": "track", "event": "X" * 501, "userId": "u"}, "name_too_long"),
        ({"type": "track", "event": "X", "userId": "u" * 513}, "id_too_long"),
        ({"type": "track", "event": "X", "userId": "u", "properties": [1]}, "invalid_field"),
        ({"type": "track", "event": "X", "userId": "u", "context": "x"}, "invalid_field"),
        ({"type": "track", "event": 5, "userId": "u"}, "invalid_field"),
        ({"type": "track", "event": "X", "userId": {"id": 1}}, "invalid_field"),
        ({"type": "track", "event": "X", "userId": "u", "timestamp": "yesterday"}, "invalid_field"),
        ({"type": "track", "event": "X", "userId": "u", "timestamp": "1970-01-01T00:00:00Z"}, "bad_timestamp"),
        ({"type": "track", "event": "X", "userId": "u", "properties": {"x": "y" * 33_000}}, "event_too_large"),
        ({"type": "alias", "userId": "u"}, "missing_id"),
    ],
)
def test_a_bad_event_is_refused_by_name(event: dict[str, Any], code: str) -> None:
    done = one(event)

    assert isinstance(done, Refusal)
    assert done.code == code


@pytest.mark.parametrize("around", [{}, {"sentAt": None}, {"context": None}, {"integrations": {}}])
@pytest.mark.parametrize("empty", [None, ...])
def test_null_and_absent_fields_are_the_same(empty: Any, around: dict[str, Any]) -> None:
    event = {"type": "track", "event": "X", "userId": "u", "anonymousId": empty, "properties": empty, "context": empty}

    done = taken({name: value for name, value in event.items() if value is not ...}, **around)

    assert (done.primary, done.others) == (("user_id", "u"), ())
    assert (done.properties, done.context) == (b"{}", b"{}")


@pytest.mark.parametrize(
    ("said", "sent", "minutes"),
    [
        # The client's clock is 10 minutes fast: it says 12:05 and sends at 12:10 of its own time.
        ("2026-03-01T12:05:00Z", "2026-03-01T12:10:00Z", -5),
        # An hour slow.
        ("2026-03-01T10:50:00Z", "2026-03-01T11:00:00Z", -10),
        # The same instant in another zone.
        ("2026-03-01T18:50:00+08:00", "2026-03-01T19:00:00+08:00", -10),
        # No time of sending: nothing to correct by.
        ("2026-03-01T11:00:00Z", None, -60),
        # Nothing happens in the future.
        ("2026-03-01T15:00:00Z", None, 0),
        (None, "2026-03-01T11:00:00Z", 0),
    ],
)
def test_the_client_clocks_error_is_taken_out(said: str | None, sent: str | None, minutes: int) -> None:
    done = taken({"type": "track", "event": "X", "userId": "u", "timestamp": said}, sentAt=sent)

    assert from_pg_time(done.occurred) == NOON + timedelta(minutes=minutes)


def test_the_original_timestamp_outranks_the_timestamp() -> None:
    event = {"type": "track", "event": "X", "userId": "u"}

    done = taken({**event, "timestamp": "2026-03-01T11:00:00Z", "originalTimestamp": "2026-03-01T10:00:00Z"})

    assert from_pg_time(done.occurred) == NOON - timedelta(hours=2)


def test_traits_in_the_context_are_merged_below_those_of_the_event() -> None:
    done = taken(
        {
            "type": "identify",
            "userId": "u",
            "traits": {"plan": "gold", "email": "a@b.co"},
            "context": {"traits": {"plan": "tin", "city": "杭州"}},
        }
    )

    assert json.loads(done.properties) == {"plan": "gold", "email": "a@b.co", "city": "杭州"}
    assert done.others == (("email", "a@b.co"),)


def test_identifiers_of_every_kind_are_found() -> None:
    done = taken(
        {
            "type": "identify",
            "userId": 42,
            "anonymousId": "a",
            "traits": {
                "email": "a@b.co",
                "phone": "+8613800000000",
                "openid": "o1",
                "openid_app": "wx9",
                "unionid": "n",
            },
            "context": {
                "device": {"id": "d"},
                "externalIds": [{"type": "wecom_external_userid", "id": "w"}, {"type": "shoe_size", "id": "44"}],
            },
        }
    )

    assert done.primary == ("user_id", "42")
    assert set(done.others) == {
        ("anonymous_id", "a"),
        ("email", "a@b.co"),
        ("phone", "+8613800000000"),
        ("openid", "wx9:o1"),
        ("unionid", "n"),
        ("wecom_external_userid", "w"),
        ("device_id", "d"),
    }


@pytest.mark.parametrize(("one_id", "other_id"), [("u1", "anon1"), ("anon1", "u1")])
def test_both_directions_of_posthogs_alias_join_the_same_two_ids(one_id: str, other_id: str) -> None:
    event = {"event": "$create_alias", "distinct_id": one_id, "properties": {"distinct_id": one_id, "alias": other_id}}

    (done,) = posthog(event)

    users = {value for kind, value in (done.primary, *done.others) if kind == "user_id"}
    assert users == {"u1", "anon1"}


def test_posthogs_identify_joins_the_anonymous_id_and_takes_the_traits() -> None:
    (done,) = posthog(
        {
            "event": "$identify",
            "distinct_id": "u1",
            "properties": {"$anon_distinct_id": "anon", "$set": {"email": "a@b.co"}, "$set_once": {"first": 1}},
        }
    )

    assert done.kind == 2
    assert (done.primary, *done.others) == (("user_id", "u1"), ("anonymous_id", "anon"), ("email", "a@b.co"))
    assert json.loads(done.properties) == {"email": "a@b.co", "first": 1}


def test_posthogs_anonymous_visitor_is_anonymous() -> None:
    (done,) = posthog({"event": "X", "distinct_id": "d1", "properties": {"$device_id": "d1"}})

    assert done.primary == ("anonymous_id", "d1")


def test_traits_that_posthog_lets_an_event_carry_become_an_identify() -> None:
    event = {"event": "Bought", "distinct_id": "u1", "uuid": "m1", "properties": {"$set": {"email": "a@b.co"}}}

    bought, traits = posthog(event)

    assert (bought.kind, traits.kind) == (1, 2)
    assert json.loads(traits.properties) == {"email": "a@b.co"}
    assert bought.key != traits.key


def test_a_message_id_has_one_key_however_it_is_spelled() -> None:
    upper, lower = "018F2C6E-0000-7000-8000-00000000000A", "018f2c6e-0000-7000-8000-00000000000a"

    assert message_key(upper, NOON) == message_key(lower, NOON) == bytes.fromhex(lower.replace("-", ""))
    assert message_key("ajs-next-1", NOON) == message_key("ajs-next-1", NOON)
    assert message_key(None, NOON) != message_key(None, NOON)


@pytest.mark.parametrize(
    "text",
    [
        "12345678-12345678901234-123456789012",
        "12345678-" + " " * 14 + "-123456789012",
        "12345678" + "-" * 16 + "9" * 12,
    ],
)
def test_a_message_id_that_only_resembles_a_uuid_has_a_whole_key(text: str) -> None:
    assert len(text) == 36

    assert len(message_key(text, NOON)) == 16
    assert message_key(text, NOON) == message_key(text, NOON) != message_key(text[:-1] + "8", NOON)


@pytest.mark.parametrize("field", ["properties", "context", "traits"])
def test_an_event_nested_too_deeply_is_refused_and_its_neighbors_are_taken(field: str) -> None:
    deep = b'{"type":"identify","userId":"u","%s":{"a":%s}}' % (field.encode(), b"[" * 900 + b"]" * 900)
    good = b'{"type":"track","event":"X","userId":"u"}'

    ready, refused = prepare_all(wire.decode_batch(b'{"batch":[%s,%s,%s]}' % (good, deep, good)), NOON)

    assert len(ready) == 2
    assert [(why.code, raw) for why, raw in refused] == [("too_deep", deep)]


def test_many_brackets_are_no_depth() -> None:
    properties = {"products": [{"name": "[" * 70, "sku": f'"{n}\\'} for n in range(100)]}

    done = taken({"type": "track", "event": "X", "userId": "u", "properties": properties})

    assert json.loads(done.properties) == properties


@pytest.mark.parametrize(
    "decode", [wire.decode_batch, wire.decode_posthog, lambda body: wire.decode_single(body, "track")]
)
def test_a_body_nested_beyond_reading_is_refused(decode: Any) -> None:
    body = b'{"event":"X","userId":"u","batch":%s}' % (b"[" * 100_000 + b"]" * 100_000)

    with pytest.raises(wire.InvalidJsonError, match="too deeply"):
        decode(body)


def test_a_list_sent_to_a_single_path_is_taken_whole() -> None:
    body = b'[{"event":"X","userId":"u"},{"event":"Y","userId":"u"},{"userId":"u"}]'

    envelope = wire.decode_single(body, "track")
    ready, refused = prepare_all(envelope, NOON)

    assert [event.name for event in ready] == [b"X", b"Y"]
    assert [why.code for why, _ in refused] == ["missing_event"]
    assert envelope.is_batch


def test_a_body_of_nothing_but_bad_events_is_split_once(monkeypatch: pytest.MonkeyPatch) -> None:
    envelope = wire.decode_batch(b'{"batch":[{},{},{}]}')
    bodies: list[bytes] = []
    monkeypatch.setattr(wire, "split", lambda body, split=wire.split: bodies.append(body) or split(body))

    _, refused = prepare_all(envelope, NOON)

    # Split anew for each of them, a batch of 4 MB would keep the server busy for hours.
    assert (len(refused), len(bodies)) == (3, 1)


@pytest.mark.parametrize("body", [b"[]", b'{"batch":[]}'])
def test_no_event_on_a_single_path_is_an_empty_batch(body: bytes) -> None:
    assert wire.decode_single(body, "track").events == []


def test_posthogs_token_may_stand_in_the_properties() -> None:
    envelope = wire.decode_posthog(b'{"event":"X","distinct_id":"d","properties":{"token":"k1"}}')

    assert envelope.key == "k1"


def test_one_bad_event_does_not_cost_its_neighbors() -> None:
    good = {"type": "track", "event": "X", "userId": "u"}
    body = json.dumps({"batch": [good, {"type": "track", "event": 1, "userId": "u"}, "text", None, good]}).encode()

    ready, refused = prepare_all(wire.decode_batch(body), NOON)

    assert len(ready) == 2
    assert [raw for _, raw in refused] == [b'{"type": "track", "event": 1, "userId": "u"}', b'"text"', b"null"]


def test_a_refused_event_keeps_the_type_that_its_path_said() -> None:
    envelope = wire.decode_single(b'{"event": "X"}', "track")

    _, refused = prepare_all(envelope, NOON)

    assert json.loads(refused[0][1]) == {"type": "track", "event": "X"}


@pytest.mark.parametrize("body", [b"", b"nonsense", b'{"batch": [', b"\xff\xfe", b"[1, 2", b'"text"', b"7"])
def test_a_body_that_is_no_json_object_is_refused_whole(body: bytes) -> None:
    with pytest.raises(wire.InvalidJsonError):
        wire.decode_batch(wire.clean(body))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (rb"cut \ud83d", "cut \ufffd"),
        (rb"\uDE00 low first", "\ufffd low first"),
        (rb"whole \ud83d\ude00", "whole 😀"),
        (rb"\ud83d\ud83d\ude00\ude00", "\ufffd😀\ufffd"),
        (rb"a backslash \\ud83d", "a backslash \\ud83d"),
    ],
)
def test_half_a_character_costs_no_neighbor(sent: bytes, kept: str) -> None:
    body = wire.clean(b'{"batch":[{"type":"track","userId":"u","event":"X","properties":{"x":"%s"}}]}' % sent)

    (ready,), _ = prepare_all(wire.decode_batch(body), NOON)

    assert json.loads(ready.properties) == {"x": kept}


def test_text_that_postgresql_cannot_hold_is_mended() -> None:
    body = wire.clean(b'{"batch":[{"type":"track","userId":"u","event":"a\xffb","properties":{"x":"\\u0000"}}]}')

    (ready,), _ = prepare_all(wire.decode_batch(body), NOON)

    assert ready.name.decode() == "a�b"
    assert b"\\u0000" not in ready.properties
