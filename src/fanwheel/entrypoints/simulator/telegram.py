"""Telegram's Bot API, as far as a brand's bot needs it.

Source: core.telegram.org/bots/api; texts of errors as the server words them.
"""

import json
import re
from collections import defaultdict, deque
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar, Final

from fanwheel.entrypoints.simulator import platform
from fanwheel.entrypoints.simulator.multipart import read_multipart
from fanwheel.entrypoints.simulator.platform import Call, Reply

_CALL: Final = re.compile(r"/bot(?P<token>\d+:[\w-]{20,})/(?P<method>\w+)")
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
_PER_SECOND: Final = 30
_DELIVERIES: Final = 3
_TEXT: Final = 4096
_CAPTION: Final = 1024
_CALLBACK_DATA: Final = 64
_MEDIA: Final = {"sendPhoto": "photo", "sendVideo": "video", "sendVoice": "voice", "sendDocument": "document"}


class _RefusedError(Exception):
    """The API's error, as it stands in the answer."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.body["parameters"] = parameters


class _Bot:
    """A bot: where it is called back, who began to talk to it, and how fast it speaks."""

    def __init__(self, token: str) -> None:
        self.id = int(token.partition(":")[0])
        self.webhook: dict[str, Any] = {"url": ""}
        self.secret = ""
        self.commands: list[dict[str, str]] = []
        self.started: set[int] = set()
        self.blocked: set[int] = set()
        self.updates: deque[dict[str, Any]] = deque()
        self.spoke: deque[Any] = deque()

    @property
    def user(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": True, "first_name": "Brand", "username": f"brand_{self.id}_bot"}


class Platform(platform.Platform):
    """Telegram."""

    name: ClassVar[str] = "telegram"

    def reset(self) -> None:
        """Forget bots and who knows them."""
        super().reset()
        self._bots: defaultdict[str, _Bot] = _Bots()
        self.revoked: set[str] = set()
        self.answered: list[str] = []  # callback queries

    async def handle(self, call: Call) -> Reply:
        """One method of the API."""
        matched = _CALL.fullmatch(call.path)
        if matched is None:
            return Reply.of({"ok": False, "error_code": 404, "description": "Not Found"}, 404)
        if matched["token"] in self.revoked:
            return Reply.of({"ok": False, "error_code": 401, "description": "Unauthorized"}, 401)
        try:
            return Reply.of({"ok": True, "result": self._run(self._bots[matched["token"]], matched["method"], call)})
        except _RefusedError as error:
            return Reply.of(error.body, error.code)

    async def do(self, verb: str, args: Mapping[str, Any]) -> object:
        """``write`` (token, person, text), ``start`` (… scene), ``tap`` (… data), ``block``, ``unblock``."""
        bot, person = self._bots[args["token"]], int(args["person"])
        told = getattr(self, f"_{verb}")(bot, person, args)
        update = {"update_id": self.next_number(), **told}
        if not bot.webhook["url"]:
            bot.updates.append(update)
            return {"update_id": update["update_id"], "status": None}
        return {"update_id": update["update_id"], "status": await self._deliver(bot, update)}

    # ------------------------------------------------------------ people
    def _write(self, bot: _Bot, person: int, args: Mapping[str, Any]) -> dict[str, Any]:
        bot.started.add(person)
        content = {"text": args["text"]} if "text" in args else dict(args["content"])
        return {"message": self._message(_user(person, args), content, chat=person)}

    def _start(self, bot: _Bot, person: int, args: Mapping[str, Any]) -> dict[str, Any]:
        bot.blocked.discard(person)
        text = f"/start {args.get('scene', '')}".rstrip()
        told = self._write(bot, person, {**args, "text": text})
        told["message"]["entities"] = [{"type": "bot_command", "offset": 0, "length": 6}]
        return told

    def _tap(self, bot: _Bot, person: int, args: Mapping[str, Any]) -> dict[str, Any]:
        message = self._message(bot.user, {"text": "…"}, chat=person)
        query = {"id": str(self.next_number()), "from": _user(person, args), "message": message}
        return {"callback_query": {**query, "chat_instance": "1", "data": args["data"]}}

    def _block(self, bot: _Bot, person: int, args: Mapping[str, Any]) -> dict[str, Any]:
        bot.blocked.add(person)
        return self._membership(bot, person, args, status="kicked")

    def _unblock(self, bot: _Bot, person: int, args: Mapping[str, Any]) -> dict[str, Any]:
        bot.blocked.discard(person)
        return self._membership(bot, person, args, status="member")

    def _membership(self, bot: _Bot, person: int, args: Mapping[str, Any], *, status: str) -> dict[str, Any]:
        other = {"kicked": "member", "member": "kicked"}[status]
        # A bot that is blocked is banned without an end.
        until = {"kicked": {"until_date": 0}, "member": {}}
        changed = {
            "chat": {"id": person, "type": "private", "first_name": "Ana"},
            "from": _user(person, args),
            "date": int(self.clock().timestamp()),
            "old_chat_member": {"user": bot.user, "status": other, **until[other]},
            "new_chat_member": {"user": bot.user, "status": status, **until[status]},
        }
        return {"my_chat_member": changed}

    async def _deliver(self, bot: _Bot, update: Mapping[str, Any]) -> int | None:
        """Call the webhook until it says yes, a few times; the last status."""
        headers = {"content-type": "application/json"}
        if bot.secret:
            headers["x-telegram-bot-api-secret-token"] = bot.secret
        answered = None
        for _ in range(_DELIVERIES):
            answered = await self.call_back(bot.webhook["url"], json.dumps(update).encode(), headers=headers)
            if answered is not None and 200 <= answered.status < 300:
                # A method may be called in the answer itself.
                said = json.loads(answered.body) if answered.body.startswith(b"{") else {}
                if said.get("method") == "answerCallbackQuery":
                    self.answered.append(said["callback_query_id"])
                break
        return None if answered is None else answered.status

    # ------------------------------------------------------------ methods
    def _run(self, bot: _Bot, method: str, call: Call) -> Any:
        args = _arguments(call)
        if method.startswith("send") and method != "sendChatAction":
            return self._send(bot, method, args)
        known = getattr(self, f"_method_{method.lower()}", None)
        if known is None:
            raise _RefusedError(404, "Not Found: method not found")
        return known(bot, args)

    def _method_getme(self, bot: _Bot, _args: Mapping[str, Any]) -> Any:
        flags = ("can_join_groups", "can_read_all_group_messages", "supports_inline_queries")
        return {**bot.user, **dict.fromkeys(flags, False)}

    def _method_setwebhook(self, bot: _Bot, args: Mapping[str, Any]) -> Any:
        if args.get("secret_token") and not _SECRET.fullmatch(args["secret_token"]):
            raise _RefusedError(400, "Bad Request: secret token contains unallowed characters")
        bot.webhook, bot.secret = {"url": args.get("url", "")}, args.get("secret_token", "")
        return True

    def _method_deletewebhook(self, bot: _Bot, _args: Mapping[str, Any]) -> Any:
        bot.webhook, bot.secret = {"url": ""}, ""
        return True

    def _method_getwebhookinfo(self, bot: _Bot, _args: Mapping[str, Any]) -> Any:
        return {**bot.webhook, "has_custom_certificate": False, "pending_update_count": len(bot.updates)}

    def _method_getupdates(self, bot: _Bot, args: Mapping[str, Any]) -> Any:
        if bot.webhook["url"]:
            raise _RefusedError(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(args.get("offset", 0))
        while bot.updates and bot.updates[0]["update_id"] < offset:
            bot.updates.popleft()
        return list(bot.updates)

    def _method_setmycommands(self, bot: _Bot, args: Mapping[str, Any]) -> Any:
        commands = args.get("commands", [])
        if len(commands) > 100 or any(not re.fullmatch(r"[a-z0-9_]{1,32}", each["command"]) for each in commands):
            raise _RefusedError(400, "Bad Request: BOT_COMMAND_INVALID")
        bot.commands = commands
        return True

    def _method_deletemycommands(self, bot: _Bot, _args: Mapping[str, Any]) -> Any:
        bot.commands = []
        return True

    def _method_getmycommands(self, bot: _Bot, _args: Mapping[str, Any]) -> Any:
        return bot.commands

    def _method_setchatmenubutton(self, _bot: _Bot, _args: Mapping[str, Any]) -> Any:
        return True

    def _method_sendchataction(self, bot: _Bot, args: Mapping[str, Any]) -> Any:
        self._require_known(bot, args)
        return True

    def _method_answercallbackquery(self, _bot: _Bot, args: Mapping[str, Any]) -> Any:
        self.answered.append(str(args["callback_query_id"]))
        return True

    # ------------------------------------------------------------ sending
    def _send(self, bot: _Bot, method: str, args: dict[str, Any]) -> Any:
        chat = self._require_known(bot, args)
        self._require_pace(bot)
        _require_content(method, args)
        number = self.next_number()
        self.take(str(chat), {"method": method, **args}, platform_id=str(number))
        content: dict[str, Any] = {name: args[name] for name in ("text", "caption") if name in args}
        if method in _MEDIA:
            content |= _as_media(_MEDIA[method])
        return {**self._message(bot.user, content, chat=chat), "message_id": number}

    def _require_known(self, bot: _Bot, args: Mapping[str, Any]) -> int:
        try:
            chat = int(args["chat_id"])
        except (KeyError, ValueError):
            raise _RefusedError(400, "Bad Request: chat not found") from None
        if chat in bot.blocked:
            self.violate("blocked")
            raise _RefusedError(403, "Forbidden: bot was blocked by the user")
        if chat not in bot.started:
            self.violate("never_started")
            raise _RefusedError(403, "Forbidden: bot can't initiate conversation with a user")
        return chat

    def _require_pace(self, bot: _Bot) -> None:
        now = self.clock()
        while bot.spoke and bot.spoke[0] <= now - timedelta(seconds=1):
            bot.spoke.popleft()
        if len(bot.spoke) >= _PER_SECOND:
            self.violate("too_fast")
            raise _RefusedError(429, "Too Many Requests: retry after 1", retry_after=1)
        bot.spoke.append(now)

    def _message(self, sender: Mapping[str, Any], content: Mapping[str, Any], *, chat: int) -> dict[str, Any]:
        return {
            "message_id": self.next_number(),
            "from": sender,
            "chat": {"id": chat, "type": "private", "first_name": "Ana"},
            "date": int(self.clock().timestamp()),
            **content,
        }


class _Bots(defaultdict[str, _Bot]):
    """Every token is a bot's, from when it is first used."""

    def __missing__(self, token: str) -> _Bot:
        self[token] = bot = _Bot(token)
        return bot


def _user(person: int, args: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": person,
        "is_bot": False,
        "first_name": args.get("name", "Ana"),
        "username": f"user{person}",
        "language_code": args.get("language", "en"),
    }


def _arguments(call: Call) -> dict[str, Any]:
    """The arguments, whichever of the four ways they were sent; what is JSON in a form is read."""
    kind = call.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return call.json()
    fields: dict[str, Any] = {**call.query}
    if kind.startswith("multipart/form-data"):
        fields |= read_multipart(call.body, kind)
    else:
        fields |= call.form()
    return {name: _plain(value) for name, value in fields.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _require_content(method: str, args: Mapping[str, Any]) -> None:
    if method == "sendMessage" and not str(args.get("text", "")).strip():
        raise _RefusedError(400, "Bad Request: message text is empty")
    if len(str(args.get("text", ""))) > _TEXT:
        raise _RefusedError(400, "Bad Request: message is too long")
    if len(str(args.get("caption", ""))) > _CAPTION:
        raise _RefusedError(400, "Bad Request: message caption is too long")
    if method in _MEDIA and _MEDIA[method] not in args:
        raise _RefusedError(400, f"Bad Request: there is no {_MEDIA[method]} in the request")
    for row in (args.get("reply_markup") or {}).get("inline_keyboard", []):
        for button in row:
            if len(str(button.get("callback_data", "")).encode()) > _CALLBACK_DATA:
                raise _RefusedError(400, "Bad Request: BUTTON_DATA_INVALID")


def _as_media(kind: str) -> dict[str, Any]:
    file = {"file_id": "simulated", "file_unique_id": "simulated"}
    if kind == "photo":
        return {"photo": [{**file, "width": 1, "height": 1}]}
    return {kind: {**file, "width": 1, "height": 1, "duration": 1}}
