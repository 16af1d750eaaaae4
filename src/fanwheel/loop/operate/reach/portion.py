"""A portion of intents at the gate: who they are for, what is said, and what is known of both."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from fanwheel.cdp import consent, persons
from fanwheel.domains.private.channels.abilities import SendsTogether
from fanwheel.domains.private.channels.adapter import About
from fanwheel.domains.private.channels.contracts import Address, AnyPart, Outgoing, Purpose, Reply, Template
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.loop.operate.reach.contracts import SERVICE, Opened, Write, Writing, Written
from fanwheel.loop.operate.reach.gate_repository import GateRepository
from fanwheel.loop.operate.reach.keys import key_of
from fanwheel.loop.operate.reach.rules import lengths
from fanwheel.loop.operate.reach.rules.case import Covers
from fanwheel.loop.operate.reach.rules.quiet import find_zone

_PARTS: Final = tuple[AnyPart, ...]


@dataclass(slots=True, kw_only=True)
class Item:
    """One intent of the portion."""

    intent_id: int
    home_id: int
    key: str
    step: str
    occurrence: str
    channel: str
    purpose: Purpose
    priority: int
    expires_at: datetime | None
    attempts: int
    doubts: int
    rule: str | None
    notes: list[dict[str, Any]]
    said: Mapping[str, Any]
    falls_back: bool = False
    person_id: int | None = None
    zone: str = "UTC"
    address: Address | None = None
    standing: str | None = None
    written: Written = field(default_factory=lambda: Written((), {"why": "empty"}))

    @property
    def address_hash(self) -> UUID | None:
        """The identifier that is written to."""
        return None if self.address is None else persons.identifier_hash(self.address.kind, self.address.value)

    @property
    def templates(self) -> tuple[str, ...]:
        """The names of the templates that it is made of; none where anything else is in it."""
        names = tuple(part.name for part in self.written.parts if isinstance(part, Template))
        return names if len(names) == len(self.written.parts) else ()

    @property
    def covers(self) -> Covers:
        """What kind of message it is, as platforms' allowances tell them apart."""
        if "comment" in (self.said.get("reply") or {}).get("context", {}):
            return "comment"
        return "template" if self.templates else "free"

    @property
    def may_share(self) -> bool:
        """Whether it may leave in one call with others of the same words: nobody wrote before it or waits for it."""
        return self.priority < SERVICE and self.said.get("reply") is None

    def outgoing(self) -> Outgoing:
        """The message as the channel gets it."""
        assert self.address is not None
        reply = self.said.get("reply")
        return Outgoing(
            key=self.key,
            to=self.address,
            parts=self.written.parts,
            purpose=self.purpose,
            reply=None if reply is None else msgspec.convert(reply, Reply),
            staff=self.said.get("staff"),
        )


class Clerk:
    """Finds out what the gate must know of the people, one statement for all of them."""

    def __init__(self, hasher: consent.AddressHasher, write: Write) -> None:
        self._hasher = hasher
        self._write = write

    async def read(self, tx: Transaction, gate: GateRepository, account: Opened, rows: Sequence[Row]) -> list[Item]:
        """The portion behind some rows, with people, addresses, consent and words."""
        workspace = tx.workspace
        assert workspace is not None
        items = [_item(workspace, row) for row in rows]
        about = account.adapter.about
        prefix = f"{account.settings['app_id']}:" if about.address == "openid" and "app_id" in account.settings else ""
        people = _People(
            await gate.find_people([item.home_id for item in items], kind=about.address, prefix=prefix), about
        )
        candidates = [people.introduce(item) for item in items]
        await self._look_up(tx, items, candidates)
        return items

    async def word(self, tx: Transaction, account: Opened, account_id: int, items: Sequence[Item]) -> None:
        """Put into words what is to be said to those who may hear it."""
        shares = isinstance(account.adapter, SendsTogether)
        meant = [item for item in items if item.address is not None and item.standing is None]
        for item in meant:
            if item.said.get("parts"):
                item.written = Written(msgspec.convert(item.said["parts"], _PARTS))
        asked = [item for item in meant if item.said.get("template_version_id") is not None]
        writings = [_writing(item, account_id, is_shared=shares and item.may_share) for item in asked]
        for item, written in zip(asked, await self._write(tx, writings) if writings else (), strict=True):
            fault = written.fault if written.fault or written.parts else {"why": "empty"}
            item.written = written._replace(fault=fault)
        for item in meant:
            if item.written.fault is None:
                item.written = item.written._replace(fault=lengths.too_long(item.written.parts, account.adapter.about))

    async def _look_up(self, tx: Transaction, items: Sequence[Item], candidates: Sequence[Sequence[Address]]) -> None:
        """Take the newest address that is not suppressed, with how the person stands."""
        asks = [
            consent.Ask(item.person_id or item.home_id, item.channel, item.purpose, address.kind, address.value)
            for item, own in zip(items, candidates, strict=True)
            for address in own or (Address("", ""),)
        ]
        answers = iter(await consent.look_up(tx, asks, self._hasher))
        for item, own in zip(items, candidates, strict=True):
            standings = [consent.refuse(next(answers), item.purpose) for _ in own or (None,)]
            at = next((place for place, standing in enumerate(standings) if standing != "suppressed"), 0)
            item.standing = standings[at]
            item.address = own[at] if own else None


class _People:
    """Who is behind homes, and where they are reached."""

    def __init__(self, rows: Sequence[Row], about: About) -> None:
        self._about = about
        self._rows: dict[int, list[Row]] = {}
        for row in rows:
            self._rows.setdefault(row["home_id"], []).append(row)

    def introduce(self, item: Item) -> list[Address]:
        """Say who an intent is for; the addresses that come into question, the best first."""
        rows = self._rows.get(item.home_id, [])
        if rows:
            item.person_id = rows[0]["person_id"]
            item.zone = rows[0]["zone"] if find_zone(rows[0]["zone"]) else rows[0]["fallback"]
        if (to := item.said.get("to")) is not None:
            return [msgspec.convert(to, Address)]
        return [Address(self._about.address, row["value"]) for row in rows if row["value"] is not None]


def _item(workspace: int, row: Row) -> Item:
    said = _merge(row["wording"] or {}, row["said"] or {})
    return Item(
        intent_id=row["intent_id"],
        home_id=row["home_id"],
        key=key_of(workspace, row["intent_id"], row["made_at"]),
        step=row["step"],
        occurrence=row["occurrence"],
        channel=row["channel"],
        purpose=row["purpose"],
        priority=row["priority"],
        expires_at=row["expires_at"],
        attempts=row["attempts"],
        doubts=row["doubts"],
        rule=row["rule"],
        notes=row["notes"],
        said=said,
        falls_back=row.get("fallback") is not None,
    )


def _merge(shared: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    variables = {**shared.get("variables", {}), **own.get("variables", {})}
    return {**shared, **own, "variables": variables}


def _writing(item: Item, account_id: int, *, is_shared: bool) -> Writing:
    assert item.address is not None
    return Writing(
        key=item.key,
        intent_id=item.intent_id,
        version_id=item.said["template_version_id"],
        person_id=item.person_id or item.home_id,
        variables=item.said["variables"],
        step=item.step,
        account_id=account_id,
        address=item.address,
        purpose=item.purpose,
        variant=item.said.get("variant", ""),
        is_shared=is_shared,
    )


def pairs(items: Sequence[Item]) -> Iterator[tuple[Item, UUID]]:
    """Intents that have an address, with its hash."""
    for item in items:
        hashed = item.address_hash
        if hashed is not None:
            yield item, hashed
