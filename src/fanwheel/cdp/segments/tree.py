"""The rule of a segment: a tree of conditions, as it is written in JSON (version 1).

Every moment below is in UTC and a person is everybody whom identity joins. At an instant ``now`` only events count
that occurred at or before it. A span is a fixed length of time, so each boundary has its own second:

- an event of ``at`` is in the last ``span`` from ``at`` until just before ``at + span``;
- something is ``longer_ago`` than ``span`` from ``at + span`` on;
- it is ``exactly_ago`` from ``at + span`` until just before one more unit of the span has passed.

A test of something that a person lacks fails, whatever it asks, but for ``missing``. To ask the opposite of a
condition put it into ``not``; then persons who lack the thing are in.
"""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

VERSION = 1

Text = Annotated[str, Meta(min_length=1, max_length=500)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Scalar: TypeAlias = bool | float | Text
Moment = Annotated[datetime, Meta(tz=True)]


class _Node(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Anything in a tree."""


class Span(_Node, frozen=True, kw_only=True):
    """A fixed length of time: a day is 24 hours."""

    amount: Annotated[int, Meta(ge=1, le=100_000)]
    unit: Literal["seconds", "minutes", "hours", "days", "weeks"]


# ---------------------------------------------------------------- tests of one value
class _Test(_Node, tag_field="op", frozen=True, kw_only=True):
    """A test of one value."""


class Exists(_Test, tag="exists", frozen=True, kw_only=True):
    """There is a value; null is none."""


class Missing(_Test, tag="missing", frozen=True, kw_only=True):
    """There is no value."""


class Is(_Test, tag="is", frozen=True, kw_only=True):
    """The value is just this one: of the same JSON type, letter by letter."""

    value: Scalar


class OneOf(_Test, tag="one_of", frozen=True, kw_only=True):
    """The value is one of these."""

    values: Annotated[tuple[Scalar, ...], Meta(min_length=1, max_length=500)]


class Contains(_Test, tag="contains", frozen=True, kw_only=True):
    """A text that holds this one, or a list one of whose items is it."""

    value: Text


class StartsWith(_Test, tag="starts_with", frozen=True, kw_only=True):
    """A text that begins so."""

    value: Text


class More(_Test, tag="more", frozen=True, kw_only=True):
    """A number above this one."""

    value: float


class AtLeast(_Test, tag="at_least", frozen=True, kw_only=True):
    """This number or more."""

    value: float


class Less(_Test, tag="less", frozen=True, kw_only=True):
    """A number below this one."""

    value: float


class AtMost(_Test, tag="at_most", frozen=True, kw_only=True):
    """This number or less."""

    value: float


class Between(_Test, tag="between", frozen=True, kw_only=True):
    """A number from ``low`` to ``high``, both included."""

    low: float
    high: float


class Before(_Test, tag="before", frozen=True, kw_only=True):
    """A moment earlier than this one."""

    at: Moment


class After(_Test, tag="after", frozen=True, kw_only=True):
    """This moment or later."""

    at: Moment


class WithinLast(_Test, tag="within_last", frozen=True, kw_only=True):
    """A moment of the last ``span``: now - span < moment <= now."""

    span: Span


class LongerAgo(_Test, tag="longer_ago", frozen=True, kw_only=True):
    """A moment at least ``span`` ago: moment + span <= now."""

    span: Span


class ExactlyAgo(_Test, tag="exactly_ago", frozen=True, kw_only=True):
    """A moment ``span`` ago, to the unit of the span: moment + span <= now < moment + span + unit."""

    span: Span


class WithinNext(_Test, tag="within_next", frozen=True, kw_only=True):
    """A moment to come within ``span``: now < moment <= now + span."""

    span: Span


class Anniversary(_Test, tag="anniversary", frozen=True, kw_only=True):
    """The day's next anniversary is today or at most ``days`` days ahead, in the workspace's time zone.

    One of February 29 is kept on February 28 where there is none.
    """

    days: Annotated[int, Meta(ge=0, le=365)]


NumberTest: TypeAlias = Is | OneOf | More | AtLeast | Less | AtMost | Between
TimeTest: TypeAlias = Before | After | WithinLast | LongerAgo | ExactlyAgo | WithinNext | Anniversary
Test: TypeAlias = (
    Exists | Missing | Is | OneOf | Contains | StartsWith | More | AtLeast | Less | AtMost | Between | Before | After
    | WithinLast | LongerAgo | ExactlyAgo | WithinNext | Anniversary
)  # fmt: skip
# What an event said does not depend on when it is asked.
PropertyTest: TypeAlias = (
    Exists | Missing | Is | OneOf | Contains | StartsWith | More | AtLeast | Less | AtMost | Between | Before | After
)


# ---------------------------------------------------------------- which events
class _Filter(_Node, tag_field="type", frozen=True, kw_only=True):
    """A filter of events."""


class Property(_Filter, tag="property", frozen=True, kw_only=True):
    """A property of the event passes a test; ``path`` leads into objects by dots."""

    path: Name
    test: PropertyTest


class Product(_Filter, tag="product", frozen=True, kw_only=True):
    """One product of the event, of its list ``products`` or else the event itself, passes every test."""

    where: Annotated[tuple[Property, ...], Meta(min_length=1, max_length=10)]


class Selector(_Node, frozen=True, kw_only=True):
    """Events of a kind and name whose properties pass every filter."""

    name: Name
    kind: Literal["track", "page", "screen"] = "track"
    where: Annotated[tuple[Property | Product, ...], Meta(max_length=20)] = ()


class Period(_Node, frozen=True, kw_only=True):
    """Fixed dates: begin <= moment < end."""

    begin: Moment | None = None
    end: Moment | None = None


# ---------------------------------------------------------------- conditions
class _Condition(_Node, tag_field="type", frozen=True, kw_only=True):
    """A condition that a person meets or not."""


class All(_Condition, tag="all", frozen=True, kw_only=True):
    """Every condition holds; true of everybody if there is none."""

    conditions: tuple["Condition", ...]


class Any(_Condition, tag="any", frozen=True, kw_only=True):
    """At least one condition holds; true of nobody if there is none."""

    conditions: tuple["Condition", ...]


class Not(_Condition, tag="not", frozen=True, kw_only=True):
    """The condition does not hold."""

    condition: "Condition"


class Trait(_Condition, tag="trait", frozen=True, kw_only=True):
    """A trait passes a test. Moments are texts of ISO 8601, dates or with a time; without a zone they are in UTC."""

    name: Name
    test: Test


FieldName: TypeAlias = Literal[
    "event_count", "order_count", "revenue_minor", "first_seen_at", "last_seen_at", "introduced_at", "operated_at",
    "converted_at", "shared_at", "repurchased_at", "first_touch_at", "last_touch_at",
]  # fmt: skip


class Field(_Condition, tag="field", frozen=True, kw_only=True):
    """Something that Fanwheel itself knows of each person passes a test; revenue is net, in the reporting currency."""

    name: FieldName
    test: Test


class Tag(_Condition, tag="tag", frozen=True, kw_only=True):
    """The person has the tag."""

    tag: Annotated[str, Meta(min_length=1, max_length=64)]


class Layer(_Condition, tag="layer", frozen=True, kw_only=True):
    """The person is in one of these classes of a layer; built in are "stage", "rfm_tier" and "member_level"."""

    layer: Name
    classes: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=100)]


class Reachable(_Condition, tag="reachable", frozen=True, kw_only=True):
    """The person may be reached for marketing on a channel, or on any."""

    channel: Name = "any"


class Source(_Condition, tag="source", frozen=True, kw_only=True):
    """The first, the last or either touch came from one of these sources, by their slugs."""

    sources: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=200)]
    touch: Literal["first", "last", "any"] = "any"


class Domain(_Condition, tag="domain", frozen=True, kw_only=True):
    """The first, the last or either touch came from this domain."""

    domain: Literal["public", "commercial", "private", "unknown"]
    touch: Literal["first", "last", "any"] = "any"


class Referral(_Condition, tag="referral", frozen=True, kw_only=True):
    """The person has brought somebody, or was brought by somebody."""

    role: Literal["inviter", "invitee"]


class Segment(_Condition, tag="segment", frozen=True, kw_only=True):
    """The person is in another segment, by its id."""

    segment_id: int


class Listed(_Condition, tag="list", frozen=True, kw_only=True):
    """The person is on a list, by its id."""

    list_id: int


class Sample(_Condition, tag="sample", frozen=True, kw_only=True):
    """A random share of everybody that stays the same for ever.

    The first eight hexadecimal digits of md5("<salt>:<person_id>"), as a number modulo 10,000, are below 100 percent.
    """

    percent: Annotated[float, Meta(ge=0, le=100)]
    salt: Annotated[str, Meta(max_length=64)] = ""


class Event(_Condition, tag="event", frozen=True, kw_only=True):
    """What the person did or did not do.

    ``count`` counts events, ``sum``, ``average``, ``largest`` and ``smallest`` are of the numbers at the path ``of``,
    to six decimals (events without a number there do not count); ``first`` and ``last`` are moments. The count and
    the sum of nothing are 0; the others are then missing. ``within`` and ``period`` leave other events out.
    """

    event: Selector
    measure: Literal["count", "sum", "average", "largest", "smallest", "first", "last"] = "count"
    of: Name | None = None
    test: Test
    within: Span | None = None
    period: Period | None = None


class Sequence(_Condition, tag="sequence", frozen=True, kw_only=True):
    """The person did one thing after the other, each later than the one before, the whole in at most ``within``.

    With ``completed`` the last step must have been taken in so recent a time.
    """

    steps: Annotated[tuple[Selector, ...], Meta(min_length=2, max_length=8)]
    within: Span
    completed: Span | None = None


Condition: TypeAlias = (
    All | Any | Not | Trait | Field | Tag | Layer | Reachable | Source | Domain | Referral | Segment | Listed | Sample
    | Event | Sequence
)  # fmt: skip


class Rule(_Node, frozen=True, kw_only=True, omit_defaults=False):
    """A segment's rule."""

    version: Literal[1] = 1
    condition: Condition
