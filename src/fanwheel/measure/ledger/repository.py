"""What the ledger reads and writes through one transaction."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.bulk import to_json_rows

_SQL: Final = sqlfile.load("fanwheel.measure.ledger")


class Terms(NamedTuple):
    """What a workspace holds its verdicts against."""

    time_zone: str
    margin: float
    geo_tests: str = ""  # changes with them


class Standing(NamedTuple):
    """What is known of a workspace's past verdicts."""

    time_zone: str
    margin: float
    newest_day: date | None
    has_spend: bool
    is_loading: bool


async def get_terms(tx: Transaction) -> Terms:
    """The terms of the workspace in hand."""
    return Terms(**await tx.one(_SQL["terms"]))


async def get_standing(tx: Transaction) -> Standing:
    """How far the workspace in hand has been judged."""
    return Standing(**await tx.one(_SQL["standing"]))


async def list_workspaces(tx: Transaction) -> list[int]:
    """Every workspace of the installation."""
    return [row["workspace_id"] for row in await tx.all(_SQL["list_workspaces"])]


async def put_days(tx: Transaction, days: Iterable[Mapping[str, Any]]) -> None:
    """Note what was said on some days."""
    await tx.run(_SQL["put_days"], days=to_json_rows(list(days)))


async def has_truth(tx: Transaction) -> bool:
    """Whether anything is known of the truth of a made-up brand."""
    found: bool = (await tx.one(_SQL["has_truth"]))["has_truth"]
    return found


async def put_truth(tx: Transaction, days: Iterable[Mapping[str, Any]]) -> None:
    """Replace what is known of a made-up brand."""
    await tx.run(_SQL["forget_truth"])
    await tx.run(_SQL["put_truth"], days=to_json_rows(list(days)))
