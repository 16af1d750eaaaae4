"""What is said between the product and a channel, in plain values that can be kept as JSON."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

import msgspec

Purpose = Literal["marketing", "transactional", "service"]


class Address(msgspec.Struct, frozen=True):
    """Where somebody is reached: an identifier's kind and value, as ``cdp.persons`` keeps them."""

    kind: str
    value: str


# ---------------------------------------------------------------- what is said
class Part(msgspec.Struct, frozen=True, tag_field="type", omit_defaults=True):
    """A piece of a message."""


class Text(Part, frozen=True, tag="text"):
    """Plain text."""

    text: str


class Media(Part, frozen=True, tag="media"):
    """A picture, a voice, a film or a file: by address, by number in the media library, or by the platform's id."""

    kind: Literal["image", "voice", "video", "file"]
    url: str | None = None
    media_id: int | None = None
    platform_id: str | None = None
    name: str = ""
    text: str = ""  # said in its place where it cannot be shown


class Button(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something to tap: an address to open, an answer to give, or a key that comes back."""

    label: str
    action: Literal["url", "reply", "key", "phone", "mini_program"]
    value: str
    page: str = ""  # of a mini program


class Card(Part, frozen=True, tag="card"):
    """A headline with a picture, a line or two, and buttons."""

    title: str
    text: str = ""
    image_url: str | None = None
    url: str | None = None
    buttons: tuple[Button, ...] = ()
    about: Literal["", "product", "coupon", "order", "lead"] = ""
    about_id: str = ""


class Section(msgspec.Struct, frozen=True):
    """Answers under a heading."""

    title: str
    options: tuple[Button, ...]


class Choices(Part, frozen=True, tag="choices"):
    """A question with answers to tap; a tap comes back as a message or a ``Tapped``.

    ``sections`` are the same with what stands below each, for channels that show both at once where they fit.
    """

    text: str
    options: tuple[Button, ...]
    tail: str = ""
    sections: tuple[Section, ...] | msgspec.UnsetType = msgspec.UNSET


class Template(Part, frozen=True, tag="template"):
    """A message that the platform has approved, with the values for its blanks."""

    name: str
    language: str = ""
    values: dict[str, str] = {}
    url: str | None = None
    page: str = ""


class Email(Part, frozen=True, tag="email"):
    """A mail; the text is for whoever reads no HTML."""

    subject: str
    html: str
    text: str
    preheader: str = ""
    reply_to: str | None = None
    headers: dict[str, str] = {}


class Native(Part, frozen=True, tag="native"):
    """What only this platform has, in its own words."""

    body: dict[str, Any]


AnyPart = Text | Media | Card | Choices | Template | Email | Native


class Reply(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a platform wants to hear when something is answered: see ``Happening.context``."""

    to: str = ""  # key of the message answered
    context: dict[str, Any] = {}


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """One message for one person through one account."""

    key: str  # the same for every attempt: for platforms that know idempotency keys
    to: Address
    parts: tuple[AnyPart, ...]
    purpose: Purpose
    reply: Reply | None = None
    staff: str | None = None  # who speaks, where the platform asks


class Sent(msgspec.Struct, frozen=True):
    """The platform took a message; ``task``: somebody there must confirm it before it goes out."""

    platform_id: str | None
    state: Literal["sent", "task"] = "sent"


# ---------------------------------------------------------------- what happened
class Happening(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    """Something a platform told us. ``key`` is the same when it tells it again."""

    key: str
    at: datetime
    sender: Address | None = None
    others: tuple[Address, ...] = ()  # further identifiers of the same person, such as a unionid
    profile: dict[str, Any] = {}  # what the platform says of the person: nickname, avatar, language
    origin: dict[str, Any] = {}  # ad, post, scene or link that brought the person
    context: dict[str, Any] = {}  # what a reply must carry


class Message(Happening, frozen=True, kw_only=True, tag="message"):
    """The person wrote. ``is_echo``: it was the brand, elsewhere; nobody must answer it."""

    parts: tuple[AnyPart, ...]
    conversation: str = ""  # the platform's own id, where it has one
    is_echo: bool = False


class Tapped(Happening, frozen=True, kw_only=True, tag="tapped"):
    """A menu or a button was tapped. ``is_view``: it opened a page by itself, and gives no right to speak."""

    value: str
    surface: Literal["menu", "button"] = "menu"
    is_view: bool = False


class Entered(Happening, frozen=True, kw_only=True, tag="entered"):
    """The person opened the conversation, or scanned a code, without a word."""

    scene: str = ""
    is_scan: bool = False


class Followed(Happening, frozen=True, kw_only=True, tag="followed"):
    """The person can be reached from now on; ``scene`` is what our own code carried."""

    scene: str = ""


class Unfollowed(Happening, frozen=True, kw_only=True, tag="unfollowed"):
    """The person cannot be reached any more. ``must_erase``: the platform wants the person's data deleted."""

    must_erase: bool = False


class Commented(Happening, frozen=True, kw_only=True, tag="commented"):
    """The person wrote below a post."""

    text: str
    content: str
    comment: str = ""


class Granted(Happening, frozen=True, kw_only=True, tag="granted"):
    """The person allowed (or took back) messages of a kind: a template, a daily greeting."""

    allowance: str
    count: int = 1
    until: datetime | None = None
    is_granted: bool = True


class InGroup(Happening, frozen=True, kw_only=True, tag="in_group"):
    """The person is in a group chat of ours from now on, or no more; it gives no right to speak."""

    chat: str
    is_member: bool = True
    scene: str = ""


class Lead(Happening, frozen=True, kw_only=True, tag="lead"):
    """The person filled in a lead card."""

    fields: dict[str, str]
    card: str = ""


class Receipt(Happening, frozen=True, kw_only=True, tag="receipt"):
    """What became of a message. Found by our own ``Outgoing.key``, else by the platform's id, else by its address."""

    state: Literal["confirmed", "delivered", "read", "opened", "clicked", "failed", "bounced", "complained", "refused"]
    message: str = ""  # Outgoing.key
    platform_id: str = ""
    is_permanent: bool = False
    is_machine: bool = False  # a scanner or a mail client by itself
    detail: str = ""
    url: str = ""


AnyHappening = Message | Tapped | Entered | Followed | Unfollowed | InGroup | Commented | Granted | Lead | Receipt


# ---------------------------------------------------------------- over HTTP
class Request(NamedTuple):
    """A callback as it came; names of headers in lower case, the body untouched."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime


class Answer(NamedTuple):
    """What the platform is answered."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = {}


class Received(NamedTuple):
    """What a callback said, and how it is answered once that is kept."""

    answer: Answer
    happenings: Sequence[AnyHappening] = ()


class Check(NamedTuple):
    """A connection test's outcome, in a sentence; ``facts`` such as the bot's name or what the platform allows.

    ``code`` is a word for the outcome that pages have a sentence for, with the facts in it; without one they show
    ``message``.
    """

    is_fine: bool
    message: str
    facts: Mapping[str, str] = {}
    code: str = ""
