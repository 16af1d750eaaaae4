"""What we say, in an Official Account's words: bodies of API calls, and the XML of an answer."""

from collections.abc import Awaitable, Callable, Mapping
from html import escape
from typing import Any, Final, NamedTuple

from fanwheel.domains.private.channels import reading, wording
from fanwheel.domains.private.channels.contracts import (
    AnyPart,
    Button,
    Card,
    Choices,
    Media,
    Native,
    Outgoing,
    Template,
    Text,
)
from fanwheel.domains.private.wechat.about import SUBSCRIPTION

CUSTOM: Final = "/cgi-bin/message/custom/send"
TEMPLATE: Final = "/cgi-bin/message/template/send"
SUBSCRIBED: Final = "/cgi-bin/message/subscribe/bizsend"
_MOST_BYTES: Final = 2048

Upload = Callable[[int, str], Awaitable[str]]


class Call(NamedTuple):
    """One call of the API."""

    path: str
    body: dict[str, Any]


async def calls(message: Outgoing, *, openid: str, mini_program_id: str, upload: Upload) -> list[Call]:
    """The calls that a message takes: one for each part, texts that follow one another together.

    Raises
    ------
    RefusedError
        If an Official Account has nothing for one of the parts.
    """
    found = []
    for number, part in enumerate(wording.joined(message.parts), 1):
        if isinstance(part, Template):
            found.append(_template(part, openid, mini_program_id=mini_program_id, key=message.key))
        else:
            found.append(Call(CUSTOM, {"touser": openid, **await _said(number, part, upload)}))
    return found


async def _said(number: int, part: AnyPart, upload: Upload) -> Mapping[str, Any]:
    match part:
        case Text():
            return _text(number, part.text)
        case Media():
            return await _media(number, part, upload)
        case Card():
            return _card(number, part)
        case Choices():
            return _choices(number, part)
        case Native():
            return part.body
        case _:
            raise wording.unsupported(number, part, "An Official Account")


def _text(number: int, text: str) -> dict[str, Any]:
    wording.require_text(number, "text", text, most=_MOST_BYTES, units=len(text.encode()))
    return {"msgtype": "text", "text": {"content": text}}


async def _media(number: int, part: Media, upload: Upload) -> dict[str, Any]:
    platform_id = part.platform_id
    if part.kind != "file" and not platform_id and part.media_id is not None:
        platform_id = await upload(part.media_id, part.kind)
    if part.kind != "file" and platform_id:
        told = {"title": part.name, "description": part.text} if part.kind == "video" else {}
        return {"msgtype": part.kind, part.kind: {"media_id": platform_id, **told}}
    if part.kind == "image" and part.url:
        article = {"title": part.text or part.name, "url": part.url, "picurl": part.url}
        return {"msgtype": "news", "news": {"articles": [article]}}
    # Files, and what we have by its address only, are told as a link.
    return _text(number, "\n".join(line for line in (part.text or part.name, part.url) if line))


def _card(number: int, part: Card) -> dict[str, Any]:
    url = part.url or next((button.value for button in part.buttons if button.action == "url"), None)
    if url:
        article = {"title": part.title, "description": part.text, "url": url, "picurl": part.image_url or ""}
        return {"msgtype": "news", "news": {"articles": [article]}}
    options = tuple(button for button in part.buttons if button.action in {"reply", "key"})
    if options:
        return _choices(number, Choices("\n".join(line for line in (part.title, part.text) if line), options))
    return _text(number, wording.plain(part))


def _choices(number: int, part: Choices) -> dict[str, Any]:
    """A menu in the chat; addresses have no place among its answers and stand in the text."""
    links = [_link(button) for button in part.options if button.action in {"url", "phone", "mini_program"}]
    options = [
        {"id": button.value, "content": button.label} for button in part.options if button.action in {"reply", "key"}
    ]
    if not options:
        return _text(number, "\n".join(line for line in (part.text, *links, part.tail) if line))
    tail = "\n".join(line for line in (*links, part.tail) if line)
    return {"msgtype": "msgmenu", "msgmenu": {"head_content": part.text, "list": options, "tail_content": tail}}


def _link(button: Button) -> str:
    label = escape(button.label, quote=False)
    if button.action == "url":
        return f'<a href="{escape(button.value)}">{label}</a>'
    if button.action == "mini_program":
        page = escape(button.page)
        return f'<a data-miniprogram-appid="{escape(button.value)}" data-miniprogram-path="{page}">{label}</a>'
    return f"{label}: {button.value}"


def _template(part: Template, openid: str, *, mini_program_id: str, key: str) -> Call:
    data = {name: {"value": value} for name, value in part.values.items()}
    program = {"appid": mini_program_id, "pagepath": part.page} if mini_program_id and part.page else None
    if part.name.startswith(SUBSCRIPTION):
        body: dict[str, Any] = {"touser": openid, "template_id": part.name.removeprefix(SUBSCRIPTION), "data": data}
        if program:
            body["miniprogram"] = program
        elif part.url:
            body["page"] = part.url
        return Call(SUBSCRIBED, body)
    # With the same id WeChat sends it once, however often it is asked to within ten minutes.
    body = {"touser": openid, "template_id": part.name, "client_msg_id": reading.digest(key), "data": data}
    if part.url:
        body["url"] = part.url
    if program:
        body["miniprogram"] = program
    return Call(TEMPLATE, body)


def passive(message: Outgoing) -> dict[str, Any] | None:
    """What an answer within five seconds carries; None where the message does not fit into one."""
    parts = wording.joined(message.parts)
    if len(parts) != 1:
        return None
    match parts[0]:
        case Text(text) if text.strip():
            return {"MsgType": "text", "Content": text}
        case Media(kind=kind, platform_id=str(media)) if kind in {"image", "voice", "video"}:
            return {"MsgType": kind, kind.capitalize(): {"MediaId": media}}
        case Card(title=title, text=text, image_url=image, url=str(url)):
            item = {"Title": title, "Description": text, "PicUrl": image or "", "Url": url}
            return {"MsgType": "news", "ArticleCount": 1, "Articles": {"item": item}}
        case _:
            return None
