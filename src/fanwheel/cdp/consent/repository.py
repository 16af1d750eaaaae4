"""The ledger of consent and the suppressed addresses, read and written through one transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from fanwheel.cdp.consent.contracts import Ask, Choice, Consent, Reason, Standing, Statement, Suppressed, Suppression
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.bulk import to_json_rows

_SQL: Final = sqlfile.load("fanwheel.cdp.consent")
# Gravest first: whoever complained stays one who complained.
GRAVITY: Final[tuple[Reason, ...]] = ("complaint", "bounce", "manual", "import", "unsubscribe")


class Row(NamedTuple):
    """A suppressed address to be kept; the hash in hexadecimal."""

    address_hash: str
    kind: str
    channel: str
    purpose: str
    reason: Reason
    masked: str
    note: str


class Own(NamedTuple):
    """An identifier of a person."""

    home_id: int
    kind: str
    value: str


class OptIn(NamedTuple):
    """Something that somebody was asked to confirm."""

    home_id: int
    channel: str
    purpose: str
    evidence: Mapping[str, Any]
    asked_at: datetime
    expires_at: datetime
    confirmed_at: datetime | None


class Place(NamedTuple):
    """Where a workspace is: the country of phones, and the zone of times, that name none."""

    region: str
    zone: ZoneInfo


class ConsentRepository:
    """Statements of consent of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def append(self, statements: Iterable[Statement]) -> int:
        """Add ``statements``; how many were new."""
        rows = [statement._asdict() for statement in statements]
        return await self._tx.run(_SQL["append"], statements=to_json_rows(rows))

    async def append_choices(
        self, choices: Sequence[Choice], *, now: datetime
    ) -> list[tuple[int, int, list[tuple[str, str]]]]:
        """Add choices of people who are still there: number, living person and identifiers of each."""
        rows = [{"number": number, **choice._asdict()} for number, choice in enumerate(choices)]
        found = await self._tx.all(_SQL["append_choices"], choices=to_json_rows(rows), now=now)
        return [(row["number"], row["person_id"], [(kind, value) for kind, value in row["refs"]]) for row in found]

    async def look_up(self, asks: Sequence[Ask], hashes: Sequence[bytes]) -> list[Standing]:
        """How people stand, in the order asked."""
        rows = await self._tx.all(
            _SQL["look_up"],
            persons=[ask.person_id for ask in asks],
            channels=[ask.channel for ask in asks],
            purposes=[ask.purpose for ask in asks],
            hashes=list(hashes),
        )
        return [_standing(row) for row in rows]

    async def list_ledger(self, homes: Collection[int]) -> list[dict[str, Any]]:
        """All that some homes said, newest first."""
        return await self._tx.all(_SQL["list_ledger"], homes=list(homes))

    async def list_state(self, homes: Collection[int]) -> dict[tuple[str, str], bool]:
        """Whether some homes agree now, by channel and purpose."""
        rows = await self._tx.all(_SQL["list_state"], homes=list(homes))
        return {(row["channel"], row["purpose"]): row["is_granted"] for row in rows}

    async def list_own(self, home_id: int) -> list[Own]:
        """The identifiers of the living person behind a home id; none once the person was erased."""
        return [Own(**row) for row in await self._tx.all(_SQL["list_own"], home=home_id)]

    async def find_home(self, key: UUID) -> int | None:
        """The home of an identifier, if it is known."""
        found = await self._tx.value(_SQL["find_home"], hash=key)
        return None if found is None else int(found)

    async def add_opt_in(self, token_hash: bytes, choice: Choice, *, now: datetime, expires_at: datetime) -> None:
        """Keep that somebody is to confirm something."""
        await self._tx.run(
            _SQL["add_opt_in"],
            token_hash=token_hash,
            home=choice.home_id,
            channel=choice.channel,
            purpose=choice.purpose,
            evidence=msgspec.json.encode(choice.evidence).decode(),
            now=now,
            expires_at=expires_at,
        )

    async def find_opt_in(self, token_hash: bytes) -> OptIn | None:
        """What is to be confirmed with a secret."""
        row = await self._tx.one_or_none(_SQL["find_opt_in"], token_hash=token_hash)
        return OptIn(**row) if row else None

    async def use_opt_in(self, token_hash: bytes, *, now: datetime) -> Choice | None:
        """Use a secret up; None if it was used before or is too old."""
        row = await self._tx.one_or_none(_SQL["use_opt_in"], token_hash=token_hash, now=now)
        if row is None:
            return None
        evidence = {**row["evidence"], "asked_at": row["asked_at"].isoformat(), "confirmed_at": now.isoformat()}
        return Choice(row["home_id"], row["channel"], row["purpose"], True, evidence)

    async def erase_opt_ins(self, homes: Collection[int]) -> None:
        """Forget what some homes were asked to confirm."""
        await self._tx.run(_SQL["erase_opt_ins"], homes=list(homes))

    async def forget_opt_ins(self, *, before: datetime) -> int:
        """Forget who was asked long ago."""
        return await self._tx.run(_SQL["forget_opt_ins"], before=before)

    async def get_place(self) -> Place:
        """Where the workspace is: country and time zone."""
        row = await self._tx.one(_SQL["get_place"])
        return Place(row["default_region"], ZoneInfo(row["time_zone"]))


class SuppressionRepository:
    """Suppressed addresses of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def list_addresses(self, *, after: int, most: int) -> list[tuple[int, str, str]]:
        """Addresses of people who are known: home, kind and value, in the order of homes."""
        rows = await self._tx.all(_SQL["list_addresses"], after=after, most=most)
        return [(row["home_id"], row["kind"], row["value"]) for row in rows]

    async def list_among(self, hashes: Sequence[bytes]) -> list[tuple[bytes, Suppressed]]:
        """Those of some addresses that are suppressed, each with its hash."""
        rows = await self._tx.all(_SQL["list_suppressed_hashes"], hashes=list(hashes))
        return [(bytes(row.pop("address_hash")), Suppressed(**row)) for row in rows]

    async def get_fingerprint(self) -> bytes | None:
        """Of the key under which addresses are hashed, if any are."""
        found = await self._tx.value(_SQL["get_fingerprint"])
        return None if found is None else bytes(found)

    async def keep_fingerprint(self, fingerprint: bytes) -> None:
        """Note the key under which addresses are hashed; the first one stays."""
        await self._tx.run(_SQL["keep_fingerprint"], fingerprint=fingerprint)

    async def suppress(self, rows: Sequence[Row], *, actor: str, now: datetime) -> int:
        """Suppress addresses; how many are new or graver than before."""
        entries = to_json_rows([row._asdict() for row in rows])
        return await self._tx.run(_SQL["suppress"], entries=entries, gravity=list(GRAVITY), actor=actor, now=now)

    async def list_suppressed(
        self, *, hashes: Sequence[bytes] | None, reason: Reason | None, before: int | None, limit: int
    ) -> list[Suppressed]:
        """Suppressed addresses, newest first."""
        rows = await self._tx.all(
            _SQL["list_suppressed"],
            hashes=None if hashes is None else list(hashes),
            reason=reason,
            before=before,
            limit=limit,
        )
        return [Suppressed(**row) for row in rows]

    async def count(self) -> dict[Reason, int]:
        """How many addresses are suppressed for each reason."""
        return {row["reason"]: row["addresses"] for row in await self._tx.all(_SQL["count_suppressed"])}

    async def lift(self, suppression_id: int) -> dict[str, Any] | None:
        """Take a suppression away; what it was."""
        return await self._tx.one_or_none(_SQL["lift"], suppression_id=suppression_id)

    async def lift_choices(self, hashes: Sequence[bytes], *, channel: str, purpose: str) -> int:
        """Take away what people chose themselves for a channel and a purpose."""
        return await self._tx.run(_SQL["lift_choices"], hashes=list(hashes), channel=channel, purpose=purpose)

    async def lift_bounces(self, hashes: Sequence[bytes], channels: Sequence[str], ats: Sequence[datetime]) -> int:
        """Take away that nobody was at addresses from which somebody was heard; how many."""
        return await self._tx.run(_SQL["lift_bounces"], hashes=list(hashes), channels=list(channels), ats=list(ats))

    async def unmask(self, hashes: Sequence[bytes]) -> None:
        """Take away what reminds of addresses."""
        await self._tx.run(_SQL["unmask"], hashes=list(hashes))

    async def count_bounce(self, address_hash: bytes, channel: str, *, now: datetime, since: datetime) -> int:
        """How often an address has bounced lately, this time included."""
        found = await self._tx.value(_SQL["count_bounce"], hash=address_hash, channel=channel, now=now, since=since)
        return int(found)

    async def forget_bounces(self, hashes: Sequence[bytes] = (), *, before: datetime) -> int:
        """Forget how often addresses bounced."""
        return await self._tx.run(_SQL["forget_bounces"], hashes=list(hashes), before=before)


def _standing(row: Mapping[str, Any]) -> Standing:
    barred = row["reason"] and Suppression(row["reason"], row["purpose"], row["suppressed_at"])
    said = None if row["decided_at"] is None else Consent(row["is_granted"], row["decided_at"], row["has_evidence"])
    return Standing(row["person_id"], barred or None, said)
