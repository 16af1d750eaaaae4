"""Callbacks of mail providers: what they say, and that only they can say it."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from tests.support.certificates import certificate

from fanwheel.domains.private.channels.adapter import Account, Token, Tools
from fanwheel.domains.private.channels.contracts import AnyHappening, Receipt, Request, Unfollowed
from fanwheel.domains.private.channels.errors import ForgedError, MalformedError
from fanwheel.domains.private.email import inbound, mailgun
from fanwheel.domains.private.email.marks import Marks

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY = "fw-1-4242-ab12cd"
MARK = Marks("hook-key").make(KEY)
TOPIC = "arn:aws:sns:eu-west-1:123456789012:mail"
SNS_KEY, SNS_CERTIFICATE = certificate("sns.amazonaws.com")
SENDGRID = ec.generate_private_key(ec.SECP256R1())
SENDGRID_KEY = base64.b64encode(
    SENDGRID.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
).decode()


class Outside:
    """What an adapter may reach: one address that answers, and tokens that are kept."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._kept: dict[str, str] = {}

    def tools(self) -> Tools:
        http = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        return Tools(http, lambda: NOW, self._token, _unused, _unused)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        return httpx.Response(200, content=SNS_CERTIFICATE.public_bytes(serialization.Encoding.PEM))

    async def _token(self, name: str, fetch: Callable[[], Awaitable[Token]]) -> str:
        if name not in self._kept:
            self._kept[name] = (await fetch()).value
        return self._kept[name]


async def _unused(*_: Any) -> Any:
    raise AssertionError("callbacks need no media")


def account(provider: str, secret: str = "", **settings: str) -> Account:
    known = {"provider": provider, "from_address": "hello@brand.example"} | settings
    return Account(7, "hook-key", known, {"webhook_secret": secret}, "https://wheel.example/hooks/email/hook-key")


def take(opened: Account, body: Any, *, outside: Outside | None = None, **headers: str) -> list[AnyHappening]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request("POST", {}, named, content, NOW)
    return list(asyncio.run(inbound.read(request, opened, (outside or Outside()).tools())).happenings)


# ---------------------------------------------------------------- SES by SNS
def sns(message: Any = None, *, version: str = "2", **more: str) -> dict[str, str]:
    """What SNS posts, signed as it signs."""
    told = {
        "Type": "Notification", "MessageId": "m-1", "TopicArn": TOPIC, "Timestamp": NOW.isoformat(),
        "Message": json.dumps(message or {}), "SignatureVersion": version,
        "SigningCertURL": "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
    } | more  # fmt: skip
    names = ["Message", "MessageId", "SubscribeURL", "Subject", "Timestamp", "Token", "TopicArn", "Type"]
    if told["Type"] == "Notification":
        names = [name for name in names if name not in {"SubscribeURL", "Token"}]
    signed = "".join(f"{name}\n{told[name]}\n" for name in names if name in told).encode()
    digest = hashes.SHA256() if version == "2" else hashes.SHA1()
    told["Signature"] = base64.b64encode(SNS_KEY.sign(signed, padding.PKCS1v15(), digest)).decode()
    return told


SES = account("ses", topic_arn=TOPIC)
MAIL = {"messageId": "ses-9", "source": f"{MARK}@bounce.brand.example", "destination": ["mia@example.com"]}
BOUNCE = {
    "notificationType": "Bounce",
    "mail": MAIL,
    "bounce": {
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "timestamp": "2026-03-01T11:00:00.000Z",
        "bouncedRecipients": [{"emailAddress": "Mia@Example.com", "status": "5.1.1", "diagnosticCode": "no mia"}],
    },
}


@pytest.mark.parametrize("version", ["1", "2"])
def test_a_bounce_of_ses_is_a_receipt_of_our_message(version: str) -> None:
    (receipt,) = take(SES, sns(BOUNCE, version=version))

    assert isinstance(receipt, Receipt)
    assert (receipt.state, receipt.is_permanent, receipt.message) == ("bounced", True, KEY)
    assert (receipt.platform_id, receipt.detail) == ("ses-9", "5.1.1")
    assert receipt.sender is not None
    assert receipt.sender.value == "mia@example.com"


@pytest.mark.parametrize(
    ("note", "state", "is_permanent"),
    [
        ({"notificationType": "Bounce", "bounce": BOUNCE["bounce"] | {"bounceType": "Transient"}}, "bounced", False),
        ({"notificationType": "Complaint", "complaint": {"complainedRecipients": [{"emailAddress": "m@e.example"}]}},
         "complained", False),
        ({"eventType": "Delivery", "delivery": {"recipients": ["m@e.example"]}}, "delivered", False),
        ({"eventType": "Click", "click": {"link": "https://x.example"}}, "clicked", False),
    ],
)  # fmt: skip
def test_what_ses_tells_of_a_message(note: dict[str, Any], state: str, is_permanent: bool) -> None:
    (receipt,) = take(SES, sns(note | {"mail": MAIL}))

    assert isinstance(receipt, Receipt)
    assert (receipt.state, receipt.is_permanent, receipt.message) == (state, is_permanent, KEY)


def test_a_subscription_is_confirmed_at_amazon() -> None:
    outside = Outside()
    url = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"

    found = take(SES, sns(Type="SubscriptionConfirmation", SubscribeURL=url, Token="t"), outside=outside)

    assert found == []
    assert outside.asked[-1] == url


@pytest.mark.parametrize(
    "more",
    [
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com.evil.example/a.pem"},
        {"SigningCertURL": "http://sns.eu-west-1.amazonaws.com/a.pem"},
        {"SigningCertURL": "https://evil.example/sns.eu-west-1.amazonaws.com/a.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com@evil.example/a.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com:8443/a.pem"},
        {"SigningCertURL": "https://s3.eu-west-1.amazonaws.com/bucket/a.pem"},
        {"SigningCertURL": "https://[::1/a.pem"},
        {"Type": "SubscriptionConfirmation", "Token": "t", "SubscribeURL": "http://169.254.169.254/latest/meta-data"},
        {"Type": "SubscriptionConfirmation", "Token": "t", "SubscribeURL": "https://evil.example/?Token=t"},
        {"TopicArn": "arn:aws:sns:eu-west-1:999999999999:mail"},
        {"Timestamp": (NOW - timedelta(days=2)).isoformat()},
        {"SignatureVersion": "3"},
    ],
)
def test_a_notification_that_is_not_amazons_asks_nobody_and_says_nothing(more: dict[str, str]) -> None:
    outside = Outside()

    with pytest.raises(ForgedError):
        take(SES, sns(BOUNCE, **more), outside=outside)

    assert [url for url in outside.asked if "amazonaws.com/Simple" not in url] == []


@pytest.mark.parametrize("field", ["Message", "MessageId", "Timestamp", "Signature"])
def test_a_changed_notification_is_refused(field: str) -> None:
    told = sns(BOUNCE)
    told[field] = told[field][:-2] + ("AA" if told[field][-2:] != "AA" else "BB")

    with pytest.raises(ForgedError):
        take(SES, told)


# ---------------------------------------------------------------- SendGrid
def sendgrid(
    events: Any, *, at: datetime = NOW, key: ec.EllipticCurvePrivateKey = SENDGRID
) -> tuple[bytes, dict[str, str]]:
    body, stamp = json.dumps(events).encode(), str(int(at.timestamp()))
    signature = base64.b64encode(key.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))).decode()
    prefix = "x-twilio-email-event-webhook"
    return body, {f"{prefix}-signature": signature, f"{prefix}-timestamp": stamp}


def event(name: str, **more: Any) -> dict[str, Any]:
    return {"event": name, "email": "mia@example.com", "sg_event_id": f"id-{name}", "timestamp": 1772366400,
            "smtp-id": f"<{MARK}@brand.example>"} | more  # fmt: skip


def test_sendgrids_events_are_receipts() -> None:
    body, headers = sendgrid(
        [
            event("delivered"),
            event("open", sg_machine_open=True),
            event("bounce", type="bounce", status="5.1.1"),
            event("bounce", type="blocked", sg_event_id="b2"),
            event("spamreport"),
            event("processed"),
            event("unsubscribe"),
            "nonsense",
        ]
    )

    found = take(account("sendgrid", SENDGRID_KEY), body, **headers)

    receipts = [(item.state, item.is_permanent, item.is_machine) for item in found if isinstance(item, Receipt)]
    assert receipts == [
        ("delivered", False, False),
        ("opened", False, True),
        ("bounced", True, False),
        ("bounced", False, False),
        ("complained", False, False),
    ]
    assert {item.message for item in found if isinstance(item, Receipt)} == {KEY}
    assert isinstance(found[-1], Unfollowed)


def test_sendgrids_callback_is_refused_when_it_is_not_its_own() -> None:
    body, headers = sendgrid([event("delivered")])
    opened = account("sendgrid", SENDGRID_KEY)
    stale_body, stale = sendgrid([event("delivered")], at=NOW - timedelta(days=2))
    other_body, other = sendgrid([event("delivered")], key=ec.generate_private_key(ec.SECP256R1()))

    for content, said in ((body + b" ", headers), (body, {}), (stale_body, stale), (other_body, other)):
        with pytest.raises(ForgedError):
            take(opened, content, **said)
    with pytest.raises(ForgedError):
        take(account("sendgrid"), body, **headers)


# ---------------------------------------------------------------- Mailgun
def test_mailguns_vector_holds() -> None:
    vector = ("1529006854", "a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0",
              "2df0e54f503d31abdc1519117a730ae38748e41e86f9ae25431dbd26059468af")  # fmt: skip

    mailgun.require_signature("key-test", *vector)
    for wrong in (("1529006855", *vector[1:]), (*vector[:2], vector[2][:-1] + "0"), (*vector[:2], "é")):
        with pytest.raises(ForgedError):
            mailgun.require_signature("key-test", *wrong)
    with pytest.raises(ForgedError):
        mailgun.require_signature("", *vector)


def mailgun_body(token: str = "t1", *, at: datetime = NOW, **data: Any) -> dict[str, Any]:

    stamp = str(int(at.timestamp()))
    signature = hmac.new(b"key-test", f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    event = {
        "event": "failed", "severity": "permanent", "id": "e1", "recipient": "mia@example.com",
        "timestamp": 1772366400.5, "message": {"headers": {"message-id": f"{MARK}@brand.example"}},
        "delivery-status": {"code": 550, "message": "no mia@example.com"},
    } | data  # fmt: skip
    return {"signature": {"timestamp": stamp, "token": token, "signature": signature}, "event-data": event}


def test_mailguns_events_are_receipts() -> None:
    opened = account("mailgun", "key-test")
    (failed,) = take(opened, mailgun_body())
    (later,) = take(opened, mailgun_body(severity="temporary"))
    (opened_by_machine,) = take(opened, mailgun_body(event="opened", **{"client-info": {"bot": "gmail"}}))
    (left,) = take(opened, mailgun_body(event="unsubscribed"))

    assert isinstance(failed, Receipt)
    assert (failed.state, failed.is_permanent, failed.message, failed.detail) == ("bounced", True, KEY, "550")
    assert isinstance(later, Receipt)
    assert (later.state, later.is_permanent) == ("bounced", False)
    assert isinstance(opened_by_machine, Receipt)
    assert (opened_by_machine.state, opened_by_machine.is_machine) == ("opened", True)
    assert isinstance(left, Unfollowed)


def test_mailguns_signature_cannot_be_used_for_something_else() -> None:
    opened, outside = account("mailgun", "key-test"), Outside()
    first = take(opened, mailgun_body(), outside=outside)

    again = take(opened, mailgun_body(), outside=outside)
    with pytest.raises(ForgedError):
        take(opened, mailgun_body(recipient="leo@example.com", id="e2"), outside=outside)

    assert [item.key for item in again] == [item.key for item in first]  # so it is taken once


def test_mailguns_old_signature_is_refused() -> None:
    with pytest.raises(ForgedError):
        take(account("mailgun", "key-test"), mailgun_body(at=NOW - timedelta(days=2)))


# ---------------------------------------------------------------- Postmark
def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def test_postmarks_records_are_receipts() -> None:
    opened = account("postmark", "brand:secret")
    shared = {"MessageID": "pm-1", "Metadata": {"key": KEY}, "BouncedAt": "2026-03-01T11:00:00Z"}
    records = [
        {"RecordType": "Bounce", "Type": "HardBounce", "ID": 1, "Email": "mia@example.com"},
        {"RecordType": "Bounce", "Type": "SoftBounce", "ID": 2, "Email": "mia@example.com"},
        {"RecordType": "Delivery", "Recipient": "mia@example.com"},
        {"RecordType": "SpamComplaint", "Email": "mia@example.com"},
        {"RecordType": "SubscriptionChange", "Recipient": "mia@example.com", "SuppressSending": True,
         "SuppressionReason": "ManualSuppression"},
    ]  # fmt: skip

    found = [take(opened, shared | record, authorization=basic("brand", "secret"))[0] for record in records]

    receipts = [(item.state, item.is_permanent, item.message) for item in found if isinstance(item, Receipt)]
    assert receipts == [
        ("bounced", True, KEY), ("bounced", False, KEY), ("delivered", False, KEY), ("complained", False, KEY)
    ]  # fmt: skip
    assert isinstance(found[-1], Unfollowed)
    assert len({item.key for item in found}) == 5


@pytest.mark.parametrize(
    "given", ["", "Basic", "Basic !!!", basic("brand", "wrong"), basic("", ""), "Bearer wrong", "Basic é"]
)
def test_postmark_without_the_password_is_refused(given: str) -> None:
    for secret in ("brand:secret", ""):
        with pytest.raises(ForgedError):
            take(account("postmark", secret), {"RecordType": "Delivery"}, authorization=given)


# ---------------------------------------------------------------- all of them
@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff\xfe", b'{"signature": 5}', b"null"])
def test_what_cannot_be_read_is_refused_and_breaks_nothing(body: bytes) -> None:
    signed, headers = sendgrid({"a": 1})
    for opened in (SES, account("mailgun", "key-test")):
        with pytest.raises((ForgedError, MalformedError)):
            take(opened, body)
    with pytest.raises(MalformedError):
        take(account("sendgrid", SENDGRID_KEY), signed, **headers)


def test_a_get_is_refused() -> None:
    request = Request("GET", {}, {}, b"", NOW)

    with pytest.raises(ForgedError):
        asyncio.run(inbound.read(request, SES, Outside().tools()))
