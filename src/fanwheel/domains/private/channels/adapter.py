"""What a channel is to the product: a class that speaks one platform's protocol, and a description of it."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Protocol, runtime_checkable

from fanwheel.domains.private.channels.contracts import Address, Answer, Check, Outgoing, Received, Request, Sent
from fanwheel.kernel.clock import Clock

if TYPE_CHECKING:
    import httpx

Capability = Literal[
    "text", "image", "voice", "video", "file", "card", "choices", "template", "email", "native",
    "receive", "typing", "receipts", "comments", "menu", "passive_reply", "tasks", "codes", "tags", "idempotent",
]  # fmt: skip


class Field(NamedTuple):
    """One thing to fill in when an account is made; its label and help stand in the catalogs under ``name``."""

    name: str
    is_secret: bool = False
    is_required: bool = True
    default: str = ""
    pattern: str = r".+"
    choices: tuple[str, ...] = ()


class Allowance(NamedTuple):
    """A right to speak, as a platform gives it: the seed of a row that operators can change.

    ``opens`` is what begins it; ``lasts_s`` how long it holds (None: until used up); ``most`` how many messages in
    it (None: any number). With ``opens`` "always" it is a quota of ``most`` messages in every ``lasts_s`` seconds.
    ``per`` says whose: one person's, the account's. ``covers`` says for which messages it holds: those made of
    approved templates, those that are free, tasks for staff, answers to comments. ``cite`` and ``as_of`` say where
    the figures come from.
    """

    name: str
    opens: Literal["message", "follow", "tap", "scan", "enter", "comment", "grant", "always"]
    lasts_s: int | None
    most: int | None
    per: Literal["person", "account"] = "person"
    cite: str = ""
    as_of: str = ""
    covers: Literal["any", "free", "template", "task", "comment"] = "any"


class About(NamedTuple):
    """What the product must know of a kind of channel without opening an account."""

    kind: str  # the channel's name as consent has it: email, wechat_oa, telegram …
    address: str  # the kind of identifier under which people are reached
    fields: tuple[Field, ...]
    capabilities: frozenset[Capability]
    allowances: tuple[Allowance, ...] = ()
    # None: messages may be sent at any time that consent and our own caps allow.
    per_second: float | None = None  # for the whole account, unless its settings say otherwise
    text_limit: int | None = None  # characters
    is_marketing_allowed: bool = True
    text_bytes: int | None = None  # where the platform counts those; ``text_limit`` is then what surely fits


class Account(NamedTuple):
    """One configured instance, opened: its settings and secrets by field name."""

    account_id: int
    key: str  # the last part of its callback's path
    settings: Mapping[str, str]
    secrets: Mapping[str, str]
    callback_url: str


class Token(NamedTuple):
    """A platform's access token and the seconds for which it holds."""

    value: str
    lasts_s: int


class MediaFile(NamedTuple):
    """A file of the media library."""

    name: str
    content_type: str
    body: bytes


class Notes(Protocol):
    """What an account keeps about single addresses, sealed: a browser's subscription, for example."""

    @abstractmethod
    async def find(self, address: Address) -> str | None:
        """What was put last."""

    @abstractmethod
    async def put(self, address: Address, text: str) -> None:
        """Keep it in the place of what was there."""

    @abstractmethod
    async def drop(self, address: Address) -> None:
        """Keep nothing."""


class Tools(NamedTuple):
    """What an adapter is given; ``token`` keeps tokens for all workers, ``forget`` drops one that was refused.

    ``keep`` replaces a secret of the account, for platforms that give a new one with every refresh; it is called
    only by what ``token`` was given to fetch with.
    """

    http: "httpx.AsyncClient"  # a timeout is set, redirects are not followed
    clock: Clock
    token: Callable[[str, Callable[[], Awaitable[Token]]], Awaitable[str]]
    forget: Callable[[str], Awaitable[None]]
    media: Callable[[int], Awaitable[MediaFile]]
    keep: Callable[[str, str], Awaitable[None]] | None = None
    notes: Notes | None = None


class Adapter(Protocol):
    """One account of one channel. Knows the protocol and nothing of people, consent or the database.

    Found through the entry-point group ``fanwheel.channel``; constructed as ``adapter(account, tools)``. ``send``
    raises one of ``errors.py`` and says with it whether the message may have gone out.
    """

    about: ClassVar[About]

    @abstractmethod
    def __init__(self, account: Account, tools: Tools) -> None: ...

    @abstractmethod
    async def send(self, message: Outgoing) -> Sent:
        """Hand one message to the platform."""

    @abstractmethod
    async def receive(self, request: Request) -> Received:
        """Read a callback; anything that is not proved to be the platform's is refused with ``ForgedError``."""

    @abstractmethod
    async def check(self) -> Check:
        """Whether the settings work, without sending anything to anybody."""

    @abstractmethod
    async def close(self) -> None:
        """Give back what is held."""


@runtime_checkable
class AnswersInline(Protocol):
    """Can say something in the answer to a callback, as Official Accounts can within five seconds."""

    @abstractmethod
    def answer(self, request: Request, message: Outgoing) -> Answer | None:
        """The answer that carries the message, or None where it cannot."""


@runtime_checkable
class HasMenu(Protocol):
    """Has a menu that can be published. ``menu`` is what ``loop.operate.menus`` compiled for this surface."""

    @abstractmethod
    async def publish_menu(self, menu: Mapping[str, Any]) -> None:
        """Put it in the place of the one that is shown."""


@runtime_checkable
class Types(Protocol):
    """Can show that somebody is typing."""

    @abstractmethod
    async def typing(self, message: Outgoing) -> None:
        """Show it to the person for whom the message is being written."""


@runtime_checkable
class Prepares(Protocol):
    """Makes something itself when an account is made: a pair of keys, a word to verify a callback with."""

    @classmethod
    @abstractmethod
    def prepare(cls, settings: Mapping[str, str], secrets: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """The settings and the secrets, filled up; what is there stays."""
