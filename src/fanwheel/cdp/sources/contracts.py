"""Sources in plain values: what an event tells, what a rule asks, what came of it."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, get_args

from fanwheel.kernel.domain import Domain
from fanwheel.kernel.ids import SourceId

Op = Literal["equals", "one_of", "prefix", "suffix", "contains", "domain", "regex", "present"]
OPS: Final[tuple[str, ...]] = get_args(Op)


class Evidence(NamedTuple):
    """What an event tells about where it came from; every part may be empty."""

    url: str = ""
    referrer: str = ""
    campaign_source: str = ""
    campaign_medium: str = ""
    campaign_name: str = ""
    campaign_term: str = ""
    campaign_content: str = ""
    channel: str = ""  # properties.channel or context.channel
    source: str = ""  # properties.source: counts only when it names a source of the registry
    link: str = ""  # code of a tracked link: counts only when the registry holds ``link/<code>``
    click_ids: tuple[tuple[str, str], ...] = ()  # sent as properties rather than in the address
    own_hosts: frozenset[str] = frozenset()


class Condition(NamedTuple):
    """One claim about a signal.

    ``field`` is one of ``utm_source utm_medium utm_campaign utm_term utm_content referrer referrer_host url
    url_host url_path channel source link``, or ``click_id.<kind>``, or ``query.<parameter>``. Text is compared
    in lower case. ``domain`` holds for a host and every host below it.
    """

    field: str
    op: Op
    value: tuple[str, ...] = ()


class Rule(NamedTuple):
    """When every condition holds, the event came from ``source_slug``; an empty slug says: from nowhere."""

    position: int
    conditions: tuple[Condition, ...]
    source_slug: str
    domain: Domain
    is_builtin: bool = False


class Source(NamedTuple):
    """A place people come from; it belongs to exactly one domain."""

    source_id: SourceId
    slug: str
    name: str
    domain: Domain


class Match(NamedTuple):
    """Where an event came from. ``click_ids`` is shared between equal events: do not change it."""

    source_slug: str
    domain: Domain
    campaign: str
    click_ids: Mapping[str, str]
    rule_position: int | None
