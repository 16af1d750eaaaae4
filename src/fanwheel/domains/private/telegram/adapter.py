"""The Bot API, spoken.

Source: core.telegram.org/bots/api.
"""

import json
import secrets as randomness
from collections.abc import Mapping
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from fanwheel.domains.private.channels import calls, reading
from fanwheel.domains.private.channels.adapter import About, Account, Adapter, Field, Tools
from fanwheel.domains.private.channels.contracts import Answer, Check, Outgoing, Received, Request, Sent
from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    RecipientGoneError,
    RefusedError,
    SendError,
    ThrottledError,
    UnclearError,
)
from fanwheel.domains.private.telegram import updates, wire
from fanwheel.domains.private.telegram.wire import MethodCall

_PROOF: Final = "x-telegram-bot-api-secret-token"
_UPDATES: Final = ["message", "callback_query", "my_chat_member"]
_GONE: Final = ("chat not found", "user is deactivated", "PEER_ID_INVALID")
_API: Final = "https://api.telegram.org"


class Telegram(Adapter):
    """A bot."""

    about: ClassVar[About] = About(
        kind="telegram",
        address="telegram_id",
        fields=(
            Field("bot_token", is_secret=True, pattern=r"\d{3,}:[\w-]{20,}"),
            Field("secret_token", is_secret=True, is_required=False, pattern=r"[A-Za-z0-9_-]{16,256}"),
            Field("base_url", is_required=False, default=_API),
        ),
        capabilities=frozenset(
            {"text", "image", "voice", "video", "file", "card", "choices", "native", "receive", "typing", "menu"}
        ),
        # People begin; after that a bot may write at any time, until it is blocked.
        per_second=30.0,
        text_limit=wire.TEXT_LIMIT,
    )

    def __init__(self, account: Account, tools: Tools) -> None:
        self._account = account
        self._tools = tools
        self._base = account.settings.get("base_url", _API).rstrip("/")

    @classmethod
    def prepare(cls, settings: Mapping[str, str], secrets: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """Make the word by which Telegram proves that it is calling."""
        return {**settings}, {"secret_token": randomness.token_urlsafe(32), **secrets}

    async def send(self, message: Outgoing) -> Sent:
        """Say each part with a call of its own."""
        first = ""
        for number, call in enumerate(wire.calls(message.parts)):
            try:
                result = await self._say(message.to.value, call)
            except SendError as error:
                if number and not error.may_have_gone_out:
                    raise UnclearError(
                        f"Part {number + 1} was not taken: {error.message}", code=error.platform_code
                    ) from error
                raise
            first = first or reading.text(result, "message_id")
        return Sent(first)

    async def receive(self, request: Request) -> Received:
        """Read an update; a tap is acknowledged in the answer, so that the button stops turning."""
        reading.require_same(request.headers.get(_PROOF, ""), self._account.secrets.get("secret_token", ""))
        found = updates.read(reading.as_object(request.body), received_at=request.received_at)
        if not found.tap:
            return Received(Answer(), found.happenings)
        body = json.dumps({"method": "answerCallbackQuery", "callback_query_id": found.tap}).encode()
        return Received(Answer(body=body, content_type="application/json"), found.happenings)

    async def check(self) -> Check:
        """Ask who the bot is, and tell Telegram where to call back."""
        bot = await self._ask("getMe", {})
        facts = {"bot": f"@{reading.text(bot, 'username')}", "name": reading.text(bot, "first_name")}
        url = self._account.callback_url
        if self._base == _API and urlsplit(url).scheme != "https":
            return Check(
                is_fine=False,
                message=f"The bot is {facts['bot']}, but Telegram calls back to https addresses only.",
                facts=facts,
                code="needs_https",
            )
        webhook = {"url": url, "secret_token": self._account.secrets["secret_token"], "allowed_updates": _UPDATES}
        await self._ask("setWebhook", webhook)
        told = f"The bot is {facts['bot']}, and Telegram will call back."
        return Check(is_fine=True, message=told, facts=facts, code="bot_ready")

    async def typing(self, message: Outgoing) -> None:
        """Show that an answer is being written."""
        await self._ask("sendChatAction", {"chat_id": message.to.value, "action": "typing"})

    async def publish_menu(self, menu: Mapping[str, Any]) -> None:
        """Show the commands beside the box in which people write; none: take them away."""
        commands = menu.get("commands", [])
        if commands:
            await self._ask("setMyCommands", {"commands": commands})
        else:
            await self._ask("deleteMyCommands", {})
        await self._ask("setChatMenuButton", {"menu_button": {"type": "commands" if commands else "default"}})

    async def close(self) -> None:
        """Nothing is held."""

    async def _say(self, chat: str, call: MethodCall) -> Mapping[str, Any]:
        args = {"chat_id": chat, **call.args}
        if call.media_id is None:
            return await self._ask(call.method, args)
        file = await self._tools.media(call.media_id)
        fields = {name: value if isinstance(value, str) else json.dumps(value) for name, value in args.items()}
        upload = {call.file_field: (file.name, file.body, file.content_type)}
        return await self._ask(call.method, data=fields, files=upload)

    async def _ask(self, method: str, body: Mapping[str, Any] | None = None, **form: Any) -> Mapping[str, Any]:
        url = f"{self._base}/bot{self._account.secrets['bot_token']}/{method}"
        request = form if body is None else {"json": body}
        reply = await calls.ask(self._tools.http, "POST", url, **request)
        if reply.data.get("ok") is True:
            result = reply.data.get("result")
            return result if isinstance(result, dict) else {}
        raise _error(reply)


def _error(reply: calls.Reply) -> SendError:
    code, said = reading.text(reply.data, "error_code") or str(reply.status), reading.text(reply.data, "description")
    told = f"Telegram answered {code}: {said or 'nothing that it explains'}."
    if code == "429":
        wait = reading.text(reply.data, "parameters", "retry_after")
        return ThrottledError(told, code=code, retry_after_s=float(wait) if wait.isdigit() else None)
    if code == "401" or (code == "404" and "method" not in said):
        return BadAccountError("Telegram does not know this bot's token.", code=code)
    if code == "403" or any(text in said for text in _GONE):
        return RecipientGoneError(told, code=code)
    if code.startswith("5") or reply.is_fine:
        return UnclearError(told, code=code)
    return RefusedError(told, code=code)
