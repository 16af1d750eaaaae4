"""A trait said of people by hand."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

from fanwheel.cdp import traits
from fanwheel.cdp.bulk.contracts import Args, Doing, Home
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction

_SQL: Final = sqlfile.load("fanwheel.cdp.bulk", "stating.sql")


class _Said(NamedTuple):
    """What was said of a trait at a home, as it is kept, and what holds of the person."""

    entry: Any
    holds: Any


_NOTHING: Final = _Said(None, None)


class SetTrait:
    """Gives a trait a value, or takes it away."""

    async def prepare(self, tx: Transaction, args: Args, doing: Doing) -> Args:
        """The trait, and its value as it is kept."""
        del doing
        checked = await traits.check(tx, {args["trait"]: args["value"]})
        ((name, value),) = checked.items()
        return {"trait": name, "value": value}

    async def apply(self, tx: Transaction, people: Sequence[int], args: Args, doing: Doing) -> Mapping[int, Any]:
        """Say it of those of whom something else holds; what was said at their own home before, and what is now."""
        name, value = args["trait"], args["value"]
        before = await _said(tx, people, name)
        wanted = json.dumps(value, sort_keys=True)  # as text, since Python takes 1 for True
        differing = [
            person for person in people if json.dumps(before.get(person, _NOTHING).holds, sort_keys=True) != wanted
        ]
        source = doing.actor if doing.actor.startswith("user:") else f"api:{doing.actor}"
        await traits.state(tx, differing, {name: value}, source=source, now=doing.now)
        after = await _said(tx, differing, name)
        return {
            person: {"home": person, "before": before.get(person, _NOTHING).entry, "after": after[person].entry}
            for person in differing
            if person in after
        }

    async def revert(self, tx: Transaction, kept: Sequence[Home], args: Args, doing: Doing) -> Collection[int]:
        """What was said before holds again, where nothing else was said at that home since."""
        del doing
        name = args["trait"]
        now = await _said(tx, [home.undo["home"] for home in kept], name)
        back = [home for home in kept if now.get(home.undo["home"], _NOTHING).entry == home.undo["after"]]
        entries = {home.undo["home"]: {name: home.undo["before"]} for home in back}
        await traits.put_back(tx, entries, [home.person_id for home in back])
        return [home.home_id for home in back]

    async def finish(self, tx: Transaction, args: Args, *, is_undone: bool) -> None:
        """Nothing is left to do."""


async def _said(tx: Transaction, homes: Sequence[int], name: str) -> dict[int, _Said]:
    listed = "{" + ",".join(map(str, homes)) + "}"
    rows = await tx.all(_SQL["list_said"], homes=listed, name=name)
    return {row["home_id"]: _Said(row["entry"], row["value"]) for row in rows}
