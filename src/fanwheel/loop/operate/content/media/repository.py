"""The library of media, read and written through one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate.content.media.contracts import Conversation, Item, Sort, Stale, Taken, Use

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
        is_received: bool | None = False,
    ) -> list[Item]:
        """Files, or one, newest first; None: those that were received too."""
        asked = {"media_id": media_id, "kind": kind, "q": q, "before": before, "most": most}
        rows = await self._tx.all(_SQL["list_media"], is_received=is_received, **asked)
        site = f"/media/{self._tx.workspace}"
        return [Item(**row, path=f"{site}/{row['digest']}.{row['extension']}") for row in rows]

    async def add(self, sort: Sort, *, digest: str, **values: Any) -> int:
        """The number of a file, held until the end; of one that is there already its own."""
        return int(await self._tx.value(_SQL["add_media"], digest=digest, **values, **sort._asdict()))

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

    async def add_uses(self, conversation: Conversation, media: Sequence[int]) -> None:
        """Note that a conversation has some files."""
        await self._tx.run(_SQL["add_uses"], media=list(media), **conversation._asdict())

    async def is_used(self, conversation: Conversation, media_id: int) -> bool:
        """Whether a conversation has a file."""
        return bool(await self._tx.value(_SQL["is_used"], media_id=media_id, **conversation._asdict()))

    async def count_received(self, account_id: int, home_id: int | None, *, since: datetime) -> Taken:
        """How much an account received, from one home or from all."""
        return Taken(**await self._tx.one(_SQL["count_received"], account_id=account_id, home_id=home_id, since=since))

    async def hold_stale(self, *, before: datetime, most: int) -> list[Stale]:
        """Files that no conversation has any more, held until the end."""
        return [Stale(**row) for row in await self._tx.all(_SQL["hold_stale"], before=before, most=most)]

    async def forget_stale(self, media: Sequence[int]) -> set[int]:
        """Delete those of some files that no conversation has; which they were."""
        return {row["media_id"] for row in await self._tx.all(_SQL["forget_stale"], media=list(media))}

    async def keep_shown(self, media: Sequence[int]) -> None:
        """Put files into the library."""
        await self._tx.run(_SQL["keep_shown"], media=list(media))

    async def change(self, media_id: int, *, name: str | None, alt: str | None, folder: str | None) -> None:
        """Write name, alternative text and folder; what is None stays."""
        await self._tx.run(_SQL["change_media"], media_id=media_id, name=name, alt=alt, folder=folder)

    async def delete(self, media_id: int) -> None:
        """Take a file out of the library."""
        await self._tx.run(_SQL["delete_media"], media_id=media_id)

    async def list_uses(self, item: Item | Stale) -> list[Use]:
        """Templates that show a file."""
        rows = await self._tx.all(_SQL["list_uses"], digest=item.digest, media_id=item.media_id)
        return [Use(**row) for row in rows]
