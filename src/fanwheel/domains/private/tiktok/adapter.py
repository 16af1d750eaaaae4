"""One TikTok business account: its direct messages and the comments below its videos."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, ClassVar, Final

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
)
from fanwheel.domains.private.channels.errors import BadAccountError, ForgedError, SendError, WindowClosedError
from fanwheel.domains.private.tiktok import about, failures, inbound, menus, outbound
from fanwheel.domains.private.tiktok.about import ABOUT

# TikTok tells again for 72 hours, with a new signature each time: an old one is a recording.
_SIGNED_WITHIN_S: Final = 300
_API: Final = "/open_api/v1.3"


class TikTok:
    """Speaks TikTok's Business Messaging API."""

    about: ClassVar[About] = ABOUT

    def __init__(self, account: Account, tools: Tools) -> None:
        self._account = account
        self._tools = tools
        self._base = (account.settings.get("base_url") or "").rstrip("/") + _API
        self._business = account.settings.get("business_id", "")

    async def send(self, message: Outgoing) -> Sent:
        """Answer in a conversation; a comment is answered by a direct message where TikTok allows it, else below."""
        context: Mapping[str, Any] = message.reply.context if message.reply else {}
        if context.get("item"):
            return await self._answer_below(message, context)
        head = self._head(context)
        parts = wording.joined(message.parts)
        outbound.require_sendable(parts)
        with calls.nothing_sent_yet():
            bodies = [outbound.body(part, media=await self._upload(n, part)) for n, part in enumerate(parts, start=1)]
        return Sent(await calls.one_by_one([{**head, **body} for body in bodies], self._say) or None)

    async def receive(self, request: Request) -> Received:
        """Read an event; the signature covers its time and the body."""
        pairs = reading.pairs(request.headers.get("tiktok-signature", ""))
        signed_at = pairs.get("t", "")
        secret = self._account.secrets["app_secret"].encode()
        proof = hmac.new(secret, signed_at.encode() + b"." + request.body, hashlib.sha256).hexdigest()
        reading.require_same(pairs.get("s", "").lower(), proof)
        reading.require_fresh(signed_at, now=request.received_at, most_s=_SIGNED_WITHIN_S)
        body = reading.as_object(request.body)
        if (whose := reading.text(body, "user_openid")) and whose != self._business:
            raise ForgedError("The callback is about another business account.")
        happenings = inbound.read(body, ours=self._business, received_at=request.received_at)
        return Received(Answer(body=b"{}", content_type="application/json"), happenings)

    async def typing(self, message: Outgoing) -> None:
        """Show for five seconds that somebody writes."""
        head = self._head(message.reply.context if message.reply else {})
        await self._say({**head, "message_type": "SENDER_ACTION", "sender_action": "TYPING"})

    async def publish_menu(self, menu: Mapping[str, Any]) -> None:
        """Put up words of welcome, questions and prompts in the place of those that are there."""
        await menus.publish(menu, self._ask, business=self._business)

    async def check(self) -> Check:
        """Ask for the account's name, which needs a token that works."""
        fields = json.dumps(["username", "display_name"])
        try:
            query = {"business_id": self._business, "fields": fields}
            reply = await self._ask("GET", "/business/get/", params=query)
        except SendError as error:
            return checks.failed(error)
        name = reading.text(reply.data, "data", "display_name") or reading.text(reply.data, "data", "username")
        return Check(True, f"Connected as {name or self._business}.", {"name": name or self._business}, "connected")

    async def close(self) -> None:
        """Nothing is held."""

    def _head(self, context: Mapping[str, Any]) -> dict[str, Any]:
        if context.get("is_direct") and context.get("comment"):
            comment = {"comment_id": str(context["comment"])}
            reply = {"reply_type": "COMMENT_REPLY", "comment_reply": comment}
            return {"business_id": self._business, "direct_reply": reply}
        if not context.get("conversation_id"):
            raise WindowClosedError("TikTok takes answers only, and this message answers none.")
        conversation = str(context["conversation_id"])
        return {"business_id": self._business, "recipient_type": "CONVERSATION", "recipient": conversation}

    async def _say(self, body: dict[str, Any]) -> str:
        reply = await self._ask("POST", "/business/message/send/", json=body)
        return reading.text(reply.data, "data", "message", "message_id")

    async def _answer_below(self, message: Outgoing, context: Mapping[str, Any]) -> Sent:
        text = "\n".join(said for part in message.parts if (said := wording.plain(part)))
        wording.require_text(1, "answer to a comment", text, most=about.COMMENT)
        body = {
            "business_id": self._business,
            "video_id": str(context["item"]),
            "comment_id": str(context.get("comment", "")),
            "text": text,
        }
        reply = await self._ask("POST", "/business/comment/reply/create/", json=body)
        return Sent(reading.text(reply.data, "data", "comment_id") or None)

    async def _upload(self, number: int, part: AnyPart) -> str:
        if not isinstance(part, Media):
            return ""
        if part.platform_id:
            return part.platform_id
        file = await self._tools.media(part.media_id or 0)
        outbound.require_picture(number, file.body, file.content_type)
        form = {"business_id": self._business, "media_type": "IMAGE"}
        files = {"file": (file.name, file.body, file.content_type)}
        reply = await self._ask("POST", "/business/message/media/upload/", data=form, files=files)
        found = reading.text(reply.data, "data", "media_id")
        if not found:
            raise BadAccountError("TikTok took the picture and gave no number for it.")
        return found

    async def _ask(self, method: str, path: str, **request: Any) -> calls.Reply:
        """Ask with a token, and once more with a new one if it was refused as stale."""
        reply = await self._ask_once(method, path, **request)
        if failures.is_stale_token(failures.code_of(reply)):
            await self._tools.forget("access")
            reply = await self._ask_once(method, path, **request)
        failures.raise_for(reply)
        return reply

    async def _ask_once(self, method: str, path: str, **request: Any) -> calls.Reply:
        with calls.nothing_sent_yet():
            token = await self._tools.token("access", self._refresh)
        headers = {"Access-Token": token}
        return await calls.ask(self._tools.http, method, f"{self._base}{path}", headers=headers, **request)

    async def _refresh(self) -> Token:
        """A new access token, which lasts a day; with it comes a new refresh token that takes the old one's place."""
        body = {
            "client_id": self._account.settings["app_id"],
            "client_secret": self._account.secrets["app_secret"],
            "grant_type": "refresh_token",
            "refresh_token": self._account.secrets["refresh_token"],
        }
        path = f"{self._base}/tt_user/oauth2/refresh_token/"
        reply = await calls.ask(self._tools.http, "POST", path, json=body)
        with calls.for_a_token():
            failures.raise_for(reply)
        value = reading.text(reply.data, "data", "access_token")
        if not value:
            raise BadAccountError("TikTok gave no access token; authorize the account again.")
        if (new := reading.text(reply.data, "data", "refresh_token")) and self._tools.keep is not None:
            await self._tools.keep("refresh_token", new)
        lasts = reading.text(reply.data, "data", "expires_in")
        return Token(value, int(lasts) if lasts.isdigit() else 86_400)
