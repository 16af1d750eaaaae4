"""One WhatsApp business number."""

import hashlib
import hmac
import secrets as randomness
from collections.abc import Mapping
from typing import Any, ClassVar

from fanwheel.domains.private.channels import calls, checks, reading, wording
from fanwheel.domains.private.channels.adapter import About, Account, Tools
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
from fanwheel.domains.private.channels.errors import BadAccountError, SendError
from fanwheel.domains.private.whatsapp import about, failures, inbound, outbound
from fanwheel.domains.private.whatsapp.about import ABOUT


class WhatsApp:
    """Speaks Meta's Cloud API."""

    about: ClassVar[About] = ABOUT

    def __init__(self, account: Account, tools: Tools) -> None:
        self._account = account
        self._tools = tools
        settings = account.settings
        self._number = settings.get("phone_number_id", "")
        base = (settings.get("base_url") or about.BASE_URL).rstrip("/")
        self._base = f"{base}/{settings.get('api_version') or about.VERSION}"

    @classmethod
    def prepare(cls, settings: Mapping[str, str], secrets: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """Make the word that Meta's console wants to hear back."""
        word = settings.get("verify_token") or randomness.token_urlsafe(24)
        return {**settings, "verify_token": word}, dict(secrets)

    async def send(self, message: Outgoing) -> Sent:
        """Send every part as a message of its own; our own name for it comes back with every receipt."""
        parts = wording.joined(message.parts)
        outbound.require_sendable(parts)
        with calls.nothing_sent_yet():
            bodies = [outbound.body(part, media=await self._upload(part)) for part in parts]
        head = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": message.to.value.removeprefix("+"),
            "biz_opaque_callback_data": message.key[: about.OPAQUE],
        }

        async def say(body: dict[str, Any]) -> str:
            reply = await self._ask("POST", f"/{self._number}/messages", json={**head, **body})
            return reading.text(next(iter(reading.objects(reply.data, "messages")), {}), "id")

        return Sent(await calls.one_by_one(bodies, say) or None)

    async def receive(self, request: Request) -> Received:
        """Answer Meta's challenge, or read a callback whose body is signed with the app's secret."""
        if request.method == "GET":
            reading.require_same(
                request.query.get("hub.verify_token", ""), self._account.settings.get("verify_token", "")
            )
            return Received(Answer(body=request.query.get("hub.challenge", "").encode()))
        proof = hmac.new(self._account.secrets["app_secret"].encode(), request.body, hashlib.sha256).hexdigest()
        reading.require_same(request.headers.get("x-hub-signature-256", ""), f"sha256={proof}")
        body = reading.as_object(request.body)
        return Received(Answer(), inbound.read(body, number_id=self._number, received_at=request.received_at))

    async def typing(self, message: Outgoing) -> None:
        """Show that somebody writes, and that the message answered was read, which Meta ties together."""
        answered = str((message.reply.context if message.reply else {}).get("message_id") or "")
        if answered:
            body = {
                "messaging_product": "whatsapp",
                "status": "read",
                "message_id": answered,
                "typing_indicator": {"type": "text"},
            }
            await self._ask("POST", f"/{self._number}/messages", json=body)

    async def check(self) -> Check:
        """Ask for the number's name and standing."""
        fields = {"fields": "display_phone_number,verified_name,quality_rating,messaging_limit_tier"}
        try:
            reply = await self._ask("GET", f"/{self._number}", params=fields)
        except SendError as error:
            return checks.failed(error)
        facts = reading.known(
            reply.data, "display_phone_number", "verified_name", "quality_rating", "messaging_limit_tier"
        )
        name = facts.get("verified_name") or facts.get("display_phone_number") or self._number
        return Check(True, f"Connected as {name}.", {**facts, "name": name}, "connected")

    async def close(self) -> None:
        """Nothing is held."""

    async def _upload(self, part: AnyPart) -> str:
        """Meta's number for a file: known, or got by uploading one of the media library."""
        if not isinstance(part, Media):
            return ""
        if part.platform_id or part.media_id is None:
            return part.platform_id or ""
        file = await self._tools.media(part.media_id)
        reply = await self._ask(
            "POST",
            f"/{self._number}/media",
            data={"messaging_product": "whatsapp", "type": file.content_type},
            files={"file": (file.name, file.body, file.content_type)},
        )
        found = reading.text(reply.data, "id")
        if not found:
            raise BadAccountError("WhatsApp took the file and gave no number for it.")
        return found

    async def _ask(self, method: str, path: str, **request: Any) -> calls.Reply:
        headers = {"Authorization": f"Bearer {self._account.secrets['access_token']}"}
        reply = await calls.ask(self._tools.http, method, f"{self._base}{path}", headers=headers, **request)
        failures.raise_for(reply)
        return reply
