"""Connections to a mail server that stay open: signing in costs more than sending."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from time import monotonic
from typing import Final

import aiosmtplib

from fanwheel.domains.private.channels.errors import BadAccountError, SendError, UnavailableError
from fanwheel.domains.private.email.dialogue import Dialogue
from fanwheel.domains.private.email.replies import enhanced

_TIMEOUT_S: Final = 30.0
_IDLE_S: Final = 45.0  # many servers hang up after a minute
_MAILS: Final = 500  # many count what comes over one connection


class Line:
    """One connection."""

    def __init__(self, smtp: aiosmtplib.SMTP, talk: Dialogue) -> None:
        self.smtp, self.talk = smtp, talk
        self.mails = 0
        self.used_at = monotonic()

    @property
    def is_fresh(self) -> bool:
        """Whether it has carried nothing yet."""
        return self.mails == 0

    @property
    def is_fit(self) -> bool:
        """Whether it may be used once more."""
        return self.talk.is_connected and self.mails < _MAILS and monotonic() - self.used_at < _IDLE_S


class Pool:
    """At most so many connections to one server; whoever comes later waits for one."""

    def __init__(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> None:
        self._settings, self._secrets = settings, secrets
        self._free = asyncio.Semaphore(int(settings.get("connections") or 4))
        self._idle: list[Line] = []

    @asynccontextmanager
    async def line(self, *, is_fresh: bool = False) -> AsyncIterator[Line]:
        """A connection of one's own for a while; it goes back if it is still well.

        Raises
        ------
        UnavailableError, BadAccountError
            If there is no server, or it does not let us in.
        """
        async with self._free:
            line = None if is_fresh else await self._take()
            line = line or await self._connect()
            try:
                yield line
            except SendError:
                await self._put_back(line, is_begun=True)
                raise
            except BaseException:
                line.talk.close()
                raise
            await self._put_back(line)

    async def close(self) -> None:
        """Hang up."""
        idle, self._idle = self._idle, []
        for line in idle:
            await line.talk.quit()

    async def _take(self) -> Line | None:
        while self._idle:
            line = self._idle.pop()
            if line.is_fit:
                return line
            await line.talk.quit()
        return None

    async def _put_back(self, line: Line, *, is_begun: bool = False) -> None:
        """Keep a connection for the next, after taking back what was begun on it."""
        line.used_at = monotonic()
        line.mails += 1
        try:
            if is_begun and line.talk.is_connected:
                await line.talk.reset()
        except OSError:
            line.talk.close()
        if line.is_fit:
            self._idle.append(line)
        else:
            await line.talk.quit()

    async def _connect(self) -> Line:
        security = self._settings.get("security", "starttls")
        host = self._settings["host"].strip("[]")
        if security == "plain" and not is_loopback(host):
            raise BadAccountError("Without encryption mail goes to this very machine only.", code="plain")
        smtp = aiosmtplib.SMTP(
            hostname=host,
            port=int(self._settings.get("port") or 587),
            use_tls=security == "tls",
            start_tls=security == "starttls",
            timeout=_TIMEOUT_S,
        )
        try:
            await smtp.connect()
            if username := self._settings.get("username"):
                await smtp.login(username, self._secrets.get("password", ""))
            return Line(smtp, await Dialogue.take_over(smtp))
        except aiosmtplib.SMTPAuthenticationError as error:
            smtp.close()
            if error.code < 500:
                raise UnavailableError("The mail server cannot sign us in now.", code=enhanced(error)) from None
            raise BadAccountError("The mail server refuses user name or password.", code=enhanced(error)) from None
        except ssl.SSLCertVerificationError:
            raise BadAccountError(
                "The mail server's certificate is not valid for its name.", code="certificate"
            ) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            smtp.close()
            raise _unreachable(error) from None


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _unreachable(error: Exception) -> BadAccountError | UnavailableError:
    if isinstance(error.__cause__, ssl.SSLCertVerificationError):
        return BadAccountError("The mail server's certificate is not valid for its name.", code="certificate")
    if isinstance(error, aiosmtplib.SMTPNotSupported):
        return BadAccountError("The mail server does not offer what the account asks for.", code="not_supported")
    code = enhanced(error) if isinstance(error, aiosmtplib.SMTPResponseException) else type(error).__name__
    return UnavailableError("The mail server cannot be reached.", code=code)
