"""Experiments over HTTP, under /api/experiments."""

from typing import Annotated, Final

from fastapi import APIRouter, Query

from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep
from fanwheel.kernel.clock import utc_now
from fanwheel.measure.ledger.experiments import schemas, service
from fanwheel.measure.ledger.experiments.contracts import Experiment, Outcome, Plan

router: Final = APIRouter(prefix="/api/experiments", tags=["measure"])

Reader = Annotated[Principal, allow("measure:read")]
Writer = Annotated[Principal, allow("measure:write")]


@router.get("")
async def list_experiments(who: Reader, database: DatabaseDep) -> schemas.Experiments:
    """Every experiment, the newest first."""
    async with database.transaction(who.workspace_id) as tx:
        return schemas.Experiments(items=await service.list_experiments(tx))


@router.post("", status_code=201)
async def start_experiment(body: schemas.ExperimentIn, who: Writer, database: DatabaseDep) -> Experiment:
    """Deal the people of a segment into two arms at random; each becomes a list, to be treated or left alone."""
    async with database.transaction(who.workspace_id) as tx:
        made = await service.start(tx, body.draft(), actor=who.actor, now=utc_now())
        await audit.write(tx, who, "experiment.start", f"experiment:{made.experiment_id}", body.model_dump())
    return made


@router.get("/plan")
async def plan_experiment(
    who: Reader,
    database: DatabaseDep,
    segment_id: Annotated[int, Query(ge=1, le=2**31 - 1)],
    outcome: Outcome = "revenue",
    treated_share: schemas.Share = 0.5,
    days: schemas.Days = 28,
    days_before: schemas.DaysBefore = 84,
) -> Plan:
    """The smallest effect that an experiment would find, judged by what the same people did in the days just past."""
    async with database.transaction(who.workspace_id) as tx:
        return await service.plan(
            tx, segment_id, outcome, treated_share=treated_share, days=days, days_before=days_before, now=utc_now()
        )


@router.get("/{experiment_id}")
async def get_experiment(experiment_id: int, who: Reader, database: DatabaseDep) -> schemas.ExperimentJudged:
    """An experiment and what it shows now, valid however often one looks."""
    async with database.transaction(who.workspace_id) as tx:
        experiment = await service.get(tx, experiment_id)
        finding = await service.judge(tx, experiment, now=utc_now())
    return schemas.ExperimentJudged(experiment=experiment, finding=finding)


@router.post("/{experiment_id}/end")
async def end_experiment(experiment_id: int, who: Writer, database: DatabaseDep) -> Experiment:
    """End an experiment now, for good."""
    async with database.transaction(who.workspace_id) as tx:
        ended = await service.end(tx, experiment_id, now=utc_now())
        await audit.write(tx, who, "experiment.end", f"experiment:{experiment_id}")
    return ended


@router.delete("/{experiment_id}", status_code=204)
async def delete_experiment(experiment_id: int, who: Writer, database: DatabaseDep) -> None:
    """Forget an experiment; the lists of its arms stay."""
    async with database.transaction(who.workspace_id) as tx:
        await service.delete(tx, experiment_id)
        await audit.write(tx, who, "experiment.delete", f"experiment:{experiment_id}")
