"""Columns of people as a matrix of numbers; words become one column for each that was seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from fanwheel.measure import frames
from fanwheel.measure.errors import BadDataError
from fanwheel.measure.uplift.trials import Array

_MOST_WORDS: Final = 200


@dataclass(frozen=True, kw_only=True)
class Encoder:
    """Which features there are, and which words each of them held when it was learned."""

    words: dict[str, tuple[str, ...]]

    def matrix(self, table: frames.Frame) -> Array:
        """(people, columns); a word never seen is none of those that were."""
        columns: list[Array] = []
        for name, known in self.words.items():
            if known:
                values = table[name].astype(str)
                columns += [(values == word).astype(np.float64) for word in known]
            else:
                columns.append(frames.numbers(table, name))
        return np.column_stack(columns)


def learn(table: frames.Frame, names: Sequence[str]) -> Encoder:
    """The encoder of these columns."""
    words: dict[str, tuple[str, ...]] = {}
    for name in names:
        values = table[name]
        if values.dtype.kind in "biuf":
            words[name] = ()
            continue
        frames.require(
            np.array([value is not None and value == value for value in values]),  # NaN differs from itself
            table="data",
            problem=f"“{name}” is missing",
            hint="Name what is missing, or drop the rows.",
        )
        words[name] = tuple(sorted({str(value) for value in values}))
        if len(words[name]) > _MOST_WORDS:
            raise BadDataError(f"“{name}” holds {len(words[name]):,} different words.", hint="Group them first.")
    return Encoder(words=words)
