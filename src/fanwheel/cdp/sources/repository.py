"""Sources and rules, read and written through one transaction."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from fanwheel.cdp.sources.contracts import Rule, Source
from fanwheel.cdp.sources.rules import parse_conditions, to_json
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.kernel.domain import Domain
from fanwheel.kernel.ids import SourceId

_SQL: Final = sqlfile.load("fanwheel.cdp.sources")


class SourceRepository:
    """The registry of sources and the rules of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def list_sources(self) -> list[Source]:
        """Every source, by slug."""
        return [_source(row) for row in await self._tx.all(_SQL["list_sources"])]

    async def find_sources(self, slugs: Iterable[str]) -> dict[str, Source]:
        """The sources that exist among ``slugs``, by slug."""
        rows = await self._tx.all(_SQL["find_sources"], slugs=sorted(slugs))
        return {row["slug"]: _source(row) for row in rows}

    async def count_sources(self) -> int:
        """How many sources there are."""
        return int(await self._tx.value(_SQL["count_sources"]))

    async def add_sources(self, fresh: Sequence[tuple[str, str, Domain]]) -> None:
        """Add (slug, name, domain); those whose slug exists stay as they are."""
        await self._tx.run(
            _SQL["add_sources"],
            slugs=[slug for slug, _, _ in fresh],
            names=[name for _, name, _ in fresh],
            domains=[domain.label for _, _, domain in fresh],
        )

    async def change_source(self, source_id: int, *, name: str | None, domain: Domain | None) -> Source | None:
        """Rename a source or move it to another domain; None when there is no such source."""
        label = None if domain is None else domain.label
        row = await self._tx.one_or_none(_SQL["change_source"], source_id=source_id, name=name, domain=label)
        return None if row is None else _source(row)

    async def list_rules(self) -> list[Rule]:
        """Every rule, in the order in which they are tried."""
        return [
            Rule(
                row["position"],
                parse_conditions(row["conditions"]),
                row["source_slug"],
                Domain.of(row["domain"]),
                row["is_builtin"],
            )
            for row in await self._tx.all(_SQL["list_rules"])
        ]

    async def replace_rules(self, rules: Sequence[Rule]) -> None:
        """Put ``rules`` in the place of all rules."""
        await self._tx.run(_SQL["clear_rules"])
        await self._tx.run(
            _SQL["add_rules"],
            positions=[rule.position for rule in rules],
            conditions=[msgspec.json.encode(to_json(rule.conditions)).decode() for rule in rules],
            slugs=[rule.source_slug for rule in rules],
            domains=[rule.domain.label for rule in rules],
            builtins=[rule.is_builtin for rule in rules],
        )


def _source(row: dict[str, object]) -> Source:
    return Source(
        SourceId(int(str(row["source_id"]))), str(row["slug"]), str(row["name"]), Domain.of(str(row["domain"]))
    )
