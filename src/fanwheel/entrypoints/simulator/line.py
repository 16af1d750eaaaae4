"""LINE's Messaging API: an official account's messages, and what people do with it.

Source: developers.line.biz/en/reference/messaging-api.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from fanwheel.entrypoints.simulator import platform
from fanwheel.entrypoints.simulator.platform import Call, Reply

_TOKEN_LASTS: Final = timedelta(seconds=900)
_REPLY_LASTS: Final = timedelta(seconds=60)
_KEY_LASTS: Final = timedelta(hours=24)
_AT_ONCE: Final = 5
_TEXT: Final = 5000
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class _Channel:
    """An official account."""

    def __init__(self, args: Mapping[str, Any]) -> None:
        self.id = str(args["channel_id"])
        self.secret = str(args["channel_secret"])
        self.callback_url = str(args["callback_url"])
        self.monthly = int(args.get("monthly", 1_000_000))
        self.used = 0
        self.friends: set[str] = set()


class Platform(platform.Platform):
    """LINE."""

    name: ClassVar[str] = "line"

    def reset(self) -> None:
        """Forget channels, friends and tokens."""
        super().reset()
        self._channels: dict[str, _Channel] = {}
        self._tokens: dict[str, tuple[_Channel, datetime]] = {}
        self._reply_tokens: dict[str, tuple[str, datetime]] = {}
        self._keys: dict[str, tuple[datetime, str]] = {}
        self.menus: list[dict[str, Any]] = []
        self.loading: list[str] = []

    def expire_tokens(self) -> None:
        """Let every access token end now."""
        self._tokens.clear()

    async def handle(self, call: Call) -> Reply:
        """One method of the API."""
        if call.path == "/oauth2/v3/token":
            return self._issue(call.form())
        token = call.headers.get("authorization", "").removeprefix("Bearer ")
        channel, until = self._tokens.get(token, (None, self.clock()))
        if channel is None or until <= self.clock():
            return _refused(401, "Authentication failed. Confirm that the access token in the header is valid.")
        if call.path in {"/v2/bot/message/push", "/v2/bot/message/reply"}:
            return self._send(channel, call)
        if call.path == "/v2/bot/chat/loading/start":
            self.loading.append(call.json()["chatId"])
            return Reply.of({}, 202)
        if call.path.startswith(("/v2/bot/richmenu", "/v2/bot/user/all/richmenu")):
            return self._menu(call)
        facts = {
            "/v2/bot/info": {"userId": "Ubot", "basicId": "@brand", "displayName": "Brand"},
            "/v2/bot/message/quota": {"type": "limited", "value": channel.monthly},
            "/v2/bot/message/quota/consumption": {"totalUsage": channel.used},
        }
        return Reply.of(facts[call.path]) if call.path in facts else Reply(404)

    async def do(self, verb: str, args: Mapping[str, Any]) -> object:
        """``connect``; ``follow``, ``unfollow``, ``write`` (text | content), ``tap`` (data), ``beacon``."""
        if verb == "connect":
            channel = _Channel(args)
            self._channels[channel.id] = channel
            return await self._tell(channel, [])
        channel = self._channels[args["channel_id"]]
        event = getattr(self, f"_do_{verb}")(channel, args)
        token = f"reply{self.next_number()}"
        self._reply_tokens[token] = (args["person"], self.clock() + _REPLY_LASTS)
        told = {
            "mode": "active",
            "timestamp": int(self.clock().timestamp() * 1000),
            "source": {"type": "user", "userId": args["person"]},
            "webhookEventId": f"01{self.next_number():024d}",
            "deliveryContext": {"isRedelivery": False},
            **({} if verb == "unfollow" else {"replyToken": token}),
            **event,
        }
        return await self._tell(channel, [told])

    # ------------------------------------------------------------ people
    def _do_follow(self, channel: _Channel, args: Mapping[str, Any]) -> dict[str, Any]:
        channel.friends.add(args["person"])
        return {"type": "follow", "follow": {"isUnblocked": False}}

    def _do_unfollow(self, channel: _Channel, args: Mapping[str, Any]) -> dict[str, Any]:
        channel.friends.discard(args["person"])
        return {"type": "unfollow"}

    def _do_write(self, channel: _Channel, args: Mapping[str, Any]) -> dict[str, Any]:
        channel.friends.add(args["person"])
        content = args.get("content") or {"type": "text", "text": args["text"]}
        return {"type": "message", "message": {"id": str(self.next_number()), **content}}

    def _do_tap(self, _channel: _Channel, args: Mapping[str, Any]) -> dict[str, Any]:
        return {"type": "postback", "postback": {"data": args["data"]}}

    def _do_beacon(self, _channel: _Channel, args: Mapping[str, Any]) -> dict[str, Any]:
        return {"type": "beacon", "beacon": {"hwid": args["hwid"], "type": "enter"}}

    async def _tell(self, channel: _Channel, events: list[dict[str, Any]]) -> object:
        body = json.dumps({"destination": "Ubot", "events": events}, ensure_ascii=False).encode()
        proof = base64.b64encode(hmac.new(channel.secret.encode(), body, hashlib.sha256).digest()).decode()
        headers = {"content-type": "application/json; charset=utf-8", "x-line-signature": proof}
        answered = await self.call_back(channel.callback_url, body, headers=headers)
        return {"status": None if answered is None else answered.status}

    # ------------------------------------------------------------ the API
    def _issue(self, form: Mapping[str, str]) -> Reply:
        channel = self._channels.get(form.get("client_id", ""))
        if channel is None or channel.secret != form.get("client_secret"):
            return Reply.of({"error": "invalid_client"}, 400)
        token = f"token{self.next_number()}"
        self._tokens[token] = (channel, self.clock() + _TOKEN_LASTS)
        return Reply.of({"token_type": "Bearer", "access_token": token, "expires_in": 900})

    def _send(self, channel: _Channel, call: Call) -> Reply:
        body = call.json()
        if said := _wrong_messages(body.get("messages", [])):
            self.violate("malformed")
            return _refused(400, said)
        if call.path.endswith("reply"):
            person, until = self._reply_tokens.pop(body.get("replyToken", ""), ("", self.clock()))
            if not person or until <= self.clock():
                return _refused(400, "Invalid reply token")
            return self._taken(channel, person, body, is_counted=False)
        return self._push(channel, body, call.headers.get("x-line-retry-key", ""))

    def _push(self, channel: _Channel, body: Mapping[str, Any], key: str) -> Reply:
        if key and not _UUID.fullmatch(key):
            return _refused(400, "The retry key must be a UUID.")
        seen = self._keys.get(key)
        if seen is not None and seen[0] + _KEY_LASTS > self.clock():
            headers = {"x-line-accepted-request-id": seen[1]}
            return Reply.of({"message": "The retry key is already accepted"}, 409, headers)
        if channel.used + 1 > channel.monthly:
            self.violate("monthly_limit")
            return _refused(429, "You have reached your monthly limit.")
        if key:
            self._keys[key] = (self.clock(), f"request{self.next_number()}")
        return self._taken(channel, str(body["to"]), body, is_counted=True)

    def _taken(self, channel: _Channel, person: str, body: Mapping[str, Any], *, is_counted: bool) -> Reply:
        """Messages to whoever has blocked the account are accepted, and reach nobody."""
        number = str(self.next_number())
        if person in channel.friends:
            channel.used += is_counted
            self.take(person, body, platform_id=number)
        else:
            self.violate("not_a_friend")
        return Reply.of({"sentMessages": [{"id": number, "quoteToken": "q"} for _ in body["messages"]]})

    def _menu(self, call: Call) -> Reply:
        if call.path == "/v2/bot/richmenu":
            self.menus.append(call.json())
            return Reply.of({"richMenuId": f"richmenu-{len(self.menus)}"})
        menu = self.menus[-1]
        if call.path.endswith("/content"):
            menu["picture"] = len(call.body)
        else:
            menu["is_shown"] = True
        return Reply.of({})


def _wrong_messages(messages: list[dict[str, Any]]) -> str:
    if not 1 <= len(messages) <= _AT_ONCE:
        return "Size must be between 1 and 5"
    for message in messages:
        if message["type"] == "text" and not 0 < len(message["text"].encode("utf-16-le")) // 2 <= _TEXT:
            return "Length must be between 0 and 5000"
        if len(message.get("quickReply", {}).get("items", [])) > 13:
            return "Too many quick replies"
        if message["type"] == "template" and not 1 <= len(message["template"]["actions"]) <= 4:
            return "Size must be between 1 and 4"
    return ""


def _refused(status: int, message: str) -> Reply:
    return Reply.of({"message": message}, status)
