"""Parts of a message in WhatsApp's words."""

from typing import Any, Final

import msgspec

from fanwheel.domains.private.channels import wording
from fanwheel.domains.private.channels.contracts import (
    AnyPart,
    Button,
    Card,
    Choices,
    Media,
    Native,
    Section,
    Template,
    Text,
)
from fanwheel.domains.private.whatsapp import about

_NAME: Final = "WhatsApp"
_MEDIA: Final = {"image": "image", "voice": "audio", "video": "video", "file": "document"}
_LIST_BUTTON: Final = "☰"


def require_sendable(parts: tuple[AnyPart, ...]) -> None:
    """Refuse what WhatsApp would not take, before anything is sent.

    Raises
    ------
    RefusedError
        It names the part.
    """
    for number, part in enumerate(parts, start=1):
        match part:
            case Text(text=text):
                wording.require_text(number, "text", text, most=about.TEXT)
            case Media():
                _require_media(number, part)
            case Card() if part.buttons:
                wording.require_text(number, "text", _card_text(part), most=about.BODY)
                _require_buttons(number, part.buttons)
            case Card():
                most = about.BODY if part.image_url else about.TEXT
                wording.require_text(number, "text", wording.plain(part), most=most)
            case Choices():
                _require_choices(number, part)
            case Template():
                wording.require_text(number, "template’s name", part.name, most=512)
                wording.require_text(number, "template’s language", part.language, most=16)
            case Native(body=body) if body.get("type"):
                pass
            case _:
                raise wording.unsupported(number, part, _NAME)


def body(part: AnyPart, *, media: str = "") -> dict[str, Any]:
    """A part as the body of one message; ``media`` is the number that Meta gave a file."""
    match part:
        case Media(kind=kind):
            return {"type": _MEDIA[kind], _MEDIA[kind]: _media(part, media)}
        case Card() if part.buttons:
            return {"type": "interactive", "interactive": _card(part)}
        case Card() if part.image_url:
            return {"type": "image", "image": {"link": part.image_url, "caption": wording.plain(part)}}
        case Choices() if sections := _fitting(part):
            return {"type": "interactive", "interactive": _list(part, sections)}
        case Choices() if len(part.options) <= about.BUTTONS:
            return {"type": "interactive", "interactive": _with_buttons(part.text, part.options, footer=part.tail)}
        case Choices():
            return {"type": "interactive", "interactive": _list(part, (Section("", part.options),))}
        case Template():
            return {"type": "template", "template": _template(part)}
        case Native():
            return dict(part.body)
        case _:
            return {"type": "text", "text": {"body": wording.plain(part), "preview_url": True}}


def _media(part: Media, number: str) -> dict[str, str]:
    found = {"id": number} if number else {"link": part.url or ""}
    if part.text and part.kind != "voice":
        found["caption"] = part.text
    if part.kind == "file" and part.name:
        found["filename"] = part.name
    return found


def _card(card: Card) -> dict[str, Any]:
    link = next((each for each in card.buttons if each.action == "url"), None)
    if link is not None:
        action = {"name": "cta_url", "parameters": {"display_text": link.label, "url": link.value}}
        found: dict[str, Any] = {"type": "cta_url", "body": {"text": _card_text(card)}, "action": action}
    else:
        found = _with_buttons(_card_text(card), card.buttons)
    if card.image_url:
        found["header"] = {"type": "image", "image": {"link": card.image_url}}
    return found


def _card_text(card: Card) -> str:
    return "\n".join(each for each in (card.title, card.text) if each)


def _with_buttons(text: str, buttons: tuple[Button, ...], *, footer: str = "") -> dict[str, Any]:
    replies = [{"type": "reply", "reply": {"id": each.value or each.label, "title": each.label}} for each in buttons]
    found: dict[str, Any] = {"type": "button", "body": {"text": text}, "action": {"buttons": replies}}
    if footer:
        found["footer"] = {"text": footer}
    return found


def _fitting(choices: Choices) -> tuple[Section, ...]:
    """The sections, if WhatsApp can show them; else none, and the answers go out without."""
    sections = () if isinstance(choices.sections, msgspec.UnsetType) else choices.sections
    rows = [row for section in sections for row in section.options]
    keys = {row.value or row.label for row in rows}
    if not len(keys) == len(rows) <= about.ROWS or not all(section.options for section in sections):
        return ()
    is_named = len(sections) == 1 or all(section.title for section in sections)
    is_short = all(0 < len(row.label) <= about.ROW for row in rows) and all(len(key) <= about.ROW_ID for key in keys)
    return sections if is_named and is_short else ()


def _list(choices: Choices, sections: tuple[Section, ...]) -> dict[str, Any]:
    shown = [
        {
            **({"title": section.title[: about.ROW]} if section.title else {}),
            "rows": [{"id": each.value or each.label, "title": each.label} for each in section.options],
        }
        for section in sections
    ]
    action = {"button": _LIST_BUTTON, "sections": shown}
    found: dict[str, Any] = {"type": "list", "body": {"text": choices.text}, "action": action}
    if choices.tail:
        found["footer"] = {"text": choices.tail}
    return found


def _template(template: Template) -> dict[str, Any]:
    """Values named by numbers fill blanks in their order, others by name; ``url`` is the end of a button's address."""
    names = sorted(template.values, key=lambda name: (not name.isdigit(), int(name) if name.isdigit() else 0, name))
    blanks: list[dict[str, str]] = [{"type": "text", "text": template.values[name]} for name in names]
    for name, blank in zip(names, blanks, strict=True):
        if not name.isdigit():
            blank["parameter_name"] = name
    components: list[dict[str, Any]] = [{"type": "body", "parameters": blanks}] if blanks else []
    if template.url:
        end = {"type": "text", "text": template.url}
        components.append({"type": "button", "sub_type": "url", "index": "0", "parameters": [end]})
    found: dict[str, Any] = {"name": template.name, "language": {"code": template.language}}
    if components:
        found["components"] = components
    return found


def _require_media(number: int, part: Media) -> None:
    if not (part.url or part.platform_id or part.media_id is not None):
        raise wording.refuse(number, "there is no file.", code="empty")
    if part.text:
        wording.require_text(number, "caption", part.text, most=about.BODY)


def _require_buttons(number: int, buttons: tuple[Button, ...]) -> None:
    has_link = any(each.action == "url" for each in buttons)
    wording.require_count(number, "buttons", len(buttons), most=1 if has_link else about.BUTTONS)
    for button in buttons:
        wording.require_text(number, "button", button.label, most=about.BUTTON)
        if button.action not in {"reply", "key", "url"}:
            raise wording.refuse(number, f"WhatsApp has no “{button.action}” buttons here.", code="unsupported")


def _require_choices(number: int, choices: Choices) -> None:
    wording.require_text(number, "question", choices.text, most=about.BODY)
    if choices.tail:
        wording.require_text(number, "last line", choices.tail, most=about.FOOTER)
    if _fitting(choices):
        return
    wording.require_count(number, "answers", len(choices.options), most=about.ROWS)
    most = about.BUTTON if len(choices.options) <= about.BUTTONS else about.ROW
    keys = [each.value or each.label for each in choices.options]
    for option in choices.options:
        wording.require_text(number, "answer", option.label, most=most)
    for key in keys:
        wording.require_text(number, "answer’s value", key, most=about.ROW_ID)
    if len(set(keys)) < len(keys):
        raise wording.refuse(number, "two answers have the same value.", code="malformed")
