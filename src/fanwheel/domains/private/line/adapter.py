"""One LINE official account."""

import base64
import hashlib
import hmac
import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from fanwheel.domains.private.channels import calls, checks, reading, wording
from fanwheel.domains.private.channels.adapter import About, Account, Token, Tools
from fanwheel.domains.private.channels.contracts import Answer, Check, Outgoing, Received, Request, Sent
from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    QuotaUsedUpError,
    RefusedError,
    SendError,
    UnclearError,
)
from fanwheel.domains.private.line import about, inbound, outbound
from fanwheel.domains.private.line.about import ABOUT

# The space of our retry keys: the same message has the same key at every attempt, in every process.
_KEYS: Final = uuid.uuid5(uuid.NAMESPACE_URL, "https://fanwheel.dev/line")
_LOADING_S: Final = 20


class Line:
    """Speaks LINE's Messaging API."""

    about: ClassVar[About] = ABOUT

    def __init__(self, account: Account, tools: Tools) -> None:
        self._account = account
        self._tools = tools
        self._base = (account.settings.get("base_url") or about.BASE_URL).rstrip("/")
        self._data = (account.settings.get("data_url") or about.DATA_URL).rstrip("/")

    async def send(self, message: Outgoing) -> Sent:
        """Answer with the token of the message answered while it holds, which is free of charge; else push."""
        parts = wording.joined(message.parts)
        outbound.require_sendable(parts)
        bodies = [outbound.body(part) for part in parts]
        token = str((message.reply.context if message.reply else {}).get("reply_token") or "")
        if token and (sent := await self._answer(token, bodies)) is not None:
            return sent
        return await self._push(message, bodies)

    async def receive(self, request: Request) -> Received:
        """Read a callback; the signature covers the body. Its own events' numbers tell repetitions apart."""
        secret = self._account.secrets["channel_secret"].encode()
        proof = base64.b64encode(hmac.new(secret, request.body, hashlib.sha256).digest()).decode()
        reading.require_same(request.headers.get("x-line-signature", ""), proof)
        body = reading.as_object(request.body)
        return Received(Answer(), inbound.read(body, received_at=request.received_at))

    async def typing(self, message: Outgoing) -> None:
        """Show a loading animation, which ends with the next message."""
        body = {"chatId": message.to.value, "loadingSeconds": _LOADING_S}
        _raise_for(await self._ask("POST", "/v2/bot/chat/loading/start", json=body))

    async def publish_menu(self, menu: Mapping[str, Any]) -> None:
        """Make a rich menu with its picture, and show it to everybody."""
        rich, image = menu["rich_menu"], menu.get("image")
        if not image:
            raise RefusedError("A menu on LINE needs a picture from the media library.", code="empty")
        file = await self._tools.media(int(image))
        made = await self._ask("POST", "/v2/bot/richmenu", json=rich)
        _raise_for(made)
        number = reading.text(made.data, "richMenuId")
        path = f"{self._data}/v2/bot/richmenu/{number}/content"
        headers = {"Content-Type": file.content_type}
        _raise_for(await self._ask("POST", path, content=file.body, headers=headers))
        _raise_for(await self._ask("POST", f"/v2/bot/user/all/richmenu/{number}"))

    async def check(self) -> Check:
        """Ask for the account's name and what is left of the month's messages."""
        try:
            reply = await self._ask("GET", "/v2/bot/info")
            _raise_for(reply)
            quota = await self._ask("GET", "/v2/bot/message/quota")
            used = await self._ask("GET", "/v2/bot/message/quota/consumption")
        except SendError as error:
            return checks.failed(error)
        facts = reading.known(reply.data, "displayName", "basicId")
        if limit := reading.text(quota.data, "value"):
            facts |= {"monthly_messages": limit, "used": reading.text(used.data, "totalUsage")}
        name = facts.get("displayName", "LINE")
        return Check(True, f"Connected as {name}.", {**facts, "name": name}, "connected")

    async def close(self) -> None:
        """Nothing is held."""

    async def _answer(self, token: str, bodies: list[dict[str, Any]]) -> Sent | None:
        """Answer with a token, or None where it does not hold any more.

        A token works once. So where LINE's answer is lost we ask at once a second time: if the token is used up by
        then, the message was taken. Later this could not be told from a token that had been used for another.
        """
        body = {"replyToken": token, "messages": bodies}
        try:
            reply = await self._ask("POST", "/v2/bot/message/reply", json=body)
        except UnclearError:
            reply = await self._ask("POST", "/v2/bot/message/reply", json=body)
            if _is_used_token(reply):
                return Sent(None)
        if _is_used_token(reply):
            return None
        _raise_for(reply)
        return Sent(_first_id(reply))

    async def _push(self, message: Outgoing, bodies: list[dict[str, Any]]) -> Sent:
        key = str(uuid.uuid5(_KEYS, f"{self._account.account_id}:{message.key}"))
        body = {"to": message.to.value, "messages": bodies}
        reply = await self._ask("POST", "/v2/bot/message/push", json=body, headers={"X-Line-Retry-Key": key})
        if reply.status == 409:  # taken at an earlier attempt
            return Sent(_first_id(reply) or reply.headers.get("x-line-accepted-request-id"))
        _raise_for(reply)
        return Sent(_first_id(reply))

    async def _ask(self, method: str, path: str, **request: Any) -> calls.Reply:
        """Ask with a token, and once more with a new one if it was refused and we can get another."""
        url = path if path.startswith("http") else f"{self._base}{path}"
        headers = dict(request.pop("headers", {}))
        reply = await self._ask_once(method, url, headers, **request)
        if reply.status == 401 and not self._account.secrets.get("access_token"):
            await self._tools.forget("access")
            reply = await self._ask_once(method, url, headers, **request)
        return reply

    async def _ask_once(self, method: str, url: str, headers: Mapping[str, str], **request: Any) -> calls.Reply:
        proved = {**headers, "Authorization": f"Bearer {await self._token()}"}
        return await calls.ask(self._tools.http, method, url, headers=proved, **request)

    async def _token(self) -> str:
        if own := self._account.secrets.get("access_token"):
            return own
        with calls.nothing_sent_yet():
            return await self._tools.token("access", self._fetch)

    async def _fetch(self) -> Token:
        """A token that LINE keeps no account of, for a quarter of an hour."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self._account.settings["channel_id"],
            "client_secret": self._account.secrets["channel_secret"],
        }
        reply = await calls.ask(self._tools.http, "POST", f"{self._base}/oauth2/v3/token", data=form)
        value = reading.text(reply.data, "access_token")
        if not value:
            if reply.status < 500:
                raise BadAccountError("LINE gave no access token for this channel.", code=str(reply.status))
            calls.refuse_by_status(reply)
        lasts = reading.text(reply.data, "expires_in")
        return Token(value, int(lasts) if lasts.isdigit() else 900)


def _first_id(reply: calls.Reply) -> str | None:
    return reading.text(next(iter(reading.objects(reply.data, "sentMessages")), {}), "id") or None


def _is_used_token(reply: calls.Reply) -> bool:
    return reply.status == 400 and "reply token" in reading.text(reply.data, "message").lower()


def _raise_for(reply: calls.Reply) -> None:
    if reply.is_fine:
        return
    said = reading.text(reply.data, "message")
    if reply.status == 429 and "monthly limit" in said.lower():
        raise QuotaUsedUpError("The month’s messages of LINE’s plan are used up.", code="429")
    if reply.status == 403:
        raise RefusedError(f"LINE does not allow it: {calls.quoted(said)}", code="403")
    calls.refuse_by_status(reply, said=said)
