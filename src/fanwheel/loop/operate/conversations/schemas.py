"""What the inbox's routes take and answer."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Shortcut = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\s/{}]{1,40}$")]
Body = Annotated[str, StringConstraints(min_length=1, max_length=10_000)]
Promise = Annotated[int, Field(ge=60, le=90 * 86_400)] | None
Priority = Annotated[int, Field(ge=-1, le=2)]
StateName = Literal["open", "snoozed", "closed"]
AssigningName = Literal["manual", "round_robin", "load", "owner"]
AnyPart = dict[str, Any]


class _Strict(BaseModel):
    """What is sent here; a slip of the pen is refused, not overheard."""

    model_config = ConfigDict(extra="forbid")


class Watcher(BaseModel):
    """Somebody who looks at a conversation now; user 0 is the person."""

    user_id: int
    name: str
    is_typing: bool


class ConversationItem(BaseModel):
    """A conversation as it is listed.

    ``waiting_since`` is the person's first word that nobody has answered. ``due_at`` is until when something is
    promised: the first answer, the next one, or the resolution. ``known_as`` is what the platform calls the person.
    """

    conversation_id: int
    account_id: int
    channel: str
    state: StateName
    name: str
    known_as: str
    person_id: int
    assignee_id: int | None
    assignee_name: str | None
    team_id: int | None
    team_name: str | None
    priority: int
    round: int
    opened_at: datetime
    answered_at: datetime | None
    waiting_since: datetime | None
    last_at: datetime
    last_in_at: datetime | None
    last_message_id: int
    last_kind: Literal["in", "out"]
    preview: str
    due_at: datetime | None
    due_for: Literal["", "first", "next", "resolution"]
    snoozed_until: datetime | None
    closed_at: datetime | None
    tags: list[str]
    seen_message_id: int
    is_unread: bool
    watchers: list[Watcher]


class ThreadMessage(BaseModel):
    """A line of a thread: ``in`` from the person, ``out`` to the person, a ``note`` among colleagues, a remark.

    ``state`` is that of an answer on its way: waiting, claimed, sending, sent, task, skipped, held_out, failed,
    unclear or canceled; ``rule`` is what refused it. ``receipt`` is the furthest that the platform told of it.
    """

    message_id: int
    kind: Literal["in", "out", "note", "line"]
    author: str
    author_name: str | None
    said_at: datetime
    parts: list[AnyPart]
    body: str
    detail: dict[str, Any]
    mentions: list[int]
    intent_id: int | None
    state: str | None = None
    rule: str | None = None
    receipt: str | None = None


class SpeakingRight(BaseModel):
    """What a platform allows to be said now: until when, and how many messages more.

    ``opened_by`` “always”: at any time, but only what it ``covers``: an approved template, a task for a colleague.
    """

    allowance: str
    opened_by: str
    until: datetime | None
    left: int | None
    covers: str


class ConversationRating(BaseModel):
    """How the person found it, 1 to 5; null: not answered."""

    round: int
    score: int | None
    asked_at: datetime
    rated_at: datetime | None


class ConversationThread(BaseModel):
    """A conversation with its newest messages, oldest first, and what may be said. Rights null: at any time.

    ``capabilities`` are those of the channel (text, image, card, …); ``subject`` is that of a mail that answers.
    """

    conversation: ConversationItem
    messages: list[ThreadMessage]
    has_more: bool
    rights: list[SpeakingRight] | None
    owner_id: int | None = None
    capabilities: list[str] = []
    text_limit: int | None = None
    subject: str | None = None
    rating: ConversationRating | None = None
    has_drafts: bool = False


class ThreadMessages(BaseModel):
    """Messages of a conversation, oldest first."""

    items: list[ThreadMessage]
    has_more: bool


class ConversationCounts(BaseModel):
    """How many conversations wait in each view; ``most`` stands for as many or more."""

    mine: int
    unassigned: int
    all: int
    snoozed: int
    mentioned: int
    most: int


class NewReply(_Strict):
    """An answer: plain text, parts as channels know them (text, media, card, choices, …), or a template's version.

    What a channel has no form for is said as words with an address; on e-mail all of it is one mail, with what it
    answers quoted below. ``subject`` is a mail's; without one it is that of the mail answered.
    """

    text: str | None = Field(default=None, max_length=10_000)
    parts: list[AnyPart] = Field(default=[], max_length=10)
    subject: str | None = Field(default=None, max_length=200)
    template_version_id: int | None = None


class Attachment(BaseModel):
    """A file that can go with an answer."""

    media_id: int
    kind: Literal["image", "voice", "video", "file"]
    name: str
    size_bytes: int
    path: str


class NewNote(_Strict):
    """A note that the person never sees; ``mentions`` are colleagues who are told."""

    text: Body
    mentions: list[int] = Field(default=[], max_length=50)


class MessageSent(BaseModel):
    """The number of what was written."""

    message_id: int


class ConversationPatch(_Strict):
    """What is to change; what is left out stays, null takes it away."""

    assignee_id: int | None = None
    team_id: int | None = None
    priority: Priority = 0


class SnoozeUntil(_Strict):
    """Until when a conversation is put away."""

    until: AwareDatetime


class ConversationTagsChange(_Strict):
    """Tags to put on a conversation and to take off."""

    add: list[Tag] = Field(default=[], max_length=50)
    remove: list[Tag] = Field(default=[], max_length=50)


class Watching(_Strict):
    """Whether somebody looks and types, and the last message that was seen."""

    seen_message_id: int = 0
    is_looking: bool = True
    is_typing: bool = False


class FanOwner(_Strict):
    """Who looks after the fan; null: nobody."""

    user_id: int | None


class MessageHit(BaseModel):
    """A message that was found."""

    message_id: int
    conversation_id: int
    channel: str
    state: StateName
    name: str
    kind: Literal["in", "out", "note", "line"]
    author: str
    said_at: datetime
    excerpt: str


class MessageHits(BaseModel):
    """Messages that were found, the newest first, and before which to go on."""

    items: list[MessageHit]
    before_id: int | None


class ConversationChanges(BaseModel):
    """Conversations that were changed since ``since``; too many: load the list again. ``next`` is asked next time."""

    items: list[ConversationItem]
    is_too_many: bool
    next: int


class InboxAgent(BaseModel):
    """A member who may answer."""

    user_id: int
    name: str
    email: str
    is_away: bool
    team_ids: list[int]
    open_count: int


class InboxAgents(BaseModel):
    """Members who may answer."""

    items: list[InboxAgent]


class InboxAway(_Strict):
    """Whether somebody takes no new conversations."""

    is_away: bool


class NewInboxTeam(_Strict):
    """A team: who is in it, and how its conversations find somebody."""

    name: Name
    assigns: AssigningName = "manual"
    most_open: Annotated[int, Field(ge=1, le=10_000)] | None = None
    user_ids: list[int] = Field(default=[], max_length=1_000)


class InboxTeam(NewInboxTeam):
    """A team with its number."""

    model_config = ConfigDict(extra="ignore")

    team_id: int


class InboxRoute(_Strict):
    """Which team serves an account (0: every other one), and whether people are asked how it was."""

    account_id: int = Field(ge=0)
    team_id: int | None = None
    has_survey: bool = False


class NewServicePolicy(_Strict):
    """What is promised to whom; the first that fits counts. Null: of any channel, team, priority; nothing promised."""

    name: Name
    channel: str | None = Field(default=None, max_length=40)
    team_id: int | None = None
    priority: Priority | None = None
    first_response_s: Promise = None
    next_response_s: Promise = None
    resolution_s: Promise = None
    is_in_hours: bool = True


class ServicePolicy(NewServicePolicy):
    """A promise with its number."""

    model_config = ConfigDict(extra="ignore")

    policy_id: int


class InboxSetup(BaseModel):
    """How the inbox is set up."""

    teams: list[InboxTeam]
    routes: list[InboxRoute]
    policies: list[ServicePolicy]
    tags: list[str]


class InboxRoutes(_Strict):
    """Which team serves which account."""

    items: list[InboxRoute] = Field(max_length=1_000)


class ServicePolicies(_Strict):
    """What is promised, in order."""

    items: list[NewServicePolicy] = Field(max_length=100)


class NewCanned(_Strict):
    """A canned reply; ``{{ name }}``, ``{{ agent }}``, ``{{ brand }}`` and ``{{ person.city }}`` are filled in."""

    shortcut: Shortcut
    title: Name
    body: Body
    team_id: int | None = None


class Canned(NewCanned):
    """A canned reply with its number and how often it was used."""

    model_config = ConfigDict(extra="ignore")

    canned_id: int
    uses: int


class CannedReplies(BaseModel):
    """Canned replies, those used most first."""

    items: list[Canned]


class CannedWordingIn(_Strict):
    """In which conversation a canned reply is to be said."""

    conversation_id: int


class CannedWording(BaseModel):
    """A canned reply as it is to be said."""

    text: str
