"""Invites, written through one transaction."""

from collections.abc import Iterable
from typing import Final

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.bulk import to_json_rows
from fanwheel.loop.share.referral.contracts import Invite

_SQL: Final = sqlfile.load("fanwheel.loop.share.referral")


class InviteRepository:
    """The invites of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def default_region(self) -> str:
        """The country of phones without a country code."""
        return str(await self._tx.value(_SQL["default_region"]))

    async def put(self, invites: Iterable[Invite]) -> None:
        """Store ``invites``, one per referee."""
        rows = [invite._asdict() for invite in invites]
        await self._tx.run(_SQL["put_invites"], invites=to_json_rows(rows))
