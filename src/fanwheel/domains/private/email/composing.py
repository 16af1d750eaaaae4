"""A message as a mail: headers that nobody can smuggle anything into, text beside HTML, and an id to know it by."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.headerregistry import Address as Mailbox
from email.utils import format_datetime
from typing import Final, NamedTuple

from fanwheel.domains.private.channels.adapter import Account, MediaFile
from fanwheel.domains.private.channels.contracts import AnyPart, Button, Card, Choices, Email, Media, Outgoing, Text
from fanwheel.domains.private.channels.errors import RefusedError
from fanwheel.domains.private.email import mime
from fanwheel.domains.private.email.marks import Marks

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9\-]{0,70}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")
# What the adapter writes itself, and what belongs to the servers on the way.
_OURS: Final = frozenset(
    {
        "from", "sender", "to", "cc", "bcc", "subject", "date", "message-id", "reply-to", "mime-version", "return-path",
        "received", "dkim-signature", "authentication-results", "in-reply-to", "references", "list-unsubscribe-post",
        "x-smtpapi", "x-mailgun-variables",
    }
)  # fmt: skip
ONE_CLICK: Final = "List-Unsubscribe=One-Click"


class Letter(NamedTuple):
    """What is said, before it is a mail."""

    subject: str
    text: str
    html: str
    reply_to: str
    headers: Mapping[str, str]
    files: Sequence[MediaFile] = ()


def unsubscribe_headers(url: str) -> dict[str, str]:
    """The headers with which a mailbox offers to unsubscribe by one click (RFC 8058)."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": ONE_CLICK}


def write_letter(message: Outgoing, files: Mapping[int, MediaFile], *, reply_to: str) -> Letter:
    """The letter that a message's parts come to.

    Raises
    ------
    RefusedError
        If a part cannot be said by mail.
    """
    told = message.reply.context if message.reply else {}
    mail = next((part for part in message.parts if isinstance(part, Email)), None)
    rest = [_say(part) for part in message.parts if not isinstance(part, Email)]
    attached = [files[part.media_id] for part in message.parts if isinstance(part, Media) and part.media_id is not None]
    if mail is not None:
        text = "\n\n".join([mail.text, *filter(None, rest)])
        return Letter(mail.subject, text, mail.html, mail.reply_to or reply_to, mail.headers, attached)
    subject = str(told.get("subject") or "")
    subject = subject if subject.lower().startswith("re:") or not subject else f"Re: {subject}"
    return Letter(subject or _first_line(rest), "\n\n".join(filter(None, rest)), "", reply_to, {}, attached)


def compose(letter: Letter, message: Outgoing, account: Account, *, marks: Marks, now: datetime) -> mime.Composed:
    """The mail, without its signature.

    Raises
    ------
    RefusedError
        If something in it would become a header of its own, or a marketing mail offers no way out.
    """
    settings = account.settings
    domain = settings["from_address"].partition("@")[2]
    put = _Headers()
    put("From", _mailbox(settings["from_address"], settings.get("from_name", "")))
    put("To", _mailbox(message.to.value))
    put("Subject", letter.subject)
    put("Date", format_datetime(now))
    put("Message-ID", f"<{marks.make(message.key)}@{domain}>")
    if letter.reply_to:
        put("Reply-To", _mailbox(letter.reply_to))
    if message.reply and (answered := message.reply.context.get("message_id")):
        put("In-Reply-To", str(answered))
        # The whole chain, so that every mail program shows one conversation (RFC 5322, 3.6.4).
        put("References", f"{message.reply.context.get('references') or ''} {answered}".strip())
    _put_more(put, letter.headers, message, account)
    put("MIME-Version", "1.0")
    whole = _write(letter)
    return mime.Composed((*put.lines, *whole.headers), whole.body)


def _write(letter: Letter) -> mime.Piece:
    words = [mime.text(letter.text or _plain(letter.html), "plain")]
    if letter.html:
        words.append(mime.text(letter.html, "html"))
    files = [mime.file(file, name=_clean(file.name)) for file in letter.files]
    return mime.join([mime.join(words, "alternative"), *files], "mixed")


class _Headers:
    """The headers of a mail, as they are put on it."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def __call__(self, name: str, value: str | Mailbox) -> None:
        if _CONTROL.search(str(value)):
            raise RefusedError(f"The header {name} holds a line break or a control character.", code="header_injection")
        self.lines.append((name, _encoded(value)))


def _put_more(put: _Headers, headers: Mapping[str, str], message: Outgoing, account: Account) -> None:
    for name, value in headers.items():
        lower = name.lower()
        if (
            not _NAME.fullmatch(name)
            or lower.startswith("content-")
            or (lower in _OURS and lower != "list-unsubscribe-post")
        ):
            raise RefusedError(f"A mail cannot be given the header {name[:40]!r}.", code="header_injection")
        if lower != "list-unsubscribe-post":
            put(name, value)
    names = {name.lower() for name in headers}
    if "list-unsubscribe" in names:
        put("List-Unsubscribe-Post", ONE_CLICK)
    elif message.purpose == "marketing":
        raise RefusedError("A marketing mail must offer to unsubscribe.", code="no_unsubscribe")
    if "feedback-id" not in names:
        sender = account.settings["from_address"].partition("@")[2].replace(".", "-")
        put("Feedback-ID", f"{message.purpose}:{account.account_id}:mail:{sender}")
    for name, value in _for_provider(account.settings.get("provider", "smtp"), message.key).items():
        put(name, value)


def _for_provider(provider: str, key: str) -> dict[str, str]:
    """How each provider wants to be told what to repeat in its callbacks."""
    quoted = key.replace("\\", "").replace('"', "")
    if provider == "sendgrid":
        return {"X-SMTPAPI": f'{{"unique_args": {{"key": "{quoted}"}}}}'}
    if provider == "mailgun":
        return {"X-Mailgun-Variables": f'{{"key": "{quoted}"}}'}
    return {"X-PM-Metadata-key": quoted} if provider == "postmark" else {}


def _encoded(value: str | Mailbox) -> str:
    """A header's value in ASCII."""
    if isinstance(value, Mailbox):
        if value.display_name.isascii():
            return str(value)
        return f"{_encoded(value.display_name)} <{value.addr_spec}>"
    return mime.encode(value)


def _mailbox(address: str, name: str = "") -> Mailbox:
    local, _, domain = address.rpartition("@")
    try:
        local.encode("ascii")
        return Mailbox(name, local, domain.encode("idna").decode() if not domain.isascii() else domain)
    except (ValueError, UnicodeError, IndexError):
        raise RefusedError("The address cannot be written to a mail's header.", code="bad_address") from None


def _say(part: AnyPart) -> str:
    """A part in plain words."""
    if isinstance(part, Text):
        return part.text
    if isinstance(part, Media):
        return "\n".join(filter(None, (part.text, part.url if part.media_id is None else "")))
    if isinstance(part, Card):
        return "\n".join(filter(None, (part.title, part.text, part.url, *map(_button, part.buttons))))
    if isinstance(part, Choices):
        return "\n".join(filter(None, (part.text, *(f"- {option.label}" for option in part.options), part.tail)))
    raise RefusedError("Only words, pictures, files, cards and questions can be said by mail.", code="unsayable")


def _button(button: Button) -> str:
    return f"{button.label}: {button.value}" if button.action == "url" else ""


def _first_line(texts: Sequence[str]) -> str:
    lines = [line.strip() for text in texts for line in text.splitlines() if line.strip()]
    return _clean(lines[0])[:78] if lines else ""


def _clean(text: str) -> str:
    return _CONTROL.sub(" ", text)


def _plain(html: str) -> str:
    """Words of HTML, for whoever reads none; only where nobody wrote a text."""
    bare = re.sub(r"(?is)<(script|style|head)\b.*?</\1\s*>|<[^>]*>", " ", html)
    return re.sub(r"[ \t\r\n]+", " ", bare).strip()
