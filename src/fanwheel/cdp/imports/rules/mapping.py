"""Mappings out of YAML and flags, checked against the columns of a file."""

import difflib
import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as AbstractMapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast
from zoneinfo import available_timezones

from fanwheel.cdp.imports.contracts import (
    FORMATS,
    IDENTIFIERS,
    Column,
    Constant,
    Lookup,
    Mapping,
    Reading,
    Spec,
    Sum,
    Template,
    What,
)
from fanwheel.cdp.imports.errors import BadMappingError, MissingFieldError, UnknownColumnError
from fanwheel.cdp.imports.rules import consents
from fanwheel.kernel.money import is_currency

_IDENTITY: Final = (*IDENTIFIERS, "openid_app")
FIELDS: Final[AbstractMapping[What, tuple[str, ...]]] = {
    "people": (*_IDENTITY, "seen_at", *consents.FIELDS, "message_id"),
    "orders": (
        *_IDENTITY, "order_id", "placed_at", "currency", "total", "discount", "shipping", "tax", "coupon", "status",
        "product_id", "product_name", "category", "quantity", "unit_price", "line_total", "line_discount", "message_id",
    ),
    "events": (*_IDENTITY, "event", "occurred_at", "message_id"),
    "spend": ("source", "domain", "spent_on", "campaign", "currency", "amount"),
}  # fmt: skip
MONEY: Final = frozenset(
    {"total", "discount", "shipping", "tax", "unit_price", "line_total", "line_discount", "amount"}
)
_NEEDED: Final[AbstractMapping[What, tuple[tuple[str, ...], ...]]] = {
    "people": (IDENTIFIERS,),
    "orders": (IDENTIFIERS, ("order_id",), ("placed_at",), ("currency",), ("total", "line_total", "unit_price")),
    "events": (IDENTIFIERS, ("event",), ("occurred_at",)),
    "spend": (("source",), ("spent_on",), ("currency",), ("amount",)),
}
_KEYS: Final = frozenset(
    {"what", "format", "columns", "encoding", "delimiter", "fields", "traits", "properties", "rest", "money",
     "time_zone", "currency", "lookups"}
)  # fmt: skip
_HOLE: Final = re.compile(r"\{([^{}]+)\}")


def parse(what: What, document: object, *, folder: Path = Path()) -> Mapping:
    """The mapping that a YAML document describes; files in it are found from ``folder``.

    Raises
    ------
    BadMappingError
        If the document says something that no mapping can say.
    """
    if document is None:
        document = {}
    if not isinstance(document, dict):
        raise BadMappingError("The mapping is no YAML mapping.", hint="Begin with “fields:”.")
    unknown = set(map(str, document)) - _KEYS
    if unknown:
        raise BadMappingError(
            f"The mapping has the unknown key {sorted(unknown)[0]!r}.", hint=f"Known: {', '.join(sorted(_KEYS))}."
        )
    if document.get("what", what) != what:
        raise BadMappingError(f"The mapping is for {document['what']!r}, not for {what!r}.")
    fields = {name: spec_of(name, raw) for name, raw in _section(document, "fields").items()}
    if "currency" in document:
        fields["currency"] = Constant(document["currency"])
    section = "traits" if what == "people" else "properties"
    extras = {name: spec_of(name, raw) for name, raw in _section(document, section).items()}
    default_rest = "keep" if what in {"people", "events"} else "drop"
    mapping = Mapping(
        what=what,
        fields=fields,
        extras=extras,
        keeps_rest=_choice(document, "rest", ("keep", "drop"), default_rest) == "keep",
        money=cast(Any, _choice(document, "money", ("decimal", "minor"), "decimal")),
        time_zone=str(document.get("time_zone", "UTC")),
        reading=_reading(document),
        lookups=tuple(_lookup(raw, folder) for raw in document.get("lookups") or ()),
    )
    check(mapping)
    return mapping


def with_flags(mapping: Mapping, *, maps: Iterable[str] = (), sets: Iterable[str] = (), **changes: Any) -> Mapping:
    """The mapping changed by flags: ``field=column``, ``field=text {column}`` and constants ``field=value``."""
    fields = dict(mapping.fields)
    for flag in maps:
        name, text = _split(flag, "--map")
        fields[name] = spec_of(name, text)
    for flag in sets:
        name, text = _split(flag, "--set")
        fields[name] = Constant(text)
    reading = {name: changes.pop(name) for name in ("format", "columns", "encoding", "delimiter") if name in changes}
    changed = replace(mapping, fields=fields, reading=replace(mapping.reading, **reading), **changes)
    check(changed)
    return changed


def spec_of(name: str, raw: object) -> Spec:
    """What a field's line in the mapping means."""
    if isinstance(raw, str):
        holes = tuple(_HOLE.findall(raw))
        return Template(raw, holes) if holes else Column(raw)
    if isinstance(raw, dict) and len(raw) >= 1:
        if set(raw) == {"constant"}:
            return Constant(raw["constant"])
        if set(raw) == {"sum"} and isinstance(raw["sum"], list):
            return Sum(tuple(map(str, raw["sum"])))
        if "column" in raw and set(raw) <= {"column", "format", "time_zone"}:
            return Column(str(raw["column"]), str(raw.get("format", "")), str(raw.get("time_zone", "")))
    raise BadMappingError(
        f"The field {name!r} cannot be read.",
        hint="Write a column's name, text with {columns} in braces, or one of: constant, column with format, sum.",
    )


def check(mapping: Mapping) -> None:
    """Refuse fields that this kind of import does not know, and unknown zones and currencies."""
    for name, spec in mapping.fields.items():
        if name not in FIELDS[mapping.what]:
            near = difflib.get_close_matches(name, FIELDS[mapping.what], n=1)
            raise BadMappingError(
                f"{name!r} is not a field of {mapping.what}.",
                hint=f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(FIELDS[mapping.what])}.",
            )
        if isinstance(spec, Sum) and name not in MONEY:
            raise BadMappingError(f"{name!r} is no money and cannot be a sum.")
    zones = {mapping.time_zone} | {spec.time_zone for spec in mapping.fields.values() if isinstance(spec, Column)}
    for zone in zones - {""}:
        if zone not in available_timezones():
            raise BadMappingError(f"{zone!r} is no time zone.", hint="Write a name such as Asia/Shanghai.")
    currency = mapping.fields.get("currency")
    if isinstance(currency, Constant) and not is_currency(str(currency.value)):
        raise BadMappingError(f"{currency.value!r} is no currency.", hint="Write three capitals such as USD.")


def bind(mapping: Mapping, names: Sequence[str], *, file: str) -> Mapping:
    """The mapping completed for the columns of a file.

    Columns that are called like a field become that field; with ``keeps_rest`` the others become extras.

    Raises
    ------
    UnknownColumnError
        If the mapping names a column that is not there.
    MissingFieldError
        If a field is missing without which nothing can be imported.
    """
    fields = dict(mapping.fields)
    for name in FIELDS[mapping.what]:
        if name in consents.FIELDS and not {"consent_channel"} & {*fields, *names}:
            continue  # something else that is called so
        if name not in fields and name in names:
            fields[name] = Column(name)
    used: set[str] = set()
    for name, spec in [*fields.items(), *mapping.extras.items()]:
        for column in columns_of(spec):
            used.add(column)
            if column not in names and column != "row":
                raise _unknown(column, name, names, file)
    extras = dict(mapping.extras)
    if mapping.keeps_rest:
        extras |= {name: Column(name) for name in names if name not in used and name not in extras}
    for needed in _NEEDED[mapping.what]:
        if not any(name in fields for name in needed):
            raise MissingFieldError(
                f"Nothing in {file} says “{needed[0]}”"
                + (" or another of: " + ", ".join(needed[1:]) if needed[1:] else ""),
                hint=f"Add --map {needed[0]}=COLUMN; columns: {', '.join(names)}.",
            )
    return replace(mapping, fields=fields, extras=extras)


def columns_of(spec: Spec) -> tuple[str, ...]:
    """The columns that a field reads."""
    if isinstance(spec, Column):
        return (spec.name,)
    return () if isinstance(spec, Constant) else spec.columns


def _unknown(column: str, name: str, names: Sequence[str], file: str) -> UnknownColumnError:
    near = difflib.get_close_matches(column, names, n=1)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    return UnknownColumnError(
        f"{file} has no column {column!r}, which the field {name!r} asks for.",
        hint=f"{hint}Columns: {', '.join(names)}.",
    )


def _section(document: dict[str, Any], name: str) -> dict[str, Any]:
    section = document.get(name) or {}
    if not isinstance(section, dict):
        raise BadMappingError(
            f"“{name}” is no list of names and columns.", hint="Write lines such as order_id: basket."
        )
    return {str(key): value for key, value in section.items()}


def _choice(document: dict[str, Any], name: str, choices: tuple[str, ...], default: str) -> str:
    value = str(document.get(name, default))
    if value not in choices:
        raise BadMappingError(f"“{name}” is {value!r}.", hint=f"Use one of {', '.join(choices)}.")
    return value


def _reading(document: dict[str, Any]) -> Reading:
    if document.get("format") is not None:
        _choice(document, "format", FORMATS, "csv")
    delimiter = document.get("delimiter")
    return Reading(
        format=document.get("format"),
        columns=tuple(map(str, document.get("columns") or ())),
        encoding=str(document.get("encoding", "utf8")),
        delimiter=None if delimiter is None else str(delimiter),
    )


def _lookup(raw: object, folder: Path) -> Lookup:
    if not isinstance(raw, dict) or set(raw) != {"file", "key", "columns"}:
        raise BadMappingError("A lookup needs “file”, “key” and “columns”.")
    return Lookup(file=folder / str(raw["file"]), key=str(raw["key"]), columns=tuple(map(str, raw["columns"])))


def _split(flag: str, name: str) -> tuple[str, str]:
    field, mark, text = flag.partition("=")
    if not mark or not field or not text:
        raise BadMappingError(
            f"{name} {flag!r} is not of the form field=column.", hint=f"Such as {name} order_id=basket."
        )
    return field.strip(), text
