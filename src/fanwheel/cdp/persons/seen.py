"""The quick fold: of persons who were merely seen again, just when and how often is written.

Most events tell no more of a person than that they were there. Folding the whole portrait then costs several times as
much as the few columns that can have moved.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction

_SQL: Final = sqlfile.load("fanwheel.cdp.persons", "seen.sql")


async def hold(tx: Transaction, persons: Collection[int]) -> None:
    """Keep the rows of ``persons`` until the transaction ends.

    What is folded after that is folded from all that whoever held them before has written.
    """
    await tx.run(_SQL["hold"], persons=_array(persons))


async def fold_seen(tx: Transaction, persons: Collection[int]) -> set[int]:
    """Bring when ``persons`` were seen up to date; those for whom that was enough."""
    return {row["person_id"] for row in await tx.all(_SQL["fold_seen"], persons=_array(persons))}


async def note_segments(tx: Transaction, grew: Mapping[int, Collection[int]]) -> None:
    """Have persons judged again for segments; with each come the metrics that remember more of them now."""
    persons = sorted(grew)
    told = "{" + ",".join(['"' + _array(grew[person]) + '"' for person in persons]) + "}"
    await tx.run(_SQL["note_segments"], persons=_array(persons), grew=told)


def _array(values: Iterable[int]) -> str:
    # As PostgreSQL reads it: the driver would take ten times as long to make one.
    return "{" + ",".join(map(str, values)) + "}"
