"""Reading files of rows as record batches, whatever their format and compression.

Text stays text: an id keeps its leading zeros and an amount its decimals until the mapping says what they are.
"""

import bz2
import csv
import gzip
import io
import lzma
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import msgspec
import pyarrow as pa
import pyarrow.compute
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from fanwheel.cdp.imports.contracts import Format, Lookup, Reading
from fanwheel.cdp.imports.errors import NoFileError, UnknownColumnError, UnreadableFileError

pc: Any = pyarrow.compute  # its functions are made at run time, out of sight of type checkers

BATCH_ROWS: Final = 32_768
_BLOCK_BYTES: Final = 4 * 1024 * 1024
_BY_SUFFIX: Final[dict[str, Format]] = {
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".parquet": "parquet", ".pq": "parquet", ".jsonl": "jsonl",
    ".ndjson": "jsonl", ".json": "jsonl", ".txt": "whitespace",
}  # fmt: skip
_PACKED: Final = (".xz", ".gz", ".gzip", ".zst", ".zstd", ".bz2")


@dataclass(slots=True)
class Rows:
    """The rows of a file: names of its columns, its batches, and lines that are no rows."""

    names: list[str]
    batches: Iterator[Any]
    total: int | None = None  # where the format tells it beforehand
    nested: set[str] = field(default_factory=set)  # columns whose text is JSON
    broken: list[tuple[int, str, str]] = field(default_factory=list)  # row, reason, text


def open_rows(path: Path, reading: Reading, lookups: tuple[Lookup, ...] = ()) -> Rows:
    """The rows of ``path``.

    Raises
    ------
    NoFileError, UnreadableFileError
        If there is no such file, or it is not what its format says.
    """
    if not path.is_file():
        raise NoFileError(f"There is no file {path}.")
    kind = reading.format or format_of(path)
    try:
        if kind == "parquet":
            rows = _parquet(path)
        elif kind == "jsonl":
            rows = _json_lines(path)
        elif kind == "whitespace":
            rows = _whitespace(path, reading)
        else:
            rows = _csv(path, reading, "\t" if kind == "tsv" else ",")
    except (pa.ArrowInvalid, UnicodeDecodeError, OSError, EOFError, lzma.LZMAError) as error:
        raise _unreadable(path, error) from error
    rows.batches = _guarded(path, rows.batches)
    for lookup in lookups:
        _join(rows, lookup)
    return rows


def format_of(path: Path) -> Format:
    """The format that the name of a file tells.

    Raises
    ------
    UnreadableFileError
        If it tells none.
    """
    name = path.with_suffix("") if path.suffix.lower() in _PACKED else path
    found = _BY_SUFFIX.get(name.suffix.lower())
    if found is None:
        raise UnreadableFileError(
            f"The name {path.name} does not tell its format.",
            hint="Add --format csv, tsv, parquet, jsonl or whitespace.",
        )
    return found


def unpacked(path: Path) -> BinaryIO:
    """The bytes of a file, unpacked if they are xz, gzip, zstd or bzip2, whatever its name says."""
    with path.open("rb") as file:
        magic = file.read(6)
    if magic.startswith(b"\xfd7zXZ\x00"):
        return cast(BinaryIO, lzma.open(path))
    if magic.startswith(b"\x1f\x8b"):
        return cast(BinaryIO, gzip.open(path))
    if magic.startswith(b"\x28\xb5\x2f\xfd"):
        # Buffered, since Arrow's own streams know no lines.
        return io.BufferedReader(cast(io.RawIOBase, pa.CompressedInputStream(str(path), "zstd")))
    if magic.startswith(b"BZh"):
        return cast(BinaryIO, bz2.open(path))
    return path.open("rb")


def _csv(path: Path, reading: Reading, delimiter: str) -> Rows:
    rows = Rows([], iter(()))

    def keep(row: Any) -> str:
        reason = f"has {row.actual_columns} values where the header has {row.expected_columns}"
        rows.broken.append((int(row.number or 0) - (0 if reading.columns else 1), reason, row.text))
        return "skip"

    names = list(reading.columns) or _header(path, reading, reading.delimiter or delimiter)
    reader = pa_csv.open_csv(
        unpacked(path),
        read_options=pa_csv.ReadOptions(
            column_names=names,
            skip_rows=0 if reading.columns else 1,
            encoding=reading.encoding,
            block_size=_BLOCK_BYTES,
            use_threads=False,
        ),
        parse_options=pa_csv.ParseOptions(
            delimiter=reading.delimiter or delimiter, invalid_row_handler=keep, newlines_in_values=True
        ),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
        ),
    )
    rows.names, rows.batches = names, iter(reader)
    return rows


def _header(path: Path, reading: Reading, delimiter: str) -> list[str]:
    """Names of the first line; Arrow would refuse names that stand there twice only later."""
    with unpacked(path) as file, io.TextIOWrapper(file, encoding=_python_encoding(reading.encoding)) as text:
        line = text.readline().rstrip("\r\n")
    if not line:
        raise UnreadableFileError(f"{path.name} is empty.")
    names = [name.strip() for name in next(csv.reader([line], delimiter=delimiter))]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise UnreadableFileError(
            f"{path.name} has the column {sorted(twice)[0]!r} twice.", hint="Rename one, or give --columns."
        )
    return names


def _python_encoding(encoding: str) -> str:
    return "utf-8-sig" if encoding.lower() in {"utf8", "utf-8"} else encoding


def _parquet(path: Path) -> Rows:
    with path.open("rb") as file:
        is_packed = file.read(4) != b"PAR1"
    opened = pq.ParquetFile(io.BytesIO(unpacked(path).read()) if is_packed else path)
    return Rows(
        list(opened.schema_arrow.names), opened.iter_batches(batch_size=BATCH_ROWS), total=opened.metadata.num_rows
    )


def _json_lines(path: Path) -> Rows:
    """JSON objects, one a line; columns are the keys of the first batch, later ones may add to them."""
    rows = Rows([], iter(()))
    batches = _json_batches(path, rows)
    first = next(batches, None)
    if first is None:
        raise UnreadableFileError(f"{path.name} holds no JSON object.", hint="Write one object on each line.")
    rows.names = list(first.schema.names)

    def all_batches() -> Iterator[Any]:
        yield first
        yield from batches

    rows.batches = all_batches()
    return rows


def _json_batches(path: Path, rows: Rows) -> Iterator[Any]:
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    objects: list[dict[str, Any]] = []
    with unpacked(path) as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                objects.append(decode(line))
            except msgspec.DecodeError as error:
                rows.broken.append((number, f"is no JSON object: {error}", line.decode("utf-8", "replace")[:1000]))
            if len(objects) == BATCH_ROWS:
                yield _columns_of(objects, rows)
                objects = []
    if objects:
        yield _columns_of(objects, rows)


def _columns_of(objects: list[dict[str, Any]], rows: Rows) -> Any:
    names = list(dict.fromkeys([*rows.names, *(name for item in objects for name in item)]))
    arrays = []
    for name in names:
        values = [item.get(name) for item in objects]
        if any(isinstance(value, dict | list) for value in values):
            rows.nested.add(name)
        kinds = {type(value) for value in values if value is not None}
        is_plain = len(kinds) == 1 and kinds <= {str, int, float, bool} and name not in rows.nested
        texts = values if is_plain else [_text_of(value, name in rows.nested) for value in values]
        try:
            arrays.append(pa.array(texts))
        except (pa.ArrowInvalid, OverflowError):
            arrays.append(pa.array([_text_of(value, is_nested=False) for value in values]))
    return pa.RecordBatch.from_arrays(arrays, names=names)


def _text_of(value: Any, is_nested: bool) -> str | None:
    if value is None:
        return None
    return value if isinstance(value, str) and not is_nested else msgspec.json.encode(value).decode()


def _whitespace(path: Path, reading: Reading) -> Rows:
    """Values between blanks; the first line holds the names unless they are given."""
    file = io.TextIOWrapper(unpacked(path), encoding=_python_encoding(reading.encoding))
    names = list(reading.columns) or file.readline().split()
    if not names:
        raise UnreadableFileError(f"{path.name} is empty.")
    rows = Rows(names, iter(()))
    rows.batches = _whitespace_batches(file, rows)
    return rows


def _whitespace_batches(file: io.TextIOWrapper, rows: Rows) -> Iterator[Any]:
    values: list[list[str]] = []
    width = len(rows.names)
    with file:
        for number, line in enumerate(file, start=1):
            parts = line.split()
            if not parts:
                continue
            if len(parts) != width:
                rows.broken.append((number, f"has {len(parts)} values where the header has {width}", line[:1000]))
                continue
            values.append(parts)
            if len(values) == BATCH_ROWS:
                yield _transposed(values, rows.names)
                values = []
    if values:
        yield _transposed(values, rows.names)


def _transposed(values: list[list[str]], names: list[str]) -> Any:
    return pa.RecordBatch.from_arrays(
        [pa.array(column, pa.string()) for column in zip(*values, strict=True)], names=names
    )


def _join(rows: Rows, lookup: Lookup) -> None:
    """Add the columns of a second file to every batch."""
    other = open_rows(lookup.file, Reading())
    missing = {lookup.key, *lookup.columns} - set(other.names)
    if missing or lookup.key not in rows.names:
        name = sorted(missing)[0] if missing else lookup.key
        raise UnknownColumnError(f"The lookup in {lookup.file.name} needs the column {name!r} in both files.")
    table = pa.Table.from_batches(list(other.batches))
    keys = pc.cast(table.column(lookup.key), pa.string()).combine_chunks()
    batches = rows.batches

    def joined() -> Iterator[Any]:
        for batch in batches:
            found = pc.index_in(pc.cast(batch.column(lookup.key), pa.string()), value_set=keys)
            for name in lookup.columns:
                batch = batch.append_column(name, table.column(name).combine_chunks().take(found))
            yield batch

    rows.names = [*rows.names, *lookup.columns]
    rows.batches = joined()


def _guarded(path: Path, batches: Iterator[Any]) -> Iterator[Any]:
    """The batches, with what a library says of a broken file in our words."""
    try:
        yield from batches
    except (pa.ArrowInvalid, UnicodeDecodeError, OSError, EOFError, lzma.LZMAError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> UnreadableFileError:
    is_text = isinstance(error, UnicodeDecodeError) or "UTF8" in str(error)
    hint = "Give its encoding, e.g. --encoding gbk." if is_text else "Check --format, and that the file is whole."
    return UnreadableFileError(f"{path.name} cannot be read: {str(error)[:200]}", hint=hint)
