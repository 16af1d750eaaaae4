"""Auto-replies, read and written through one transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.bulk import to_json_rows
from fanwheel.loop.operate.autoreply.contracts import BrakeInfo, Rule, RuleInfo, decode
from fanwheel.loop.operate.autoreply.model import FORMAT

_SQL: Final = sqlfile.load("fanwheel.loop.operate.autoreply")


class ReplyRepository:
    """The auto-replies of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    # ------------------------------------------------------------ the book
    async def get_book(self) -> dict[str, Any] | None:
        """The revision, the settings, and how the workspace writes times and phones."""
        return await self._tx.one_or_none(_SQL["get_book"])

    async def turn_page(self, examples: str | None = None) -> None:
        """Have every worker compile anew."""
        await self._tx.run(_SQL["open_book"])
        await self._tx.run(_SQL["turn_page"], examples=examples)

    async def put_settings(self, settings: str) -> None:
        """Store when conversations are braked."""
        await self._tx.run(_SQL["open_book"])
        await self._tx.run(_SQL["put_settings"], settings=settings)

    # ------------------------------------------------------------ rules
    async def list_rules(self, *, only_on: bool) -> list[tuple[Rule, bool]]:
        """Rules in the order in which they are asked, and whether they are on."""
        rows = await self._tx.all(_SQL["list_rules"], only_on=only_on)
        return [
            (Rule(row["rule_id"], row["name"], row["priority"], decode(row["definition"])), row["is_on"])
            for row in rows
        ]

    async def list_infos(self, *, since: datetime, one: int | None = None) -> list[RuleInfo]:
        """Rules, or one, with how often they answered."""
        return [RuleInfo(**row) for row in await self._tx.all(_SQL["list_rule_infos"], since=since, one=one)]

    async def is_name_taken(self, name: str, *, rule_id: int | None) -> bool:
        """Whether another rule has a name."""
        return bool(await self._tx.value(_SQL["is_name_taken"], name=name, rule_id=rule_id))

    async def add_rule(self, **values: Any) -> int:
        """The number of a new rule."""
        return int(await self._tx.value(_SQL["add_rule"], **values))

    async def change_rule(self, **values: Any) -> int:
        """Store a rule in the place of what it was; how many."""
        return await self._tx.run(_SQL["change_rule"], **values)

    async def delete_rule(self, rule_id: int) -> int:
        """Delete a rule; how many."""
        return await self._tx.run(_SQL["delete_rule"], rule_id=rule_id)

    async def place_rules(self, rules: Sequence[int]) -> None:
        """Give rules the places that they stand at."""
        await self._tx.run(_SQL["place_rules"], rules=list(rules))

    async def list_days(self, rule_id: int, *, since: datetime) -> list[dict[str, Any]]:
        """How often a rule answered per day."""
        return await self._tx.all(_SQL["list_days"], rule_id=rule_id, since=since)

    async def list_gone_accounts(self, accounts: Collection[int]) -> list[int]:
        """Which of some numbers are no accounts."""
        rows = await self._tx.all(_SQL["list_gone_accounts"], accounts=sorted(accounts)) if accounts else []
        return [row["account_id"] for row in rows]

    async def has_team(self, team_id: int) -> bool:
        """Whether there is a team."""
        return bool(await self._tx.value(_SQL["has_team"], team_id=team_id))

    # ------------------------------------------------------------ what was learned
    async def find_model(self, *, version: int) -> dict[str, Any] | None:
        """The newest model."""
        return await self._tx.one_or_none(_SQL["find_model"], format=version)

    async def put_model(self, **values: Any) -> int:
        """Store what was learned; nothing if there is something else to learn by now."""
        return await self._tx.run(_SQL["put_model"], **values)

    async def list_learning_work(self) -> list[dict[str, Any]]:
        """Which workspaces have examples to learn from."""
        return await self._tx.all(_SQL["list_learning_work"], format=FORMAT)

    # ------------------------------------------------------------ conversations
    async def hold_states(self, keys: Collection[tuple[int, int]]) -> list[dict[str, Any]]:
        """Where some conversations stand, by account and home."""
        accounts, homes = [key[0] for key in keys], [key[1] for key in keys]
        return await self._tx.all(_SQL["hold_states"], accounts=accounts, homes=homes) if keys else []

    async def put_states(self, states: Sequence[Mapping[str, Any]], *, now: datetime) -> None:
        """Store where conversations stand."""
        if states:
            await self._tx.run(_SQL["put_states"], states=to_json_rows(states), now=now)

    async def list_last_firings(
        self, persons: Collection[int], rules: Collection[int]
    ) -> dict[tuple[int, int], datetime]:
        """When rules answered persons last, by person and rule."""
        if not persons or not rules:
            return {}
        rows = await self._tx.all(_SQL["list_last_firings"], persons=sorted(persons), rules=sorted(rules))
        return {(row["person_id"], row["rule_id"]): row["fired_at"] for row in rows}

    async def add_firings(self, firings: Sequence[Mapping[str, Any]], *, now: datetime) -> None:
        """Note which rules answered whom."""
        if firings:
            await self._tx.run(_SQL["add_firings"], firings=to_json_rows(firings), now=now)

    async def list_fired_keys(self, homes: Collection[int], keys: Collection[str]) -> set[str]:
        """Which of some keys were answered already."""
        rows = await self._tx.all(_SQL["list_fired_keys"], homes=sorted(homes), keys=sorted(keys)) if keys else []
        return {row["key"] for row in rows}

    async def list_people(self, persons: Collection[int]) -> dict[int, dict[str, Any]]:
        """What blanks are filled in with, by person."""
        rows = await self._tx.all(_SQL["list_people"], persons=sorted(persons)) if persons else []
        return {row["person_id"]: _blanks(row) for row in rows}

    # ------------------------------------------------------------ brakes
    async def add_brakes(self, brakes: Sequence[Mapping[str, Any]], *, now: datetime) -> None:
        """Note conversations in which nothing answers."""
        if brakes:
            await self._tx.run(_SQL["add_brakes"], brakes=to_json_rows(brakes), now=now)

    async def list_brakes(self, *, most: int) -> list[BrakeInfo]:
        """Brakes, newest first."""
        return [BrakeInfo(**row) for row in await self._tx.all(_SQL["list_brakes"], most=most)]

    async def release_brake(self, brake_id: int, *, actor: str, now: datetime) -> bool:
        """Let a conversation be answered again; False where there is nothing to release."""
        row = await self._tx.one_or_none(_SQL["release_brake"], brake_id=brake_id, actor=actor, now=now)
        if row is None:
            return False
        await self._tx.run(_SQL["forget_braking"], **row)
        return True

    # ------------------------------------------------------------ lead forms
    async def list_forms(self) -> list[dict[str, Any]]:
        """Lead forms."""
        return await self._tx.all(_SQL["list_forms"])

    async def add_form(self, **values: Any) -> int:
        """The number of a new lead form."""
        return int(await self._tx.value(_SQL["add_form"], **values))

    async def change_form(self, **values: Any) -> int:
        """Store a lead form in the place of what it was; how many."""
        return await self._tx.run(_SQL["change_form"], **values)

    async def delete_form(self, form_id: int) -> int:
        """Take a lead form away; how many."""
        return await self._tx.run(_SQL["delete_form"], form_id=form_id)

    # ------------------------------------------------------------ upkeep
    async def tidy(self, *, firings_before: datetime, states_before: datetime, kept: Iterable[int]) -> None:
        """Delete what nothing asks for any more."""
        await self._tx.run(_SQL["tidy_firings"], before=firings_before, kept=sorted(kept))
        await self._tx.run(_SQL["tidy_states"], before=states_before)


def _blanks(row: Mapping[str, Any]) -> dict[str, Any]:
    """What can be said of a person; traits have two names, that of templates and an older one."""
    traits: dict[str, Any] = msgspec.json.decode(row["traits"] or "{}")
    known = {f"{root}.{name}": value for name, value in traits.items() for root in ("person", "traits")}
    known["brand"] = row["brand"]
    return known | ({"name": row["display_name"]} if row["display_name"] else {})
