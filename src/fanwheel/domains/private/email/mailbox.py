"""Mails that a mailbox passes on: what came back, who complained, and what people answered."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple

from flufl.bounce import all_failures

from fanwheel.domains.private.channels import contracts as channels
from fanwheel.domains.private.channels.contracts import AnyHappening, Receipt
from fanwheel.domains.private.channels.errors import MalformedError
from fanwheel.domains.private.email import html
from fanwheel.domains.private.email.marks import Marks
from fanwheel.domains.private.email.reading import read_address

_MOST_PARTS: Final = 200
_MOST_TEXT: Final = 20_000
_MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]+>")
_MOST_REFERENCES: Final = 20
_LONGEST_ID: Final = 300
# Where the address stands to which a mail came back.
_ENVELOPE: Final = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to")
_STATUS: Final = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_QUOTED: Final = re.compile(
    r"(?m)^(?:>.*|On .{0,200}[ \n]wrote:|在.{0,200}写道[:：]|.{0,200}于.{0,100}写道[:：]"
    r"|-{2,} ?(?:Original Message|原始邮件|转发邮件信息) ?-{2,}.*"
    # The headers of the mail answered, as Outlook and Foxmail write them.
    r"|\*?(?:From|发件人|寄件者) ?[:：].{0,300}\n\*?(?:Sent|Date|To|发送时间|日期|时间|收件人|寄件日期) ?[:：].*)$"
)


class _Failure(NamedTuple):
    """What a report says of one recipient."""

    action: str
    status: str
    recipient: str


def read(raw: bytes, marks: Marks, *, received_at: datetime) -> Sequence[AnyHappening]:
    """What a mail tells. A report counts only if it names a message of ours by its mark: anybody can write one.

    Raises
    ------
    MalformedError
        If it is no mail.
    """
    try:
        mail = BytesParser(policy=policy.compat32).parsebytes(raw)
        parts = list(_walk(mail))
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError):
        raise MalformedError("This cannot be read as a mail.") from None
    if not mail.keys():
        raise MalformedError("This is no mail: it has no headers.")
    digest = hashlib.sha256(raw).hexdigest()[:40]
    at = min(_date(mail) or received_at, received_at)
    report = str(mail.get_param("report-type") or "").lower()
    if report == "feedback-report" or any(part.get_content_type() == "message/feedback-report" for part in parts):
        return _complaint(mail, parts, marks, key=f"mail:{digest}", at=at)
    failures = _failures(parts) or _guess(mail)
    if failures:
        return _bounces(failures, _find_mark(mail, parts, marks), key=f"mail:{digest}", at=at)
    return [] if _is_automatic(mail) else _answer(mail, key=digest, at=at)


def _bounces(failures: Sequence[_Failure], message: str | None, *, key: str, at: datetime) -> list[AnyHappening]:
    if message is None:
        return []
    return [
        Receipt(
            key=f"{key}:{number}",
            at=at,
            state="delivered" if failure.action == "delivered" else "bounced",
            message=message,
            is_permanent=failure.action == "failed" and not failure.status.startswith("4"),
            detail=failure.status,
        )
        for number, failure in enumerate(failures)
        # We write to one recipient at a time; what a list or an alias adds is about others.
        if number == 0 and failure.action in {"failed", "delivered"}
    ]


def _complaint(mail: Message, parts: Sequence[Message], marks: Marks, *, key: str, at: datetime) -> list[AnyHappening]:
    told = next((part for part in parts if part.get_content_type() == "message/feedback-report"), None)
    message = _find_mark(mail, parts, marks)
    kind = _fields(told).get("feedback-type", "abuse").lower() if told is not None else "abuse"
    if message is None or kind == "not-spam":
        return []
    return [Receipt(key=key, at=at, state="complained", message=message, detail=kind[:40])]


def _failures(parts: Sequence[Message]) -> list[_Failure]:
    """What delivery reports (RFC 3464) say, recipient by recipient."""
    found = []
    for part in parts:
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if not isinstance(block, Message):
                continue
            recipient = str(block.get("Original-Recipient") or block.get("Final-Recipient") or "")
            action = str(block.get("Action") or "").strip().lower()
            if action and recipient:
                status = _STATUS.search(str(block.get("Status") or ""))
                found.append(_Failure(action, status[1] if status else "", recipient.partition(";")[2].strip()))
    return found


def _guess(mail: Message) -> list[_Failure]:
    """What mail servers say that follow no standard; these ways of saying it are flufl.bounce's knowledge."""
    try:
        temporary, permanent = all_failures(mail)
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):
        return []
    failed = [_Failure("failed", "5.0.0", address.decode("ascii", "replace")) for address in sorted(permanent)]
    return failed + [_Failure("failed", "4.0.0", address.decode("ascii", "replace")) for address in sorted(temporary)]


def _find_mark(mail: Message, parts: Sequence[Message], marks: Marks) -> str | None:
    """The message that a report is about: by the address it came to, else by the id of the mail it quotes."""
    for name in _ENVELOPE:
        for value in mail.get_all(name, []):
            if (key := marks.find(str(value))) is not None:
                return key
    for part in parts[1:]:
        for name in ("Message-ID", "In-Reply-To", "References", "Original-Envelope-Id"):
            if (key := marks.find(str(part.get(name) or ""))) is not None:
                return key
        if part.get_content_type() == "text/rfc822-headers" and (key := marks.find(_text(part))) is not None:
            return key
    return None


def _is_automatic(mail: Message) -> bool:
    """Whether a machine wrote it: nobody is answered by a machine for a machine's words."""
    submitted = str(mail.get("Auto-Submitted") or "no").lower()
    precedence = str(mail.get("Precedence") or "").lower()
    return (
        not submitted.startswith("no")
        or precedence in {"bulk", "junk", "list", "auto_reply"}
        or any(name in mail for name in ("List-Id", "X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress"))
        or str(mail.get("Return-Path") or "").strip() == "<>"
    )


def _answer(mail: Message, *, key: str, at: datetime) -> list[AnyHappening]:
    """What somebody wrote, without what it quotes."""
    header = _header(mail, "From")
    name, _, bracketed = header.rpartition("<")
    sender = read_address(bracketed.rstrip("> ") if bracketed else header)
    context = {"subject": _header(mail, "Subject")[:200], "message_id": _header(mail, "Message-ID")[:300]}
    kept = _written(mail) or context["subject"]
    if sender is None or not kept:
        return []
    if ids := _MESSAGE_ID.findall(str(mail.get("References") or mail.get("In-Reply-To") or "")):
        context["references"] = " ".join(each for each in ids[-_MOST_REFERENCES:] if len(each) <= _LONGEST_ID)
    profile = {"name": name.strip().strip('"')[:100]} if name.strip() else {}
    return [
        channels.Message(
            key=f"mail:{context['message_id'] or key}",
            at=at,
            sender=sender,
            profile=profile,
            context=context,
            parts=(channels.Text(kept[:_MOST_TEXT]),),
        )
    ]


def _written(mail: Message) -> str:
    """What somebody wrote: the plain text, else the words of the HTML; what it quotes only where there is no more."""
    bodies = list(_bodies(mail))
    for part in bodies:
        if part.get_content_type() == "text/plain" and (said := _text(part).replace("\r\n", "\n").strip()):
            return _own(said) or said
    for part in bodies:
        if part.get_content_type() == "text/html":
            own, whole = html.read(_text(part))
            return _own(own) or _own(whole) or whole
    return ""


def _own(said: str) -> str:
    """A text up to what it quotes."""
    quoted = _QUOTED.search(said, 0, _MOST_TEXT)
    return (said[: quoted.start()] if quoted else said).strip()


def _bodies(mail: Message) -> Iterator[Message]:
    """The texts of a mail itself: neither files nor mails that go along."""
    if mail.get_content_disposition() == "attachment":
        return
    if mail.get_content_maintype() == "text":
        yield mail
    payload = mail.get_payload() if mail.get_content_maintype() == "multipart" else None
    for part in payload if isinstance(payload, list) else ():
        if isinstance(part, Message):
            yield from _bodies(part)


def _walk(mail: Message) -> Iterator[Message]:
    for number, part in enumerate(mail.walk()):
        if number >= _MOST_PARTS:
            raise MalformedError("The mail has too many parts.")
        yield part


def _fields(part: Message) -> dict[str, str]:
    """The lines of a report, whichever way the parser took them."""
    inner = part.get_payload()
    held = inner[0] if isinstance(inner, list) and inner else None
    if isinstance(held, Message) and held.keys():
        return {name.lower(): str(value) for name, value in held.items()}
    said = _text(held if isinstance(held, Message) else part)
    pairs = (line.partition(":") for line in said.splitlines())
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return payload.decode("utf-8", "replace")


def _header(mail: Message, name: str) -> str:
    """A header in plain words, in one line."""
    decoded = EmailMessage(policy=policy.default)
    try:
        decoded[name] = " ".join(str(mail.get(name) or "").split())
        return " ".join(str(decoded[name]).split())
    except (ValueError, IndexError, TypeError):
        return ""


def _date(mail: Message) -> datetime | None:
    try:
        at = parsedate_to_datetime(str(mail.get("Date") or ""))
    except (ValueError, TypeError, IndexError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
