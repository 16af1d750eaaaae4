"""The last book of a large workspace on disk, so that a restart shows figures at once and renews them behind."""

import hashlib
import json
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np

from fanwheel.measure.reports import datasets
from fanwheel.measure.reports.cubes import NOBODY, Book, Branch, Column

# Other statements make other cubes, so a book of another version is not read.
_EDITION: Final = hashlib.sha256(json.dumps([*datasets.KEPT.items(), *datasets.CUBES.items()]).encode()).hexdigest()
_GOOD_FOR: Final = timedelta(hours=1)
_ABOUT: Final = "about"
_BRANCHES: Final = "branches"


def path_of(home: Path, installation: str, workspace: int) -> Path:
    """Where the book of a workspace lies; another database with the same home has another shelf."""
    return home / "reports" / installation / f"{workspace}.npz"


def put(path: Path, book: Book) -> None:
    """Keep ``book``; a crash leaves the old one or the new one. It holds counts and person ids, no personal data."""
    arrays: dict[str, Column] = {
        _BRANCHES: np.array(_as_numbers(book), dtype=np.int64).reshape(-1, len(Branch._fields))
    }
    names: dict[str, list[str]] = {}
    for cube_name, cube in book.cubes.items():
        for column, values in cube.items():
            key = f"{cube_name}/{column}"
            if isinstance(values, list):
                names[key] = values
            else:
                arrays[key] = values
    about = {
        "edition": _EDITION,
        "as_of": book.as_of.isoformat(),
        "time_zone": book.time_zone,
        "currency": book.currency,
        "sources": list(book.sources.items()),
        "names": names,
    }
    arrays[_ABOUT] = np.frombuffer(json.dumps(about).encode(), dtype=np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    draft.replace(path)


def find(path: Path, *, now: datetime) -> Book | None:
    """The kept book, unless there is none, it is older than an hour, damaged, or written by another version."""
    try:
        with np.load(path, allow_pickle=False) as held:
            about = json.loads(held[_ABOUT].tobytes())
            arrays = {key: held[key] for key in held.files if key != _ABOUT}
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return None
    as_of = datetime.fromisoformat(about["as_of"])
    if about["edition"] != _EDITION or now - as_of > _GOOD_FOR:
        return None
    rows = arrays.pop(_BRANCHES).tolist()
    cubes: dict[str, dict[str, Any]] = {}
    for key, values in (arrays | about["names"]).items():
        cube_name, column = key.split("/")
        cubes.setdefault(cube_name, {})[column] = values
    return Book(
        as_of=as_of,
        time_zone=about["time_zone"],
        currency=about["currency"],
        sources=dict(about["sources"]),
        cubes=cubes,
        branches=[Branch(row[0], None if row[1] == NOBODY else row[1], *row[2:]) for row in rows],
    )


def _as_numbers(book: Book) -> list[list[int]]:
    return [[NOBODY if value is None else value for value in branch] for branch in book.branches]
