"""Paths that somebody else has built: a table of paths with their counts, or the product's own events."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from fanwheel.measure import frames
from fanwheel.measure.attribution.paths import Paths, sum_by
from fanwheel.measure.errors import BadDataError
from fanwheel.measure.frames import Frame, Vector

if TYPE_CHECKING:
    # Named for readers only: the library works without an engine.
    from fanwheel.infra.engine import Engine

_PACKAGE: Final = "fanwheel.measure.attribution"


def read_paths(table: Any, *, separator: str = ">") -> Paths:
    """Paths from a table of them; equal ones are added up.

    Parameters
    ----------
    table : dataframe
        ``path``: channels, oldest first, as a list or as text such as "search > email" (empty: no touch);
        ``conversions``: how many such paths converted; if known ``non_conversions``: how many did not, and
        ``value``: what the conversions were worth in total. All >= 0.
    separator : str
        What stands between channels in text; spaces around it do not matter.

    Returns
    -------
    Paths
        One for each distinct path with a touch.

    Raises
    ------
    BadDataError
        If the table is empty, a count is missing or negative, or a path is no list of channels.

    Notes
    -----
    Rows of one path are summed, so a table by day or by campaign gives the same as the table of totals.

    Source: the form that ChannelAttribution (Altomare & Loris, CRAN) made usual.
    """
    if isinstance(table, Mapping) and "path" in table:
        # Lists of different length are one object each.
        rows = list(table["path"])
        table = {**table, "path": np.fromiter(rows, dtype=object, count=len(rows))}
    frame = frames.read(table, ("path", "conversions"), optional=("non_conversions", "value"), table="paths")
    if frame.rows == 0:
        raise BadDataError("paths is empty.", hint="Give at least one path.")
    return _merge(frame, separator.strip())


def _merge(frame: Frame, separator: str) -> Paths:
    """Equal paths added up."""
    counts = {
        name: frames.numbers(frame, name, table="paths", at_least=0)
        for name in ("conversions", "non_conversions", "value")
        if name in frame
    }
    keys = [_key(path) for path in frame["path"].tolist()]
    try:
        place = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    except TypeError as error:
        raise BadDataError("paths: a channel is itself a list.", hint='Write "a > b" or ["a", "b"].') from error
    row = np.fromiter(map(place.__getitem__, keys), np.int64, len(keys))
    walks = [_walk(key, separator) for key in place]
    names = {step: step.strip() if isinstance(step, str) else step for step in set(chain.from_iterable(walks))}
    wrong = {step for step, name in names.items() if name is None or name == "" or name != name}  # NaN is not itself
    good = np.array([wrong.isdisjoint(walk) for walk in walks])
    frames.require(
        good[row], table="paths", problem="“path” is no list of channels", hint='Write "a > b" or ["a", "b"].'
    )
    totals = {name: sum_by(row, values, len(place)) for name, values in counts.items()}
    if "value" in totals:
        worth = (totals["conversions"] > 0) | (totals["value"] == 0)
        frames.require(worth[row], table="paths", problem="“value” without a conversion", hint="Correct the counts.")
    return _coded(walks, names, totals, backend=frame.backend)


def paths_from_events(engine: "Engine", *, lookback_days: int = 30, names: Mapping[int, str] | None = None) -> Paths:
    """Paths from the product's events, built by the engine that keeps the tables ``touch`` and ``orders``.

    Parameters
    ----------
    engine : Engine
        DuckDB or Spark, filled as for reports.
    lookback_days : int
        As in ``build_paths``.
    names : mapping, optional
        What to call each source; its number otherwise.

    Returns
    -------
    Paths
        Of all paid orders, with their net revenue in minor units; every touch counts for each order in whose window
        it lies, and touches of nobody's order make paths without conversion.

    Raises
    ------
    BadDataError
        If there is no touch at all.

    Notes
    -----
    One statement, ``paths.sql``, in the SQL that DuckDB and Spark share.

    Source: the report on last touch.
    """
    from fanwheel.infra import sqlfile

    table = engine.query(sqlfile.load(_PACKAGE, "paths.sql")["paths"], lookback_days=lookback_days)
    columns: dict[str, Any] = table.to_pydict()
    columns["value"] = columns.pop("value_minor")
    if names is not None:
        columns["path"] = [
            [names.get(int(step), step) for step in path.split(" > ")] if path else "" for path in columns["path"]
        ]
    return read_paths(columns)


def _key(path: Any) -> Any:
    return path if isinstance(path, str) or path is None else tuple(path) if np.iterable(path) else None


def _walk(key: Any, separator: str) -> Sequence[Any]:
    """The channels of a path as they are written."""
    if not isinstance(key, str):
        return (None,) if key is None else key
    return key.split(separator) if key.strip() else ()


def _coded(
    walks: Sequence[Sequence[Any]], names: Mapping[Any, Any], totals: Mapping[str, Vector], *, backend: str
) -> Paths:
    lengths = np.fromiter(map(len, walks), np.int64, len(walks))
    try:
        channels = sorted(set(names.values()))
    except TypeError as error:
        raise BadDataError("paths: channels of different types.", hint="Use text for all of them.") from error
    code = {name: number for number, name in enumerate(channels)}
    code_of = {step: code[name] for step, name in names.items()}
    steps = np.fromiter(map(code_of.__getitem__, chain.from_iterable(walks)), np.int32, int(lengths.sum()))
    touched = lengths > 0
    value = totals.get("value")
    conversions = totals["conversions"]
    return Paths(
        channels=tuple(channels),
        steps=steps,
        starts=np.concatenate([[0], np.cumsum(lengths[touched])]),
        conversions=conversions[touched],
        non_conversions=totals.get("non_conversions", np.zeros(len(walks)))[touched],
        values=None if value is None else value[touched],
        untouched=float(conversions[~touched].sum()),
        untouched_value=0.0 if value is None else float(value[~touched].sum()),
        backend=backend,
    ).grouped()
