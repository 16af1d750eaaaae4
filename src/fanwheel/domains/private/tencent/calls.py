"""Calling Tencent's APIs: a token in the query, and a code in every answer that says what went wrong."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from fanwheel.domains.private.channels import calls
from fanwheel.domains.private.channels.adapter import MediaFile, Token, Tools
from fanwheel.domains.private.channels.errors import BadAccountError, RefusedError, SendError, UnclearError

_CREDENTIAL: Final = "access_token"
_STALE: Final = frozenset({40001, 40014, 42001})
_MEDIA_LASTS_S: Final = 60 * 60 * 60  # three days on the platform, with half a day to spare
_IDS: Final = re.compile(r"[\w:/+=-]{16,}")


class Meaning(NamedTuple):
    """What a code of the platform means to us, in a sentence for operators."""

    error: type[SendError]
    sentence: str
    retry_after_s: float | None = None


class Api:
    """One account's API. A refused token is fetched anew once, whoever else is using it."""

    def __init__(
        self,
        tools: Tools,
        base_url: str,
        fetch: Callable[["Api"], Awaitable[Token]],
        *,
        owner: str,
        meanings: Mapping[int, Meaning],
    ) -> None:
        self._tools = tools
        # Whose tokens and files they are: an account may be given another app's id.
        self._owner = owner
        self._credential = f"{_CREDENTIAL}:{owner}"
        self._base_url = base_url.rstrip("/")
        self._fetch = fetch
        self._meanings = meanings

    async def post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answer to JSON sent with the account's token."""
        return await self._authorized("POST", path, content=msgspec.json.encode(body))

    async def get(self, path: str, **query: str) -> Mapping[str, Any]:
        """The answer to a question asked with the account's token."""
        return await self._authorized("GET", path, query=query)

    async def media(self, media_id: int, kind: str) -> str:
        """The platform's id of a file of the media library, which is uploaded where it is not there yet."""

        async def upload() -> Token:
            file = await self._tools.media(media_id)
            answer = await self._upload(kind, file)
            return Token(str(answer["media_id"]), _MEDIA_LASTS_S)

        return await self._tools.token(f"media:{self._owner}:{kind}:{media_id}", upload)

    async def _upload(self, kind: str, file: MediaFile) -> Mapping[str, Any]:
        files = {"media": (file.name or "file", file.body, file.content_type)}
        return await self._authorized("POST", "/cgi-bin/media/upload", query={"type": kind}, files=files)

    async def ask(self, method: str, path: str, **options: Any) -> Mapping[str, Any]:
        """The answer to a call that needs no token, or carries its own."""
        answer = await self._exchange(method, path, options)
        self._refuse(answer)
        return answer

    async def _authorized(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, **options: Any
    ) -> Mapping[str, Any]:
        token = await self._token()
        answer = await self._exchange(method, path, {"params": {**(query or {}), _CREDENTIAL: token}, **options})
        if _code(answer) in _STALE:
            # Another worker may have fetched a new one meanwhile; only the one that was refused is dropped.
            if await self._token() == token:
                await self._tools.forget(self._credential)
            token = await self._token()
            answer = await self._exchange(method, path, {"params": {**(query or {}), _CREDENTIAL: token}, **options})
        self._refuse(answer)
        return answer

    async def _token(self) -> str:
        return await self._tools.token(self._credential, lambda: self._fetch(self))

    async def _exchange(self, method: str, path: str, options: dict[str, Any]) -> Mapping[str, Any]:
        reply = await calls.ask(self._tools.http, method, self._base_url + path, **options)
        calls.refuse_by_status(reply)
        if not reply.data:
            raise UnclearError("The platform's answer cannot be read.", code=str(reply.status))
        return reply.data

    def _refuse(self, answer: Mapping[str, Any]) -> None:
        code = _code(answer)
        if code == 0:
            return
        meaning = self._meanings.get(code)
        if meaning:
            raise meaning.error(meaning.sentence, code=str(code), retry_after_s=meaning.retry_after_s)
        if code in _STALE:
            raise BadAccountError("The platform refuses the access token, a new one too.", code=str(code))
        # Their words help, but may repeat whom or what it was about.
        words = _IDS.sub("…", str(answer.get("errmsg", "")))[:160]
        raise RefusedError(f"The platform refuses it: {words} ({code}).", code=str(code))


def _code(answer: Mapping[str, Any]) -> int:
    code = answer.get("errcode", 0)
    return code if isinstance(code, int) else -1
