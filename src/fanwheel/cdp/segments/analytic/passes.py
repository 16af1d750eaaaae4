"""Events judged a part of the people after the other, so that no table outgrows memory however many there are."""

from collections.abc import Iterator
from typing import Final

from fanwheel.cdp.segments.analytic.answers import Answers
from fanwheel.cdp.segments.analytic.compiler import Plan
from fanwheel.cdp.segments.analytic.datasets import SHARES
from fanwheel.cdp.segments.analytic.gathering import Gathering
from fanwheel.cdp.segments.analytic.params import select
from fanwheel.cdp.segments.analytic.values import Place
from fanwheel.infra import sqlfile
from fanwheel.infra.engine import Engine

_SQL: Final = sqlfile.load("fanwheel.cdp.segments.analytic", "parts.sql")


def ask(engine: Engine, plan: Plan, place: Place, answers: Answers) -> None:
    """Work out the answers to all leaves of a plan."""
    if plan.people is not None:
        answers.ask(engine, plan.people)
    if plan.gathering is None:
        return
    for _ in gather(engine, plan.gathering, place):
        for statement in plan.asked:
            answers.ask(engine, statement)


def gather(engine: Engine, gathering: Gathering, place: Place) -> Iterator[None]:
    """Keep ``asked`` for one part of the people after the other: whoever has events has them all in one part."""
    if engine.name != "duckdb" or not place.parts:
        engine.keep("asked", gathering.whole(), **gathering.params.values)
        yield
        engine.forget("asked")
        return
    engine.keep("joined_home", _SQL["joined_home"])
    engine.keep("fresh", gathering.part([-1]), **gathering.params.values)
    kept = ["fresh"]
    for number, buckets in enumerate(place.parts):
        among = f"person_id % {SHARES} IN ({', '.join(map(str, buckets))})"
        fresh = select(gathering.columns, "fresh", among, "NOT is_moved")
        arranged = select(gathering.columns, f"({gathering.part(buckets)}) AS arranged")
        engine.keep("asked", f"{arranged}\nUNION ALL\n{fresh}", **gathering.params.values)
        yield
        # Who has several homes is judged in the end, when the events of all of them have been seen.
        kept.append(f"joined{number}")
        engine.keep(kept[-1], select(gathering.columns, "asked", "is_moved"))
        engine.forget("asked")
    settled = ["FALSE AS is_moved" if column == "is_moved" else column for column in gathering.columns]
    engine.keep("asked", "\nUNION ALL\n".join(select(settled, name, "is_moved") for name in kept))
    for name in kept:
        engine.forget(name)
    yield
    engine.forget("asked")
    engine.forget("joined_home")
