"""An answer as its channel can say it: what a channel has no form for is said as words with an address."""

from collections.abc import Collection, Sequence
from datetime import datetime
from html import escape
from typing import Final, NamedTuple

from fanwheel.domains.private.channels.contracts import AnyPart, Card, Choices, Email, Media, Text

_MOST_QUOTED: Final = 4_000


class Answered(NamedTuple):
    """What a mail answers, as it is quoted below."""

    said_at: datetime
    who: str
    body: str


def fit(parts: Sequence[AnyPart], capabilities: Collection[str]) -> list[AnyPart]:
    """Parts as a channel with these capabilities can say them."""
    return [_fit(part, capabilities) for part in parts]


def letter(
    parts: Sequence[AnyPart], *, subject: str, answered: Answered | None, is_chinese: bool
) -> tuple[list[AnyPart], str]:
    """Parts as one mail with its files, and what of it is new; what it answers is quoted below."""
    files = [part for part in parts if isinstance(part, Media) and part.media_id is not None]
    said = [part for part in parts if part not in files]
    new = "\n\n".join(text for part in said if (text := _plain(part)))
    html = "".join(_html(part) for part in said)
    text = new
    if answered is not None and answered.body:
        head, body = _head(answered, is_chinese=is_chinese), answered.body[:_MOST_QUOTED]
        text += f"\n\n{head}\n" + "\n".join(f"> {line}" for line in body.splitlines())
        html += f"<p>{escape(head)}</p><blockquote>{_lines(body)}</blockquote>"
    return [Email(subject=subject, html=html, text=text), *files], new


def subject_of(given: str | None, last: str) -> str:
    """A mail's subject: the one given, else that of the mail answered."""
    wanted = " ".join((given or "").split())
    if wanted:
        return wanted
    plain = " ".join(last.split())
    return plain if not plain or plain.lower().startswith(("re:", "回复:", "回复：")) else f"Re: {plain}"


def _fit(part: AnyPart, capabilities: Collection[str]) -> AnyPart:
    match part:
        case Media() if part.kind not in capabilities and part.url:
            return Text("\n".join(filter(None, (part.text or part.name, part.url))))
        case Card() if "card" not in capabilities:
            return Text(_plain(part))
        case Choices() if "choices" not in capabilities:
            return Text(_plain(part))
        case _:
            return part


def _plain(part: AnyPart) -> str:
    match part:
        case Text():
            return part.text
        case Media():
            return "\n".join(filter(None, (part.text or part.name, part.url or "")))
        case Card():
            tapped = (f"{each.label}: {each.value}" for each in part.buttons if each.action in ("url", "phone"))
            return "\n".join(filter(None, (part.title, part.text, part.url or "", *tapped)))
        case Choices():
            return "\n".join([part.text, *(f"- {option.label}" for option in part.options)])
        case _:
            return ""


def _html(part: AnyPart) -> str:
    match part:
        case Card():
            shown = f"<b>{escape(part.title)}</b>" + (f"<br>{_lines(part.text)}" if part.text else "")
            if part.image_url:
                shown = f'<img src="{escape(part.image_url)}" alt="" width="240"><br>{shown}'
            inside = f'<a href="{escape(part.url)}">{shown}</a>' if part.url else shown
            return f'<p style="border:1px solid #ccd;border-radius:8px;padding:12px;max-width:280px">{inside}</p>'
        case _:
            return "".join(f"<p>{_lines(each)}</p>" for each in _plain(part).split("\n\n") if each)


def _head(answered: Answered, *, is_chinese: bool) -> str:
    when = f"{answered.said_at:%Y-%m-%d %H:%M} UTC"
    return f"在 {when}，{answered.who} 写道：" if is_chinese else f"On {when}, {answered.who} wrote:"


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
