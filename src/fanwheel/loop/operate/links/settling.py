"""Deciding whose visits were a machine's, a few seconds later, and telling of the rest as facts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from fanwheel.infra import outbox
from fanwheel.infra.outbox import Fact
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.loop.operate.links import rules
from fanwheel.loop.operate.links.contracts import Visit
from fanwheel.loop.operate.links.repository import LinkRepository

_AT_ONCE: Final = 500
_NAMES: Final = {"click": "Message Clicked", "open": "Message Opened"}


async def settle(db: Database, *, now: datetime) -> bool:
    """Decide visits that others can be seen beside by now; whether there may be more.

    Each becomes one fact with its decision, in the transaction that writes it.
    """
    async with db.installation() as tx:
        workspaces = await LinkRepository(tx).list_work()
    is_more = False
    for workspace in workspaces:
        async with db.transaction(workspace) as tx:
            is_more |= await _settle(tx, now=now) == _AT_ONCE
    return is_more


async def _settle(tx: Transaction, *, now: datetime) -> int:
    links = LinkRepository(tx)
    visits = await links.take_unsettled(until=now - rules.SETTLES_AFTER, most=_AT_ONCE)
    if not visits:
        return 0
    codes = {visit.recipient for visit in visits if visit.recipient}
    messages = await links.list_recipients(codes)
    low, high = visits[0].visited_at - rules.TRAP_WITHIN, visits[-1].visited_at + rules.TRAP_WITHIN
    beside: defaultdict[str | None, list[Visit]] = defaultdict(list)
    for other in await links.list_beside(codes, low=low, high=high):
        beside[other.recipient].append(other)
    decided = {visit.visit_id: _decide(visit, messages, beside[visit.recipient]) for visit in visits}
    await links.settle(decided)
    names = await links.list_names({visit.link_id for visit in visits if visit.link_id})
    await outbox.append(tx, list(_tell(visits, decided, messages, names)))
    return len(visits)


def _decide(visit: Visit, messages: Mapping[str, Row], beside: Sequence[Visit]) -> str:
    message = messages.get(visit.recipient or "")
    if message is not None:
        visit = visit._replace(made_at=message["made_at"], is_chat=message["channel"] != "email")
    return rules.decide(visit, [other for other in beside if other.visit_id != visit.visit_id])


def _tell(
    visits: Sequence[Visit], decided: Mapping[int, str], messages: Mapping[str, Row], names: Mapping[int, str]
) -> Iterator[Fact]:
    for visit in visits:
        message = messages.get(visit.recipient or "")
        if visit.kind not in _NAMES or message is None or message["kind"] is None:
            continue
        said: dict[str, Any] = {
            name: message[name] for name in ("channel", "account_id", "step", "variant", "language") if message[name]
        }
        reason = decided[visit.visit_id]
        said |= {"message": message["message_key"], "is_machine": rules.is_machine(reason)}
        said |= {"reason": reason} if reason else {}
        code = names.get(visit.link_id or 0)
        said |= {"link": code} if code else {}
        yield Fact(
            key=f"link:visit:{visit.visit_id}",
            name=_NAMES[visit.kind],
            at=visit.visited_at,
            refs=[(message["kind"], message["value"])],
            properties=said,
        )
