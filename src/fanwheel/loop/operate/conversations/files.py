"""Files that conversations have, served to those who may read them: as what they hold, and never as a page."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from fastapi.responses import FileResponse

from fanwheel.infra.postgres import Transaction
from fanwheel.infra.settings import Settings
from fanwheel.loop.operate.content import media

_HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}


def answer(tx: Transaction, settings: Settings, item: media.Item) -> FileResponse:
    """A file as it is sent: pictures to be shown, everything else to be saved; raises ``MediaNotFoundError``."""
    path = media.path_of(tx, settings, item)
    if not path.is_file():
        raise media.MediaNotFoundError("The file is gone from the data directory.")
    how = "inline" if item.kind == "image" else "attachment"
    headers = {**_HEADERS, "Content-Disposition": f"{how}; filename*=UTF-8''{quote(_name(item), safe='')}"}
    return FileResponse(path, headers=headers, media_type=item.content_type)


def _name(item: media.Item) -> str:
    """A name that says truly what the file is."""
    ending = f".{item.extension}"
    return item.name if item.name.lower().endswith(ending) else f"{item.name}{ending}"
