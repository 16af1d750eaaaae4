"""Names of events from all there are, and what they say from a few thousand of them."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.compute
import pyarrow.dataset as ds

from fanwheel.cdp.segments.vocabulary.contracts import Event, EventKind
from fanwheel.cdp.segments.vocabulary.observing import Observed
from fanwheel.infra import lake, sqlfile
from fanwheel.infra.engine import WorkspaceReader, open_engine, register_events
from fanwheel.infra.settings import Settings

pc: Any = pyarrow.compute  # its functions are made at run time, out of sight of type checkers

_SQL: Final = sqlfile.load("fanwheel.cdp.segments.vocabulary")
_NAMES: Final = sqlfile.load("fanwheel.cdp.segments.vocabulary", "names.sql")
_KINDS: Final[dict[int, EventKind]] = {1: "track", 3: "page", 4: "screen"}
_FILES: Final = 6
_ROWS_OF_EACH: Final = 4_000
_COLUMNS: Final = ["person_id", "kind", "name", "properties"]


def read_events(settings: Settings, dsn: str, workspace: int) -> list[Event]:
    """The workspace's events by kind and name, the most frequent first."""
    state = lake.snapshot(settings.home, dsn, workspace=workspace)
    with WorkspaceReader(dsn, workspace) as reader, open_engine(settings) as engine:
        erased = reader.read(_SQL["erased"])
        register_events(engine, state, workspace, erased=erased)
        names = engine.query(_NAMES["names"]).to_pylist()
    seen = _observe(_sample(state, workspace), frozenset(erased["home_id"].to_pylist()))
    nothing = (Observed(), Observed())
    found = []
    for row in names:
        properties, products = seen.get((row["kind"], row["name"]), nothing)
        found.append(Event(_KINDS[row["kind"]], row["name"], row["event_count"], properties.known(), products.known()))
    return found


def _sample(state: Any, workspace: int) -> Iterator[pa.Table]:
    """Some rows of some files, from the first to the last, and the newest."""
    wanted = ds.field("kind").isin(list(_KINDS))
    mine = (ds.field("workspace_id") == workspace) & wanted
    files = [name.removeprefix("file://") for name in state.files]
    step = max(1, len(files) // _FILES)
    for file in [*files[::step][: _FILES - 1], *files[-1:]]:
        yield ds.dataset([file], format="parquet").head(
            _ROWS_OF_EACH, columns=_COLUMNS, filter=mine, batch_size=_ROWS_OF_EACH, use_threads=False
        )
    tail = state.tail.filter(pc.is_in(state.tail["kind"], pa.array(list(_KINDS), state.tail["kind"].type)))
    yield tail.slice(max(0, tail.num_rows - _ROWS_OF_EACH)).select(_COLUMNS)


def _observe(tables: Iterator[pa.Table], erased: frozenset[int]) -> Mapping[tuple[int, str], tuple[Observed, Observed]]:
    """What events say, and what the products in them do."""
    seen: dict[tuple[int, str], tuple[Observed, Observed]] = {}
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    for table in tables:
        for row in table.to_pylist():
            if row["person_id"] in erased:
                continue
            try:
                told = decode(row["properties"] or "{}")
            except msgspec.DecodeError:
                continue
            properties, products = seen.setdefault((row["kind"], row["name"]), (Observed(), Observed()))
            listed = told.pop("products", None)
            properties.add(told, person=row["person_id"])
            for product in listed if isinstance(listed, list) else ():
                if isinstance(product, Mapping):
                    products.add(product, person=row["person_id"])
    return seen
