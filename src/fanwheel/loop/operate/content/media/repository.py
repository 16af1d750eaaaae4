"""The library of media, read and written through one transaction."""

from collections.abc import Sequence
from typing import Any, Final

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate.content.media.contracts import Item, Sort, Use

_SQL: Final = sqlfile.load("fanwheel.loop.operate.content.media")


class MediaRepository:
    """The media of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def list_items(
        self,
        *,
        media_id: int | None = None,
        kind: str | None = None,
        q: str | None = None,
        before: int | None = None,
        most: int = 100,
    ) -> list[Item]:
        """Files, or one, newest first."""
        rows = await self._tx.all(_SQL["list_media"], media_id=media_id, kind=kind, q=q, before=before, most=most)
        site = f"/media/{self._tx.workspace}"
        return [Item(**row, path=f"{site}/{row['digest']}.{row['extension']}") for row in rows]

    async def add(self, sort: Sort, *, digest: str, is_attachment: bool, **values: Any) -> int:
        """The number of a file; of one that is there already its own."""
        made = await self._tx.value(
            _SQL["add_media"], digest=digest, is_attachment=is_attachment, **values, **sort._asdict()
        )
        if made is None:
            made = await self._tx.value(_SQL["find_by_digest"], digest=digest)
            if not is_attachment:
                await self._tx.run(_SQL["put_in_library"], media_id=made)
        return int(made)

    async def add_recipient(self, media: Sequence[int], home_id: int) -> None:
        """Note to whom attachments went."""
        await self._tx.run(_SQL["add_recipient"], media=list(media), home_id=home_id)

    async def take_erased(self) -> dict[int, list[str]]:
        """Names of files that are to leave the disk, by erasure."""
        return {row["erasure_id"]: row["media"] for row in await self._tx.all(_SQL["take_erased"])}

    async def list_present(self, names: Sequence[str]) -> set[str]:
        """Which of some files the library has."""
        return {row["name"] for row in await self._tx.all(_SQL["list_present"], names=list(names))}

    async def note_erased(self, erasure_id: int) -> None:
        """Note that the files of an erasure have left the disk."""
        await self._tx.run(_SQL["note_erased"], erasure_id=erasure_id)

    async def change(self, media_id: int, *, name: str | None, alt: str | None, folder: str | None) -> None:
        """Write name, alternative text and folder; what is None stays."""
        await self._tx.run(_SQL["change_media"], media_id=media_id, name=name, alt=alt, folder=folder)

    async def delete(self, media_id: int) -> None:
        """Take a file out of the library."""
        await self._tx.run(_SQL["delete_media"], media_id=media_id)

    async def list_uses(self, item: Item) -> list[Use]:
        """Templates that show a file."""
        rows = await self._tx.all(_SQL["list_uses"], digest=item.digest, media_id=item.media_id)
        return [Use(**row) for row in rows]
