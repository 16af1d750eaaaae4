"""Exported tables: their columns and types, and the files they are written to."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from fanwheel.infra.operations.errors import ExportTargetError

_TEXT: Final = pa.string()
_TIME: Final = pa.timestamp("us", "UTC")
_MONEY: Final = pa.decimal128(38, 6)
SCHEMAS: Final[dict[str, pa.Schema]] = {
    "people": pa.schema(
        [
            ("person_id", pa.int64()),
            *((name, _TEXT) for name in ("user_id", "anonymous_id", "email", "phone", "unionid", "openid")),
            *((name, _TEXT) for name in ("wecom_external_userid", "douyin_open_id")),
            *((name, _TEXT) for name in ("tiktok_open_id", "telegram_id", "line_id", "name")),
            ("stage", _TEXT),
            ("is_fan", pa.bool_()),
            ("tags", _TEXT),
            ("order_count", pa.int32()),
            ("revenue", _MONEY),
            ("currency", _TEXT),
            ("first_seen_at", _TIME),
            ("last_seen_at", _TIME),
            ("traits", _TEXT),
        ]
    ),
    "orders": pa.schema(
        [
            ("order_id", _TEXT),
            ("person_id", pa.int64()),
            ("identifier_kind", _TEXT),
            ("identifier", _TEXT),
            ("status", _TEXT),
            ("placed_at", _TIME),
            ("currency", _TEXT),
            *((name, _MONEY) for name in ("total", "discount", "shipping", "tax")),
            ("coupon", _TEXT),
            ("refunded", _MONEY),
            ("line_number", pa.int32()),
            *((name, _TEXT) for name in ("product_id", "product_name", "category")),
            ("quantity", _MONEY),
            ("unit_price", _MONEY),
        ]
    ),
    "spend": pa.schema(
        [
            ("source", _TEXT),
            ("domain", _TEXT),
            ("spent_on", pa.date32()),
            ("campaign", _TEXT),
            ("currency", _TEXT),
            ("amount", _MONEY),
        ]
    ),
    "events": pa.schema(
        [
            ("event_id", _TEXT),
            ("message_key", _TEXT),
            ("person_id", pa.int64()),
            ("kind", _TEXT),
            ("name", _TEXT),
            ("occurred_at", _TIME),
            ("received_at", _TIME),
            ("source", _TEXT),
            ("domain", _TEXT),
            ("properties", _TEXT),
            ("context", _TEXT),
        ]
    ),
}


@contextmanager
def writer(target: Path, schema: pa.Schema) -> Iterator[Callable[[pa.Table], None]]:
    """Takes tables of ``schema`` into a CSV, Parquet or JSON lines file, which appears when it is complete.

    Raises
    ------
    ExportTargetError
        If the ending of the name is unknown, or the file exists.
    """
    openers = {".csv": _csv, ".parquet": _parquet, ".jsonl": _json_lines}
    opener = openers.get(target.suffix)
    if opener is None:
        raise ExportTargetError(f"{target.name} does not say which format.", hint="End it in .csv, .parquet or .jsonl.")
    if target.exists():
        raise ExportTargetError(f"{target} exists already.", hint="Name another file.")
    partial = target.with_name(f"{target.name}.partial")
    try:
        partial.touch(mode=0o600)
    except OSError as error:
        raise ExportTargetError(f"{partial} cannot be written: {error.strerror}.") from error
    try:
        with opener(partial, schema) as put:
            yield put
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _csv(path: Path, schema: pa.Schema) -> Iterator[Callable[[pa.Table], None]]:
    with pa_csv.CSVWriter(path, schema) as file:
        yield file.write_table


@contextmanager
def _parquet(path: Path, schema: pa.Schema) -> Iterator[Callable[[pa.Table], None]]:
    with pq.ParquetWriter(path, schema, compression="zstd") as file:
        yield file.write_table


@contextmanager
def _json_lines(path: Path, _schema: pa.Schema) -> Iterator[Callable[[pa.Table], None]]:
    with path.open("w", encoding="utf-8") as file:

        def put(rows: pa.Table) -> None:
            for row in rows.to_pylist():
                file.write(json.dumps(row, ensure_ascii=False, default=_plain) + "\n")

        yield put


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else f"{value.normalize():f}"
