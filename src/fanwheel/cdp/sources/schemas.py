"""What the source routes take and give."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

DomainName = Literal["public", "commercial", "private", "unknown"]


class SourceOut(BaseModel):
    """A place people come from."""

    id: int
    slug: str
    name: str
    domain: DomainName


class SourcesOut(BaseModel):
    """Every source."""

    items: list[SourceOut]


class SourceIn(BaseModel):
    """A source to add."""

    model_config = ConfigDict(extra="forbid")

    slug: str = Field(min_length=1, max_length=200)
    name: str = Field(default="", max_length=200)
    domain: DomainName


class SourceChange(BaseModel):
    """What to change about a source; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(default=None, min_length=1, max_length=200)
    domain: DomainName | None = None


class ConditionBody(BaseModel):
    """One claim about a signal of an event."""

    model_config = ConfigDict(extra="forbid")

    field: str
    op: str
    value: str | list[str] | None = None


class RuleIn(BaseModel):
    """A rule; its place in the list is the order in which it is tried."""

    model_config = ConfigDict(extra="forbid")

    position: int | None = None
    conditions: list[ConditionBody]
    source_slug: str = Field(max_length=200)
    domain: DomainName
    is_builtin: bool = False


class RulesIn(BaseModel):
    """All rules, in order."""

    model_config = ConfigDict(extra="forbid")

    items: list[RuleIn]


class RuleOut(BaseModel):
    """A rule as it is tried."""

    position: int
    conditions: list[dict[str, Any]]
    source_slug: str
    domain: DomainName
    is_builtin: bool


class RulesOut(BaseModel):
    """All rules, in the order in which they are tried."""

    items: list[RuleOut]


class CampaignBody(BaseModel):
    """The utm parameters, without their prefix."""

    source: str = ""
    medium: str = ""
    name: str = ""
    term: str = ""
    content: str = ""


class EvidenceBody(BaseModel):
    """What an event would tell."""

    url: str = ""
    referrer: str = ""
    campaign: CampaignBody = CampaignBody()
    properties: dict[str, Any] = Field(default_factory=dict)


class MatchOut(BaseModel):
    """Where such an event comes from; every part is empty when it tells nothing."""

    source_slug: str | None
    domain: DomainName | None
    rule_position: int | None
    campaign: str = ""
    click_ids: dict[str, str] = Field(default_factory=dict)
