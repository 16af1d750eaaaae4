"""Experiments as the routes use them."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from fanwheel.cdp import lists
from fanwheel.cdp.segments import crowds
from fanwheel.cdp.segments import service as segments
from fanwheel.cdp.segments.errors import SegmentStateError
from fanwheel.infra.postgres import Transaction
from fanwheel.measure.ledger.experiments import rules
from fanwheel.measure.ledger.experiments.contracts import Draft, Experiment, Finding, Outcome, Plan
from fanwheel.measure.ledger.experiments.errors import (
    ExperimentEndedError,
    ExperimentNameTakenError,
    ExperimentNotFoundError,
    TooFewPeopleError,
)
from fanwheel.measure.ledger.experiments.repository import ExperimentRepository

_LEAST: Final = 4
_ARMS: Final = {True: " · treated", False: " · control"}


async def list_experiments(tx: Transaction) -> list[Experiment]:
    """Every experiment, the newest first."""
    return await ExperimentRepository(tx).list_experiments()


async def get(tx: Transaction, one: int) -> Experiment:
    """An experiment.

    Raises
    ------
    ExperimentNotFoundError
        If there is none with that id.
    """
    found = await ExperimentRepository(tx).list_experiments(one=one) if 0 < one < 2**31 else []
    if not found:
        raise ExperimentNotFoundError(experiment_id=one)
    return found[0]


async def start(tx: Transaction, draft: Draft, *, actor: str, now: datetime) -> Experiment:
    """Deal the people who are in a segment now into two arms, each of which becomes a list as well.

    Raises
    ------
    SegmentNotFoundError, SegmentStateError, TooFewPeopleError, ExperimentNameTakenError
        If there is no such segment, it was never built, it is all but empty, or the name is taken.
    """
    people = await _people(tx, draft.segment_id)
    salt = secrets.token_hex(8)
    arms = deal(people, treated_share=draft.treated_share, salt=salt)
    if min(map(len, arms.values())) < _LEAST // 2:
        raise TooFewPeopleError(
            f"{len(people)} people are in the segment; each arm needs {_LEAST // 2} at least.",
            hint="Choose a larger segment, or a share nearer to one half.",
        )
    list_ids = {is_treated: await _listed(tx, draft, arms[is_treated], is_treated, actor) for is_treated in arms}
    repository = ExperimentRepository(tx)
    values = {
        "name": draft.name, "hypothesis": draft.hypothesis, "segment_id": draft.segment_id,
        "segment_name": (await segments.get(tx, draft.segment_id)).name, "salt": salt,
        "treated_share": draft.treated_share, "outcome": draft.outcome, "days": draft.days,
        "days_before": draft.days_before, "people": len(people), "treated_list_id": list_ids[True],
        "control_list_id": list_ids[False], "now": now, "actor": actor,
    }  # fmt: skip
    made = await repository.add(values)
    if made is None:
        raise ExperimentNameTakenError(f"There is an experiment “{draft.name}” already.", hint="Choose another name.")
    for is_treated, dealt in arms.items():
        await repository.deal(made, dealt, is_treated=is_treated)
    return await get(tx, made)


async def judge(tx: Transaction, experiment: Experiment, *, now: datetime) -> Finding:
    """What an experiment shows now; what happens after its end does not count."""
    until = min(now, experiment.ends_at, experiment.ended_at or now)
    arms, in_both = await ExperimentRepository(tx).sum_arms(
        experiment.outcome,
        before=experiment.started_at - timedelta(days=experiment.days_before),
        begin=experiment.started_at,
        until=until,
        one=experiment.experiment_id,
    )
    return rules.judge(
        arms,
        in_both=in_both,
        treated_share=experiment.treated_share,
        elapsed=(until - experiment.started_at) / timedelta(days=experiment.days),
        people=experiment.people,
    )


async def plan(
    tx: Transaction,
    segment_id: int,
    outcome: Outcome,
    *,
    treated_share: float,
    days: int,
    days_before: int,
    now: datetime,
) -> Plan:
    """What an experiment of so many days with the people of a segment would be able to see.

    Raises
    ------
    SegmentNotFoundError, SegmentStateError
        If there is no such segment, or it was never built.
    """
    begin = now - timedelta(days=days)
    past, _ = await ExperimentRepository(tx).sum_arms(
        outcome,
        before=begin - timedelta(days=days_before),
        begin=begin,
        until=now,
        persons=await _people(tx, segment_id),
    )
    return rules.plan(past, treated_share=treated_share)


async def end(tx: Transaction, one: int, *, now: datetime) -> Experiment:
    """End an experiment before its planned end.

    Raises
    ------
    ExperimentNotFoundError, ExperimentEndedError
        If there is none; if it has ended.
    """
    experiment = await get(tx, one)
    if experiment.ended_at is not None or experiment.ends_at <= now:
        raise ExperimentEndedError
    await ExperimentRepository(tx).end(one, now)
    return await get(tx, one)


async def delete(tx: Transaction, one: int) -> None:
    """Forget an experiment; its lists stay.

    Raises
    ------
    ExperimentNotFoundError
        If there is none with that id.
    """
    if not await ExperimentRepository(tx).delete(one):
        raise ExperimentNotFoundError(experiment_id=one)


def deal(people: Iterable[int], *, treated_share: float, salt: str) -> dict[bool, list[int]]:
    """Who is treated and who is not: as near to the share as whole people allow, by the order of salted hashes."""
    shuffled = sorted(people, key=lambda person: blake2b(f"{salt}:{person}".encode(), digest_size=16).digest())
    treated = round(len(shuffled) * treated_share)
    return {True: sorted(shuffled[:treated]), False: sorted(shuffled[treated:])}


async def _people(tx: Transaction, segment_id: int) -> list[int]:
    segment = await segments.get(tx, segment_id)
    if segment.built_at is None:
        raise SegmentStateError("The segment has not been built yet.", hint="Start it, or wait until it is live.")
    return [int(person) for person in (await crowds.crowd_of(tx, segment_id)).ids]


async def _listed(tx: Transaction, draft: Draft, people: list[int], is_treated: bool, actor: str) -> int:
    list_id = await lists.add(tx, draft.name + _ARMS[is_treated], actor=actor, description=draft.hypothesis)
    await lists.fill(tx, list_id, people)
    return list_id
