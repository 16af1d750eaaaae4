"""A message as one notification, encrypted for one browser (RFC 8291)."""

import json
from collections.abc import Mapping
from typing import Any

from fanwheel.domains.private.channels import wording
from fanwheel.domains.private.channels.contracts import AnyPart, Button, Card, Native, Text
from fanwheel.domains.private.webpush import about
from fanwheel.domains.private.webpush.subscriptions import Subscription


def notification(parts: tuple[AnyPart, ...], settings: Mapping[str, str]) -> dict[str, Any]:
    """What the browser shows.

    Raises
    ------
    RefusedError
        If the parts are more than one, or too long for a notification.
    """
    wording.require_count(len(parts), "parts for one notification", len(parts), most=1)
    part = parts[0]
    match part:
        case Text(text=text):
            wording.require_text(1, "text", text, most=about.BODY)
            shown: dict[str, Any] = {"title": settings.get("title", ""), "body": text}
        case Card():
            shown = _card(part)
        case Native(body=body) if body.get("title"):
            shown = dict(body)
        case _:
            raise wording.unsupported(1, part, "Web push")
    if settings.get("icon_url"):
        shown.setdefault("icon", settings["icon_url"])
    return shown


def payload(shown: Mapping[str, Any], *, key: str, seal: str) -> bytes:
    """What is encrypted. The key is the notification's tag too: pushed twice, it is shown once.

    Raises
    ------
    RefusedError
        If it is longer than push services take.
    """
    text = json.dumps({**shown, "key": key, "seal": seal}, ensure_ascii=False, separators=(",", ":")).encode()
    if len(text) > about.PAYLOAD:
        raise wording.refuse(
            1, f"the notification has {len(text):,} bytes; {about.PAYLOAD:,} are allowed.", code="too_long"
        )
    return text


def encrypt(content: bytes, subscription: Subscription) -> bytes:
    """The content as only this browser can read it."""
    import http_ece
    from cryptography.hazmat.primitives.asymmetric import ec

    ours = ec.generate_private_key(ec.SECP256R1())
    encrypted: bytes = http_ece.encrypt(
        content,
        private_key=ours,
        dh=subscription.public_key,
        auth_secret=subscription.secret,
        version="aes128gcm",
    )
    return encrypted


def _card(card: Card) -> dict[str, Any]:
    wording.require_text(1, "title", card.title, most=about.TITLE)
    if card.text:
        wording.require_text(1, "text", card.text, most=about.BODY)
    wording.require_count(1, "buttons", len(card.buttons), least=0, most=about.ACTIONS)
    shown: dict[str, Any] = {"title": card.title, "body": card.text}
    if card.image_url:
        shown["image"] = card.image_url
    if card.url:
        shown["url"] = card.url
    if card.buttons:
        shown["actions"] = [_action(each) for each in card.buttons]
    return shown


def _action(button: Button) -> dict[str, str]:
    wording.require_text(1, "button", button.label, most=about.ACTION)
    if button.action != "url":
        raise wording.refuse(1, "a button of a notification opens an address.", code="unsupported")
    return {"title": button.label, "url": button.value}
