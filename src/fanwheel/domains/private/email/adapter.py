"""The channel “email”: SMTP out, and what comes back by callbacks and mailboxes."""

from collections.abc import Mapping
from typing import ClassVar

import aiosmtplib

from fanwheel.domains.private.channels import checks
from fanwheel.domains.private.channels.adapter import About, Account, Adapter, MediaFile, Tools
from fanwheel.domains.private.channels.contracts import Check, Media, Outgoing, Received, Request, Sent
from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    RefusedError,
    SendError,
    UnavailableError,
    UnclearError,
)
from fanwheel.domains.private.email import composing, inbound
from fanwheel.domains.private.email.about import ABOUT
from fanwheel.domains.private.email.dialogue import Answer, BadMailboxError
from fanwheel.domains.private.email.marks import Marks
from fanwheel.domains.private.email.pooling import Line, Pool
from fanwheel.domains.private.email.replies import Stage, read_refusal
from fanwheel.domains.private.email.signing import BadDkimKeyError, Signer, new_key, read_key


class Mail(Adapter):
    """One mail account."""

    about: ClassVar[About] = ABOUT

    def __init__(self, account: Account, tools: Tools) -> None:
        self._account, self._tools = account, tools
        self._marks = Marks(account.key)
        self._pool = Pool(account.settings, account.secrets)
        self._signer = _signer(account)

    @classmethod
    def prepare(cls, settings: Mapping[str, str], secrets: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """Make a key to sign with where a domain is given and none is there."""
        asked, kept = dict(settings), dict(secrets)
        if asked.get("dkim_domain"):
            asked.setdefault("dkim_selector", "fanwheel")
            if not kept.get("dkim_key"):
                kept["dkim_key"] = new_key()
        return asked, kept

    async def send(self, message: Outgoing) -> Sent:
        """Hand one mail to the server; it is clear at every moment but one whether it took it."""
        files = await self._files(message)
        letter = composing.write_letter(message, files, reply_to=self._account.settings.get("reply_to", ""))
        now = self._tools.clock()
        mail = composing.compose(letter, message, self._account, marks=self._marks, now=now)
        told = dict(mail.headers)
        if self._signer is not None:
            mail = self._signer.sign(mail, now=now)
        await self._hand_over(self._return_path(message.key), told["To"], mail.as_bytes())
        return Sent(told["Message-ID"])

    async def receive(self, request: Request) -> Received:
        """What the provider, or a mailbox, tells."""
        return await inbound.read(request, self._account, self._tools)

    async def check(self) -> Check:
        """Sign in and hang up."""
        try:
            async with self._pool.line(is_fresh=True) as line:
                facts = {"server": line.smtp.hostname or "", "encrypted": _encrypted(line)}
        except SendError as error:
            return checks.failed(error)
        if self._signer is not None:
            facts[f"{self._signer.selector}._domainkey.{self._signer.domain}"] = self._signer.record()
        return Check(True, "The mail server lets this account in.", facts, "mail_ready")

    async def close(self) -> None:
        """Hang up."""
        await self._pool.close()

    async def _files(self, message: Outgoing) -> dict[int, MediaFile]:
        wanted = {part.media_id for part in message.parts if isinstance(part, Media) and part.media_id is not None}
        return {media_id: await self._tools.media(media_id) for media_id in sorted(wanted)}

    def _return_path(self, key: str) -> str:
        domain = self._account.settings.get("bounce_domain")
        return (domain and self._marks.return_path(key, domain)) or self._account.settings["from_address"]

    async def _hand_over(self, sender: str, recipient: str, content: bytes) -> None:
        try:
            async with self._pool.line() as line:
                await _begin(line, sender, recipient)
                return await _finish(line, content)
        except _HungUpError:
            # It had been idle, and the server had hung up meanwhile; nothing was said yet.
            async with self._pool.line(is_fresh=True) as line:
                await _begin(line, sender, recipient)
                return await _finish(line, content)


class _HungUpError(UnavailableError):
    """The server hung up before it was told anything."""


async def _begin(line: Line, sender: str, recipient: str) -> None:
    """Say from whom and to whom; nothing is sent until the content follows."""
    try:
        answers = await line.talk.begin(sender, recipient)
    except BadMailboxError:
        raise RefusedError("The mail server cannot take this address.", code="bad_address") from None
    except OSError:
        line.talk.close()
        gone = UnavailableError if line.is_fresh else _HungUpError
        raise gone("The mail server hung up.", code="disconnected") from None
    stages: tuple[tuple[Answer, Stage, int], ...] = (
        (answers[0], "sender", 200),
        (answers[1], "recipient", 200),
        (answers[2], "content", 300),
    )
    for (code, said), stage, fine in stages:
        if not fine <= code < fine + 100:
            raise read_refusal(aiosmtplib.SMTPResponseException(code, said), stage)


async def _finish(line: Line, content: bytes) -> None:
    try:
        code, said = await line.talk.finish(content)
    except OSError:
        line.talk.close()
        # Somewhere between the last line and the answer: the server may have taken it.
        raise UnclearError("The mail server did not say whether it took the mail.", code="no_answer") from None
    if not 200 <= code < 300:
        raise read_refusal(aiosmtplib.SMTPResponseException(code, said), "content")


def _signer(account: Account) -> Signer | None:
    domain, pem = account.settings.get("dkim_domain"), account.secrets.get("dkim_key")
    if not domain or not pem:
        return None
    try:
        return Signer(domain, account.settings.get("dkim_selector") or "fanwheel", read_key(pem))
    except BadDkimKeyError as error:
        raise BadAccountError(error.message, code="dkim_key") from None


def _encrypted(line: Line) -> str:
    transport = line.smtp.transport
    version = transport.get_extra_info("ssl_object") if transport else None
    return version.version() if version else "no"
