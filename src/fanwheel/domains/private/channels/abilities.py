"""What only some channels can do, each ability a small protocol that an adapter may also satisfy."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol, runtime_checkable

from fanwheel.domains.private.channels.contracts import Address, Outgoing, Receipt, Sent
from fanwheel.domains.private.channels.errors import SendError


class CodeWish(NamedTuple):
    """A code to be scanned; whoever scans it comes in with its ``scene``.

    ``lasts_s`` None asks for one that lasts for ever, of which platforms give few. ``staff`` are those who are added
    by it, where a platform's people are added by staff.
    """

    scene: str
    name: str = ""
    lasts_s: int | None = None
    staff: tuple[str, ...] = ()
    needs_no_approval: bool = True


class Code(NamedTuple):
    """A code that a platform made; without ``platform_id`` it can be neither changed nor dropped."""

    platform_id: str
    scene: str
    image_url: str
    url: str = ""  # what the picture says, where the platform tells
    expires_at: datetime | None = None


@runtime_checkable
class MakesCodes(Protocol):
    """Makes codes that bring people in and say where from."""

    @abstractmethod
    async def make_code(self, wish: CodeWish) -> Code:
        """Have one made."""

    @abstractmethod
    async def drop_code(self, platform_id: str) -> None:
        """Make it useless, where the platform can."""


class Weight(NamedTuple):
    """What a message takes of a platform's allowances: how many messages, of which kind (``Allowance.covers``)."""

    messages: int
    covers: Literal["any", "free", "template", "task", "comment"]


@runtime_checkable
class Weighs(Protocol):
    """Knows better than by counting parts what a message takes."""

    @abstractmethod
    def weigh(self, message: Outgoing) -> Weight:
        """What sending it would take."""


@runtime_checkable
class SendsTogether(Protocol):
    """Takes the same words for many people at once, as one task for whoever must confirm it."""

    most_together: int

    @abstractmethod
    async def send_together(self, messages: Sequence[Outgoing]) -> Sequence[Sent | SendError]:
        """Hand over messages of the same parts and staff; one outcome each, in their order."""


@runtime_checkable
class FollowsUp(Protocol):
    """Tells what became of messages only when asked."""

    @abstractmethod
    async def follow_up(self, platform_ids: Sequence[str]) -> Sequence[Receipt]:
        """What is known by now; nothing on those that still wait."""


class Known(NamedTuple):
    """What a platform tells of a person when asked: further identifiers, and a profile."""

    others: tuple[Address, ...] = ()
    profile: Mapping[str, Any] = {}


@runtime_checkable
class Recognizes(Protocol):
    """Can be asked who somebody is."""

    @abstractmethod
    async def recognize(self, address: Address) -> Known:
        """What the platform says of this person."""


class PlatformTag(NamedTuple):
    """A tag as the platform keeps it."""

    platform_id: str
    name: str
    group: str = ""


@runtime_checkable
class TagsPeople(Protocol):
    """Keeps tags of its own on people, where staff see them."""

    @abstractmethod
    async def list_tags(self) -> Sequence[PlatformTag]:
        """All tags there are."""

    @abstractmethod
    async def add_tags(self, group: str, names: Sequence[str]) -> Sequence[PlatformTag]:
        """Make tags in a group, which is made as well where it is new."""

    @abstractmethod
    async def mark(self, address: Address, staff: str, *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        """Put tags on the person as this member of staff knows them, or take them off; both by the platform's id."""


@runtime_checkable
class EditsMenu(Protocol):
    """Can show the menu that is published, and take it away."""

    @abstractmethod
    async def read_menu(self) -> Mapping[str, Any] | None:
        """The menu as the platform has it; None where there is none."""

    @abstractmethod
    async def delete_menu(self) -> None:
        """Show no menu any more."""
