"""Who meets each condition: packed bits over all people, one for each, in the order of their ids."""

from collections.abc import Mapping
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fanwheel.cdp.segments.analytic.compiler import Statement
from fanwheel.cdp.segments.analytic.leaves import key_of
from fanwheel.cdp.segments.rules.moments import NEVER
from fanwheel.infra.engine import Engine

Ids: TypeAlias = NDArray[np.int64]
Bits: TypeAlias = NDArray[np.uint8]
_CHUNK: Final = 1 << 16


class Answers:
    """The answers for ``people``, whose ids are ascending; ``due_us`` is when each must be asked again, or never."""

    def __init__(self, people: Ids) -> None:
        self.people = people
        self.due_us: Ids = np.full(len(people), NEVER)
        self._held: dict[bytes, Bits] = {}

    def ask(self, engine: Engine, statement: Statement) -> None:
        """Work out the answers of one statement, for those people of whom it has a row; asked again, for others."""
        columns = [np.zeros(len(self.people), dtype=bool) for _ in statement.leaves]
        for batch in engine.stream(statement.sql, **statement.params):
            rows, known = self._places(batch["person_id"])
            for number, (column, idle) in enumerate(zip(columns, statement.idle, strict=True)):
                column[rows] = batch[f"l{number}"].to_numpy(zero_copy_only=False)[known] != idle
            due = batch["due_us"].fill_null(NEVER).to_numpy(zero_copy_only=False)[known]
            self.due_us[rows] = np.minimum(self.due_us[rows], due)
        for leaf, idle, column in zip(statement.leaves, statement.idle, columns, strict=True):
            key = key_of(leaf)
            if key not in self._held:
                self._held[key] = np.packbits(np.full(len(self.people), idle))
            self._held[key] ^= np.packbits(column)

    def put(self, key: bytes, ids: Ids) -> None:
        """Note who meets a condition that no statement answers."""
        column = np.zeros(len(self.people), dtype=bool)
        rows, _ = _find(self.people, ids)
        column[rows] = True
        self._held[key] = np.packbits(column)

    def held(self, key: bytes) -> Bits:
        """Who meets a condition."""
        return self._held[key]

    @property
    def everybody(self) -> Bits:
        """All of them."""
        return np.packbits(np.ones(len(self.people), dtype=bool))

    def ids(self, bits: Bits) -> Ids:
        """The ids of a set of people, ascending."""
        found: Ids = self.people[np.unpackbits(bits, count=len(self.people)).view(bool)]
        return found

    def places(self, bits: Bits) -> NDArray[np.uint32]:
        """Where a set of people stand among all."""
        return np.flatnonzero(np.unpackbits(bits, count=len(self.people))).astype(np.uint32)

    def _places(self, ids: pa.Array) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        return _find(self.people, ids.to_numpy(zero_copy_only=False))


def _find(people: Ids, ids: Ids) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Where those of ``ids`` stand who are among ``people``, and which they are."""
    if not len(people):
        return np.zeros(0, dtype=np.intp), np.zeros(len(ids), dtype=bool)
    places = np.minimum(np.searchsorted(people, ids), len(people) - 1)
    known = people[places] == ids
    return places[known], known


def unpack_members(chunks: pa.Table) -> Mapping[int, Ids]:
    """The members of segments, from their bitmaps."""
    from pyroaring import BitMap  # only where segments mention others

    found: dict[int, list[Ids]] = {}
    for segment_id, chunk, members in zip(*(chunks[name].to_pylist() for name in chunks.column_names), strict=True):
        low = np.array(BitMap.deserialize(members).to_array(), dtype=np.int64)
        found.setdefault(segment_id, []).append(low + chunk * _CHUNK)
    return {segment_id: np.concatenate(parts) for segment_id, parts in found.items()}
