"""The media library, as those who send may use it."""

from fanwheel.domains.private.channels.accounts.opening import LoadMedia
from fanwheel.domains.private.channels.adapter import MediaFile
from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings
from fanwheel.loop.operate.content import media


def media_loader(settings: Settings, database: Database) -> LoadMedia:
    """What gives a file of a workspace's library by its number."""

    async def load(workspace: int, media_id: int) -> MediaFile:
        async with database.transaction(workspace) as tx:
            return await media.load(tx, settings, media_id)

    return load
