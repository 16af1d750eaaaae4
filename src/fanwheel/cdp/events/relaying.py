"""Relaying: facts leave the outbox and become events, each once, whatever is killed meanwhile."""

from datetime import datetime
from typing import Final

import msgspec

from fanwheel.cdp.events.contracts import Submission
from fanwheel.cdp.events.evidence import find_evidence, read_context
from fanwheel.cdp.events.prepare import KINDS, Prepared, message_key
from fanwheel.cdp.events.rows import pg_time
from fanwheel.cdp.events.wire import EMPTY
from fanwheel.cdp.events.writer import Writer
from fanwheel.infra import outbox
from fanwheel.infra.postgres import Database
from fanwheel.kernel.semantics import HELD_OUT, HELD_OUT_KIND

_AT_ONCE: Final = 1_000
# No API key sent them.
_OWN: Final = 0
_PREFIX: Final = "fanwheel:"  # apart from the message ids of those who send events


async def relay(db: Database, writer: Writer, workspace: int, *, now: datetime) -> int:
    """Make events of the oldest facts; how many facts that were.

    The outbox lets go of them only after the events are stored. Whoever dies in between leaves both, and the events
    are recognized by their message ids when the facts are relayed again.
    """
    async with db.transaction(workspace) as tx:
        facts = await outbox.take(tx, most=_AT_ONCE)
        if facts:
            events = [_prepared(fact, now) for fact in facts if fact.refs]
            await writer.submit(Submission(workspace=workspace, key_id=_OWN, received_at=now, events=events))
    return len(facts)


def _prepared(fact: outbox.Fact, now: datetime) -> Prepared:
    properties = msgspec.json.encode(fact.properties)
    first, *others = fact.refs
    return Prepared(
        key=message_key(_PREFIX + fact.key, now),
        kind=HELD_OUT_KIND if fact.name in HELD_OUT else KINDS[fact.kind],
        name=fact.name.encode(),
        occurred=pg_time(min(fact.at, now)),
        primary=first,
        others=tuple(others),
        properties=properties,
        context=EMPTY,
        evidence=find_evidence(EMPTY, read_context(EMPTY), properties),
    )
