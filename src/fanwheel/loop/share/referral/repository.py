"""Invites, written through one transaction."""

from collections.abc import Collection, Iterable
from typing import Final

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.bulk import to_json_rows
from fanwheel.loop.share.referral.contracts import Invite, Sent

_SQL: Final = sqlfile.load("fanwheel.loop.share.referral")


class InviteRepository:
    """The invites of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def default_region(self) -> str:
        """The country of phones without a country code."""
        return str(await self._tx.value(_SQL["default_region"]))

    async def put(self, invites: Iterable[Invite]) -> None:
        """Store ``invites``, each referee, referrer and code once."""
        if rows := [invite._asdict() for invite in invites]:
            await self._tx.run(_SQL["put_invites"], invites=to_json_rows(rows))

    async def put_codes(self, sent: Collection[Sent]) -> None:
        """Store who sent which code, and when first."""
        if sent:
            await self._tx.run(_SQL["put_codes"], sent=to_json_rows([item._asdict() for item in sent]))

    async def list_owners(self, codes: Collection[str]) -> set[int]:
        """The homes that own ``codes``, as far as anybody has sent them."""
        if not codes:
            return set()
        return {row["home_id"] for row in await self._tx.all(_SQL["list_owners"], codes=sorted(codes))}
