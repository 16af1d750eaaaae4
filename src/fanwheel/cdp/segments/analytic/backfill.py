"""What happened before a metric was asked for: its events, by home, found in one scan."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from fanwheel.cdp.segments.analytic import datasets
from fanwheel.cdp.segments.analytic.answers import Ids
from fanwheel.cdp.segments.analytic.params import Params, either, listed
from fanwheel.cdp.segments.analytic.selecting import Selection
from fanwheel.cdp.segments.analytic.values import Place
from fanwheel.cdp.segments.metrics import Metric
from fanwheel.cdp.segments.rules.moments import NEVER
from fanwheel.infra.engine import Engine, open_engine
from fanwheel.infra.settings import Settings

_EVER: Final = Place(now=NEVER, zone=ZoneInfo("UTC"), sources={})


class Told(NamedTuple):
    """Events of one home that a metric remembers.

    ``times`` in epoch microseconds, the low 64 bits of the events' ids, signed, and the numbers in millionths, if it is
    a metric of a number; in no order.
    """

    home_id: int
    metric: int
    times: Ids
    ids: Ids
    values: Ids | None


def backfill(settings: Settings, dsn: str, workspace: int, metrics: Mapping[int, Metric]) -> Iterator[Told]:
    """All events of metrics, by the metrics' numbers; those of one home may come in several parts."""
    events = datasets.take_snapshot(settings, dsn, workspace)
    with datasets.read_workspace(dsn, workspace, ()) as known, open_engine(settings) as engine:
        datasets.fill(engine, events, known.reader, workspace)
        yield from find_told(engine, metrics)


def find_told(engine: Engine, metrics: Mapping[int, Metric]) -> Iterator[Told]:
    """The same, from tables that are at hand."""
    params = Params(engine.name)
    selection = Selection(list(metrics.values()), params, _EVER, since_us=None, also=("event_id",))
    columns = {number: (f"m{number}", f"v{number}") for number in metrics}
    found = ["home_id", "at_us", "event_id"]
    for number, metric in metrics.items():
        event, value = columns[number]
        found.append(f"coalesce({selection.event(metric)}, FALSE) AS {event}")
        found += [f"{selection.number(metric)} AS {value}"] if metric.of is not None else []
    asked = either([f"coalesce({selection.event(metric)}, FALSE)" for metric in metrics.values()], "OR")
    end = ["  FROM met", f" WHERE {asked}"]
    sql = "\n".join(["WITH " + ", ".join(selection.tables()), "SELECT " + listed(found), *end])
    for batch in engine.stream(sql, **params.values):
        for number, metric in metrics.items():
            event, value = columns[number]
            yield from _by_home(batch, number, event, value if metric.of is not None else None)


def _by_home(batch: pa.RecordBatch, number: int, event: str, value: str | None) -> Iterator[Told]:
    rows = np.flatnonzero(batch[event].to_numpy(zero_copy_only=False))
    homes = batch["home_id"].to_numpy(zero_copy_only=False)[rows]
    order = np.argsort(homes, kind="stable")
    rows, homes = rows[order], homes[order]
    times = batch["at_us"].to_numpy(zero_copy_only=False)[rows]
    ids = _short_ids(batch["event_id"].take(pa.array(rows)))
    values = None if value is None else batch[value].take(pa.array(rows)).to_numpy(zero_copy_only=False)
    cuts = np.flatnonzero(np.diff(homes)) + 1
    for begin, end in zip([0, *cuts.tolist()], [*cuts.tolist(), len(rows)], strict=True):
        if begin < end:
            here = slice(begin, end)
            yield Told(int(homes[begin]), number, times[here], ids[here], None if values is None else values[here])


def _short_ids(ids: pa.Array) -> Ids:
    """The low 64 bits of ids of 128 bits, as whole numbers."""
    whole = np.frombuffer(b"".join(ids.to_pylist()), dtype=">i8").reshape(-1, 2)
    found: Ids = whole[:, 1].astype(np.int64)
    return found
