"""Drafts of answers by any endpoint that speaks as OpenAI's does. A draft is shown to the agent, and never sent."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final, NamedTuple

import httpcore
import httpx
import msgspec

from fanwheel.infra.http import outside
from fanwheel.infra.http.addresses import place_of
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.infra.sealing import Seal
from fanwheel.kernel.errors import ErrorKind, FanwheelError
from fanwheel.loop.operate.conversations.draft_repository import DraftRepository
from fanwheel.loop.operate.conversations.errors import ConversationNotFoundError
from fanwheel.loop.operate.conversations.rules import prompts
from fanwheel.loop.operate.conversations.rules.prompts import Said
from fanwheel.loop.operate.conversations.setup_repository import SetupRepository

_TIMEOUT_S: Final = 30.0
_MOST_BYTES: Final = 256 * 1024
_MOST_SAID: Final = 20
_MOST_TOKENS: Final = 600
_MOST_DRAFT: Final = 4_000
_REMEDIES: Final = {
    400: "It does not understand the request: check the model's name.",
    401: "It refused the key.",
    403: "It refused the key.",
    404: "There is nothing at this address: it usually ends in /v1, and the model must exist.",
    429: "It has too much to do, or the account there is used up.",
}


class DraftsAreOffError(FanwheelError):
    """Drafts are switched off."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class BadEndpointError(FanwheelError):
    """That is no address of an endpoint."""


class KeyNeededError(FanwheelError):
    """The key belongs to another address: enter the one for this address."""


class NoDraftError(FanwheelError):
    """The endpoint gave no draft."""

    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE


class Endpoint(NamedTuple):
    """Where drafts come from."""

    base_url: str
    model: str
    key: str


class Request(NamedTuple):
    """What an endpoint is asked."""

    endpoint: Endpoint
    messages: Sequence[Mapping[str, str]]


async def put(tx: Transaction, seal: Seal, values: Mapping[str, Any], *, actor: str) -> None:
    """Say how drafts are made. A key that is not given stays, as long as it goes to the same place.

    Raises
    ------
    BadEndpointError, KeyNeededError
        If the address cannot be called, or another place would be given the key.
    """
    assert tx.workspace is not None
    place = place_of(values["base_url"])
    if place is None:
        raise BadEndpointError(hint="Write it as https://api.example.com/v1.")
    repository = DraftRepository(tx)
    before = await repository.find()
    kept = before["sealed_key"] if before else None
    key = values["key"]
    if key is None and kept is not None and before is not None and place_of(before["base_url"]) != place:
        raise KeyNeededError(hint="Or save it with an empty key.")
    sealed = kept if key is None else seal.close(key, workspace=tx.workspace) if key else None
    await repository.put(
        {**{name: values[name] for name in values if name != "key"}, "sealed_key": sealed}, actor=actor
    )


async def draft(database: Database, seal: Seal, conversation_id: int, *, workspace: int, user: int | None) -> str:
    """A draft of the next answer in a conversation; nothing is sent to the person, and nothing kept.

    Raises
    ------
    DraftsAreOffError, ConversationNotFoundError, NoDraftError
        If there is none.
    """
    async with database.transaction(workspace) as tx:
        request = await _prepare(tx, seal, conversation_id, user=user)
    # The connection to the database is given back first: an endpoint may take half a minute.
    return await ask(request)


async def check(database: Database, seal: Seal, *, workspace: int) -> str:
    """What the endpoint answers to a greeting; raises ``DraftsAreOffError`` or ``NoDraftError``."""
    async with database.transaction(workspace) as tx:
        row = await DraftRepository(tx).find()
        if row is None:
            raise DraftsAreOffError(hint="Save an address first.")
        endpoint = _endpoint(row, seal, workspace)
    return await ask(Request(endpoint, [{"role": "user", "content": "Answer with the one word: hello"}]))


async def ask(request: Request) -> str:
    """What an endpoint answers; raises ``NoDraftError`` with the reason."""
    endpoint = request.endpoint
    headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
    body = {"model": endpoint.model, "messages": request.messages, "max_tokens": _MOST_TOKENS, "stream": False}
    url = f"{endpoint.base_url.rstrip('/')}/chat/completions"
    # Only what an owner entered as an address may lead inside, as with channels.
    try:
        async with (
            outside.client(timeout_s=_TIMEOUT_S, trusted=[endpoint.base_url]) as client,
            client.stream("POST", url, json=body, headers=headers) as answer,
        ):
            told = await _read(answer)
    except httpx.TimeoutException as error:
        raise NoDraftError(hint=f"It did not answer within {_TIMEOUT_S:.0f} seconds.") from error
    except (httpx.HTTPError, httpcore.UnsupportedProtocol) as error:
        is_forbidden = isinstance(error.__cause__ or error, outside.ForbiddenAddressError)
        why = "Its address leads to a place that is not to be called." if is_forbidden else "It cannot be reached."
        raise NoDraftError(hint=why) from error
    return _said(told)


async def _prepare(tx: Transaction, seal: Seal, conversation_id: int, *, user: int | None) -> Request:
    assert tx.workspace is not None
    repository = DraftRepository(tx)
    known = await SetupRepository(tx).get_variables(conversation_id, user=user)
    if known is None:
        raise ConversationNotFoundError
    row = await repository.find()
    if row is None or not row["is_on"]:
        raise DraftsAreOffError(hint="An owner switches them on in the settings of the inbox.")
    said = await repository.list_said(conversation_id, most=_MOST_SAID)
    messages = prompts.write(
        [Said(each["kind"] == "out", each["body"]) for each in reversed(said)],
        brand=known["brand"],
        instructions=row["instructions"],
        traits={**known["traits"], prompts.NAME: known["name"]},
        allowed=row["traits"],
    )
    return Request(_endpoint(row, seal, tx.workspace), messages)


def _endpoint(row: Mapping[str, Any], seal: Seal, workspace: int) -> Endpoint:
    sealed = row["sealed_key"]
    key = seal.open(bytes(sealed), workspace=workspace) if sealed is not None else ""
    return Endpoint(row["base_url"], row["model"], key)


async def _read(answer: httpx.Response) -> bytes:
    if answer.status_code != httpx.codes.OK:
        remedy = _REMEDIES.get(answer.status_code, "")
        raise NoDraftError(hint=f"It answered {answer.status_code}. {remedy}".strip())
    told = bytearray()
    async for chunk in answer.aiter_bytes():
        told += chunk
        if len(told) > _MOST_BYTES:
            raise NoDraftError(hint="Its answer is too long.")
    return bytes(told)


def _said(told: bytes) -> str:
    try:
        text = msgspec.json.decode(told)["choices"][0]["message"]["content"]
    except (msgspec.DecodeError, KeyError, IndexError, TypeError) as error:
        raise NoDraftError(hint="Its answer cannot be read: it must speak as OpenAI’s chat completions.") from error
    if not isinstance(text, str) or not text.strip():
        raise NoDraftError(hint="It said nothing.")
    return text.strip()[:_MOST_DRAFT]
