"""Douyin's open platform: direct messages, comments below videos, and events about them.

Source: developer.open-douyin.com, and public code for the shapes of events; windows as far as they are known.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar, Final, NamedTuple

from fanwheel.entrypoints.simulator import platform, rights
from fanwheel.entrypoints.simulator.multipart import read_multipart
from fanwheel.entrypoints.simulator.platform import Call, Reply
from fanwheel.entrypoints.simulator.rights import Right

_DAY_S: Final = 86_400
_TEXT: Final = 1000
_RENEWALS: Final = 5
_REPLY: Final = {"lasts_s": _DAY_S, "most": 6}
_ENTER: Final = {"lasts_s": 30, "most": 3}
_GRANT: Final = {"lasts_s": _DAY_S, "most": 3}
_STANDINGS: Final = {"closed": (28003080, "消息超过回复时效"), "used_up": (28003070, "发送频次超限")}


class _Brand(NamedTuple):
    """An app with the account that authorized it."""

    client_key: str
    client_secret: str
    open_id: str
    callback_url: str


class Platform(platform.Platform):
    """Douyin."""

    name: ClassVar[str] = "douyin"

    def reset(self) -> None:
        """Forget brands, rights and tokens."""
        super().reset()
        self._brands: dict[str, _Brand] = {}  # by client key
        self.refresh_tokens: dict[str, str] = {}  # client key → the one that holds
        self.refresh_lasts_s = 30 * _DAY_S
        self._renewals = 0
        self._tokens: dict[str, str] = {}  # access token → client key
        self._by_message: dict[str, tuple[str, Right]] = {}  # message answered → person, right
        self._granted: dict[str, Right] = {}
        self._comments: dict[str, str] = {}
        self._pictures: set[str] = set()
        self.has_echoes = False

    def expire_tokens(self) -> None:
        """Let every access token end now."""
        self._tokens.clear()

    async def handle(self, call: Call) -> Reply:
        """One method of the API."""
        methods = {
            "/oauth/refresh_token/": self._refresh,
            "/oauth/renew_refresh_token/": self._renew,
            "/oauth/client_token/": self._client_token,
            "/oauth/userinfo/": self._userinfo,
        }
        if call.path in methods:
            return Reply.of(methods[call.path](call.form()))
        brand = self._brands.get(self._tokens.get(call.headers.get("access-token", ""), ""))
        if brand is None:
            return _refused(28001008, "access_token过期,请刷新或重新授权")
        if call.path == "/im/send/msg/":
            return await self._send(brand, call)
        if call.path == "/item/comment/reply/":
            return self._answer_comment(call.json())
        if call.path == "/tool/imagex/client_upload/":
            return self._upload(call)
        return Reply(404)

    async def do(self, verb: str, args: Mapping[str, Any]) -> object:
        """``connect``; ``write``, ``enter``, ``follow``, ``comment``, ``lead``, ``authorize``, ``read``, ``tell``."""
        if verb == "connect":
            return await self._connect(args)
        brand = self._brands[args["client_key"]]
        event, content = getattr(self, f"_do_{verb}")(args["person"], args)
        told = {
            "event": event,
            "client_key": brand.client_key,
            "from_user_id": args["person"],
            "to_user_id": brand.open_id,
            "content": json.dumps(content, ensure_ascii=False) if args.get("as_text", True) else content,
        }
        if event == "im_send_msg":
            told["from_user_id"], told["to_user_id"] = brand.open_id, args["person"]
        status = await self._tell(brand, told)
        return {"status": status, "message": content.get("server_message_id") or content.get("comment_id")}

    # ------------------------------------------------------------ people
    def _do_write(self, person: str, args: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        content = {"message_type": "text", "text": args.get("text", ""), **args.get("content", {})}
        return "im_receive_msg", self._message(person, content, right=Right(self.clock(), **_REPLY))

    def _do_enter(self, person: str, args: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        content = {"scene_type": 1, **args.get("content", {})}
        if "ad" in args:
            content["ad_info"] = json.dumps(args["ad"])
        return "im_enter_direct_msg", self._message(person, content, right=Right(self.clock(), **_ENTER))

    def _do_lead(self, person: str, args: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        filled = [{"label": label, "value": value} for label, value in args["fields"].items()]
        content = {"message_type": "retain_consult_card", "card_id": args.get("card", "@card"), "card_data": filled}
        return "im_receive_msg", self._message(person, content, right=Right(self.clock(), **_REPLY))

    def _do_follow(self, _person: str, _args: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        return "new_follow_action", {"action_type": 1, "action_time": int(self.clock().timestamp())}

    def _do_comment(self, person: str, args: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        comment = f"@comment{self.next_number()}"
        self._comments[comment] = person
        return "item_comment_reply", {
            "comment_id": comment,
            "comment_user_id": person,
            "content": args["text"],
            "create_time": int(self.clock().timestamp()),
            "reply_to_item_id": args.get("item", "@video1"),
        }

    def _do_authorize(self, person: str, args: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        is_granted = bool(args.get("is_granted", True))
        if is_granted:
            self._granted[person] = Right(self.clock(), **_GRANT)
        else:
            self._granted.pop(person, None)
        now = int(self.clock().timestamp())
        return "im_authorize", {"create_time": now, "expire_time": now + 30 * _DAY_S, "auth_status": 2 - is_granted}

    def _do_read(self, person: str, args: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        return "im_message_read", {
            "server_message_id": args["message"],
            "conversation_short_id": _conversation(person),
            "create_time": int(self.clock().timestamp() * 1000),
        }

    def _do_tell(self, person: str, args: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Somebody of the brand writes in Douyin's own app."""
        return "im_send_msg", self._message(person, {"message_type": "text", "text": args["text"]}, right=None)

    def _message(self, person: str, content: Mapping[str, Any], *, right: Right | None) -> dict[str, Any]:
        number = f"@msg{self.next_number()}"
        if right is not None:
            self._by_message[number] = (person, right)
        return {
            "conversation_short_id": _conversation(person),
            "server_message_id": number,
            "conversation_type": 1,
            "create_time": int(self.clock().timestamp() * 1000),
            "user_infos": [
                {"open_id": person, "nick_name": f"粉丝{person[-4:]}", "avatar": "https://p3.example/a.jpeg"}
            ],
            **content,
        }

    # ------------------------------------------------------------ callbacks
    async def _connect(self, args: Mapping[str, Any]) -> object:
        names = ("client_key", "client_secret", "open_id", "callback_url")
        brand = _Brand(*(str(args[name]) for name in names))
        self._brands[brand.client_key] = brand
        self.refresh_tokens[brand.client_key] = str(args["refresh_token"])
        challenge = self.next_number()
        verify = {"event": "verify_webhook", "client_key": brand.client_key, "content": {"challenge": challenge}}
        answered = await self._post(brand, verify)
        is_verified = answered is not None and json.loads(answered.body or b"{}").get("challenge") == challenge
        return {"is_verified": is_verified}

    async def _tell(self, brand: _Brand, told: Mapping[str, Any]) -> int | None:
        answered = await self._post(brand, told)
        return None if answered is None else answered.status

    async def _post(self, brand: _Brand, told: Mapping[str, Any]) -> platform.Answered | None:
        body = json.dumps(told, ensure_ascii=False).encode()
        headers = {
            "content-type": "application/json",
            "x-douyin-signature": hashlib.sha1(brand.client_secret.encode() + body).hexdigest(),  # noqa: S324 - theirs
            "msg-id": str(self.next_number()),
        }
        return await self.call_back(brand.callback_url, body, headers=headers)

    # ------------------------------------------------------------ tokens
    def _refresh(self, form: Mapping[str, str]) -> dict[str, Any]:
        key = form.get("client_key", "")
        if key not in self._brands or self.refresh_tokens.get(key) != form.get("refresh_token"):
            return {"data": {"error_code": 10010, "description": "refresh_token过期"}, "message": "error"}
        return {"data": {**self._issue(key), "refresh_expires_in": self.refresh_lasts_s}, "message": "success"}

    def _renew(self, form: Mapping[str, str]) -> dict[str, Any]:
        key = form.get("client_key", "")
        if self.refresh_tokens.get(key) != form.get("refresh_token") or self._renewals >= _RENEWALS:
            return {"data": {"error_code": 10020, "description": "refresh_token不可续期"}, "message": "error"}
        self._renewals += 1
        self.refresh_lasts_s = 30 * _DAY_S
        self.refresh_tokens[key] = f"rft.{self.next_number()}"
        return {
            "data": {"error_code": 0, "refresh_token": self.refresh_tokens[key], "expires_in": self.refresh_lasts_s}
        }

    def _client_token(self, form: Mapping[str, str]) -> dict[str, Any]:
        brand = self._brands.get(form.get("client_key", ""))
        if brand is None or brand.client_secret != form.get("client_secret"):
            return {"data": {"error_code": 10013, "description": "client_key或client_secret错误"}, "message": "error"}
        return {"data": {**self._issue(brand.client_key), "expires_in": 7200}, "message": "success"}

    def _userinfo(self, form: Mapping[str, str]) -> dict[str, Any]:
        brand = self._brands.get(self._tokens.get(form.get("access_token", ""), ""))
        if brand is None:
            return {"data": {"error_code": 2190008, "description": "access_token过期"}, "message": "error"}
        return {"data": {"error_code": 0, "open_id": brand.open_id, "nickname": "品牌"}, "message": "success"}

    def _issue(self, client_key: str) -> dict[str, Any]:
        token = f"act.{self.next_number()}"
        self._tokens[token] = client_key
        return {"error_code": 0, "access_token": token, "expires_in": 15 * _DAY_S}

    # ------------------------------------------------------------ sending
    async def _send(self, brand: _Brand, call: Call) -> Reply:
        body = call.json()
        content, person = body.get("content", {}), str(body.get("to_user_id", ""))
        if call.query.get("open_id") != brand.open_id:
            return _refused(2190015, "access_token和open_id不匹配")
        if content.get("msg_type") == 1 and not 0 < len(content["text"]["text"]) <= _TEXT:
            self.violate("too_long")
            return _refused(28001038, "消息内容不合法")
        if content.get("msg_type") == 2 and content["image"]["media_id"] not in self._pictures:
            return _refused(28001007, "参数不合法")
        if refusal := self._refuse(body, person):
            return refusal
        number = f"@msg{self.next_number()}"
        self.take(person, content, platform_id=number)
        if self.has_echoes:
            text = str(content.get("text", {}).get("text", ""))
            _, told = self._do_tell(person, {"text": text})
            told["server_message_id"] = number
            await self._tell(
                brand,
                {"event": "im_send_msg", "from_user_id": brand.open_id, "to_user_id": person, "content": told},
            )
        return Reply.of({"extra": {"error_code": 0, "logid": "1"}, "data": {"error_code": 0}, "msg_id": number})

    def _refuse(self, body: Mapping[str, Any], person: str) -> Reply | None:
        scene = body.get("scene")
        if scene == "im_authorize_message":
            right = self._granted.get(person)
        elif scene in {"im_reply_msg", "im_enter_direct_msg"}:
            of, right = self._by_message.get(str(body.get("msg_id")), ("", None))
            if of != person or body.get("conversation_id") != _conversation(person):
                self.violate("wrong_context")
                return _refused(28003082, "场景与上下文不匹配")
        else:
            self.violate("unknown_scene")
            return _refused(28001007, "参数不合法")
        standing = rights.use(right, self.clock())
        if standing == "open":
            return None
        self.violate("window_closed" if standing == "closed" else "quota_used_up")
        return _refused(*_STANDINGS[standing])

    def _answer_comment(self, body: Mapping[str, Any]) -> Reply:
        comment = str(body.get("comment_id"))
        if comment not in self._comments:
            return _refused(2100005, "评论不存在")
        number = f"@comment{self.next_number()}"
        self.take(comment, {"comment": body.get("content")}, platform_id=number)
        return Reply.of({"data": {"error_code": 0, "comment_id": number}, "extra": {"error_code": 0}})

    def _upload(self, call: Call) -> Reply:
        read_multipart(call.body, call.headers["content-type"])
        number = f"@img{self.next_number()}"
        self._pictures.add(number)
        return Reply.of({"data": {"error_code": 0, "image_id": number}, "extra": {"error_code": 0}})


def _conversation(person: str) -> str:
    return f"@conversation-{person}"


def _refused(code: int, description: str) -> Reply:
    told = {"error_code": code, "description": description}
    return Reply.of({"data": told, "extra": {**told, "logid": "1"}})
