"""Ledgers of a workspace: worked out in a process of its own, kept, and renewed behind the reader's back."""

from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter

from fanwheel.infra.settings import Settings
from fanwheel.measure.ledger import schemas, work
from fanwheel.measure.reports.desk import Desk


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of one workspace."""

    workspace: int
    first: date | None
    last: date
    by: schemas.By
    margin: float
    geo_tests: str = ""  # another text: other geo tests, so that a test shows as soon as it is noted


class Ledgers(Desk[Asked, schemas.Ledger]):
    """Ledgers by question, served as reports are."""

    @classmethod
    def of(cls, settings: Settings, dsn: str) -> "Ledgers":
        """Ledgers over the lake and the database of an installation."""
        reader = TypeAdapter(schemas.Ledger)

        def write(asked: Asked) -> schemas.Ledger:
            wanted = work.Work.of(settings, dsn, workspace=asked.workspace, margin=asked.margin, last=asked.last)
            wanted.first, wanted.by = asked.first, asked.by
            return reader.validate_json(work.run(wanted))

        return cls(write)
