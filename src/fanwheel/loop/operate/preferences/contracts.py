"""What a person sees of their own choices, in plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

LANGUAGES: Final = ("en", "zh-CN")
LANGUAGE_TRAIT: Final = "language"


class Choosable(NamedTuple):
    """One channel for one purpose, and whether the person wants it now."""

    channel: str
    purpose: str
    is_granted: bool

    @property
    def name(self) -> str:
        """As the page's form names it."""
        return f"{self.channel}:{self.purpose}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What can be chosen; nobody is behind it once the person was erased."""

    brand: str
    language: str | None
    is_known: bool
    choices: Sequence[Choosable] = ()
