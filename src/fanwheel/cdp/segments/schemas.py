"""What the segment routes take and answer."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from fanwheel.cdp.persons.schemas import PersonItem
from fanwheel.cdp.segments.contracts import Status
from fanwheel.cdp.segments.describing import RuleJson
from fanwheel.cdp.traits.contracts import Origin, Type

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)]


class Caution(BaseModel):
    """Something odd at a path of a rule, which may be meant all the same: ``code`` is for programs."""

    code: Literal["everybody", "nobody", "part_of_everybody", "part_of_nobody"]
    path: str
    message: str


class Segment(BaseModel):
    """A segment; ``rule`` is the one saved last, which decides about everybody once ``built_at`` is later.

    ``draft``: not started. ``building``: members are being worked out. ``live``: right within a second. ``paused``:
    members stay as they are. ``failed``: ``error`` says why it was not built.
    """

    segment_id: int
    name: str
    description: str
    rule: RuleJson
    version: int
    status: Status
    size: int
    built_at: datetime | None
    error: str | None
    created_at: datetime
    created_by: str
    updated_at: datetime


class SegmentItem(Segment):
    """A segment of the list; ``change_7d`` is how many more are in it than seven days ago."""

    change_7d: int


class SegmentSaved(Segment):
    """A segment, with what is odd about its rule."""

    warnings: list[Caution]


class NewSegment(BaseModel):
    """A segment to be made; a draft is not built until it is started."""

    name: Name
    description: Description = ""
    rule: RuleJson
    is_draft: bool = False


class SegmentPatch(BaseModel):
    """What is to change; what is left out stays. Another rule is built beside the one that counts."""

    name: Name | None = None
    description: Description | None = None
    rule: RuleJson | None = None
    status: Literal["live", "paused"] | None = None


class TrendDay(BaseModel):
    """What became of a segment in one day of the workspace's time zone; ``size`` is at its end."""

    day: date
    size: int
    entries: int
    exits: int


class SegmentDetail(SegmentSaved):
    """A segment with its last 90 days, from when it was made on; empty until it is built."""

    trend: list[TrendDay]


class Overlap(BaseModel):
    """How many people are in this segment and in another; shares are of either, from 0 to 1."""

    segment_id: int
    name: str
    size: int
    both: int
    share_of_this: float
    share_of_other: float


class Overlaps(BaseModel):
    """The segments that share most people with one, the largest share first."""

    size: int
    items: list[Overlap]


class Change(BaseModel):
    """An entry or an exit; person 0 is somebody who was erased."""

    change_id: int
    segment_id: int
    person_id: int
    is_entry: bool
    changed_at: datetime
    cause: Literal["change", "time", "rule", "merge", "erasure"]


class Template(BaseModel):
    """A rule to begin with."""

    key: str
    name: str
    description: str
    rule: RuleJson


class Templates(BaseModel):
    """Rules to begin with."""

    items: list[Template]


class PersonSegment(BaseModel):
    """A segment that a person is in; ``since`` is null if they were when it was first built."""

    segment_id: int
    name: str
    status: Status
    since: datetime | None
    reasons: list["Reason"]


class Reason(BaseModel):
    """A condition without which the person might not be in: where it stands, and what the person has there."""

    path: str
    type: str
    condition: dict[str, Any]
    actual: Any
    until: datetime | None


class PersonSegments(BaseModel):
    """The segments that a person is in, and the lists."""

    items: list[PersonSegment]
    lists: list["Listed"]


class Listed(BaseModel):
    """A list that a person is on."""

    list_id: int
    name: str


class Explained(BaseModel):
    """A condition as it is for one person.

    ``decided``: the whole might be otherwise without this one. ``actual`` is what the person has where the condition
    looks, ``until`` when it may turn by the mere passing of time.
    """

    path: str
    type: str
    holds: bool
    decided: bool
    actual: Any
    until: datetime | None
    parts: list["Explained"]


class Why(BaseModel):
    """Whether a person is in a segment, and why: ``is_in`` is the standing membership, ``explained`` is now's."""

    segment_id: int
    name: str
    is_in: bool
    explained: Explained


class NewSnapshot(BaseModel):
    """A name for the list; else the segment's and the time."""

    name: Name | None = None


class NewSchedule(BaseModel):
    """When snapshots are taken: at ``hour`` in the workspace's time zone, each day or on ``weekday`` (1 Monday).

    ``keep`` snapshots stay; the oldest of more are deleted.
    """

    every: Literal["day", "week"]
    weekday: Annotated[int, Field(ge=1, le=7)] = 1
    hour: Annotated[int, Field(ge=0, le=23)]
    keep: Annotated[int, Field(ge=1, le=366)] = 30


class Schedule(NewSchedule):
    """Snapshots that are taken again and again; ``error`` says why the last one was not."""

    schedule_id: int
    segment_id: int
    next_at: datetime
    last_run_at: datetime | None
    error: str | None
    created_at: datetime
    created_by: str


class Schedules(BaseModel):
    """When snapshots of a segment are taken."""

    items: list[Schedule]


class ChannelCount(BaseModel):
    """How many may be reached on a channel."""

    channel: str
    people: int


class ConditionCount(BaseModel):
    """How many meet one condition of a rule, by where it stands."""

    path: str
    people: int


class NewPreview(BaseModel):
    """A rule to try out; ``segment_id`` is that of the segment that it is meant for.

    With ``may_guess`` the answer may come sooner, from a share of the people; ask again without for the exact one.
    """

    rule: RuleJson
    segment_id: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None
    sample: Annotated[int, Field(ge=0, le=20)] = 10
    may_guess: bool = False


class Preview(BaseModel):
    """Who would be in at ``as_of``, which is at most a minute ago; nothing is saved.

    ``conditions`` says of each condition how many meet it, whatever the others say. The numbers of a guess are scaled
    up from one person in sixteen, and ``overlap`` is empty; 19 times in 20 there are in truth from ``low`` to ``high``
    people.
    """

    as_of: datetime
    is_guess: bool
    people: int
    low: int
    high: int
    everybody: int
    sample: list[PersonItem]
    reachable: list[ChannelCount]
    overlap: list[Overlap]
    conditions: list[ConditionCount]
    warnings: list[Caution]


class NewTrend(BaseModel):
    """A rule to look back with; ``segment_id`` is that of the segment that it is meant for."""

    rule: RuleJson
    segment_id: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None


class TrendPoint(BaseModel):
    """How many were in at an instant; of a guess, 19 times in 20 from ``low`` to ``high``."""

    at: datetime
    people: int
    low: int
    high: int


class Trend(BaseModel):
    """How many would have been in, week by week up to now; a guess is scaled up from one person in sixteen."""

    is_guess: bool
    points: list[TrendPoint]


class Known(BaseModel):
    """A trait, or a property of an event by its path: of what kind it is, and frequent values that people share."""

    name: str
    kind: Literal["number", "moment", "text", "boolean", "unknown"]
    values: list[bool | float | str]


class KnownOption(BaseModel):
    """A value of a trait, and what people read instead of it."""

    value: str
    label: str


class KnownTrait(Known):
    """A trait with what was declared of it; ``type`` is null where nothing was."""

    label: str
    type: Type | None
    unit: str
    options: list[KnownOption]
    origin: Origin


class KnownEvent(BaseModel):
    """Events of a kind and name: how many there are, what they say, and what their products do."""

    kind: Literal["track", "page", "screen"]
    name: str
    event_count: int
    properties: list[Known]
    product_properties: list[Known]


class KnownLayer(BaseModel):
    """A layer and its classes, the lowest first; those that users have defined come with the words for them."""

    name: str
    classes: list[str]
    label: str
    class_labels: dict[str, str]


class KnownSource(BaseModel):
    """A source."""

    slug: str
    name: str


class KnownSegment(BaseModel):
    """A segment."""

    segment_id: int
    name: str


class Vocabulary(BaseModel):
    """What there is to choose from when a rule is written; what is not here may be written all the same."""

    events: list[KnownEvent]
    traits: list[KnownTrait]
    tags: list[str]
    tag_labels: dict[str, str]
    layers: list[KnownLayer]
    domains: list[str]
    channels: list[str]
    sources: list[KnownSource]
    segments: list[KnownSegment]
    lists: list[Listed]
