"""Amazon SES by way of SNS: signed notifications, and the request to confirm that we want them."""

import base64
import binascii
import re
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from fanwheel.domains.private.channels.adapter import Account, Token, Tools
from fanwheel.domains.private.channels.contracts import Answer, AnyHappening, Receipt, Received, Request
from fanwheel.domains.private.channels.errors import ForgedError, UnavailableError
from fanwheel.domains.private.email.marks import Marks
from fanwheel.domains.private.email.reading import (
    members,
    read_address,
    read_iso,
    read_json,
    require_recent,
    text,
)

_SNS: Final = re.compile(r"sns\.[a-z]{2}(?:-[a-z]+){1,3}-\d\.amazonaws\.com(?:\.cn)?")
_SIGNED: Final = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    "UnsubscribeConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
_CERTIFICATE_S: Final = 86_400
_MOST_CERTIFICATE: Final = 20_000
_STATES: Final = {"Delivery": "delivered", "Open": "opened", "Click": "clicked", "Reject": "refused"}


async def read(request: Request, account: Account, tools: Tools) -> Received:
    """A notification, or a confirmation, which is given at once."""
    told = members(read_json(request.body))
    kind = text(told.get("Type"))
    if kind not in _SIGNED:
        raise ForgedError("The callback is none of SNS.")
    if not account.settings.get("topic_arn") or told.get("TopicArn") != account.settings["topic_arn"]:
        raise ForgedError("The callback is of another topic than the account's.")
    await _require_signature(told, account, tools)
    require_recent(read_iso(told.get("Timestamp"), otherwise=request.received_at), now=tools.clock())
    if kind == "SubscriptionConfirmation":
        await _confirm(text(told.get("SubscribeURL"), most=2_000), account, tools)
    if kind != "Notification":
        return Received(Answer())
    return Received(Answer(), _read(told, Marks(account.key), request))


async def _require_signature(told: dict[str, Any], account: Account, tools: Tools) -> None:
    names = [name for name in _SIGNED[told["Type"]] if isinstance(told.get(name), str)]
    signed = "".join(f"{name}\n{told[name]}\n" for name in names).encode("utf-8", "replace")
    digests = {"1": hashes.SHA1(), "2": hashes.SHA256()}  # noqa: S303 - version 1 of SNS is SHA-1
    digest = digests.get(text(told.get("SignatureVersion")))
    url = text(told.get("SigningCertURL"), most=2_000)
    _require_amazon(url, account, ending=".pem")

    async def fetch() -> Token:
        return Token(await _get(url, tools), _CERTIFICATE_S)

    try:
        certificate = x509.load_pem_x509_certificate((await tools.token(f"sns:{url}", fetch)).encode())
        key, signature = (
            certificate.public_key(),
            base64.b64decode(text(told.get("Signature"), most=2_000), validate=True),
        )
        if digest is None or not isinstance(key, rsa.RSAPublicKey) or not _holds(certificate, tools.clock()):
            raise ForgedError("SNS's certificate cannot prove this.")
        key.verify(signature, signed, padding.PKCS1v15(), digest)
    except (InvalidSignature, ValueError, binascii.Error):
        raise ForgedError("SNS's callback has a wrong signature.") from None


def _holds(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


def _require_amazon(url: str, account: Account, *, ending: str = "") -> None:
    """Only Amazon's own hosts are asked, or the one place that the account was pointed at by its owner.

    Raises
    ------
    ForgedError
        If the address is another.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ForgedError("The callback names a strange address.") from None
    base = account.settings.get("base_url")
    if base and url.startswith(base.rstrip("/") + "/") and "@" not in parts.netloc:
        return
    host = parts.hostname or ""
    is_amazon = parts.scheme == "https" and port in (None, 443) and "@" not in parts.netloc and _SNS.fullmatch(host)
    if not is_amazon or not parts.path.endswith(ending):
        raise ForgedError("The callback names an address that is not Amazon's.")


async def _confirm(url: str, account: Account, tools: Tools) -> None:
    _require_amazon(url, account)
    await _get(url, tools)


async def _get(url: str, tools: Tools) -> str:
    try:
        answer = await tools.http.get(url)
    except httpx.HTTPError:
        raise UnavailableError("Amazon SNS cannot be reached.", code="sns") from None
    if answer.status_code != httpx.codes.OK or len(answer.content) > _MOST_CERTIFICATE:
        raise UnavailableError("Amazon SNS gave no answer of use.", code=str(answer.status_code))
    return answer.text


def _read(told: dict[str, Any], marks: Marks, request: Request) -> list[AnyHappening]:
    note = members(read_json(text(told.get("Message"), most=300_000)))
    kind = text(note.get("eventType") or note.get("notificationType"))
    mail = members(note.get("mail"))
    message = marks.find(text(mail.get("source"))) or _mark_of(mail, marks)
    platform_id = text(mail.get("messageId"))
    found: list[AnyHappening] = []
    for number, (address, said) in enumerate(_about(kind, note, mail)):
        sender = read_address(address)
        if sender is not None:
            found.append(
                Receipt(
                    key=f"ses:{text(told.get('MessageId'))}:{number}",
                    at=read_iso(said.pop("at"), otherwise=request.received_at),
                    sender=sender,
                    message=message,
                    platform_id=platform_id,
                    **said,
                )
            )
    return found


def _mark_of(mail: dict[str, Any], marks: Marks) -> str:
    headers = mail.get("headers")
    for header in headers if isinstance(headers, list) else []:
        if text(members(header).get("name")).lower() == "message-id":
            return marks.find(text(members(header).get("value"))) or ""
    return ""


def _about(kind: str, note: dict[str, Any], mail: dict[str, Any]) -> list[tuple[Any, dict[str, Any]]]:
    """Whom a notification is about, and what it says of each."""
    if kind == "Bounce":
        bounce = members(note.get("bounce"))
        is_permanent = bounce.get("bounceType") == "Permanent"
        return [
            (members(who).get("emailAddress"), {
                "state": "bounced", "at": bounce.get("timestamp"), "is_permanent": is_permanent,
                "detail": text(members(who).get("status"), most=20) or text(bounce.get("bounceSubType"), most=40),
            })
            for who in _listed(bounce, "bouncedRecipients")
        ]  # fmt: skip
    if kind == "Complaint":
        complaint = members(note.get("complaint"))
        detail = text(complaint.get("complaintFeedbackType"), most=40)
        told = {"state": "complained", "at": complaint.get("timestamp"), "detail": detail}
        return [(members(who).get("emailAddress"), dict(told)) for who in _listed(complaint, "complainedRecipients")]
    if kind not in _STATES:
        return []
    event = members(note.get(kind.lower()))
    told = {"state": _STATES[kind], "at": event.get("timestamp"), "url": text(event.get("link"), most=2_000)}
    whom = _listed(event, "recipients") or _listed(mail, "destination")
    return [(address, dict(told)) for address in whom]


def _listed(value: dict[str, Any], name: str) -> list[Any]:
    found = value.get(name)
    return found[:100] if isinstance(found, list) else []
