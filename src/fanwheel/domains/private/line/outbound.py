"""Parts of a message in LINE's words."""

from typing import Any, Final

from fanwheel.domains.private.channels import wording
from fanwheel.domains.private.channels.contracts import AnyPart, Button, Card, Choices, Media, Native, Text
from fanwheel.domains.private.line import about

_NAME: Final = "LINE"
_HIDDEN_MS: Final = 1000


def require_sendable(parts: tuple[AnyPart, ...]) -> None:
    """Refuse what LINE would not take, before anything is sent.

    Raises
    ------
    RefusedError
        It names the part.
    """
    wording.require_count(len(parts), "messages", len(parts), most=about.AT_ONCE)
    for number, part in enumerate(parts, start=1):
        match part:
            case Text(text=text):
                wording.require_text(number, "text", text, most=about.TEXT, units=wording.utf16(text))
            case Choices():
                wording.require_text(
                    number, "question", _asked(part), most=about.TEXT, units=wording.utf16(_asked(part))
                )
                wording.require_count(number, "answers", len(part.options), most=about.QUICK_REPLIES)
                _require_buttons(number, part.options)
            case Card() if part.buttons:
                _require_card(number, part)
            case Card():
                text = wording.plain(part)
                wording.require_text(number, "text", text, most=about.TEXT, units=wording.utf16(text))
            case Media():
                _require_media(number, part)
            case Native(body=body) if body.get("type"):
                pass
            case _:
                raise wording.unsupported(number, part, _NAME)


def body(part: AnyPart) -> dict[str, Any]:
    """A part as one message."""
    match part:
        case Choices():
            items = [{"type": "action", "action": _action(each)} for each in part.options]
            return {"type": "text", "text": _asked(part), "quickReply": {"items": items}}
        case Card() if part.buttons:
            return {"type": "template", "altText": _alternative(part), "template": _card(part)}
        case Media(kind="voice"):
            return {"type": "audio", "originalContentUrl": part.url, "duration": _HIDDEN_MS}
        case Media():
            kind = "video" if part.kind == "video" else "image"
            return {"type": kind, "originalContentUrl": part.url, "previewImageUrl": part.url}
        case Native():
            return dict(part.body)
        case _:
            return {"type": "text", "text": wording.plain(part)}


def _asked(choices: Choices) -> str:
    return "\n".join(each for each in (choices.text, choices.tail) if each)


def _alternative(card: Card) -> str:
    return "\n".join(each for each in (card.title, card.text) if each)[: about.ALTERNATIVE]


def _card(card: Card) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "buttons",
        "text": card.text or card.title,
        "actions": [_action(each) for each in card.buttons],
    }
    if card.text and card.title:
        found["title"] = card.title
    if card.image_url:
        found["thumbnailImageUrl"] = card.image_url
    if card.url:
        found["defaultAction"] = {"type": "uri", "label": card.title[: about.LABEL] or "→", "uri": card.url}
    return found


def _action(button: Button) -> dict[str, str]:
    match button.action:
        case "url":
            return {"type": "uri", "label": button.label, "uri": button.value}
        case "phone":
            return {"type": "uri", "label": button.label, "uri": f"tel:{button.value}"}
        case "key":
            return {"type": "postback", "label": button.label, "data": button.value, "displayText": button.label}
        case _:
            return {"type": "message", "label": button.label, "text": button.value or button.label}


def _require_card(number: int, card: Card) -> None:
    wording.require_count(number, "buttons", len(card.buttons), most=about.BUTTONS)
    is_below = bool(card.image_url or (card.text and card.title))
    most = about.CARD_TEXT_BELOW if is_below else about.CARD_TEXT
    wording.require_text(number, "text", card.text or card.title, most=most)
    if card.text and card.title:
        wording.require_text(number, "title", card.title, most=about.TITLE)
    _require_buttons(number, card.buttons)
    for url in (card.image_url, card.url):
        if url and not url.startswith("https://"):
            raise wording.refuse(number, "LINE takes addresses that begin with https:// only.", code="malformed")


def _require_buttons(number: int, buttons: tuple[Button, ...]) -> None:
    for button in buttons:
        wording.require_text(number, "button", button.label, most=about.LABEL)
        if len(button.value) > about.POSTBACK and button.action in {"key", "reply"}:
            raise wording.refuse(number, f"a button’s value is longer than {about.POSTBACK}.", code="too_long")
        if button.action == "mini_program":
            raise wording.refuse(number, "LINE has no mini programs.", code="unsupported")


def _require_media(number: int, part: Media) -> None:
    if part.kind == "file":
        raise wording.unsupported(number, part, _NAME)
    if not (part.url or "").startswith("https://"):
        raise wording.refuse(number, "LINE fetches files itself, from an https:// address.", code="empty")
