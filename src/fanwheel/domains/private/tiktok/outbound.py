"""Parts of a message in TikTok's words."""

from typing import Any, Final

from fanwheel.domains.private.channels import wording
from fanwheel.domains.private.channels.contracts import AnyPart, Button, Card, Choices, Media, Native, Text
from fanwheel.domains.private.tiktok import about

_NAME: Final = "TikTok"


def require_sendable(parts: tuple[AnyPart, ...]) -> None:
    """Refuse what TikTok would not take, before anything is sent.

    Raises
    ------
    RefusedError
        It names the part.
    """
    for number, part in enumerate(parts, start=1):
        match part:
            case Text(text=text):
                wording.require_text(number, "text", text, most=about.TEXT)
            case Choices(text=text, options=options):
                wording.require_text(number, "question", text, most=about.CARD_TITLE)
                _require_buttons(number, options, most=about.BUTTON)
            case Card() if part.buttons:
                wording.require_text(number, "title", part.title, most=about.CARD_TITLE)
                _require_buttons(number, part.buttons, most=about.LINK_BUTTON)
            case Card():
                wording.require_text(number, "text", wording.plain(part), most=about.TEXT)
            case Media(kind="image"):
                if part.platform_id is None and part.media_id is None:
                    raise wording.refuse(number, "a picture must come from the media library.", code="unsupported")
            case Native(body=body) if body.get("message_type"):
                pass
            case _:
                raise wording.unsupported(number, part, _NAME)


def require_picture(number: int, body: bytes, content_type: str) -> None:
    """Refuse a picture that TikTok would not take.

    Raises
    ------
    RefusedError
        If it is too big or of another kind.
    """
    if content_type not in {"image/jpeg", "image/png"}:
        raise wording.refuse(number, "TikTok takes JPEG and PNG pictures.", code="unsupported")
    if len(body) > about.PICTURE_BYTES:
        raise wording.refuse(number, f"the picture has {len(body):,} bytes; 3 MB are allowed.", code="too_long")


def body(part: AnyPart, *, media: str = "") -> dict[str, Any]:
    """A part as the body of one message."""
    match part:
        case Media():
            return {"message_type": "IMAGE", "image": {"media_id": media}}
        case Choices(text=text, options=options):
            return {"message_type": "TEMPLATE", "template": _card("QA_BUTTON_CARD", text, options)}
        case Card() if part.buttons:
            kind = "QA_LINK_CARD" if any(each.action == "url" for each in part.buttons) else "QA_BUTTON_CARD"
            return {"message_type": "TEMPLATE", "template": _card(kind, part.title, part.buttons)}
        case Native():
            return dict(part.body)
        case _:
            return {"message_type": "TEXT", "text": {"body": wording.plain(part)}}


def _card(kind: str, title: str, buttons: tuple[Button, ...]) -> dict[str, Any]:
    return {"type": kind, "title": title, "buttons": [_button(each) for each in buttons]}


def _button(button: Button) -> dict[str, str]:
    if button.action == "url":
        return {"type": "LINK", "title": button.label, "url": button.value}
    return {"type": "REPLY", "title": button.label, "id": button.value or button.label}


def _require_buttons(number: int, buttons: tuple[Button, ...], *, most: int) -> None:
    wording.require_count(number, "buttons", len(buttons), most=about.CARD_BUTTONS)
    has_link = any(each.action == "url" for each in buttons)
    for button in buttons:
        wording.require_text(number, "button", button.label, most=most if has_link else about.BUTTON)
        if button.action in {"reply", "key"} and len(button.value) > about.BUTTON_ID:
            raise wording.refuse(number, f"a button’s value is longer than {about.BUTTON_ID}.", code="too_long")
        if button.action not in {"reply", "key", "url"}:
            raise wording.refuse(number, f"TikTok has no buttons of the kind “{button.action}”.", code="unsupported")
