"""What happened before a metric was asked for: its events, by home, found in one scan for numbers and one for words."""

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
from fanwheel.cdp.segments.metrics import Matcher, Metric
from fanwheel.cdp.segments.rules.moments import NEVER
from fanwheel.cdp.segments.rules.words import Scalar, Word
from fanwheel.infra.engine import Engine, open_engine
from fanwheel.infra.settings import Settings

_EVER: Final = Place(now=NEVER, zone=ZoneInfo("UTC"), sources={})


class Told(NamedTuple):
    """Events of one home that a metric remembers.

    ``times`` in epoch microseconds, the low 64 bits of the events' ids, signed, and the numbers in millionths, if it is
    a metric of a number; in no order. For a metric of words each word of an event has a place of its own, as when
    events are remembered as they come: its bits are the value, and in the id; ``words`` has what they stand for.
    """

    home_id: int
    metric: int
    times: Ids
    ids: Ids
    values: Ids | None
    words: Mapping[int, Scalar] | None = None


def backfill(settings: Settings, dsn: str, workspace: int, metrics: Mapping[int, Metric]) -> Iterator[Told]:
    """All events of metrics, by the metrics' numbers; those of one home may come in several parts."""
    events = datasets.take_snapshot(settings, dsn, workspace)
    with datasets.read_workspace(dsn, workspace, ()) as known, open_engine(settings) as engine:
        datasets.fill(engine, events, known.reader, workspace)
        yield from find_told(engine, metrics)


def find_told(engine: Engine, metrics: Mapping[int, Metric]) -> Iterator[Told]:
    """The same, from tables that are at hand."""
    if spoken := {number: metric for number, metric in metrics.items() if metric.has_words}:
        yield from _find_words(engine, spoken)
    if counted := {number: metric for number, metric in metrics.items() if not metric.has_words}:
        yield from _find_numbers(engine, counted)


def _find_words(engine: Engine, metrics: Mapping[int, Metric]) -> Iterator[Told]:
    """Events of metrics of words: read one by one, by what reads those that come."""
    params, matcher = Params(engine.name), Matcher(metrics)
    names = [f"(kind = {kind} AND name = {params.add(name)})" for kind, name in sorted(matcher.names)]
    columns = ["home_id", "@epoch_us(occurred_at) AS at_us", "event_id", "kind", "name", "properties"]
    sql = "\n".join(["SELECT " + listed(columns), "  FROM event", f" WHERE {either(names, 'OR')}"])
    for batch in engine.stream(sql, **params.values):
        yield from _spoken(batch, matcher)


def _spoken(batch: pa.RecordBatch, matcher: Matcher) -> Iterator[Told]:
    found: dict[tuple[int, int], list[tuple[int, int, Word]]] = {}
    columns = [batch[name].to_pylist() for name in ("home_id", "at_us", "kind", "name", "properties")]
    for home_id, at_us, kind, name, properties, event_id in zip(
        *columns, _short_ids(batch["event_id"]).tolist(), strict=True
    ):
        for number, word in matcher.read(kind, name, properties):
            if isinstance(word, Word):
                found.setdefault((home_id, number), []).append((at_us, event_id ^ word.key, word))
    for (home_id, number), rows in found.items():
        times, ids = (np.array([row[place] for row in rows], np.int64) for place in (0, 1))
        keys = np.array([word.key for *_, word in rows], np.int64)
        yield Told(home_id, number, times, ids, keys, {word.key: word.value for *_, word in rows})


def _find_numbers(engine: Engine, metrics: Mapping[int, Metric]) -> Iterator[Told]:
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
