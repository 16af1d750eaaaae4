"""WhatsApp's Cloud API: messages of a business number, and what becomes of them.

Source: developers.facebook.com/docs/whatsapp. A message outside the window is taken and then reported as failed, as
Meta does it.
"""

import hashlib
import hmac
import json
from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from fanwheel.entrypoints.simulator import platform, rights
from fanwheel.entrypoints.simulator.multipart import read_multipart
from fanwheel.entrypoints.simulator.platform import Call, Reply
from fanwheel.entrypoints.simulator.rights import Right

_WINDOW_S: Final = 24 * 3600
_TEXT: Final = 4096
_BODY: Final = 1024
_BUTTONS: Final = 3
_ROWS: Final = 10
_REENGAGE: Final = {"code": 131047, "title": "Re-engagement message"}
_STOPPED: Final = {"code": 131050, "title": "User has stopped receipt of marketing messages"}


class _Number:
    """A business number: who may be written to, which templates are approved, and how fast it speaks."""

    def __init__(self, args: Mapping[str, Any]) -> None:
        self.id = str(args["phone_number_id"])
        self.access_token = str(args["access_token"])
        self.app_secret = str(args["app_secret"])
        self.callback_url = str(args["callback_url"])
        self.templates = set(args.get("templates", ()))
        self.per_second = int(args.get("per_second", 80))
        self.daily = int(args.get("daily", 100_000))  # people whom it may write to first
        self.met: dict[str, datetime] = {}
        self.spoke: deque[datetime] = deque()


class Platform(platform.Platform):
    """WhatsApp."""

    name: ClassVar[str] = "whatsapp"

    def reset(self) -> None:
        """Forget numbers and windows."""
        super().reset()
        self._numbers_by_id: dict[str, _Number] = {}
        self._rights: dict[str, Right] = {}
        self._stopped: set[str] = set()
        self._opaque: dict[str, str] = {}
        self._failing: dict[str, Mapping[str, Any]] = {}
        self._media: set[str] = set()
        self.read: list[str] = []

    async def handle(self, call: Call) -> Reply:
        """One method of the API."""
        _, _version, number_id, *rest = [*call.path.split("/"), "", ""]
        number = self._numbers_by_id.get(number_id)
        if number is None:
            return _refused(100, "Unsupported post request. Object does not exist.", status=400)
        if call.headers.get("authorization") != f"Bearer {number.access_token}":
            return _refused(190, "Invalid OAuth access token.", status=401)
        if rest[0] == "media":
            read_multipart(call.body, call.headers["content-type"])
            media = f"media{self.next_number()}"
            self._media.add(media)
            return Reply.of({"id": media})
        if rest[0] == "messages":
            return self._send(number, call.json())
        facts = {"display_phone_number": "+1 555 0100", "verified_name": "Brand", "quality_rating": "GREEN"}
        return Reply.of({**facts, "messaging_limit_tier": "TIER_1K", "id": number.id})

    async def do(self, verb: str, args: Mapping[str, Any]) -> object:
        """``connect``; ``write``, ``tap`` (value), ``prefer`` (value), ``tell``; ``report`` (message, state)."""
        if verb == "connect":
            return await self._connect(args)
        number = self._numbers_by_id[args["phone_number_id"]]
        value = getattr(self, f"_do_{verb}")(args)
        metadata = {"display_phone_number": "15550100", "phone_number_id": number.id}
        field = "user_preferences" if verb == "prefer" else "messages"
        change = {"field": field, "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
        told = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
        body = json.dumps(told).encode()
        proof = hmac.new(number.app_secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"content-type": "application/json", "x-hub-signature-256": f"sha256={proof}"}
        answered = await self.call_back(number.callback_url, body, headers=headers)
        return {"status": None if answered is None else answered.status}

    # ------------------------------------------------------------ people
    def _do_write(self, args: Mapping[str, Any]) -> dict[str, Any]:
        self._rights[args["person"]] = Right(self.clock(), lasts_s=_WINDOW_S)
        content = args.get("content") or {"type": "text", "text": {"body": args["text"]}}
        if "referral" in args:
            content = {**content, "referral": args["referral"]}
        return self._message(args, content)

    def _do_tap(self, args: Mapping[str, Any]) -> dict[str, Any]:
        self._rights[args["person"]] = Right(self.clock(), lasts_s=_WINDOW_S)
        kind = args.get("kind", "button_reply")
        reply = {"type": kind, kind: {"id": args["value"], "title": args.get("label", "")}}
        return self._message(args, {"type": "interactive", "interactive": reply})

    def _do_prefer(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """Somebody stops or resumes marketing messages."""
        change = self._stopped.add if args["value"] == "stop" else self._stopped.discard
        change(args["person"])
        told = {"wa_id": args["person"], "category": "marketing_messages", "value": args["value"]}
        return {"user_preferences": [{**told, "timestamp": int(self.clock().timestamp())}]}

    def _do_tell(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """Somebody of the brand writes in the app on the phone."""
        echo = {"from": "15550100", "to": args["person"], "type": "text", "text": {"body": args["text"]}}
        return {"message_echoes": [{**echo, "id": f"wamid.{self.next_number()}", "timestamp": self._now()}]}

    def _do_report(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """What became of a message; one that could not go out fails whatever is asked for."""
        message = args["message"]
        told = {"id": message, "status": args.get("state", "delivered"), "timestamp": self._now()}
        told |= {"recipient_id": args["person"], "biz_opaque_callback_data": self._opaque.get(message, "")}
        if error := self._failing.get(message):
            told |= {"status": "failed", "errors": [error]}
        return {"statuses": [told]}

    def _message(self, args: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
        person = args["person"]
        message = {"from": person, "id": f"wamid.{self.next_number()}", "timestamp": self._now(), **content}
        return {"contacts": [{"wa_id": person, "profile": {"name": args.get("name", "Ana")}}], "messages": [message]}

    def _now(self) -> str:
        return str(int(self.clock().timestamp()))

    # ------------------------------------------------------------ the API
    async def _connect(self, args: Mapping[str, Any]) -> object:
        number = _Number(args)
        self._numbers_by_id[number.id] = number
        challenge = str(self.next_number())
        query = {"hub.mode": "subscribe", "hub.verify_token": args["verify_token"], "hub.challenge": challenge}
        answered = await self.call_back(f"{number.callback_url}?{urlencode(query)}", method="GET")
        return {"is_verified": answered is not None and answered.body.decode() == challenge}

    def _send(self, number: _Number, body: Mapping[str, Any]) -> Reply:
        if body.get("status") == "read":
            self.read.append(body["message_id"])
            return Reply.of({"success": True})
        if refusal := self._refuse(number, body):
            return refusal
        person, message = str(body["to"]), f"wamid.{self.next_number()}"
        self._opaque[message] = body.get("biz_opaque_callback_data", "")
        if body["type"] == "template":
            if person in self._stopped:
                self.violate("stopped")
                self._failing[message] = _STOPPED
        elif rights.use(self._rights.get(person), self.clock()) != "open":
            self.violate("window_closed")
            self._failing[message] = _REENGAGE
        if message not in self._failing:
            self.take(person, body, platform_id=message)
        contacts = [{"input": person, "wa_id": person}]
        return Reply.of({"messaging_product": "whatsapp", "contacts": contacts, "messages": [{"id": message}]})

    def _refuse(self, number: _Number, body: Mapping[str, Any]) -> Reply | None:
        now = self.clock()
        while number.spoke and number.spoke[0] <= now - timedelta(seconds=1):
            number.spoke.popleft()
        if len(number.spoke) >= number.per_second:
            self.violate("too_fast")
            return _refused(130429, "Rate limit hit", status=429)
        number.spoke.append(now)
        if body.get("type") == "template" and body["template"]["name"] not in number.templates:
            return _refused(132001, "Template name does not exist in the translation", status=404)
        if said := self._wrong_content(body):
            self.violate("malformed")
            return _refused(131009, said, status=400)
        if not self._may_meet(number, body, now):
            self.violate("messaging_limit")
            return _refused(131048, "Spam rate limit hit", status=429)
        return None

    def _may_meet(self, number: _Number, body: Mapping[str, Any], now: datetime) -> bool:
        """Whether the number may write to somebody who has not written to it; so many people in a day."""
        person = str(body["to"])
        if body.get("type") != "template" or rights.use(self._rights.get(person), now) == "open":
            return True
        began = now - timedelta(days=1)
        while number.met and next(iter(number.met.values())) <= began:
            del number.met[next(iter(number.met))]
        if person not in number.met and len(number.met) >= number.daily:
            return False
        number.met.setdefault(person, now)
        return True

    def _wrong_content(self, body: Mapping[str, Any]) -> str:
        kind = body.get("type", "")
        inside = body.get(kind, {})
        if kind == "text" and not 0 < len(inside["body"]) <= _TEXT:
            return "Param text['body'] must be at most 4096 characters long."
        if kind in {"image", "video", "audio", "document"} and "id" in inside and inside["id"] not in self._media:
            return "Media not found."
        return _wrong_interactive(inside) if kind == "interactive" else ""


def _wrong_interactive(found: Mapping[str, Any]) -> str:
    if not 0 < len(found["body"]["text"]) <= _BODY:
        return "Body text length invalid."
    action = found["action"]
    if found["type"] == "button":
        titles = [button["reply"]["title"] for button in action["buttons"]]
        return (
            "" if 1 <= len(titles) <= _BUTTONS and all(0 < len(each) <= 20 for each in titles) else "Buttons invalid."
        )
    if found["type"] == "list":
        titles = [row["title"] for section in action["sections"] for row in section["rows"]]
        return "" if 1 <= len(titles) <= _ROWS and all(0 < len(each) <= 24 for each in titles) else "Rows invalid."
    return ""


def _refused(code: int, message: str, *, status: int) -> Reply:
    error = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code, "fbtrace_id": "1"}
    return Reply.of({"error": error}, status)
