"""Asking a platform over HTTP: what came back, or why nothing did, in the words of ``errors.py``."""

import json
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    RefusedError,
    SendError,
    ThrottledError,
    UnavailableError,
    UnclearError,
)

if TYPE_CHECKING:
    import httpx

_LONGEST_WAIT_S: Final = 3600.0
_LONGEST_TEXT: Final = 200
_LONGEST_READ: Final = 2000


# Numbers of people and addresses of mail: platforms quote them when they refuse somebody.
_PERSONAL: Final = re.compile(r"[^\s@]+@[^\s@]+|\+?\d[\d\s().-]{5,}\d")


class Reply(NamedTuple):
    """An answer; ``data`` is its JSON object, or empty where it is none; ``text`` its beginning."""

    status: int
    data: Mapping[str, Any]
    headers: Mapping[str, str]
    text: str = ""

    @property
    def is_fine(self) -> bool:
        """Whether the status says so."""
        return 200 <= self.status < 300


async def ask(http: "httpx.AsyncClient", method: str, url: str, **request: Any) -> Reply:
    """Ask, and read the answer whatever its status is.

    Raises
    ------
    UnavailableError
        If nothing was sent: the connection could not be made.
    UnclearError
        If the question went out and no answer came.
    RefusedError
        If the address is none.
    """
    import httpx

    try:
        answer = await http.request(method, url, **request)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise UnavailableError("The platform could not be reached.", code=type(error).__name__) from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise RefusedError("The address to send to is none.", code=type(error).__name__) from error
    except httpx.HTTPError as error:
        raise UnclearError("The platform did not answer.", code=type(error).__name__) from error
    beginning = answer.content[:_LONGEST_READ].decode("utf-8", "replace")
    return Reply(answer.status_code, _as_mapping(answer.content), answer.headers, beginning)


def refuse_by_status(reply: Reply, *, said: str = "", code: str = "") -> None:
    """Raise what an answer's status stands for, where the platform's own codes say nothing more precise.

    A server's error leaves open whether the message was taken: only 503 promises that it was not.
    """
    if reply.is_fine:
        return
    code = code or str(reply.status)
    told = f"The platform answered {reply.status}{': ' + quoted(said) if said else '.'}"
    if reply.status == 429:
        raise ThrottledError(told, code=code, retry_after_s=retry_after(reply))
    if reply.status == 503:
        raise UnavailableError(told, code=code, retry_after_s=retry_after(reply))
    if reply.status >= 500:
        raise UnclearError(told, code=code)
    if reply.status in {401, 403}:
        raise BadAccountError(told, code=code)
    raise RefusedError(told, code=code)


def quoted(said: str) -> str:
    """A platform's own words, short and without anybody's number or address: errors are kept and logged."""
    return _PERSONAL.sub("…", said[:_LONGEST_TEXT])


def retry_after(reply: Reply) -> float | None:
    """The seconds that the answer asks us to wait, where it gives them as a number."""
    try:
        return min(max(float(reply.headers.get("retry-after", "")), 0.0), _LONGEST_WAIT_S)
    except ValueError:
        return None


@contextmanager
def nothing_sent_yet() -> Iterator[None]:
    """Around steps before a message goes out, such as uploads: an answer that is missing leaves nothing open."""
    try:
        yield
    except UnclearError as error:
        raise UnavailableError(error.message, code=error.platform_code) from error


@contextmanager
def for_a_token() -> Iterator[None]:
    """Around asking for a token: a refusal is about the account, and no single message's fault."""
    try:
        yield
    except RefusedError as error:
        raise BadAccountError(error.message, code=error.platform_code) from error


async def one_by_one(bodies: Sequence[dict[str, Any]], send: Callable[[dict[str, Any]], Awaitable[str]]) -> str:
    """Send the parts of a message in their order; the platform's id of the last.

    Raises
    ------
    SendError
        As ``send`` raises it for the first part; for a later one as unclear, for some of the message is out.
    """
    platform_id = ""
    for number, body in enumerate(bodies, start=1):
        try:
            platform_id = await send(body)
        except SendError as error:
            if number == 1:
                raise
            told = f"Part {number} of {len(bodies)} did not follow the ones before it: {error.message}"
            raise UnclearError(told, code=error.platform_code) from error
    return platform_id


def _as_mapping(body: bytes) -> Mapping[str, Any]:
    try:
        data = json.loads(body) if body else {}
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
