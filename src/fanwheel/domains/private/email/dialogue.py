"""Handing mails over on a connection that is signed in, with as few round trips as the server allows.

The library that connects waits for an answer after every command. Sender, recipient and the wish to begin can go out
together where the server pipelines (RFC 2920), and far from it each round trip saved is a good part of what a mail
takes.
"""

import asyncio
import re
from collections import deque
from typing import Final, Self, cast

import aiosmtplib

_TIMEOUT_S: Final = 30.0
_GOODBYE_S: Final = 2.0
_LONGEST_ANSWER: Final = 65_536
_BEGUN: Final = 354
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f<>]")

Answer = tuple[int, str]


class BadMailboxError(ValueError):
    """An address that cannot be said to this server."""


class Dialogue(asyncio.Protocol):
    """Says commands and reads answers, in their order."""

    def __init__(self, smtp: aiosmtplib.SMTP, transport: asyncio.Transport) -> None:
        self._smtp, self._transport = smtp, transport
        self._pipelines = smtp.supports_extension("pipelining")
        self._rest = b""
        self._lines: list[bytes] = []
        self._answers: deque[Answer] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._is_over = False

    @classmethod
    async def take_over(cls, smtp: aiosmtplib.SMTP) -> Self:
        """Go on with a connection from here; ``smtp`` is not to be asked anything more, only closed."""
        if smtp.is_ehlo_or_helo_needed:
            try:
                await smtp.ehlo()
            except aiosmtplib.SMTPHeloError:
                await smtp.helo()
        if smtp.transport is None:
            raise aiosmtplib.SMTPServerDisconnected("the connection is gone")
        transport = cast("asyncio.Transport", smtp.transport)
        talk = cls(smtp, transport)
        transport.set_protocol(talk)
        return talk

    @property
    def is_connected(self) -> bool:
        """Whether the other side has not hung up."""
        return not (self._is_over or self._transport.is_closing())

    async def begin(self, sender: str, recipient: str) -> tuple[Answer, Answer, Answer]:
        """Say from whom and to whom, and that the mail comes; the answers to each.

        Raises
        ------
        BadMailboxError
            If an address cannot be said; nothing was.
        OSError
            If the other side hung up or does not answer.
        """
        if self._answers:
            # What was said without a question can only be goodbye.
            raise ConnectionResetError("the mail server is hanging up")
        commands = [f"MAIL FROM:<{_said(sender)}>", f"RCPT TO:<{_said(recipient)}>", "DATA"]
        if self._pipelines:
            self._say(*commands)
            mail, rcpt, data = [await self._read() for _ in commands]
            if data[0] == _BEGUN and not (_is_fine(mail) and _is_fine(rcpt)):
                # It waits for a mail to nobody: RFC 2920 has it end at once.
                self._say(".")
                await self._read()
            return mail, rcpt, data
        answers = [(0, "")] * len(commands)
        for number, command in enumerate(commands):
            self._say(command)
            answers[number] = await self._read()
            if number < 2 and not _is_fine(answers[number]):
                break
        mail, rcpt, data = answers
        return mail, rcpt, data

    async def finish(self, content: bytes) -> Answer:
        """Hand the mail itself over; whether it was taken. Lines end in CRLF, the last one too."""
        self._transport.write(content.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        return await self._read()

    async def reset(self) -> None:
        """Take back what was begun."""
        self._say("RSET")
        await self._read()

    async def quit(self) -> None:
        """Say goodbye and hang up."""
        try:
            if self.is_connected:
                self._say("QUIT")
                async with asyncio.timeout(_GOODBYE_S):
                    await self._read()
        except OSError:
            pass
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._is_over = True
        self._transport.close()
        self._smtp.close()

    # ------------------------------------------------------------ the other side
    def data_received(self, data: bytes) -> None:
        """Take answers apart; one may have several lines, and several may come together."""
        *lines, self._rest = (self._rest + data).split(b"\r\n")
        for line in lines:
            self._lines.append(line[4:])
            if line[3:4] == b"-":
                continue
            said = b"\n".join(self._lines).decode("utf-8", "replace")
            self._lines.clear()
            if not line[:3].isdigit():
                return self.close()
            self._answers.append((int(line[:3]), said))
        if len(self._rest) + sum(map(len, self._lines)) > _LONGEST_ANSWER:
            return self.close()
        return self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more will come."""
        self._is_over = True
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _say(self, *commands: str) -> None:
        if not self.is_connected:
            raise ConnectionResetError("the mail server has hung up")
        self._transport.write("".join(f"{command}\r\n" for command in commands).encode("ascii"))

    async def _read(self) -> Answer:
        async with asyncio.timeout(_TIMEOUT_S):
            while not self._answers:
                if not self.is_connected:
                    raise ConnectionResetError("the mail server has hung up")
                self._waiter = asyncio.get_running_loop().create_future()
                await self._waiter
        return self._answers.popleft()


def _is_fine(answer: Answer) -> bool:
    return 200 <= answer[0] < 300


def _said(address: str) -> str:
    if not address.isascii() or _UNSAFE.search(address):
        raise BadMailboxError(address)
    return address
