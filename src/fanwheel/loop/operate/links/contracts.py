"""Links that are followed up, and what came of them, in plain values."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

Kind = Literal["click", "open", "trap"]
_NONE: Final[Mapping[str, Any]] = MappingProxyType({})


class Message(NamedTuple):
    """A message with links in it: whose visits will be told apart."""

    key: str
    person_id: int
    version_id: int
    channel: str
    account_id: int | None
    step: str
    variant: str
    language: str


class Link(NamedTuple):
    """A link of our own and where it leads; visits by machines are counted apart."""

    link_id: int
    code: str
    url: str
    version_id: int
    name: str
    has_utm: bool
    utm: Mapping[str, str]
    created_at: datetime
    visits: int = 0
    clean_visits: int = 0
    people: int = 0
    template_id: int | None = None
    template: str = ""
    is_by_hand: bool = False


class Change(NamedTuple):
    """What is to change about a link; None stays."""

    url: str | None = None
    name: str | None = None
    has_utm: bool | None = None
    utm: Mapping[str, str] | None = None


class Day(NamedTuple):
    """How often a link was followed on one day."""

    day: date
    visits: int
    clean_visits: int


class Found(NamedTuple):
    """A link that somebody followed, found by its code."""

    workspace_id: int
    link_id: int
    url: str
    has_utm: bool
    utm: Mapping[str, str]


class Visitor(NamedTuple):
    """Who asks for a link or a picture, as far as a request tells."""

    agent: str
    address: str
    is_head: bool = False
    is_prefetch: bool = False


class Visit(NamedTuple):
    """A visit that is to be decided."""

    visit_id: int
    kind: Kind
    link_id: int | None
    recipient: str | None
    visited_at: datetime
    machine: str
    made_at: datetime | None = None
    is_chat: bool = False


class Counts(NamedTuple):
    """Of some messages: how often they were opened and their links followed, with machines and without."""

    opens: int
    clean_opens: int
    clicks: int
    clean_clicks: int
    people_opened: int
    people_clicked: int


class Mark(NamedTuple):
    """Something that was done with a message."""

    key: str
    kind: Kind
    at: datetime
    is_machine: bool
    reason: str
    url: str
