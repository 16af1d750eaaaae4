"""What a backup says about itself, and what a doctor finds."""

from datetime import datetime
from typing import Final, Literal

import msgspec

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"


class TablePart(msgspec.Struct, frozen=True, kw_only=True):
    """One table or event partition: a member of the archive in PostgreSQL's COPY text format."""

    name: str
    columns: list[str]
    rows: int
    sha256: str
    partition_of: str | None = None

    @property
    def member(self) -> str:
        """Its path in the archive."""
        return f"database/{self.name}.copy"


class SequencePart(msgspec.Struct, frozen=True, kw_only=True):
    """Where a sequence stood."""

    name: str
    last_value: int
    is_called: bool


class FilePart(msgspec.Struct, frozen=True, kw_only=True):
    """One file of the data directory: of the lake, or a key."""

    path: str  # relative to the data directory
    size: int
    sha256: str

    @property
    def member(self) -> str:
        """Its path in the archive."""
        return f"home/{self.path}"


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The last member of the archive: what is in it."""

    format: int
    fanwheel: str
    created_at: datetime
    migrations: list[str]
    tables: list[TablePart]
    sequences: list[SequencePart]
    files: list[FilePart]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables)


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What one check saw."""

    check: str
    state: Literal["ok", "warning", "failure"]
    detail: str
    remedy: str | None = None
