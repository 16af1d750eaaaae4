"""Tags put on people and taken off."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from fanwheel.cdp import tags
from fanwheel.cdp.bulk.contracts import Args, Doing, Home
from fanwheel.infra.postgres import Transaction


class _Tagging:
    async def revert(self, tx: Transaction, kept: Sequence[Home], args: Args, doing: Doing) -> Collection[int]:
        """Tags that were put on go, and those that were taken off come back, where nobody has changed them since."""
        del args
        outcome = _joined(msgspec.convert(home.undo, tags.Outcome) for home in kept)
        found = await tags.undo(tx, outcome, by=doing.actor, now=doing.now)
        return [home.home_id for home in kept if home.person_id in found]

    async def finish(self, tx: Transaction, args: Args, *, is_undone: bool) -> None:
        """Nothing is left to do."""


class Tag(_Tagging):
    """Puts tags on; the others of an exclusive group go."""

    async def prepare(self, tx: Transaction, args: Args, doing: Doing) -> Args:
        """The tags; giving them to nobody tells whether they can be given."""
        words = _words(args)
        await tags.give(tx, (), words, origin="bulk", by=doing.actor, now=doing.now)
        expires_at: datetime | None = args.get("expires_at")
        tags.require_ahead(expires_at, now=doing.now)
        return _told(tags=words, reason=args.get("reason"), expires_at=expires_at and expires_at.isoformat())

    async def apply(self, tx: Transaction, people: Sequence[int], args: Args, doing: Doing) -> Mapping[int, Any]:
        """Tag people; what it changed, by person."""
        outcome = await tags.give(
            tx,
            people,
            args["tags"],
            origin="bulk",
            by=doing.actor,
            now=doing.now,
            reason=args.get("reason", ""),
            expires_at=_moment(args.get("expires_at")),
        )
        return _by_person(outcome)


class Untag(_Tagging):
    """Takes tags off, whoever put them on."""

    async def prepare(self, tx: Transaction, args: Args, doing: Doing) -> Args:
        """The tags."""
        words = _words(args)
        await tags.take(tx, (), words, origin="bulk", by=doing.actor, now=doing.now)
        return _told(tags=words, reason=args.get("reason"))

    async def apply(self, tx: Transaction, people: Sequence[int], args: Args, doing: Doing) -> Mapping[int, Any]:
        """Take tags off people; what it changed, by person."""
        outcome = await tags.take(
            tx, people, args["tags"], origin="bulk", by=doing.actor, now=doing.now, reason=args.get("reason", "")
        )
        return _by_person(outcome)


def _words(args: Args) -> list[str]:
    return list(dict.fromkeys(" ".join(word.split()) for word in args["tags"]))


def _told(**args: Any) -> Args:
    return {name: value for name, value in args.items() if value}


def _moment(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(told)


def _by_person(outcome: tags.Outcome) -> dict[int, Any]:
    given: dict[int, list[tags.Given]] = {}
    taken: dict[int, list[tags.Taken]] = {}
    for one in outcome.given:
        given.setdefault(one.person_id, []).append(one)
    for other in outcome.taken:
        taken.setdefault(other.person_id, []).append(other)
    return {
        person: msgspec.to_builtins(tags.Outcome(given=given.get(person, []), taken=taken.get(person, [])))
        for person in outcome.people
    }


def _joined(outcomes: Iterable[tags.Outcome]) -> tags.Outcome:
    every = list(outcomes)
    return tags.Outcome(
        given=[given for each in every for given in each.given], taken=[taken for each in every for taken in each.taken]
    )
