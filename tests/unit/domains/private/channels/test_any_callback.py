"""Whatever a signed callback holds, it is read or refused in order: it breaks nothing."""

import base64
import hashlib
import hmac
import json
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.support.channels import NOON, Desk

from fanwheel.domains.private.channels.contracts import AnyHappening
from fanwheel.domains.private.channels.errors import ForgedError, MalformedError
from fanwheel.domains.private.douyin import Douyin
from fanwheel.domains.private.line import Line
from fanwheel.domains.private.sms import Sms
from fanwheel.domains.private.tiktok import TikTok
from fanwheel.domains.private.webpush import WebPush
from fanwheel.domains.private.whatsapp import WhatsApp

SECRET = "s"
KEYS, PRIVATE = WebPush.prepare({"origins": "https://shop.example"}, {})
DESKS = {
    "douyin": Desk(Douyin, {"open_id": "us"}, {"client_secret": SECRET}),
    "tiktok": Desk(TikTok, {"business_id": "us"}, {"app_secret": SECRET}),
    "whatsapp": Desk(WhatsApp, {"phone_number_id": "us"}, {"app_secret": SECRET}),
    "line": Desk(Line, {}, {"channel_secret": SECRET}),
    "sms": Desk(Sms, {"provider": "http", "from_path": "from", "text_path": "text"}, {"callback_password": SECRET}),
    "webpush": Desk(WebPush, KEYS, PRIVATE),
}
_NAMES = (
    "event content from_user_id to_user_id server_message_id create_time message_type text user_infos "
    "card_data ad_info label value open_id from_user to_user id role unique_identifier type message_id "
    "referral ad short_link read comment_id comment_action timestamp entry changes field messages statuses "
    "user_preferences metadata phone_number_id from to button interactive button_reply errors code contacts "
    "wa_id profile status events source userId mode message postback data webhookEventId keywords beacon do "
    "anonymous_id subscription endpoint keys"
)
NAMES = _NAMES.split()
_WORDS = (
    "us ana im_receive_msg im_send_msg im_enter_direct_msg item_comment_reply im_authorize im_mark_read_msg "
    "text image im_referral_msg comment.update insert retain_consult_card user active message follow "
    "postback beacon sticker interactive button system sent failed stop subscribe unsubscribe shown "
    "personal_account {} [] 1 1e400 NaN"
)
WORDS = _WORDS.split()
leaves = some.sampled_from([*WORDS, "", "é", "\ud800", "a\0b", 0, -1, 10**30, 0.5, True, None, [], {}])
inner = some.one_of(leaves, some.dictionaries(some.sampled_from(NAMES), leaves, max_size=4))
values = some.one_of(
    inner, some.lists(inner, max_size=2), some.dictionaries(some.sampled_from(NAMES), inner, max_size=4)
)
bodies = some.dictionaries(some.sampled_from(NAMES), values, max_size=8)


def framed(kind: str, event: str, body: dict[str, object]) -> object:
    """The body where a platform puts what it tells, so that it is read and not merely left out."""
    match kind:
        case "douyin":
            return {"from_user_id": "ana", "to_user_id": "us", "event": event, "content": body}
        case "tiktok":
            told = {"from_user": {"id": "ana"}, **body}
            return {"user_openid": "us", "event": event, "content": json.dumps(told)}
        case "whatsapp":
            told = {name: [body] for name in ("messages", "statuses", "user_preferences", "message_echoes")}
            value = {"metadata": {"phone_number_id": "us"}, **told}
            return {"entry": [{"changes": [{"value": value}]}]}
        case "line":
            return {"events": [{"source": {"type": "user", "userId": "ana"}, "type": event, **body}]}
        case "sms":
            return [body, {"from": "1", **body}]
        case _:
            return {"do": event, "anonymous_id": "ana", **body}


def proofs(raw: bytes) -> dict[str, dict[str, str]]:
    """What each platform would put into its headers."""
    stamp = str(int(NOON.timestamp()))
    digest = hmac.new(SECRET.encode(), raw, hashlib.sha256)
    stamped = hmac.new(SECRET.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
    return {
        "douyin": {"x-douyin-signature": hashlib.sha1(SECRET.encode() + raw).hexdigest()},
        "tiktok": {"tiktok-signature": f"t={stamp},s={stamped}"},
        "whatsapp": {"x-hub-signature-256": f"sha256={digest.hexdigest()}"},
        "line": {"x-line-signature": base64.b64encode(digest.digest()).decode()},
        "sms": {"x-callback-password": SECRET},
        "webpush": {"origin": "https://shop.example"},
    }


def read(kind: str, raw: bytes) -> list[AnyHappening]:
    try:
        return list(DESKS[kind].receive(raw, proofs(raw)[kind]).happenings)
    except (MalformedError, ForgedError):
        return []


@settings(max_examples=120, deadline=None, derandomize=True, database=None)
@given(event=some.sampled_from(WORDS), body=bodies)
def test_any_body_is_read_or_refused(event: str, body: dict[str, object]) -> None:
    for kind in DESKS:
        for told in (body, framed(kind, event, body)):
            raw = json.dumps(told).encode()

            found = read(kind, raw)

            assert all(each.key and each.at.tzinfo is not None for each in found)
            assert b"\\u0000" not in msgspec.json.encode(found)
            assert [each.key for each in found] == [each.key for each in read(kind, raw)]


@pytest.mark.parametrize("kind", sorted(DESKS))
def test_bytes_that_are_no_text_are_refused(kind: str) -> None:
    for raw in (b"\xff\xfe\x00", b'{"event": "\xff"}', urlencode({"a": "b"}).encode()):
        assert read(kind, raw) == []
