"""What the people routes take and answer."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from fanwheel.cdp.traits.contracts import Origin, Type

DomainName = Literal["public", "commercial", "private", "unknown"]
StageName = Literal["introduce", "operate", "convert", "share", "repurchase"]
Tag = Annotated[str, Field(min_length=1, max_length=64)]


class Touch(BaseModel):
    """An arrival with evidence of where it came from."""

    source: str
    domain: DomainName
    at: datetime


class Identifier(BaseModel):
    """A value that tells a person from others."""

    kind: str
    value: str


class PersonItem(BaseModel):
    """A person as listed; ``revenue_minor`` is net of refunds, in minor units of ``currency``."""

    id: int
    name: str | None
    identifiers: list[Identifier]
    stage: StageName
    tags: list[str]
    is_fan: bool
    order_count: int
    revenue_minor: int
    currency: str
    first_touch: Touch | None
    last_touch: Touch | None
    first_seen_at: datetime
    last_seen_at: datetime


class PeoplePage(BaseModel):
    """Some people; ``total`` counts all that match, exactly up to 10,000."""

    items: list[PersonItem]
    next_cursor: str | None
    total: int
    total_is_estimate: bool


class HomeIdentifier(Identifier):
    """An identifier with the home that its events carry for ever."""

    home_id: int
    first_seen_at: datetime


class Trait(BaseModel):
    """What is known of a person, since when, and from whom.

    ``source``: ``event``, ``measure``, ``computed``, ``api:…`` (a key), ``user:…`` (an e-mail address) or
    ``import:…`` (a file). ``label`` is empty where none was declared.
    """

    value: Any
    at: datetime | None
    source: str
    origin: Origin
    label: str
    type: Type
    unit: str


class Stages(BaseModel):
    """When the person first reached each stage."""

    introduce: datetime | None
    operate: datetime | None
    convert: datetime | None
    share: datetime | None
    repurchase: datetime | None


class Consent(BaseModel):
    """The newest statement on a channel and purpose."""

    channel: str
    purpose: str
    granted: bool
    at: datetime


class Click(BaseModel):
    """A click id that the person came with."""

    kind: str
    value: str
    at: datetime


class PersonOrder(BaseModel):
    """An order in its own currency, minor units."""

    order_id: str
    person_id: int
    status: str
    placed_at: datetime
    currency: str
    total_minor: int
    refunded_minor: int
    net_minor: int
    coupon: str
    lines: int


class Person(BaseModel):
    """All that is known of a person."""

    id: int
    name: str | None
    identifiers: list[HomeIdentifier]
    stage: StageName
    tags: list[str]
    is_fan: bool
    order_count: int
    revenue_minor: int
    currency: str
    first_touch: Touch | None
    last_touch: Touch | None
    first_seen_at: datetime
    last_seen_at: datetime
    traits: dict[str, Trait]
    stages: Stages
    consents: list[Consent]
    clicks: list[Click]
    orders: list[PersonOrder]
    merged_from: list[int]


class IdentityEdge(BaseModel):
    """What says that two homes are one person."""

    low_id: int
    high_id: int
    origin: Literal["event", "alias", "manual"]
    is_cut: bool
    first_seen_at: datetime


class IdentityEntry(BaseModel):
    """An entry of the audit trail."""

    at: datetime
    actor: str
    action: Literal["merge", "unmerge", "refused", "erase"]
    person_id: int
    other_ids: list[int]
    reason: str


class Identity(BaseModel):
    """A person's identifiers, what joins them, and what happened to them."""

    nodes: list[HomeIdentifier]
    edges: list[IdentityEdge]
    history: list[IdentityEntry]


class Merge(BaseModel):
    """The other person."""

    person_id: int


class Merged(BaseModel):
    """The person that remains."""

    person_id: int


class Unmerge(BaseModel):
    """The identifiers to split off, by their homes."""

    home_ids: list[int] = Field(min_length=1, max_length=10_000)


class Unmerged(BaseModel):
    """The persons that the identifiers belong to now."""

    person_ids: list[int]


class Erased(BaseModel):
    """The number of the erasure, for asking how far it has come."""

    erasure_id: int
