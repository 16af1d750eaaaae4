"""Imports in plain values: a mapping, rows made into messages, rows refused, and what came of it."""

from collections.abc import Callable, Sequence
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, get_args

import msgspec

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
What = Literal["people", "orders", "events", "spend"]
WHATS: Final[tuple[What, ...]] = get_args(What)
Format = Literal["csv", "tsv", "parquet", "jsonl", "whitespace"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)

# Identifiers that a row may carry, the strongest first.
IDENTIFIERS: Final = (
    "user_id", "anonymous_id", "email", "phone", "unionid", "openid", "wecom_external_userid", "douyin_open_id",
    "tiktok_open_id", "telegram_id", "line_id",
)  # fmt: skip


class Column(NamedTuple):
    """The value of one column; ``format`` and ``time_zone`` tell how to read a time."""

    name: str
    format: str = ""
    time_zone: str = ""


class Constant(NamedTuple):
    """The same value in every row."""

    value: Any


class Template(NamedTuple):
    """Text with columns in braces, such as ``hh-{household_id}``; ``{row}`` is the number of the row."""

    text: str
    columns: tuple[str, ...]


class Sum(NamedTuple):
    """The sum of several columns of money."""

    columns: tuple[str, ...]


Spec = Column | Constant | Template | Sum
# What a text means; it raises a FanwheelError where it means nothing.
TextReader = Callable[[str], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """Columns taken from a second file by a key that both files have."""

    file: Path
    key: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How to read the file; what is not said is found out."""

    format: Format | None = None
    columns: tuple[str, ...] = ()  # names, for a file without a header
    encoding: str = "utf8"
    delimiter: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """Which column is which field, and how values are written."""

    what: What
    fields: AbstractMapping[str, Spec]
    extras: AbstractMapping[str, Spec] = field(default_factory=lambda: MappingProxyType({}))
    keeps_rest: bool = False  # columns that are not mapped become traits or properties under their own names
    money: Literal["decimal", "minor"] = "decimal"
    time_zone: str = "UTC"
    reading: Reading = field(default_factory=Reading)
    lookups: Sequence[Lookup] = ()
    # Of extras by name. They are the workspace's and not the file's, so a file with them is the same file.
    readers: AbstractMapping[str, TextReader] = field(default_factory=lambda: MappingProxyType({}), repr=False)


class Refused(NamedTuple):
    """One row that was not taken: its number (from 1), why, and its values as they stand in the file."""

    row: int
    reason: str
    values: AbstractMapping[str, Any]


class Draft(msgspec.Struct, gc=False):
    """One message to be stored, and the first of the rows from which it was made."""

    first_row: int
    type: str
    name: str
    user: str | None
    anonymous: str | None
    contacts: dict[str, str]
    occurred: int  # microseconds since 1970
    body: bytes
    key: bytes  # of the message, so that the same row is stored once

    @property
    def timestamp(self) -> datetime:
        """When it happened."""
        return EPOCH + timedelta(microseconds=self.occurred)


class SpendDraft(msgspec.Struct):
    """One row of spend."""

    first_row: int
    source: str
    domain: str | None
    spent_on: date
    campaign: str
    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A part of the file, made into messages or refused."""

    rows: int
    drafts: list[Draft] | list[SpendDraft]
    refused: list[Refused]
    names: frozenset[str] | None = None  # every name that the bodies may hold; None where their values nest


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of the messages of a chunk, and which of them were refused: index and reason."""

    accepted: int = 0
    duplicate: int = 0
    refused: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an import did: rows of the file, messages made of them, rows refused and where they stand."""

    rows: int = 0
    messages: int = 0
    accepted: int = 0
    duplicate: int = 0
    refused: int = 0
    first_refused: Sequence[Refused] = ()
    refused_file: Path | None = None
    was_done: bool = False
    resumed_at: int = 0
