"""Cells of a batch read as what a field means: text, time, money, number."""

import math
from collections.abc import Callable, Sequence
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute

from fanwheel.cdp.imports.contracts import Column, Constant, Mapping, Spec, Sum, Template, TextReader
from fanwheel.cdp.imports.rules import json_text, times
from fanwheel.kernel.errors import FanwheelError

pc: Any = pyarrow.compute  # its functions are made at run time, out of sight of type checkers

# Amounts are kept as whole numbers of 1/SCALE of the unit in which the file writes them, so sums are exact.
SCALES: Final = {"decimal": 10**6, "minor": 10**2}
_LARGEST: Final = 2**53
_FRACTION: Final = ("%f", "%z", "%Z")
_TEXT: Final = pa.string()
_AMOUNT: Final = "an amount; write it like 1234.50"


class Cells:
    """The cells of one batch; what cannot be read goes to ``bad``: index of the row and the first reason."""

    def __init__(
        self, batch: Any, mapping: Mapping, *, rows: Sequence[int], nested: frozenset[str] = frozenset()
    ) -> None:
        self._batch = batch
        self._mapping = mapping
        self._nested = nested
        self.rows = rows
        self.count: int = batch.num_rows
        self.bad: dict[int, str] = {}
        self._columns: dict[str, Any] = {}
        self._fields: dict[str, list[str | None]] = {}
        self.is_decimal = mapping.money == "decimal"
        self.scale = SCALES[mapping.money]

    def has(self, field: str) -> bool:
        """Whether the mapping says something of that field."""
        return field in self._mapping.fields

    def text(self, field: str) -> list[str | None]:
        """The field as trimmed text, None where it is empty."""
        found = self._fields.get(field)
        if found is None:
            found = self._fields[field] = self.texts(field).to_pylist()
        return found

    def texts(self, field: str) -> Any:
        """The field as an array of trimmed text, null where it is empty."""
        spec = self._mapping.fields.get(field)
        if spec is None:
            return pa.nulls(self.count, _TEXT)
        if isinstance(spec, Constant):
            return pa.repeat(pa.scalar(str(spec.value), _TEXT), self.count)
        if isinstance(spec, Template):
            return self._filled(spec)
        assert isinstance(spec, Column)
        return self._column(spec.name)

    def extras(self) -> dict[str, list[Any]]:
        """Traits or properties beside the fields, by name, with the types that they have in the file."""
        return {name: self._extra(spec) for name, spec in self._mapping.extras.items()}

    def json_extras(self) -> dict[str, Any]:
        """Traits or properties beside the fields, by name, each an array of JSON."""
        return {name: self._said(name, spec) for name, spec in self._mapping.extras.items()}

    def extra_names(self) -> frozenset[str] | None:
        """The names of the extras, or None where some hold objects or lists."""
        extras = self._mapping.extras
        return None if any(map(self._is_nested, extras.values())) else frozenset(extras)

    def times(self, field: str, *, default_zone: str | None = None) -> list[int | None]:
        """The field as microseconds since 1970, None where it is empty or cannot be read."""
        spec = self._mapping.fields.get(field)
        if spec is None:
            return [None] * self.count
        zone = (spec.time_zone if isinstance(spec, Column) else "") or default_zone or self._mapping.time_zone
        layout = spec.format if isinstance(spec, Column) else ""
        if isinstance(spec, Column):
            array = self._batch.column(spec.name)
            if pa.types.is_date(array.type):
                array = pc.cast(array, pa.timestamp("us"))
            if layout and pa.types.is_string(array.type) and not any(part in layout for part in (*_FRACTION, "epoch")):
                array = pc.strptime(pc.utf8_trim_whitespace(array), format=layout, unit="s", error_is_null=True)
                return self._localized(field, array, zone, "which does not have the format of the mapping")
            if pa.types.is_timestamp(array.type):
                return self._localized(field, array, zone, "which is no time of our calendar")
        found = None if layout else times.read_iso(self.texts(field), zone)
        if found is None:
            parse = times.parser(layout, ZoneInfo(zone))
            found = self._each(field, self.text(field), parse, "a time; give its format in the mapping")
        return found

    def amounts(self, field: str) -> list[int | None]:
        """The field as money in 1/scale of the unit of the file; sums treat empty cells as nothing."""
        spec = self._mapping.fields.get(field)
        if spec is None:
            return [None] * self.count
        if isinstance(spec, Sum):
            parts = [self._column_amounts(field, name) for name in spec.columns]
            return [sum(value or 0 for value in row) for row in zip(*parts, strict=True)]
        if isinstance(spec, Column):
            return self._column_amounts(field, spec.name)
        return self._each(field, self.text(field), self._amount, _AMOUNT)

    def numbers(self, field: str) -> list[float | int | None]:
        """The field as numbers, whole ones as int."""
        if not self.has(field):
            return [None] * self.count
        return self._each(field, self.text(field), _number, "a number")

    def refuse(self, index: int, reason: str) -> None:
        """Note why a row cannot be taken; the first reason stays."""
        self.bad.setdefault(index, reason)

    def values_of(self, index: int) -> dict[str, Any]:
        """A row as it stands in the file."""
        return {name: self._batch.column(name)[index].as_py() for name in self._batch.schema.names}

    # ------------------------------------------------------------ columns
    def _column(self, name: str) -> Any:
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = self._read(name)
        return found

    def _read(self, name: str) -> Any:
        if name == "row" and name not in self._batch.schema.names:
            return pa.array(map(str, self.rows), _TEXT)
        array = self._batch.column(name)
        if pa.types.is_dictionary(array.type):
            array = array.dictionary_decode()
        if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
            texts = pc.utf8_trim_whitespace(pc.cast(array, _TEXT))
            return pc.if_else(pc.equal(pc.binary_length(texts), 0), pa.scalar(None, _TEXT), texts)
        if pa.types.is_integer(array.type):
            return pc.cast(array, _TEXT)
        return pa.array(map(_plain, array.to_pylist()), _TEXT)

    def _filled(self, spec: Template) -> Any:
        parts, rest = [], spec.text
        for name in spec.columns:
            before, _, rest = rest.partition(f"{{{name}}}")
            parts += [before, self._column(name)]
        return pc.binary_join_element_wise(*parts, rest, "")

    def _extra(self, spec: Spec) -> list[Any]:
        if isinstance(spec, Constant):
            return [spec.value] * self.count
        found: list[Any]
        if isinstance(spec, Column) and spec.name in self._nested:
            texts = self._batch.column(spec.name).to_pylist()
            found = [None if text is None else msgspec.Raw(text.encode()) for text in texts]
        else:
            found = self._typed(spec).to_pylist()
        return found

    def _typed(self, spec: Spec) -> Any:
        """An extra as an array of the type that it has in the file; text is trimmed, empty text is null."""
        if isinstance(spec, Template):
            return self._filled(spec)
        assert isinstance(spec, Column)
        if spec.name == "row":
            return self._column("row")
        array = self._batch.column(spec.name)
        if pa.types.is_dictionary(array.type):
            array = array.dictionary_decode()
        if pa.types.is_timestamp(array.type):
            return pc.cast(array, pa.timestamp("us", array.type.tz), safe=False)
        return self._column(spec.name) if pa.types.is_string(array.type) else array

    def _said(self, name: str, spec: Spec) -> Any:
        """The same of one, read as the workspace has declared it."""
        read = self._mapping.readers.get(name)
        if read is None or isinstance(spec, Constant) or self._is_nested(spec):
            return self._json(spec)
        array = self._typed(spec)
        return self._meant(name, array, read) if pa.types.is_string(array.type) else self._json(spec)

    def _meant(self, name: str, texts: Any, read: TextReader) -> Any:
        """What texts mean as JSON; each different one is read once, and rows of one that means nothing are refused."""
        encoded = texts.dictionary_encode()
        meant: list[Any] = []
        faults: dict[int, str] = {}
        for code, text in enumerate(encoded.dictionary.to_pylist()):
            try:
                meant.append(read(text))
            except FanwheelError as error:
                meant.append(None)
                faults[code] = f"“{name}”: {error.message} {error.hint or ''}".strip()
        if faults:
            for index, code in enumerate(encoded.indices.to_pylist()):
                if code in faults:
                    self.refuse(index, faults[code])
        return json_text.of_values(meant).take(encoded.indices)

    def _json(self, spec: Spec) -> Any:
        if isinstance(spec, Constant):
            return pa.repeat(json_text.of_values([spec.value])[0], self.count)
        if isinstance(spec, Column) and spec.name in self._nested:
            return self._batch.column(spec.name)
        array = self._typed(spec)
        if pa.types.is_string(array.type):
            return json_text.of_texts(array)
        if pa.types.is_integer(array.type) or pa.types.is_boolean(array.type):
            return pc.cast(array, _TEXT)
        return json_text.of_values(array.to_pylist())

    def _is_nested(self, spec: Spec) -> bool:
        if isinstance(spec, Constant):
            return isinstance(spec.value, dict | list)
        if not isinstance(spec, Column) or spec.name == "row":
            return False
        return spec.name in self._nested or pa.types.is_nested(self._batch.column(spec.name).type)

    def _column_amounts(self, field: str, name: str) -> list[int | None]:
        if name not in self._batch.schema.names:
            return self._each(field, self._column(name).to_pylist(), self._amount, "an amount")
        array = self._batch.column(name)
        if pa.types.is_string(array.type):
            try:
                array = pc.cast(
                    pc.replace_with_mask(array, pc.equal(array, ""), pa.scalar(None, pa.string())), pa.float64()
                )
            except pa.ArrowInvalid:
                return self._each(
                    field, self._column(name).to_pylist(), self._amount, "an amount; write it like 1234.50"
                )
        if not (pa.types.is_floating(array.type) or pa.types.is_integer(array.type)):
            return self._each(field, self._column(name).to_pylist(), self._amount, "an amount")
        values = np.rint(pc.cast(array, pa.float64()).to_numpy(zero_copy_only=False) * self.scale)
        with np.errstate(invalid="ignore"):
            fits = np.abs(values) < _LARGEST
        if fits.all():
            whole: list[int | None] = values.astype(np.int64).tolist()
            return whole
        is_null = pc.is_null(array, nan_is_null=True).to_pylist()
        found: list[int | None] = []
        for index, (value, fit) in enumerate(zip(values.tolist(), fits.tolist(), strict=True)):
            if not fit and not is_null[index]:
                self.refuse(index, f"“{field}” is {value / self.scale}, which is too large an amount")
            found.append(int(value) if fit else None)
        return found

    def _amount(self, text: str) -> int:
        amount = Decimal(text)
        if not amount.is_finite() or abs(amount) * self.scale > _LARGEST:
            raise ValueError(text)
        return int((amount * self.scale).to_integral_value())

    def _each(self, field: str, texts: Sequence[str | None], parse: Callable[[str], Any], what: str) -> list[Any]:
        """Each text read by ``parse``, equal ones once."""
        known: dict[str | None, Any] = {None: None}
        found: list[Any] = []
        for index, text in enumerate(texts):
            if text in known:
                found.append(known[text])
                continue
            assert text is not None
            try:
                value = known[text] = parse(text)
            except (ValueError, OverflowError, InvalidOperation):
                value = None
                self.refuse(index, f"“{field}” is {text[:60]!r}, which is not {what}")
            found.append(value)
        return found

    def _localized(self, field: str, array: Any, zone: str, what: str) -> list[int | None]:
        array = pc.cast(array, pa.timestamp("us", array.type.tz), safe=False)
        if array.type.tz is None:
            array = pc.assume_timezone(array, zone, ambiguous="earliest", nonexistent="latest")
        found = times.to_micros(array)
        if None in found:
            spec = self._mapping.fields[field]
            assert isinstance(spec, Column)
            for index, text in enumerate(self._column(spec.name).to_pylist()):
                if text is not None and found[index] is None:
                    self.refuse(index, f"“{field}” is {text[:60]!r}, {what}")
        return found


def _plain(value: Any) -> str | None:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | time):  # a datetime is a date
        return value.isoformat()
    return str(value).strip() or None


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return int(value) if value.is_integer() else value


def to_minor(amount: int, scale: int, digits: int) -> int:
    """An amount in 1/scale of a unit as minor units, half to even; ``digits`` is 0 where the unit is minor already."""
    factor: int = 10**digits
    whole, rest = divmod(int(amount) * factor, scale)
    if 2 * rest > scale or (2 * rest == scale and whole % 2):
        whole += 1
    return whole
