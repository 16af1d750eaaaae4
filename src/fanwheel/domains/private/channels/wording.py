"""Parts of messages: what they say as plain text, and whether they keep to a platform's limits."""

from collections.abc import Sequence
from typing import assert_never

from fanwheel.domains.private.channels.contracts import (
    AnyPart,
    Button,
    Card,
    Choices,
    Email,
    Media,
    Native,
    Template,
    Text,
)
from fanwheel.domains.private.channels.errors import RefusedError


def plain(part: AnyPart) -> str:
    """What a part says where only plain text can be shown; empty if it says nothing."""
    match part:
        case Text():
            return part.text
        case Media():
            return part.text or (part.url or "")
        case Card():
            return _lines([part.title, part.text, part.url or "", *map(_line, part.buttons)])
        case Choices():
            return _lines([part.text, *map(_line, part.options), part.tail])
        case Email():
            return part.text
        case Template() | Native():
            return ""
        case _:
            assert_never(part)


def refuse(number: int, why: str, *, code: str) -> RefusedError:
    """The error that names the part by its number, counted from one."""
    return RefusedError(f"Part {number}: {why}", code=code)


def require_text(number: int, what: str, text: str, *, most: int, units: int | None = None) -> None:
    """Refuse a text that is empty or longer than a platform takes; ``units`` where it does not count characters.

    Raises
    ------
    RefusedError
        If so.
    """
    length = len(text) if units is None else units
    if not text.strip():
        raise refuse(number, f"the {what} is empty.", code="empty")
    if length > most:
        raise refuse(number, f"the {what} has {length:,} characters; {most:,} are allowed.", code="too_long")


def require_count(number: int, what: str, count: int, *, least: int = 1, most: int) -> None:
    """Refuse too few or too many of something.

    Raises
    ------
    RefusedError
        If so.
    """
    if not least <= count <= most:
        allowed = f"{least} to {most}" if least != most else str(most)
        raise refuse(number, f"it has {count} {what}; {allowed} are allowed.", code="too_many")


def unsupported(number: int, part: AnyPart, platform: str) -> RefusedError:
    """The error for a part that a platform has nothing for."""
    return refuse(number, f"{platform} cannot send a part of the kind “{type(part).__name__}”.", code="unsupported")


def joined(parts: Sequence[AnyPart]) -> tuple[AnyPart, ...]:
    """The parts, with texts that follow one another made one: each part costs a message of the platform's quota."""
    together: list[AnyPart] = []
    for part in parts:
        last = together[-1] if together else None
        if isinstance(part, Text) and isinstance(last, Text):
            together[-1] = Text(f"{last.text}\n\n{part.text}")
        else:
            together.append(part)
    return tuple(together)


def utf16(text: str) -> int:
    """How many UTF-16 units a text has, which is what some platforms count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _line(button: Button) -> str:
    return f"{button.label}: {button.value}" if button.action in {"url", "phone"} else button.label


def _lines(lines: Sequence[str]) -> str:
    return "\n".join(line for line in lines if line)
