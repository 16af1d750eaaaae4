"""The library of media, read and written through one transaction."""

from typing import Final

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

    async def add(self, sort: Sort, *, digest: str, name: str, size_bytes: int, actor: str) -> int:
        """The number of a file; of one that is there already its own."""
        made = await self._tx.value(
            _SQL["add_media"], digest=digest, name=name, size_bytes=size_bytes, actor=actor, **sort._asdict()
        )
        if made is None:
            made = await self._tx.value(_SQL["find_by_digest"], digest=digest)
        return int(made)

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
