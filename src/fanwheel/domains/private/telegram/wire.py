"""Messages as the Bot API takes them: each part is one call.

Source: core.telegram.org/bots/api.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from fanwheel.domains.private.channels import wording
from fanwheel.domains.private.channels.contracts import AnyPart, Button, Card, Choices, Media, Native, Text

TEXT_LIMIT: Final = 4096
_CAPTION_LIMIT: Final = 1024
_DATA_BYTES: Final = 64
# What a tap on an answer carries, apart from keys of our own.
REPLY: Final = "="
_METHODS: Final = {"image": "sendPhoto", "voice": "sendVoice", "video": "sendVideo", "file": "sendDocument"}
_FIELDS: Final = {"image": "photo", "voice": "voice", "video": "video", "file": "document"}


class MethodCall(NamedTuple):
    """One method of the API; ``media_id`` is a file of the media library that goes along as ``file_field``."""

    method: str
    args: dict[str, Any]
    media_id: int | None = None
    file_field: str = ""


def calls(parts: Sequence[AnyPart]) -> list[MethodCall]:
    """The calls that say these parts.

    Raises
    ------
    RefusedError
        If a part is empty, too long, or of a kind that Telegram has nothing for.
    """
    return [_call(number, part) for number, part in enumerate(wording.joined(parts), 1)]


def _call(number: int, part: AnyPart) -> MethodCall:
    match part:
        case Text():
            return _text(number, part.text, [])
        case Media():
            return _media(number, part)
        case Card():
            return _card(number, part)
        case Choices():
            text = "\n\n".join(each for each in (part.text, part.tail) if each)
            return _text(number, text, part.options)
        case Native():
            return _native(number, part)
        case _:
            raise wording.unsupported(number, part, "Telegram")


def _text(number: int, text: str, buttons: Sequence[Button]) -> MethodCall:
    text = "\n".join([text, *_spoken(buttons)]) if _spoken(buttons) else text
    wording.require_text(number, "text", text, most=TEXT_LIMIT)
    return MethodCall("sendMessage", {"text": text, **_keyboard(number, buttons)})


def _media(number: int, part: Media) -> MethodCall:
    field = _FIELDS[part.kind]
    args: dict[str, Any] = {}
    if part.text:
        wording.require_text(number, "caption", part.text, most=_CAPTION_LIMIT)
        args["caption"] = part.text
    if part.platform_id or part.url:
        return MethodCall(_METHODS[part.kind], {**args, field: part.platform_id or part.url})
    if part.media_id is None:
        raise wording.refuse(number, "it names no file.", code="empty")
    return MethodCall(_METHODS[part.kind], args, part.media_id, field)


def _card(number: int, part: Card) -> MethodCall:
    buttons = list(part.buttons)
    if part.url and not any(button.action == "url" for button in buttons):
        buttons.insert(0, Button(label=part.title, action="url", value=part.url))
    lines = [part.title, part.text, *_spoken(buttons)]
    text = "\n".join(line for line in lines if line)
    if not part.image_url:
        wording.require_text(number, "card", text, most=TEXT_LIMIT)
        return MethodCall("sendMessage", {"text": text, **_keyboard(number, buttons)})
    wording.require_text(number, "card", text, most=_CAPTION_LIMIT)
    return MethodCall("sendPhoto", {"photo": part.image_url, "caption": text, **_keyboard(number, buttons)})


def _native(number: int, part: Native) -> MethodCall:
    method = part.body.get("method")
    if not isinstance(method, str) or not method.startswith("send"):
        raise wording.refuse(number, "its “method” must be one that sends.", code="unsupported")
    args = {name: value for name, value in part.body.items() if name not in {"method", "chat_id"}}
    return MethodCall(method, args)


def _spoken(buttons: Sequence[Button]) -> list[str]:
    """Buttons that Telegram has none for, as lines of text."""
    return [f"{button.label}: {button.value}" for button in buttons if button.action in {"phone", "mini_program"}]


def _keyboard(number: int, buttons: Sequence[Button]) -> dict[str, Any]:
    rows = [[_button(number, button)] for button in buttons if button.action not in {"phone", "mini_program"}]
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _button(number: int, button: Button) -> dict[str, str]:
    if not button.label.strip():
        raise wording.refuse(number, "a button has no label.", code="empty")
    if button.action == "url":
        return {"text": button.label, "url": button.value}
    data = f"{REPLY}{button.value}" if button.action == "reply" else button.value
    if not 1 <= len(data.encode()) <= _DATA_BYTES:
        raise wording.refuse(number, f"a button's value has more than {_DATA_BYTES - 1} bytes.", code="too_long")
    return {"text": button.label, "callback_data": data}
