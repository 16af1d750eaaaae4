"""What of a happening belongs into a thread, and its parts as plain text."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import msgspec

from fanwheel.domains.private.channels import contracts as channels
from fanwheel.loop.operate.conversations.contracts import Kind, Letter

ELSEWHERE: Final = "elsewhere"
_RATABLE: Final = timedelta(days=2)
_SCORES: Final = {str(score): score for score in range(1, 6)}


class Read(NamedTuple):
    """A happening as a line of a thread."""

    kind: Kind
    author: str
    parts: list[dict[str, Any]]
    body: str
    detail: dict[str, Any]


def read(letter: Letter) -> Read | None:
    """What a letter says, or None if it says nothing that belongs into a thread."""
    happening = letter.happening
    match happening:
        case channels.Message():
            author = ELSEWHERE if happening.is_echo else ""
            return Read("out" if happening.is_echo else "in", author, plain(happening.parts), body(happening.parts), {})
        case channels.Tapped() if happening.surface == "button":
            return _text(happening.value, {"what": "tapped"})
        case channels.Commented():
            return _text(happening.text, {"what": "comment", "content": happening.content})
        case channels.Lead():
            said = "\n".join(f"{name}: {value}" for name, value in happening.fields.items())
            return _text(said, {"what": "lead", "card": happening.card})
        case _:
            return None


def name(letter: Letter) -> str:
    """What the platform calls the person."""
    found = letter.happening.profile.get("nickname") or letter.happening.profile.get("name")
    return str(found)[:200] if found else ""


def plain(parts: Sequence[channels.AnyPart]) -> list[dict[str, Any]]:
    """Parts as JSON values."""
    built: list[dict[str, Any]] = msgspec.to_builtins(list(parts))
    return built


def body(parts: Sequence[channels.AnyPart]) -> str:
    """What of a message is text."""
    return "\n".join(text for part in parts if (text := _said(part)))[:20_000]


def score(text: str, *, surveyed_at: datetime | None, now: datetime) -> int | None:
    """The score that a word gives which answers how it was."""
    if surveyed_at is None or now > surveyed_at + _RATABLE:
        return None
    return _SCORES.get(text.strip().removesuffix("分").strip())


def reply_to(last: Mapping[str, Any] | None) -> channels.Reply | None:
    """What an answer to the person's last message must carry."""
    return None if last is None else channels.Reply(to=last["key"] or "", context=last["context"])


def _text(said: str, detail: dict[str, Any]) -> Read:
    return Read("in", "", plain([channels.Text(said)]), said[:20_000], detail)


def _said(part: channels.AnyPart) -> str:
    match part:
        case channels.Text():
            return part.text
        case channels.Media():
            return part.text or part.name or f"[{part.kind}]"
        case channels.Card():
            return "\n".join(filter(None, (part.title, part.text)))
        case channels.Choices():
            return "\n".join([part.text, *(option.label for option in part.options)])
        case channels.Template():
            return "\n".join([part.name, *part.values.values()])
        case channels.Email():
            return "\n".join(filter(None, (part.subject, part.text)))
        case _:
            return ""
