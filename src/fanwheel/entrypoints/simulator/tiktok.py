"""TikTok's Business Messaging API: direct messages, comments, and events about them.

Source: cached documentation of business-api.tiktok.com, v1.3.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, ClassVar, Final, NamedTuple

from fanwheel.entrypoints.simulator import platform, rights
from fanwheel.entrypoints.simulator.multipart import read_multipart
from fanwheel.entrypoints.simulator.platform import Call, Reply
from fanwheel.entrypoints.simulator.rights import Right

_API: Final = "/open_api/v1.3"
_WINDOW: Final = {"lasts_s": 48 * 3600, "most": 10}
_TEXT: Final = 6000
_COMMENT: Final = 150
_MENU: Final = {"WELCOME_MESSAGE": 1, "SUGGESTED_QUESTION": 3, "CHAT_PROMPT": 6}
_STANDINGS: Final = {
    "closed": "The 48-hour messaging window has expired.",
    "used_up": "You have reached the limit of 10 messages after the user's last message.",
}


class _Brand(NamedTuple):
    """An app with the business account that authorized it."""

    app_id: str
    app_secret: str
    business_id: str
    callback_url: str


class Platform(platform.Platform):
    """TikTok."""

    name: ClassVar[str] = "tiktok"

    def reset(self) -> None:
        """Forget brands, rights and tokens."""
        super().reset()
        self._brands: dict[str, _Brand] = {}  # by business id
        self.refresh_tokens: dict[str, str] = {}  # business id → the one that holds
        self._tokens: dict[str, str] = {}
        self._rights: dict[str, Right] = {}  # by person
        self._comments: dict[str, tuple[str, bool]] = {}  # comment → person, whether it may become a message
        self._pictures: set[str] = set()
        self.menu: dict[str, dict[str, Any]] = {}  # automatic messages by their numbers
        self._switched_on: set[str] = set()
        self.typed: list[str] = []

    def expire_tokens(self) -> None:
        """Let every access token end now."""
        self._tokens.clear()

    async def handle(self, call: Call) -> Reply:
        """One method of the API."""
        path = call.path.removeprefix(_API)
        if path == "/tt_user/oauth2/refresh_token/":
            return self._refresh(call.json())
        business = self._tokens.get(call.headers.get("access-token", ""))
        if business is None:
            return _refused(40105, "Access token is incorrect or has been revoked.")
        if path == "/business/get/":
            return _fine({"username": "brand", "display_name": "Brand"})
        if path == "/business/message/send/":
            return self._send(call.json())
        if path == "/business/message/media/upload/":
            return self._upload(call)
        if path == "/business/comment/reply/create/":
            return self._answer_below(call.json())
        if path.startswith("/business/message/auto_message/"):
            return self._menu(path.removeprefix("/business/message/auto_message/").rstrip("/"), call)
        return Reply(404)

    async def do(self, verb: str, args: Mapping[str, Any]) -> object:
        """``connect``; ``write``, ``tap``, ``refer``, ``comment``, ``ask`` (a comment), ``read``, ``tell``."""
        if verb == "connect":
            brand = _Brand(*(str(args[name]) for name in _Brand._fields))
            self._brands[brand.business_id] = brand
            self.refresh_tokens[brand.business_id] = str(args["refresh_token"])
            return {}
        brand = self._brands[args["business_id"]]
        event, content = getattr(self, f"_do_{verb}")(args["person"], args)
        is_ours = event == "im_send_msg"
        sides = [
            {"id": args["person"], "role": "personal_account"},
            {"id": brand.business_id, "role": "business_account"},
        ]
        told = {
            "from": "Brand" if is_ours else args.get("name", "Ana"),
            "from_user": sides[is_ours],
            "to_user": sides[not is_ours],
            "unique_identifier": args["person"],
            "timestamp": int(self.clock().timestamp() * 1000),
            **content,
        }
        status = await self._tell(brand, event, told)
        return {"status": status, "message": content.get("message_id") or content.get("comment_id")}

    # ------------------------------------------------------------ people
    def _do_write(self, person: str, args: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        self._rights[person] = Right(self.clock(), **_WINDOW)
        content = args.get("content") or {"type": "text", "text": {"body": args["text"]}}
        return "im_receive_msg", {**self._message(person), "is_follower": True, **content}

    def _do_tap(self, person: str, args: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        self._rights[person] = Right(self.clock(), **_WINDOW)
        button = {"id": args["value"], "title": args.get("label", "")}
        return "im_receive_msg", {**self._message(person), "type": "template", "template": {"button": button}}

    def _do_refer(self, person: str, args: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        return "im_referral_msg", {"conversation_id": _conversation(person), "referral": args["referral"]}

    def _do_comment(self, person: str, args: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        comment = self._note_comment(person, may_message=False)
        return "comment.update", {
            "comment_id": comment,
            "video_id": args.get("video", "7001"),
            "comment_type": "comment",
            "comment_action": "insert",
            "text": args["text"],
        }

    def _do_ask(self, person: str, args: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        comment = self._note_comment(person, may_message=True)
        return "im_receive_high_intent_comment", {"comment_id": comment, "comment_text": args["text"]}

    def _do_read(self, person: str, _args: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        until = int(self.clock().timestamp() * 1000)
        return "im_mark_read_msg", {"conversation_id": _conversation(person), "read": {"last_read_timestamp": until}}

    def _do_tell(self, person: str, args: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Somebody of the brand writes in TikTok's own app."""
        return "im_send_msg", {**self._message(person), "type": "text", "text": {"body": args["text"]}}

    def _note_comment(self, person: str, *, may_message: bool) -> str:
        comment = str(9000 + self.next_number())
        self._comments[comment] = (person, may_message)
        return comment

    def _message(self, person: str) -> dict[str, Any]:
        return {"conversation_id": _conversation(person), "message_id": f"m{self.next_number()}"}

    async def _tell(self, brand: _Brand, event: str, content: Mapping[str, Any]) -> int | None:
        now = int(self.clock().timestamp())
        told = {
            "client_key": brand.app_id,
            "event": event,
            "create_time": now,
            "user_openid": brand.business_id,
            "content": json.dumps(content, ensure_ascii=False),
        }
        body = json.dumps(told, ensure_ascii=False).encode()
        proof = hmac.new(brand.app_secret.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {"content-type": "application/json", "tiktok-signature": f"t={now},s={proof}"}
        answered = await self.call_back(brand.callback_url, body, headers=headers)
        return None if answered is None else answered.status

    # ------------------------------------------------------------ the API
    def _refresh(self, body: Mapping[str, Any]) -> Reply:
        for brand in self._brands.values():
            is_app = (brand.app_id, brand.app_secret) == (body.get("client_id"), body.get("client_secret"))
            if is_app and self.refresh_tokens[brand.business_id] == body.get("refresh_token"):
                token, refresh = f"act.{self.next_number()}", f"rft.{self.next_number()}"
                self._tokens[token] = brand.business_id
                self.refresh_tokens[brand.business_id] = refresh
                found = {"access_token": token, "expires_in": 86_400, "refresh_token": refresh}
                return _fine({**found, "refresh_token_expires_in": 31_536_000, "open_id": brand.business_id})
        return _refused(40105, "The refresh token is invalid.")

    def _send(self, body: Mapping[str, Any]) -> Reply:
        if "direct_reply" in body:
            return self._message_commenter(body)
        person = str(body.get("recipient", "")).removeprefix("conversation-")
        if body.get("recipient_type") != "CONVERSATION" or not person:
            return _refused(40002, "recipient: Missing data for required field.")
        if body.get("message_type") == "SENDER_ACTION":
            self.typed.append(person)
            return _fine({"message": {"message_id": ""}})
        if said := self._wrong_content(body):
            self.violate("malformed")
            return _refused(40002, said)
        standing = rights.use(self._rights.get(person), self.clock())
        if standing != "open":
            self.violate("window_closed" if standing == "closed" else "quota_used_up")
            return _refused(40002, _STANDINGS[standing])
        return self._taken(person, body)

    def _message_commenter(self, body: Mapping[str, Any]) -> Reply:
        comment = str(body["direct_reply"].get("comment_reply", {}).get("comment_id", ""))
        person, may_message = self._comments.pop(comment, ("", False))
        if not may_message:
            self.violate("not_high_intent")
            return _refused(40002, "The comment is not eligible for a direct reply.")
        return self._taken(person, body)

    def _taken(self, person: str, body: Mapping[str, Any]) -> Reply:
        number = f"m{self.next_number()}"
        self.take(person, body, platform_id=number)
        return _fine({"message": {"message_id": number}})

    def _wrong_content(self, body: Mapping[str, Any]) -> str:
        kind = body.get("message_type")
        if kind == "TEXT" and not 0 < len(body["text"]["body"]) <= _TEXT:
            return "text.body: Length must be between 1 and 6000."
        if kind == "IMAGE" and body["image"]["media_id"] not in self._pictures:
            return "image.media_id: Not found."
        if kind == "TEMPLATE":
            card = body["template"]
            most = 20 if card["type"] == "QA_BUTTON_CARD" else 40
            titles = [button["title"] for button in card["buttons"]]
            if len(card["title"]) > 40 or not 1 <= len(titles) <= 3 or any(len(title) > most for title in titles):
                return "template: Invalid."
        return ""

    def _upload(self, call: Call) -> Reply:
        read_multipart(call.body, call.headers["content-type"])
        number = f"media{self.next_number()}"
        self._pictures.add(number)
        return _fine({"media_id": number})

    def _menu(self, method: str, call: Call) -> Reply:
        asked = {**call.query, **call.json()}
        kind, number = asked["auto_message_type"], str(asked.get("auto_message_id", ""))
        mine = {key: each for key, each in self.menu.items() if each["auto_message_type"] == kind}
        if method == "get":
            status = "ENABLE" if kind in self._switched_on else "DISABLE"
            listed = [{"auto_message_id": key, "audit_status": "APPROVED"} for key in mine]
            return _fine({"operation_status": status, "auto_messages": listed})
        if method == "status/update":
            if asked["operation_status"] == "ENABLE":
                self._switched_on.add(kind)
                self.menu = {key: each for key, each in self.menu.items() if key not in mine}
            else:
                self._switched_on.discard(kind)
            return _fine({})
        if method == "delete":
            del self.menu[number]
            return _fine({})
        if method == "create" and (len(mine) >= _MENU[kind] or asked in mine.values()):
            self.violate("menu")
            return _refused(40002, "The automatic message exists already, or there are too many.")
        number = number or f"auto{self.next_number()}"
        self.menu[number] = {name: value for name, value in asked.items() if name != "auto_message_id"}
        return _fine({"auto_message": {"auto_message_id": number}})

    def _answer_below(self, body: Mapping[str, Any]) -> Reply:
        if str(body.get("comment_id")) not in self._comments or not 0 < len(body.get("text", "")) <= _COMMENT:
            self.violate("malformed")
            return _refused(40002, "comment_id or text: Invalid.")
        number = str(9000 + self.next_number())
        self.take(str(body["comment_id"]), body, platform_id=number)
        return _fine({"comment_id": number})


def _conversation(person: str) -> str:
    return f"conversation-{person}"


def _fine(data: Mapping[str, Any]) -> Reply:
    return Reply.of({"code": 0, "message": "OK", "request_id": "1", "data": data})


def _refused(code: int, message: str) -> Reply:
    return Reply.of({"code": code, "message": message, "request_id": "1", "data": {}})
