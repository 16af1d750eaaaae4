"""Files of the library in the data directory: by workspace and by what they hold, so that none is there twice."""

import os
import re
from pathlib import Path
from typing import Final
from uuid import uuid4

NAME: Final = re.compile(r"[0-9a-f]{64}\.(?:png|jpg|gif|webp|mp4|mp3|amr|ogg|pdf)")
TYPES: Final = {
    "png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp", "mp4": "video/mp4",
    "mp3": "audio/mpeg", "amr": "audio/amr", "ogg": "audio/ogg", "pdf": "application/pdf",
}  # fmt: skip


def path_of(home: Path, workspace: int, name: str) -> Path:
    """Where a file lies that everybody may see who knows its address."""
    return home / "media" / str(workspace) / name


def received_path_of(home: Path, workspace: int, name: str) -> Path:
    """Where a file lies that somebody sent us: at no address."""
    return home / "media" / str(workspace) / "received" / name


def write(path: Path, body: bytes) -> None:
    """Write a file whole or not at all; one that is there holds the same."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{uuid4().hex}")
    try:
        with part.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
