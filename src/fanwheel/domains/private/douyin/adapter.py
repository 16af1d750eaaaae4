"""One Douyin account: its direct messages and the comments below its videos."""

import hashlib
from collections.abc import Mapping
from typing import Any, ClassVar, Final

import msgspec

from fanwheel.domains.private.channels import calls, checks, reading, wording
from fanwheel.domains.private.channels.adapter import About, Account, Token, Tools
from fanwheel.domains.private.channels.contracts import (
    Answer,
    AnyPart,
    Check,
    Media,
    Outgoing,
    Received,
    Request,
    Sent,
    Template,
    Text,
)
from fanwheel.domains.private.channels.errors import BadAccountError, SendError, WindowClosedError
from fanwheel.domains.private.douyin import failures, inbound, outbound
from fanwheel.domains.private.douyin.about import ABOUT

_SCENE_GREETING: Final = "im_authorize_message"
# A refresh token holds for 30 days; with this much left it is renewed, which Douyin allows five times.
_RENEW_BELOW_S: Final = 5 * 24 * 3600
_TAKEN: Final = Answer(body=b'{"err_no":0,"err_tips":"success"}', content_type="application/json")


class Douyin:
    """Speaks Douyin's open platform."""

    about: ClassVar[About] = ABOUT

    def __init__(self, account: Account, tools: Tools) -> None:
        self._account = account
        self._tools = tools
        self._base = (account.settings.get("base_url") or "").rstrip("/")
        self._ours = account.settings.get("open_id", "")

    async def send(self, message: Outgoing) -> Sent:
        """Send every part as a message of its own; a comment is answered below the video."""
        context: Mapping[str, Any] = message.reply.context if message.reply else {}
        if context.get("comment"):
            return await self._answer_comment(message, context)
        parts = wording.joined(message.parts)
        outbound.require_sendable(parts, text_limit=ABOUT.text_limit or 0)
        head = self._head(message, context)
        with calls.nothing_sent_yet():
            contents = [outbound.content(part, media=await self._upload(part)) for part in parts]

        async def say(content: dict[str, Any]) -> str:
            reply = await self._ask("/im/send/msg/", params=self._owner(), json={**head, "content": content})
            return reading.text(reply.data, "msg_id") or reading.text(reply.data, "data", "msg_id")

        return Sent(await calls.one_by_one(contents, say) or None)

    async def receive(self, request: Request) -> Received:
        """Read an event; the signature is a SHA-1 of the secret followed by the body."""
        proof = hashlib.sha1(self._account.secrets["client_secret"].encode() + request.body)  # noqa: S324 - theirs
        reading.require_same(request.headers.get("x-douyin-signature", "").lower(), proof.hexdigest())
        body = reading.as_object(request.body)
        if reading.text(body, "event") == "verify_webhook":
            challenge = reading.inner(body.get("content")).get("challenge")
            return Received(Answer(body=msgspec.json.encode({"challenge": challenge}), content_type="application/json"))
        return Received(_TAKEN, inbound.read(body, ours=self._ours, received_at=request.received_at))

    async def check(self) -> Check:
        """Ask for the account's name, which needs a token that works."""
        try:
            reply = await self._who()
            if failures.is_stale_token(failures.code_of(reply)):
                await self._tools.forget("access")
                reply = await self._who()
            failures.raise_for(reply)
        except SendError as error:
            return checks.failed(error)
        name = reading.text(reply.data, "data", "nickname")
        return Check(True, f"Connected as {name or self._ours}.", {"name": name or self._ours}, "connected")

    async def _who(self) -> calls.Reply:
        token = await self._tools.token("access", self._refresh)
        form = {"open_id": self._ours, "access_token": token}
        return await calls.ask(self._tools.http, "POST", f"{self._base}/oauth/userinfo/", data=form)

    async def close(self) -> None:
        """Nothing is held."""

    def _owner(self) -> dict[str, str]:
        return {"open_id": self._ours}

    def _head(self, message: Outgoing, context: Mapping[str, Any]) -> dict[str, str]:
        """Whom and in which right: that of the message answered, or of a grant, which is for greetings alone."""
        is_greeting = all(isinstance(part, Template) for part in message.parts)
        if not is_greeting and not context.get("scene"):
            raise WindowClosedError("Douyin wants to know which message is answered, and this one does not say.")
        if is_greeting:
            return {"to_user_id": message.to.value, "scene": _SCENE_GREETING}
        head = {"to_user_id": message.to.value, "scene": str(context["scene"])}
        for name in ("msg_id", "conversation_id"):
            if context.get(name):
                head[name] = str(context[name])
        return head

    async def _answer_comment(self, message: Outgoing, context: Mapping[str, Any]) -> Sent:
        text = "\n".join(said for part in message.parts if (said := wording.plain(part)))
        outbound.require_sendable((Text(text),), text_limit=ABOUT.text_limit or 0)
        body = {"comment_id": context["comment"], "item_id": context.get("item", ""), "content": text}
        reply = await self._ask("/item/comment/reply/", params=self._owner(), json=body)
        return Sent(reading.text(reply.data, "data", "comment_id") or None)

    async def _upload(self, part: AnyPart) -> str:
        """The number that Douyin gives a picture of the media library; uploading speaks for nobody, so it may fail."""
        if not isinstance(part, Media) or part.kind != "image":
            return ""
        if part.platform_id:
            return part.platform_id
        file = await self._tools.media(part.media_id or 0)
        reply = await self._ask(
            "/tool/imagex/client_upload/",
            token="client",  # noqa: S106 - the name of one
            params=self._owner(),
            files={"image": (file.name, file.body, file.content_type)},
        )
        found = reading.text(reply.data, "data", "image_id") or reading.text(reply.data, "data", "data", "image_id")
        if not found:
            raise BadAccountError("Douyin took the picture and gave no number for it.")
        return found

    async def _ask(self, path: str, *, token: str = "access", **request: Any) -> calls.Reply:  # noqa: S107
        """Ask with a token, and once more with a new one if it was refused as stale."""
        reply = await self._ask_once(path, token, **request)
        if failures.is_stale_token(failures.code_of(reply)):
            await self._tools.forget(token)
            reply = await self._ask_once(path, token, **request)
        failures.raise_for(reply)
        return reply

    async def _ask_once(self, path: str, token: str, **request: Any) -> calls.Reply:
        with calls.nothing_sent_yet():
            value = await self._tools.token(token, self._refresh if token == "access" else self._client)  # noqa: S105
        headers = {"access-token": value}
        return await calls.ask(self._tools.http, "POST", f"{self._base}{path}", headers=headers, **request)

    async def _refresh(self) -> Token:
        secret = self._account.secrets["refresh_token"]
        reply = await self._for_token("/oauth/refresh_token/", {"grant_type": "refresh_token", "refresh_token": secret})
        left = reading.text(reply.data, "data", "refresh_expires_in")
        if left.isdigit() and int(left) < _RENEW_BELOW_S:
            renewed = await self._for_token("/oauth/renew_refresh_token/", {"refresh_token": secret})
            if (new := reading.text(renewed.data, "data", "refresh_token")) and self._tools.keep is not None:
                await self._tools.keep("refresh_token", new)
        return _token(reply)

    async def _client(self) -> Token:
        return _token(
            await self._for_token(
                "/oauth/client_token/",
                {"grant_type": "client_credential", "client_secret": self._account.secrets["client_secret"]},
            )
        )

    async def _for_token(self, path: str, form: dict[str, str]) -> calls.Reply:
        form = {"client_key": self._account.settings["client_key"], **form}
        reply = await calls.ask(self._tools.http, "POST", f"{self._base}{path}", data=form)
        with calls.for_a_token():
            failures.raise_for(reply)
        return reply


def _token(reply: calls.Reply) -> Token:
    value = reading.text(reply.data, "data", "access_token")
    if not value:
        raise BadAccountError("Douyin gave no access token; authorize the account again.")
    lasts = reading.text(reply.data, "data", "expires_in")
    return Token(value, int(lasts) if lasts.isdigit() else 3600)
