"""A push service, and the browsers that are subscribed with it: they open messages as only they can.

Source: RFC 8030 (delivery), RFC 8291 (encryption), RFC 8292 (who sends).
"""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

import http_ece
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fanwheel.domains.private.channels import reading
from fanwheel.entrypoints.simulator import platform
from fanwheel.entrypoints.simulator.platform import Call, Reply

_LARGEST: Final = 4096
_DAY_S: Final = 86_400


class _Browser:
    """One subscription."""

    def __init__(self, number: str, args: Mapping[str, Any]) -> None:
        self.number = number
        self.anonymous_id = str(args["person"])
        self.public_key = str(args["public_key"])  # of the site, to which the subscription is tied
        self.callback_url = str(args["callback_url"])
        self.origin = str(args.get("origin", "https://shop.example"))
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.secret = os.urandom(16)
        self.is_gone = False

    @property
    def keys(self) -> dict[str, str]:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"p256dh": _encode(point), "auth": _encode(self.secret)}


class Platform(platform.Platform):
    """A push service."""

    name: ClassVar[str] = "webpush"

    def reset(self) -> None:
        """Forget browsers."""
        super().reset()
        self._browsers: dict[str, _Browser] = {}
        self._by_person: dict[str, _Browser] = {}

    async def handle(self, call: Call) -> Reply:
        """A message for one browser."""
        browser = self._browsers.get(call.path.removeprefix("/push/"))
        if browser is None:
            return Reply(404)
        if browser.is_gone:
            return Reply(410)
        if refusal := self._refuse(browser, call):
            return refusal
        opened = http_ece.decrypt(call.body, private_key=browser.key, auth_secret=browser.secret, version="aes128gcm")
        number = str(self.next_number())
        self.take(browser.anonymous_id, json.loads(opened), platform_id=number)
        return Reply(201, headers={"location": f"{self.url}/message/{number}"})

    async def do(self, verb: str, args: Mapping[str, Any]) -> object:
        """``subscribe`` (person, public_key, callback_url, origin), ``leave``, ``vanish``, ``show``, ``click``."""
        if verb == "subscribe":
            browser = _Browser(f"b{self.next_number()}", args)
            self._browsers[browser.number] = self._by_person[browser.anonymous_id] = browser
            subscription = {"endpoint": self._endpoint(browser), "keys": browser.keys}
            return await self._tell(browser, {"do": verb, "subscription": subscription})
        browser = self._by_person[str(args["person"])]
        if verb == "vanish":  # without a word, as when site data are cleared
            browser.is_gone = True
            return {}
        if verb == "leave":
            browser.is_gone = True
            return await self._tell(browser, {"do": "unsubscribe", "endpoint": self._endpoint(browser)})
        shown = self.sent_to(browser.anonymous_id)[-1].what
        told = {"do": {"show": "shown", "click": "clicked"}[verb], "key": shown["key"], "seal": shown["seal"]}
        return await self._tell(browser, {**told, "url": shown.get("url", "")})

    async def _tell(self, browser: _Browser, told: Mapping[str, Any]) -> object:
        body = json.dumps({"anonymous_id": browser.anonymous_id, **told}).encode()
        headers = {"content-type": "text/plain;charset=UTF-8", "origin": browser.origin}
        answered = await self.call_back(browser.callback_url, body, headers=headers)
        return {"status": None if answered is None else answered.status, "endpoint": self._endpoint(browser)}

    def _endpoint(self, browser: _Browser) -> str:
        return f"{self.url}/push/{browser.number}"

    def _refuse(self, browser: _Browser, call: Call) -> Reply | None:
        if call.headers.get("content-encoding") != "aes128gcm" or not call.headers.get("ttl", "").isdigit():
            self.violate("malformed")
            return Reply(400)
        if len(call.body) > _LARGEST:
            self.violate("too_large")
            return Reply(413)
        if not self._is_proved(browser, call.headers.get("authorization", "")):
            self.violate("not_proved")
            return Reply(403)
        return None

    def _is_proved(self, browser: _Browser, authorization: str) -> bool:
        """Whether the sender has the key to which the subscription is tied, and says so now and to us."""
        scheme, _, rest = authorization.partition(" ")
        pairs = reading.pairs(rest)
        if scheme.lower() != "vapid" or pairs.get("k", "").rstrip("=") != browser.public_key:
            return False
        head, _, signature = pairs.get("t", "").rpartition(".")
        try:
            raw = _decode(signature)
            key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _decode(browser.public_key))
            numbers = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
            key.verify(encode_dss_signature(*numbers), head.encode(), ec.ECDSA(SHA256()))
            claims = json.loads(_decode(head.partition(".")[2]))
        except (InvalidSignature, Base64Error, ValueError):
            return False
        parts = urlsplit(self.url)
        now = self.clock().timestamp()
        is_for_us = claims.get("aud") == f"{parts.scheme}://{parts.netloc}"
        return bool(is_for_us and now < claims.get("exp", 0) <= now + _DAY_S)


def _encode(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
