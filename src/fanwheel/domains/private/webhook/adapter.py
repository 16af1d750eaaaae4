"""Messages as webhooks that are signed as Standard Webhooks 1.0 says, in both directions.

Out: ``message.send`` with the message as it stands in ``contracts.Outgoing``; the id is the message's key, so whoever
takes it twice can tell. In: ``happenings``, in the words of ``contracts``.
"""

import base64
import secrets as randomness
from collections.abc import Mapping
from typing import Any, ClassVar, Final

import msgspec
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from fanwheel.domains.private.channels import calls, reading
from fanwheel.domains.private.channels.adapter import About, Account, Adapter, Field, Tools
from fanwheel.domains.private.channels.contracts import (
    Answer,
    AnyHappening,
    Check,
    Outgoing,
    Received,
    Request,
    Sent,
)
from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    ForgedError,
    MalformedError,
    RecipientGoneError,
)

_SECRET_BYTES: Final = 32
_GONE: Final = 410
_NOBODY: Final = 404
_HEADERS: Final = ("webhook-id", "webhook-timestamp", "webhook-signature")


class _Told(msgspec.Struct, frozen=True):
    """What may come in."""

    happenings: list[AnyHappening] = msgspec.field(default_factory=list)


_decoder: Final = msgspec.json.Decoder(_Told)


class SignedWebhook(Adapter):
    """A program that is told what to say, and tells what happened."""

    about: ClassVar[About] = About(
        kind="webhook",
        address="user_id",
        fields=(
            Field("target_url"),
            Field("signing_secret", is_secret=True, is_required=False, pattern=r"whsec_[A-Za-z0-9+/]{32,128}={0,2}"),
        ),
        capabilities=frozenset(
            {
                "text", "image", "voice", "video", "file", "card", "choices", "template", "native", "receive",
                "receipts", "idempotent",
            }
        ),
    )  # fmt: skip

    def __init__(self, account: Account, tools: Tools) -> None:
        self._account = account
        self._tools = tools

    @classmethod
    def prepare(cls, settings: Mapping[str, str], secrets: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """Make the secret with which both sides sign."""
        made = "whsec_" + base64.b64encode(randomness.token_bytes(_SECRET_BYTES)).decode()
        return {**settings}, {"signing_secret": made, **secrets}

    async def send(self, message: Outgoing) -> Sent:
        """Tell the program to say something; its answer may name the message by an ``id`` of its own."""
        reply = await self._post("message.send", message.key, msgspec.to_builtins(message))
        if reply.status == _NOBODY:
            raise RecipientGoneError("The program knows no such person.", code="404")
        if reply.status == _GONE:
            raise BadAccountError("The address answered 410: it is gone.", code="410")
        calls.refuse_by_status(reply)
        return Sent(reading.text(reply.data, "id") or message.key)

    async def receive(self, request: Request) -> Received:
        """Read what the program tells; only what is signed with the secret, and no older than five minutes."""
        headers = {name: request.headers.get(name, "") for name in _HEADERS}
        try:
            self._signer().verify(request.body, headers)
        except (WebhookVerificationError, ValueError):
            raise ForgedError("The callback's signature does not fit.") from None
        try:
            told = _decoder.decode(request.body)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            raise MalformedError(
                "The body is not what is expected.",
                hint="See docs/how-to/connect-a-channel.md, “A channel of your own”.",
            ) from None
        return Received(Answer(), told.happenings)

    async def check(self) -> Check:
        """Send a message that says nothing."""
        key = f"ping_{randomness.token_hex(8)}"
        reply = await self._post("webhook.ping", key, {})
        if reply.is_fine:
            return Check(is_fine=True, message="The program took a signed test message.", code="program_ready")
        return Check(
            is_fine=False,
            message=f"The program answered {reply.status}.",
            facts={"status": str(reply.status)},
            code="program_answered",
        )

    async def close(self) -> None:
        """Nothing is held."""

    async def _post(self, topic: str, key: str, data: Any) -> calls.Reply:
        now = self._tools.clock()
        body = msgspec.json.encode({"type": topic, "timestamp": now, "data": data})
        headers = {
            "content-type": "application/json",
            "user-agent": "fanwheel",
            "webhook-id": key,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signer().sign(key, now, body.decode()),
        }
        return await calls.ask(
            self._tools.http, "POST", self._account.settings["target_url"], content=body, headers=headers
        )

    def _signer(self) -> Webhook:
        return Webhook(self._account.secrets["signing_secret"])
