"""A file cut into chunks of drafts, in an order that a later run repeats."""

import sys
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pyarrow as pa

from fanwheel.cdp.imports.contracts import Chunk, Draft, Mapping, Refused, SpendDraft
from fanwheel.cdp.imports.readers import Rows
from fanwheel.cdp.imports.rules import drafts, orders
from fanwheel.cdp.imports.rules.cells import Cells
from fanwheel.cdp.imports.rules.consents import Consents
from fanwheel.cdp.imports.rules.times import micros

CHUNK_ROWS: Final = 8_192
_ORDER_LINES: Final = 24_576


def chunks(rows: Rows, mapping: Mapping, *, skip: int, now: datetime) -> Iterator[Chunk]:
    """Every chunk after the first ``skip`` rows; together they hold each row of the file once.

    Rows keep the order of the file, but lines of an order that stand apart are brought together, for which
    the file is held in memory.
    """
    if mapping.what == "orders":
        yield from _order_chunks(rows, mapping, skip)
    else:
        yield from _plain_chunks(rows, mapping, skip, now)


def _plain_chunks(rows: Rows, mapping: Mapping, skip: int, now: datetime) -> Iterator[Chunk]:
    first = 1
    size = CHUNK_ROWS
    batches = rows.batches
    if mapping.what == "spend":  # in one piece, so that rows which say the same day twice are seen together
        batches = iter([_together(list(batches))])
        size = sys.maxsize
    for whole in batches:
        for start in range(0, whole.num_rows, size):
            batch = whole.slice(start, min(size, whole.num_rows - start))
            count = batch.num_rows
            if first + count - 1 > skip:
                cells = Cells(batch, mapping, rows=range(first, first + count), nested=frozenset(rows.nested))
                made: list[Any]
                if mapping.what == "people":
                    made = list(drafts.people(cells, now=micros(now)))
                elif mapping.what == "events":
                    made = list(drafts.events(cells))
                else:
                    made = list(drafts.spend(cells))
                # What speaks of consent is like no other row: nothing is taken as known of it.
                is_like = not (mapping.what == "people" and Consents.are_in(cells))
                yield _chunk(cells, made, cells.extra_names() if is_like else None)
            first += count
    yield from _broken(rows)


def _order_chunks(rows: Rows, mapping: Mapping, skip: int) -> Iterator[Chunk]:
    batches = list(rows.batches)
    if batches:
        lines, nested = _together(batches), frozenset(rows.nested)
        whole = Cells(lines, mapping, rows=range(1, lines.num_rows + 1), nested=nested)
        order_ids = whole.text("order_id")
        order, starts = _grouped(order_ids)
        keys = [order_ids[index] for index in order.tolist()]
        for low, high in _cuts(starts, len(keys)):
            if high <= skip:
                continue
            part = order[low:high]
            cells = Cells(lines.take(pa.array(part)), mapping, rows=(part + 1).tolist(), nested=nested)
            inside = starts[(starts >= low) & (starts < high)] - low
            groups = list(pairwise([*inside.tolist(), high - low]))
            made = list(orders.orders(orders.OrderTable(cells, groups), keys[low:high]))
            yield _chunk(cells, made, orders.body_names(cells))
    yield from _broken(rows)


def _together(batches: list[Any]) -> Any:
    """One batch that holds all; columns that a batch lacks are empty there."""
    if not batches:
        return pa.RecordBatch.from_arrays([], names=[])
    tables = [pa.Table.from_batches([batch]) for batch in batches]
    table = pa.concat_tables(tables, promote_options="permissive").combine_chunks()
    return table.to_batches()[0] if table.num_rows else batches[0]


def _grouped(keys: list[str | None]) -> tuple[np.ndarray[Any, np.dtype[np.int64]], np.ndarray[Any, np.dtype[np.int64]]]:
    """Indices that bring equal keys together in the order of their first appearance, and where each group starts.

    Rows without a key are groups of their own.
    """
    seen: dict[object, int] = {}
    codes = np.array(
        [seen.setdefault(index if key is None else key, len(seen)) for index, key in enumerate(keys)], dtype=np.int64
    )
    order = np.argsort(codes, kind="stable").astype(np.int64)
    sorted_codes = codes[order]
    starts = np.flatnonzero(np.concatenate([[True], sorted_codes[1:] != sorted_codes[:-1]])).astype(np.int64)
    return order, starts


def _cuts(starts: "np.ndarray[Any, np.dtype[np.int64]]", total: int) -> Iterator[tuple[int, int]]:
    """Spans of about equal numbers of lines that split no order."""
    low = 0
    while low < total:
        position = int(np.searchsorted(starts, low + _ORDER_LINES, side="left"))
        high = int(starts[position]) if position < len(starts) else total
        yield low, high
        low = high


def _chunk(cells: Cells, made: list[Draft] | list[SpendDraft], names: frozenset[str] | None) -> Chunk:
    refused = [
        Refused(cells.rows[index], reason, cells.values_of(index)) for index, reason in sorted(cells.bad.items())
    ]
    return Chunk(rows=cells.count, drafts=made, refused=refused, names=names)


def _broken(rows: Rows) -> Iterator[Chunk]:
    """Lines that are no rows at all; they are known only once the file has been read."""
    if rows.broken:
        refused = [Refused(row, reason, {"line": text}) for row, reason, text in rows.broken]
        yield Chunk(rows=0, drafts=[], refused=refused)
