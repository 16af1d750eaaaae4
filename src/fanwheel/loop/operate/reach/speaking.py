"""What a platform allows to be said to somebody now, for whoever is about to write."""

from datetime import datetime
from uuid import UUID

from fanwheel.domains.private.channels import registry
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate.reach.contracts import OpenRight
from fanwheel.loop.operate.reach.gate_repository import GateRepository
from fanwheel.loop.operate.reach.rules import rights


async def list_rights(
    tx: Transaction, *, channel: str, account_id: int, address_hash: UUID, now: datetime
) -> list[OpenRight] | None:
    """Rights to speak to an address that are open now, what lasts longest first; None where the channel asks for none.

    What may be sent at any time, such as approved templates, is among them. Nothing is used up by looking.
    """
    adapter = registry.adapters().get(channel)
    gate = GateRepository(tx, account_id)
    known = await gate.list_known(channel, adapter.about.allowances if adapter else (), now=now)
    return rights.speak(known, await gate.list_given(address_hash), now) if known else None
