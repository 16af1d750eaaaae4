"""The library as the rest of the product uses it."""

import asyncio
import hashlib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from fanwheel.domains.private.channels.adapter import MediaFile
from fanwheel.infra.http import outside
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.settings import Settings
from fanwheel.loop.operate import links
from fanwheel.loop.operate.content.media import files, sniffing
from fanwheel.loop.operate.content.media.contracts import Item, Kind, Use
from fanwheel.loop.operate.content.media.errors import (
    BadMediaError,
    MediaNotFoundError,
    MediaOutOfReachError,
    MediaTooLargeError,
    MediaUsedError,
)
from fanwheel.loop.operate.content.media.repository import MediaRepository

_MOST_BYTES: Final = max(sniffing.LIMITS.values())
_FETCH_S: Final = 10.0
_MOST_NAME: Final = 200


async def store(
    tx: Transaction, settings: Settings, body: bytes, *, name: str, actor: str, is_attachment: bool = False,
    is_received: bool = False, kinds: Collection[Kind] = (),
) -> Item:  # fmt: skip
    """Take a file into the library; one that holds the same as another is that one.

    ``is_attachment``: it is for the people alone to whom it is sent, and leaves with them. ``is_received``: somebody
    sent it to us, and it has no public address. ``kinds`` are those that are taken, all where none are named.

    Raises
    ------
    BadMediaError, MediaTooLargeError
        If it is not taken.
    """
    if len(body) > _MOST_BYTES:
        raise MediaTooLargeError(hint=f"At most {_MOST_BYTES // (1024 * 1024)} MB.")
    sort = sniffing.sort(body)
    if kinds and sort.kind not in kinds:
        raise BadMediaError
    digest = hashlib.sha256(body).hexdigest()
    clean = " ".join(name.replace("/", " ").split())[:_MOST_NAME] or f"{sort.kind}.{sort.extension}"
    told = {"name": clean, "size_bytes": len(body), "actor": actor}
    whose = {"is_attachment": is_attachment, "is_received": is_received}
    item = await find(tx, await MediaRepository(tx).add(sort, digest=digest, **told, **whose))
    # The row is held by now: nobody takes the same file off the disk meanwhile.
    await asyncio.to_thread(files.write, path_of(tx, settings, item), body)
    if not item.is_received:
        private = files.received_path_of(settings.home, tx.workspace or 0, f"{digest}.{sort.extension}")
        await asyncio.to_thread(private.unlink, missing_ok=True)
    return item


async def note_recipient(tx: Transaction, media: Sequence[int], home_id: int) -> None:
    """Note to whom files went that came with an answer; what is of the library is nobody's."""
    if media:
        await MediaRepository(tx).add_recipient(media, home_id)


async def forget_erased(tx: Transaction, settings: Settings) -> int:
    """Take files off the disk whose people were erased; how many."""
    media = MediaRepository(tx)
    gone = await media.take_erased()
    names = {name for each in gone.values() for name in each}
    left = names - await media.list_present(sorted(names)) if names else names
    for name in sorted(left):
        await asyncio.to_thread(files.path_of(settings.home, tx.workspace or 0, name).unlink, missing_ok=True)
    for erasure_id in gone:
        await media.note_erased(erasure_id)
    return len(left)


async def fetch(url: str) -> tuple[bytes, str]:
    """The file at an address and its name; never from a place that only this machine sees.

    Raises
    ------
    MediaOutOfReachError, MediaTooLargeError, BadLinkError
        If it gives none.
    """
    address = links.require_address(url)
    body = bytearray()
    try:
        async with outside.client(timeout_s=_FETCH_S) as client, client.stream("GET", address) as answer:
            if answer.status_code != httpx.codes.OK:
                raise MediaOutOfReachError(hint=f"It answered {answer.status_code}; redirects are not followed.")
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > _MOST_BYTES:
                    raise MediaTooLargeError(hint=f"At most {_MOST_BYTES // (1024 * 1024)} MB.")
    except (httpx.HTTPError, httpcore.UnsupportedProtocol) as error:
        raise MediaOutOfReachError(hint="Only files that everybody may see can be fetched.") from error
    return bytes(body), unquote(Path(urlsplit(address).path).name)


async def get(tx: Transaction, media_id: int) -> Item:
    """A file of the library; raises ``MediaNotFoundError``."""
    return await _get(tx, media_id, is_received=False)


async def find(tx: Transaction, media_id: int) -> Item:
    """A file of the library, or one that was received; raises ``MediaNotFoundError``."""
    return await _get(tx, media_id, is_received=None)


async def _get(tx: Transaction, media_id: int, *, is_received: bool | None) -> Item:
    found = await MediaRepository(tx).list_items(media_id=media_id, is_received=is_received)
    if not found:
        raise MediaNotFoundError
    return found[0]


async def load(tx: Transaction, settings: Settings, media_id: int) -> MediaFile:
    """A file with what it holds, as adapters send it; raises ``MediaNotFoundError``."""
    item = await get(tx, media_id)
    try:
        body = await asyncio.to_thread(path_of(tx, settings, item).read_bytes)
    except FileNotFoundError as error:
        raise MediaNotFoundError("The file is gone from the data directory.") from error
    return MediaFile(item.name, item.content_type, body)


async def list_uses(tx: Transaction, media_id: int) -> list[Use]:
    """Templates that show a file; raises ``MediaNotFoundError``."""
    return await MediaRepository(tx).list_uses(await get(tx, media_id))


async def change(tx: Transaction, media_id: int, *, name: str | None, alt: str | None, folder: str | None) -> Item:
    """Say of a file what it is called, what it shows and where it belongs; raises ``MediaNotFoundError``."""
    await get(tx, media_id)
    await MediaRepository(tx).change(media_id, name=name, alt=alt, folder=folder)
    return await get(tx, media_id)


async def delete(tx: Transaction, settings: Settings, media_id: int) -> None:
    """Take a file out of the library and off the disk.

    Raises
    ------
    MediaNotFoundError, MediaUsedError
        If there is none, or templates show it.
    """
    item = await get(tx, media_id)
    media = MediaRepository(tx)
    uses = await media.list_uses(item)
    if uses:
        raise MediaUsedError(hint=f"First take it out of: {', '.join(use.name for use in uses[:5])}.")
    await media.delete(media_id)
    await asyncio.to_thread(path_of(tx, settings, item).unlink, missing_ok=True)


def path_of(tx: Transaction, settings: Settings, item: Item) -> Path:
    """Where a file lies on the disk."""
    lies = files.received_path_of if item.is_received else files.path_of
    return lies(settings.home, tx.workspace or 0, f"{item.digest}.{item.extension}")
