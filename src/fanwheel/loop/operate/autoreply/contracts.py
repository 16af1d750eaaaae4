"""Auto-replies in plain values: what sets a rule off, under which conditions, and what it does then."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

import msgspec

from fanwheel.domains.private.channels.contracts import AnyHappening, AnyPart, Button, Reply

How = Literal["exact", "contains", "regex", "fuzzy"]
Why = Literal["fired", "no_rule", "with_agent", "echo", "braked", "form", "menu", "ignored"]
BrakeReason = Literal["rate", "same_text", "pattern", "mirror"]


# ---------------------------------------------------------------- what sets a rule off
class Trigger(msgspec.Struct, frozen=True, tag_field="kind", forbid_unknown_fields=True, omit_defaults=True):
    """What must happen."""


class Word(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something to look for in what a person writes."""

    text: str
    how: How = "contains"


class Welcome(Trigger, frozen=True, tag="welcome"):
    """The person follows, or opens the conversation; with scenes only through codes that carry one of them."""

    on: tuple[Literal["followed", "entered"], ...] = ("followed", "entered")
    scenes: tuple[str, ...] = ()


class AdWelcome(Trigger, frozen=True, tag="ad_welcome"):
    """The person follows, enters or writes through an ad: one of these fields of its origin has one of these values."""

    fields: dict[str, tuple[str, ...]] = {}  # such as {"ad_id": ["17…"]}; none: any ad


class Keyword(Trigger, frozen=True, tag="keyword"):
    """The person writes one of these words, and none of those."""

    words: tuple[Word, ...]
    but: tuple[Word, ...] = ()


class Intent(Trigger, frozen=True, tag="intent"):
    """The person means what these sentences mean."""

    examples: tuple[str, ...]
    threshold: float | None = None  # how sure one must be; None: as was learned


class Comment(Trigger, frozen=True, tag="comment"):
    """The person writes below a post; without words whatever it is, without contents below any."""

    words: tuple[Word, ...] = ()
    contents: tuple[str, ...] = ()


class Closed(Trigger, frozen=True, tag="closed"):
    """The person writes outside business hours."""


class Unanswered(Trigger, frozen=True, tag="unanswered"):
    """Nobody has answered the person for so long."""

    minutes: int


class Otherwise(Trigger, frozen=True, tag="otherwise"):
    """The person writes, and no other rule answers."""


AnyTrigger = Welcome | AdWelcome | Keyword | Intent | Comment | Closed | Unanswered | Otherwise

# Where a rule stands that was not given a place.
DEFAULT_PRIORITY: Final[dict[str, int]] = {
    "ad_welcome": 50, "welcome": 100, "comment": 100, "keyword": 200, "intent": 400, "closed": 600,
    "unanswered": 700, "otherwise": 900,
}  # fmt: skip


# ---------------------------------------------------------------- under which conditions
class Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A time of day on some days of the week (1 Monday), in the workspace's time zone; it may end after midnight."""

    days: tuple[int, ...]
    begins: str  # 09:00
    ends: str


class Conditions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """When and for whom a rule holds."""

    accounts: tuple[int, ...] = ()  # none: all
    segment_id: int | None = None
    is_in_segment: bool = True
    hours: Literal["always", "open", "closed"] = "always"
    spans: tuple[Span, ...] = ()  # none: at any time
    first_on: date | None = None
    last_on: date | None = None
    cooldown_s: int = 0  # the same rule answers the same person again after so long
    is_once: bool = False  # and never again


# ---------------------------------------------------------------- what it does
class Action(msgspec.Struct, frozen=True, tag_field="do", forbid_unknown_fields=True, omit_defaults=True):
    """What a rule does."""


class SayText(Action, frozen=True, tag="text"):
    """Say something; blanks such as {{ name }} are filled in."""

    text: str


class SayCard(Action, frozen=True, tag="card"):
    """Show a card."""

    title: str
    text: str = ""
    image_url: str | None = None
    url: str | None = None
    buttons: tuple[Button, ...] = ()


class SayChoices(Action, frozen=True, tag="choices"):
    """Ask something with answers to tap."""

    text: str
    options: tuple[str, ...]


class ShowMenu(Action, frozen=True, tag="menu"):
    """Show the items of a menu in the chat."""

    menu_id: int
    text: str = ""


class AskLead(Action, frozen=True, tag="lead"):
    """Begin a lead form: as the platform's own card where its number is given, else question by question."""

    form_id: int
    card_id: str = ""


class GiveCoupon(Action, frozen=True, tag="coupon"):
    """Say a text with a coupon's code in it: {{ coupon }}."""

    text: str
    code: str


class PutTags(Action, frozen=True, tag="tag"):
    """Put tags on the person."""

    tags: tuple[str, ...]


class HandToAgent(Action, frozen=True, tag="hand_over"):
    """Hand the conversation over to a person of ours."""

    team_id: int | None = None
    note: str = ""


class NoteEvent(Action, frozen=True, tag="event"):
    """Note an event of the person, for segments and reports to go by."""

    name: str


AnyAction = SayText | SayCard | SayChoices | ShowMenu | AskLead | GiveCoupon | PutTags | HandToAgent | NoteEvent


class Definition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule as it is kept."""

    trigger: AnyTrigger
    actions: tuple[AnyAction, ...]
    when: Conditions = Conditions()


class Rule(NamedTuple):
    """A rule with its number and place."""

    rule_id: int
    name: str
    priority: int
    definition: Definition

    @property
    def answers(self) -> bool:
        """Whether what it says is about what the person wrote; otherwise the person waits on for somebody of ours."""
        return isinstance(self.definition.trigger, Keyword | Intent | Comment)

    @property
    def speaks(self) -> bool:
        """Whether the person hears of it: otherwise the next rule is asked as well."""
        return any(not isinstance(each, PutTags | NoteEvent) for each in self.definition.actions)


# ---------------------------------------------------------------- what comes in, and what became of it
class Incoming(NamedTuple):
    """Something a person did, whose account and home are known."""

    happening: AnyHappening
    account_id: int
    channel: str
    home_id: int
    person_id: int
    conversation_id: int | None = None
    with_agent: bool = False  # an agent is on the conversation
    answers: Reply | None = None  # what is answered, where that is not the happening itself


class HandOver(NamedTuple):
    """A conversation that a person of ours must take."""

    reason: Literal["rule", "menu", "form"]
    team_id: int | None = None
    note: str = ""


class Answered(NamedTuple):
    """What became of one ``Incoming``."""

    why: Why
    rule_id: int | None = None
    intent_id: int | None = None
    parts: tuple[AnyPart, ...] = ()
    hand_over: HandOver | None = None
    tags: tuple[str, ...] = ()
    step: str = ""
    is_answer: bool = True  # the person need not wait for another one


class Waiting(NamedTuple):
    """A conversation in which the person waits for an answer."""

    conversation_id: int
    account_id: int
    channel: str
    home_id: int
    person_id: int
    waiting_since: datetime
    key: str = ""  # of what has not been answered
    context: Mapping[str, Any] = MappingProxyType({})  # what an answer to it must carry


class Brake(NamedTuple):
    """Why nothing answers by itself in a conversation, and until when."""

    reason: BrakeReason
    until: datetime


class Guess(NamedTuple):
    """What a sentence may mean, and how sure one can be: 0 to 1."""

    rule_id: int
    confidence: float
    threshold: float
    is_sure: bool


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a conversation is taken for one with another machine, and for how long nothing answers then."""

    answers: int = 8  # so many answers …
    window_s: int = 60  # … in so long
    same_text: int = 4  # so many times the same text in a row
    rest_minutes: int = 10  # at first; six times as long each time it happens again, a day at most


class RuleInfo(NamedTuple):
    """A rule as it is listed."""

    rule_id: int
    name: str
    is_on: bool
    priority: int
    definition: dict[str, Any]
    updated_at: datetime
    updated_by: str
    fired: int  # in the last 30 days
    people: int
    last_fired_at: datetime | None


class BrakeInfo(NamedTuple):
    """A brake as it is listed."""

    brake_id: int
    account_id: int
    person_id: int | None
    name: str | None
    reason: BrakeReason
    braked_at: datetime
    until: datetime
    released_at: datetime | None
    released_by: str | None


def decode(raw: bytes | str) -> Definition:
    """A definition as it is kept."""
    return msgspec.json.decode(raw, type=Definition)


def words_of(trigger: AnyTrigger) -> Sequence[Word]:
    """What a trigger looks for."""
    if isinstance(trigger, Keyword):
        return trigger.words
    return trigger.words if isinstance(trigger, Comment) else ()
