"""One site whose visitors can be notified."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import ClassVar, Final

from fanwheel.domains.private.channels import calls, reading, wording
from fanwheel.domains.private.channels.adapter import About, Account, Notes, Tools
from fanwheel.domains.private.channels.contracts import Address, Answer, Check, Outgoing, Received, Request, Sent
from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    ForgedError,
    RecipientGoneError,
    RefusedError,
)
from fanwheel.domains.private.webpush import about, inbound, outbound, subscriptions, vapid
from fanwheel.domains.private.webpush.about import ABOUT
from fanwheel.domains.private.webpush.subscriptions import Subscription

_FILES: Final = {"worker.js", "subscribe.js"}
_GONE: Final = {404, 410}
# A proof of who sends holds for a day at most; ours is made anew after half of that.
_PROOF_S: Final = 12 * 3600
_URGENCY: Final = {"marketing": "low", "transactional": "high", "service": "normal"}


class WebPush:
    """Speaks the Web Push protocol (RFC 8030, 8291, 8292)."""

    about: ClassVar[About] = ABOUT

    def __init__(self, account: Account, tools: Tools) -> None:
        self._account = account
        self._tools = tools
        self._proofs: dict[str, tuple[float, str]] = {}

    @classmethod
    def prepare(cls, settings: Mapping[str, str], secrets: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """Make the pair of keys; a pair that is there stays, for browsers' subscriptions are tied to it."""
        if settings.get("vapid_public_key") and secrets.get("vapid_private_key"):
            return dict(settings), dict(secrets)
        public, private = vapid.make_keys()
        return {**settings, "vapid_public_key": public}, {**secrets, "vapid_private_key": private}

    async def send(self, message: Outgoing) -> Sent:
        """Push one notification to the browser that subscribed."""
        shown = outbound.notification(wording.joined(message.parts), self._account.settings)
        seal = vapid.seal(self._private_key(), message.key)
        content = outbound.payload(shown, key=message.key, seal=seal)
        subscription = await self._find(message.to)
        headers = {
            "Authorization": self._proof(subscription.origin),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(about.DAY_S),
            "Urgency": _URGENCY[message.purpose],
            "Topic": reading.digest(message.key),
        }
        body = outbound.encrypt(content, subscription)
        reply = await calls.ask(self._tools.http, "POST", subscription.endpoint, content=body, headers=headers)
        if reply.status in _GONE:
            await self._notes().drop(message.to)
            raise RecipientGoneError("The browser’s subscription has ended.", code=str(reply.status))
        if reply.status == 413:
            raise RefusedError("The notification is longer than the push service takes.", code="413")
        calls.refuse_by_status(reply, said=reply.text)
        return Sent(reply.headers.get("location"))

    async def receive(self, request: Request) -> Received:
        """Give out the scripts for the site, or take what a browser tells."""
        if request.method == "GET":
            return Received(self._file(request.query.get("file", "")))
        body = reading.as_object(request.body)
        headers = {"Access-Control-Allow-Origin": inbound.require_origin(self._account, request), "Vary": "Origin"}
        happenings = await inbound.read(inbound.Told(body, request, self._account), self._notes())
        return Received(Answer(status=200, body=b"{}", content_type="application/json", headers=headers), happenings)

    async def check(self) -> Check:
        """Make a proof of who sends; there is nobody to ask without a subscription."""
        public = self._account.settings.get("vapid_public_key", "")
        self._proof("https://fcm.googleapis.com")
        script = f"importScripts('{self._account.callback_url}?file=worker.js')"
        told = f"The keys are fine. The site’s worker needs the line: {script}"
        return Check(True, told, {"public_key": public, "worker": script}, "push_ready")

    async def close(self) -> None:
        """Nothing is held."""

    async def _find(self, address: Address) -> Subscription:
        kept = await self._notes().find(address)
        if kept is None:
            raise RecipientGoneError("This browser has no subscription.", code="none")
        found = Subscription.of_text(kept)
        # The operator may have taken a push service off the list since.
        if not subscriptions.is_push_service(found.endpoint, own=self._account.settings.get("push_url", "")):
            raise RefusedError("The subscription is with no push service that we know.", code="unknown_host")
        return found

    def _proof(self, audience: str) -> str:
        now = self._tools.clock().timestamp()
        until, proof = self._proofs.get(audience, (0.0, ""))
        if until - now < _PROOF_S:
            until = now + 2 * _PROOF_S - 60
            contact = self._account.settings.get("contact", "")
            proof = vapid.authorize(self._private_key(), audience=audience, contact=contact, until=int(until))
            self._proofs[audience] = (until, proof)
        return proof

    def _file(self, name: str) -> Answer:
        if name not in _FILES:
            raise ForgedError("There is no such file.")
        ours = {
            "FANWHEEL_HOOK": self._account.callback_url,
            "FANWHEEL_PUBLIC_KEY": self._account.settings.get("vapid_public_key", ""),
        }
        head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in ours.items())
        headers = {"Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "public, max-age=3600"}
        body = f"{{\n{head}{_read(name)}}}\n".encode()
        return Answer(body=body, content_type="text/javascript; charset=utf-8", headers=headers)

    def _private_key(self) -> str:
        key = self._account.secrets.get("vapid_private_key")
        if not key:
            raise BadAccountError("The account has no keys; make it anew.", code="incomplete")
        return key

    def _notes(self) -> Notes:
        if self._tools.notes is None:
            raise BadAccountError("There is no place to keep subscriptions.", code="incomplete")
        return self._tools.notes


@cache
def _read(name: str) -> str:
    return resources.files("fanwheel.domains.private.webpush").joinpath(name).read_text(encoding="utf-8")
