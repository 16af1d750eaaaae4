"""The file of refused rows that stands beside an imported file."""

import csv
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

from fanwheel.cdp.imports.contracts import Refused


class RefusedFile:
    """``FILE.refused.csv``: the rows as they stand in the file, then their number and the reason."""

    def __init__(self, path: Path, *, goes_on: bool = False) -> None:
        self.path = path.with_name(path.name + ".refused.csv")
        self.rows = 0
        self._goes_on = goes_on and self.path.exists()
        self._file: Any = None
        self._names: list[str] = []

    def __enter__(self) -> "RefusedFile":
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, refused: Iterable[Refused]) -> None:
        """Add rows."""
        for item in refused:
            if self._file is None:
                self._file = self.path.open("a" if self._goes_on else "w", newline="", encoding="utf-8")
                self._names = list(item.values)
                if not self._goes_on:
                    csv.writer(self._file).writerow([*self._names, "_row", "_reason"])
            values = [item.values.get(name, "") for name in self._names]
            csv.writer(self._file).writerow([*values, item.row, item.reason])
            self.rows += 1

    def first(self, most: int) -> list[Refused]:
        """The first rows that an earlier run wrote; none where somebody took the file away."""
        if not self.path.is_file():
            return []
        with self.path.open(newline="", encoding="utf-8") as file:
            return [_read(row) for row in islice(csv.DictReader(file), most)]


def _read(row: dict[str, str]) -> Refused:
    values = {name: text for name, text in row.items() if name not in {"_row", "_reason"}}
    return Refused(int(row["_row"]), row["_reason"], values)
