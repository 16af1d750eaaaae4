"""Links as the rest of the product uses them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from fanwheel.infra.postgres import Database, Transaction
from fanwheel.loop.operate.links import rules
from fanwheel.loop.operate.links.contracts import Change, Counts, Day, Found, Kind, Link, Mark, Message, Visitor
from fanwheel.loop.operate.links.errors import LinkNotFoundError, NotByHandError
from fanwheel.loop.operate.links.repository import LinkRepository

_MONTH: Final = timedelta(days=30)
_NO_UTM: Final[Mapping[str, str]] = {}


async def put_links(
    tx: Transaction, version_id: int, urls: Collection[str], utm: Mapping[str, str] = _NO_UTM
) -> dict[str, str]:
    """Codes of links to addresses that stand in a version, by address; those that may not be led to have none."""
    wanted = sorted({url for url in urls if rules.may_lead(url)})
    return await LinkRepository(tx).put(version_id, wanted, utm) if wanted else {}


async def put_messages(tx: Transaction, messages: Sequence[Message], *, now: datetime) -> dict[str, str]:
    """The second halves of the codes in some messages, by the messages' keys."""
    return await LinkRepository(tx).put_messages(messages, now=now) if messages else {}


async def shorten(
    tx: Transaction, message: Message, urls: Collection[str], *, site_url: str, now: datetime
) -> dict[str, str]:
    """Links of our own in the place of addresses, for one message that no template wrote; by address."""
    codes = await put_links(tx, 0, urls)
    own = (await put_messages(tx, [message], now=now))[message.key] if codes else ""
    return {url: f"{site_url}/l/{code}{own}" for url, code in codes.items()}


async def add(tx: Transaction, url: str, *, name: str, has_utm: bool, utm: Mapping[str, str], actor: str) -> Link:
    """A new link made by hand, for posts, codes and print.

    Raises
    ------
    BadLinkError
        If it leads nowhere.
    """
    address = rules.require_address(url)
    links = LinkRepository(tx)
    return await get(tx, await links.add(address, name=name.strip(), has_utm=has_utm, utm=utm, actor=actor))


async def get(tx: Transaction, link_id: int) -> Link:
    """A link with its counts; raises ``LinkNotFoundError``."""
    found = await LinkRepository(tx).list_links(link_id=link_id)
    if not found:
        raise LinkNotFoundError
    return found[0]


async def change(tx: Transaction, link_id: int, wanted: Change) -> tuple[Link, Link]:
    """Let a link made by hand lead elsewhere or be called otherwise: before and after. Its code and its counts stay.

    Raises
    ------
    LinkNotFoundError, NotByHandError, BadLinkError
        If there is none, a message put it in, or it would lead nowhere.
    """
    before = await get(tx, link_id)
    if not before.is_by_hand:
        raise NotByHandError(hint="Change the template or the message in which it stands.")
    url = None if wanted.url is None else rules.require_address(wanted.url)
    name = None if wanted.name is None else wanted.name.strip()
    await LinkRepository(tx).change(before, wanted._replace(url=url, name=name))
    return before, await get(tx, link_id)


async def list_links(
    tx: Transaction, *, version_id: int | None, q: str | None = None, before: int | None, most: int
) -> list[Link]:
    """Links, newest first: all, those of a version, or (0) those made by hand."""
    return await LinkRepository(tx).list_links(version_id=version_id, q=q, before=before, most=most)


async def list_days(tx: Transaction, link_id: int, *, now: datetime) -> list[Day]:
    """How often a link was followed on the days of the last month."""
    return await LinkRepository(tx).list_days(link_id, since=now - _MONTH)


async def count_steps(tx: Transaction, steps: Sequence[str]) -> dict[tuple[str, str], Counts]:
    """What came of the messages of steps, by step and variant; with machines and without."""
    return await LinkRepository(tx).count_steps(steps)


async def list_marks(tx: Transaction, keys: Collection[str]) -> list[Mark]:
    """Openings and clicks of some messages, by their keys, in order."""
    return await LinkRepository(tx).list_marks(keys)


async def follow(db: Database, code: str, visitor: Visitor, *, now: datetime) -> str:
    """Where a link leads; the visit is noted.

    Raises
    ------
    LinkNotFoundError
        If there is no such link, or it is one that only machines find.
    """
    read = rules.read_code(code)
    if read is None:
        raise LinkNotFoundError
    link_code, recipient = read
    if not link_code:
        await _note(db, "trap", recipient or "", visitor, now=now)
        raise LinkNotFoundError
    async with db.installation() as tx:
        link = await LinkRepository(tx).find(link_code)
    if link is None:
        raise LinkNotFoundError
    async with db.transaction(link.workspace_id) as tx:
        links = LinkRepository(tx)
        message = await links.find_message(recipient) if recipient else None
        profile = await links.get_profile()
        await links.add_visit(
            "click",
            link_id=link.link_id,
            recipient=recipient if message else None,
            machine=rules.recognize(visitor, profile.get("machine_networks", ())),
            now=now,
        )
    return _target(link, profile, message)


async def find_base(tx: Transaction, site_url: str) -> str:
    """Under which address links are: the brand's own, or the site's."""
    return str((await LinkRepository(tx).get_profile()).get("link_url") or site_url).rstrip("/")


async def find_target(tx: Transaction, link: Link) -> str:
    """Where a link leads whoever is nobody in particular."""
    return _target(link, await LinkRepository(tx).get_profile(), None)


def _target(link: Link | Found, profile: Mapping[str, Any], message: Mapping[str, Any] | None) -> str:
    if not link.has_utm:
        return link.url
    channel, step, variant = (message[name] if message else "" for name in ("channel", "step", "variant"))
    said = rules.utm_of(link.utm, profile.get("utm", _NO_UTM), channel=channel, step=step, variant=variant)
    return rules.with_utm(link.url, said)


async def note_opening(db: Database, recipient: str, visitor: Visitor, *, now: datetime) -> None:
    """Note that the picture of a message was loaded; of one that nobody knows nothing is."""
    if rules.read_code(rules.TRAP_MARK + recipient) is not None:
        await _note(db, "open", recipient, visitor, now=now)


async def _note(db: Database, kind: Kind, recipient: str, visitor: Visitor, *, now: datetime) -> None:
    async with db.installation() as tx:
        workspace = await LinkRepository(tx).find_workspace(recipient)
    if workspace is None:
        return
    async with db.transaction(workspace) as tx:
        links = LinkRepository(tx)
        networks = (await links.get_profile()).get("machine_networks", ())
        machine = "trap" if kind == "trap" else rules.recognize(visitor, networks, is_picture=True)
        await links.add_visit(kind, link_id=None, recipient=recipient, machine=machine, now=now)
