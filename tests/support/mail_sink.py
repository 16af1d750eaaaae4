"""A mail server on loopback that keeps what it is given, and refuses what it is told to."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Sink:
    """What came, and how to answer: by recipient, by content, and by hanging up."""

    port: int = 0
    mails: list[Envelope] = field(default_factory=list)
    sessions: int = 0
    recipients: dict[str, str] = field(default_factory=dict)  # address -> reply
    senders: dict[str, str] = field(default_factory=dict)
    data_reply: str | None = None
    pipelines: bool = False
    hang_up_after: str = ""  # MAIL, DATA: close without an answer

    def message(self, number: int = -1) -> EmailMessage:
        """One of the mails, read."""
        content = self.mails[number].content
        assert isinstance(content, bytes)
        read = message_from_bytes(content, policy=policy.default)
        assert isinstance(read, EmailMessage)
        return read

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.sessions += 1
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]] if self.pipelines else responses

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.hang_up_after == "MAIL":
            self.hang_up_after = ""
            _hang_up(server)
        if address in self.senders:
            return self.senders[address]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.recipients:
            return self.recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.data_reply is not None:
            return self.data_reply
        self.mails.append(envelope)
        if self.hang_up_after == "DATA":
            self.hang_up_after = ""
            _hang_up(server)
        return "250 queued"


def _hang_up(server: SMTP) -> None:
    assert server.transport is not None
    server.transport.abort()


@contextmanager
def mail_sink(
    *, tls: ssl.SSLContext | None = None, is_tls_from_start: bool = False, password: tuple[str, str] | None = None
) -> Iterator[Sink]:
    """A running sink on a port of its own."""
    sink = Sink()

    def answer() -> SMTP:
        return SMTP(
            sink,
            hostname="sink.example",
            tls_context=None if is_tls_from_start else tls,
            require_starttls=tls is not None and not is_tls_from_start,
            authenticator=_checks(password) if password else None,
            auth_require_tls=False,
            loop=loop,
        )

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    opening = loop.create_server(answer, "127.0.0.1", 0, ssl=tls if is_tls_from_start else None)
    server = asyncio.run_coroutine_threadsafe(opening, loop).result(timeout=10)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        loop.close()


async def _stop(server: asyncio.Server) -> None:
    server.close()
    mine = asyncio.current_task()
    others = [task for task in asyncio.all_tasks() if task is not mine]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _checks(password: tuple[str, str]) -> Callable[..., AuthResult]:
    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        is_right = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == password
        return AuthResult(success=is_right, handled=False)

    return check
