"""What we say, in WeCom's words: a text with attachments from staff, or single messages of customer service."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from fanwheel.domains.private.channels import reading, wording
from fanwheel.domains.private.channels.contracts import AnyPart, Button, Card, Choices, Media, Native, Outgoing, Text

MOST_ATTACHMENTS: Final = 9
_MOST_BYTES: Final = 4000
_MOST_SERVICE_BYTES: Final = 2048
_NAME: Final = "WeCom"

Upload = Callable[[int, str], Awaitable[str]]


# ---------------------------------------------------------------- welcomes and tasks
async def letter(parts: Sequence[AnyPart], upload: Upload) -> dict[str, Any]:
    """One text and up to nine attachments, which is what a welcome or a task is.

    Raises
    ------
    RefusedError
        If it is too long, or WeCom has nothing for one of the parts.
    """
    lines: list[str] = []
    attachments: list[Mapping[str, Any]] = []
    for number, part in enumerate(parts, 1):
        attached = await _attachment(number, part, upload)
        if attached is None:
            lines.append(wording.plain(part))
        else:
            attachments.append(attached)
    wording.require_count(len(parts), "attachments", len(attachments), least=0, most=MOST_ATTACHMENTS)
    body: dict[str, Any] = {"attachments": attachments} if attachments else {}
    text = "\n\n".join(line for line in lines if line.strip())
    if text or not attachments:
        wording.require_text(1, "text", text, most=_MOST_BYTES, units=len(text.encode()))
        body["text"] = {"content": text}
    return body


async def _attachment(number: int, part: AnyPart, upload: Upload) -> Mapping[str, Any] | None:
    """The part as an attachment; None where it is said in the text."""
    match part:
        case Text() | Choices():
            return None
        case Media():
            return await _file(part, upload)
        case Card():
            return _link(part)
        case Native():
            return part.body
        case _:
            raise wording.unsupported(number, part, _NAME)


async def _file(part: Media, upload: Upload) -> Mapping[str, Any] | None:
    kind = "file" if part.kind == "voice" else part.kind
    media = await _uploaded(part, kind, upload)
    if media:
        return {"msgtype": kind, kind: {"media_id": media}}
    if part.url:
        return {"msgtype": "link", "link": {"title": part.text or part.name or part.url, "url": part.url}}
    return None


def _link(part: Card) -> Mapping[str, Any] | None:
    url = part.url or _address(part.buttons)
    if not url:
        return None
    link = {"title": part.title, "desc": part.text, "url": url}
    return {"msgtype": "link", "link": {**link, **({"picurl": part.image_url} if part.image_url else {})}}


# ---------------------------------------------------------------- customer service
async def service_calls(message: Outgoing, *, open_kfid: str, upload: Upload) -> list[dict[str, Any]]:
    """The bodies for customer service, one for each part; each with an id that is the same for every attempt."""
    common = {"touser": message.to.value, "open_kfid": open_kfid}
    parts = wording.joined(message.parts)
    return [
        {**common, "msgid": reading.digest(message.key, str(number)), **await _said(number, part, upload)}
        for number, part in enumerate(parts, 1)
    ]


def greeting(message: Outgoing, code: str) -> dict[str, Any]:
    """The one message that whoever enters may be greeted with: a menu, or everything as text."""
    match wording.joined(message.parts):
        case (Choices() as part,):
            said = _menu(part.text, part.options, tail=part.tail)
        case parts:
            said = _text(1, "\n\n".join(line for part in parts if (line := wording.plain(part))))
    return {"code": code, "msgid": reading.digest(message.key), **said}


async def _said(number: int, part: AnyPart, upload: Upload) -> Mapping[str, Any]:
    match part:
        case Media():
            media = await _uploaded(part, part.kind, upload)
            if media:
                return {"msgtype": part.kind, part.kind: {"media_id": media}}
            return _text(number, wording.plain(part))
        case Card() if part.url or part.buttons:
            buttons = part.buttons or (Button(part.title, "url", part.url or ""),)
            return _menu("\n".join(line for line in (part.title, part.text) if line), buttons, tail="")
        case Choices():
            return _menu(part.text, part.options, tail=part.tail)
        case Native():
            return part.body
        case Text() | Card():
            return _text(number, wording.plain(part))
        case _:
            raise wording.unsupported(number, part, _NAME)


def _text(number: int, text: str) -> dict[str, Any]:
    wording.require_text(number, "text", text, most=_MOST_SERVICE_BYTES, units=len(text.encode()))
    return {"msgtype": "text", "text": {"content": text}}


def _menu(head: str, options: Sequence[Button], *, tail: str) -> dict[str, Any]:
    body = {"head_content": head, "list": [_entry(option) for option in options]}
    return {"msgtype": "msgmenu", "msgmenu": {**body, **({"tail_content": tail} if tail else {})}}


def _entry(option: Button) -> dict[str, Any]:
    match option.action:
        case "url":
            return {"type": "view", "view": {"url": option.value, "content": option.label}}
        case "mini_program":
            program = {"appid": option.value, "pagepath": option.page, "content": option.label}
            return {"type": "miniprogram", "miniprogram": program}
        case "phone":
            return {"type": "text", "text": {"content": f"{option.label}: {option.value}"}}
        case _:
            return {"type": "click", "click": {"id": option.value, "content": option.label}}


async def _uploaded(part: Media, kind: str, upload: Upload) -> str | None:
    if part.platform_id or part.media_id is None:
        return part.platform_id
    return await upload(part.media_id, kind)


def _address(buttons: Sequence[Button]) -> str | None:
    return next((button.value for button in buttons if button.action == "url"), None)
