"""Parts of a message in Douyin's words."""

from typing import Any, Final

from fanwheel.domains.private.channels import wording
from fanwheel.domains.private.channels.contracts import AnyPart, Card, Choices, Media, Native, Template, Text
from fanwheel.domains.private.douyin import about

_NAME: Final = "Douyin"


def require_sendable(parts: tuple[AnyPart, ...], *, text_limit: int) -> None:
    """Refuse what Douyin would not take, before anything is sent.

    Raises
    ------
    RefusedError
        It names the part.
    """
    for number, part in enumerate(parts, start=1):
        match part:
            case Text(text=text):
                wording.require_text(number, "text", text, most=text_limit)
            case Card() if part.about == "lead":
                if not part.about_id:
                    raise wording.refuse(number, "a lead card is sent by the number it has at Douyin.", code="empty")
            case Card() | Choices():
                wording.require_text(number, "text", wording.plain(part), most=text_limit)
            case Media():
                _require_media(number, part)
            case Native(body=body):
                if not isinstance(body.get("msg_type"), int):
                    raise wording.refuse(number, "Douyin’s own content needs a “msg_type”.", code="malformed")
            case Template(name=about.AUTHORIZED) if part.values:
                wording.require_text(number, "greeting", part.values.get("text", "-"), most=text_limit)
            case _:
                raise wording.unsupported(number, part, _NAME)


def content(part: AnyPart, *, media: str = "") -> dict[str, Any]:
    """A part as the content of one message; ``media`` is the number that Douyin gave a picture."""
    match part:
        case Media(kind="video"):
            return {"msg_type": 3, "video": {"item_id": part.platform_id}}
        case Media():
            return {"msg_type": 2, "image": {"media_id": media}}
        case Card() if part.about == "lead":
            return {"msg_type": 8, "retain_consult_card": {"card_id": part.about_id}}
        case Template() if "text" in part.values:
            return {"msg_type": 1, "text": {"text": part.values["text"]}}
        case Template():
            return {"msg_type": 10, "applet_card": {"path": part.page, **part.values}}
        case Native(body=body):
            return body
        case _:
            return {"msg_type": 1, "text": {"text": wording.plain(part)}}


def _require_media(number: int, part: Media) -> None:
    if part.kind == "video" and not part.platform_id:
        raise wording.refuse(number, "Douyin sends only the account’s own videos, by number.", code="unsupported")
    if part.kind not in {"image", "video"}:
        raise wording.unsupported(number, part, _NAME)
    if not part.platform_id and part.media_id is None:
        raise wording.refuse(number, "a picture must come from the media library.", code="unsupported")
