"""What a platform allows to be said to somebody now, for whoever is about to write."""

from datetime import datetime
from uuid import UUID

from fanwheel.domains.private.channels import registry
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate.reach.contracts import OpenRight
from fanwheel.loop.operate.reach.gate_repository import GateRepository
from fanwheel.loop.operate.reach.rules import rights


async def list_rights(
    tx: Transaction, *, channel: str, account_id: int, address_hash: UUID, now: datetime, is_comment: bool = False
) -> list[OpenRight] | None:
    """Rights to speak to an address that are open now, what lasts longest first; None where the channel asks for none.

    What may be sent at any time, such as approved templates, is among them. Nothing is used up by looking. Whether a
    comment is to be answered makes a difference: that needs a right of its own.
    """
    adapter = registry.adapters().get(channel)
    gate = GateRepository(tx, account_id)
    known = await gate.list_known(channel, adapter.about.allowances if adapter else (), now=now)
    if not known:
        return None
    return rights.speak(known, await gate.list_given(address_hash), now, is_comment=is_comment)
