"""The filters of the people list as callers give them."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from fanwheel.cdp import lists
from fanwheel.cdp.persons.reading import Filters
from fanwheel.cdp.persons.schemas import DomainName, StageName
from fanwheel.cdp.segments import crowds
from fanwheel.infra.postgres import Transaction
from fanwheel.kernel.domain import Domain, Stage

_Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


class PeopleFilters(BaseModel):
    """Which people are meant, as ``GET /api/people`` asks; what is left out is not asked."""

    model_config = ConfigDict(extra="forbid")

    q: str | None = Field(default=None, max_length=512)
    stage: StageName | None = None
    domain: DomainName | None = None
    source_id: int | None = Field(default=None, ge=0, le=2**31 - 1)
    tag: str | None = Field(default=None, max_length=64)
    fan: bool | None = None
    segment_id: _Number | None = None
    list_id: _Number | None = None


async def find_filters(tx: Transaction, wanted: PeopleFilters) -> Filters:
    """The same with those whom a segment names.

    Raises
    ------
    SegmentNotFoundError, ListNotFoundError
        If there is no such segment or list.
    """
    if wanted.list_id is not None:
        await lists.get(tx, wanted.list_id)
    return Filters(
        q=wanted.q,
        stage=Stage[wanted.stage.upper()] if wanted.stage else None,
        domain=Domain.of(wanted.domain) if wanted.domain else None,
        source_id=wanted.source_id,
        tag=wanted.tag,
        is_fan=wanted.fan,
        list_id=wanted.list_id,
        crowd=None if wanted.segment_id is None else await crowds.crowd_of(tx, wanted.segment_id),
    )
