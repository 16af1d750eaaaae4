"""Files of every format, mapped to messages: what is read, what is refused, and why."""

import asyncio
import bz2
import gzip
import json
import lzma
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fanwheel.cdp.imports.chunks import chunks
from fanwheel.cdp.imports.contracts import Draft, Refused, What
from fanwheel.cdp.imports.errors import (
    BadMappingError,
    MissingFieldError,
    NoFileError,
    UnknownColumnError,
    UnreadableFileError,
)
from fanwheel.cdp.imports.rules.cells import to_minor
from fanwheel.cdp.imports.rules.mapping import parse, with_flags
from fanwheel.cdp.imports.service import fingerprint, plan, try_out

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LINES = "basket,who,day,sku,n,paid\nb1,7,2026-02-01,tea,2,10.10\nb2,8,2026-02-01,cup,1,5\nb1,7,2026-02-01,cup,1,4.90\n"
ORDERS = {
    "currency": "USD",
    "fields": {
        "order_id": "basket", "user_id": "hh-{who}", "placed_at": "day", "product_id": "sku", "quantity": "n",
        "line_total": "paid",
    },
}  # fmt: skip


def read(
    path: Path, what: What, document: dict[str, Any] | None = None, **flags: Any
) -> tuple[list[Any], list[Refused]]:
    """All drafts and all refused rows of a file."""
    made = plan(path, with_flags(parse(what, document, folder=path.parent), **flags))
    parts = list(chunks(made.rows, made.mapping, skip=0, now=NOW))
    return [draft for part in parts for draft in part.drafts], [row for part in parts for row in part.refused]


def body(draft: Draft) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(draft.body)
    return found


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    def put(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return put


Write = Callable[[str, str | bytes], Path]


def test_lines_of_an_order_are_brought_together_and_summed(write: Write) -> None:
    drafts, refused = read(write("lines.csv", LINES), "orders", ORDERS)

    assert not refused
    assert [body(draft)["order_id"] for draft in drafts] == ["b1", "b2"]
    first = drafts[0]
    assert (first.user, first.timestamp) == ("hh-7", datetime(2026, 2, 1, tzinfo=UTC))
    # 10.10 + 4.90 = 15.00; the price of one tea is 10.10 / 2.
    assert body(first) == {
        "order_id": "b1",
        "total": 15.0,
        "currency": "USD",
        "products": [
            {"product_id": "tea", "quantity": 2, "price": 5.05},
            {"product_id": "cup", "quantity": 1, "price": 4.9},
        ],
    }


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("lines.csv", bytes),
        ("lines.csv.gz", gzip.compress),
        ("lines.csv.xz", lzma.compress),
        ("lines.csv.bz2", bz2.compress),
        ("lines.csv.zst", lambda data: pa.compress(data, codec="zstd", asbytes=True)),
        ("packed.csv", lzma.compress),  # the content counts, not the name
    ],
)
def test_compressed_files_read_like_plain_ones(write: Write, name: str, pack: Callable[[bytes], bytes]) -> None:
    plain, _ = read(write("plain.csv", LINES), "orders", ORDERS)

    drafts, refused = read(write(name, pack(LINES.encode())), "orders", ORDERS)

    assert not refused
    assert drafts == plain


def test_every_format_gives_the_same_messages(write: Write, tmp_path: Path) -> None:
    header, *rows = [line.split(",") for line in LINES.split()]
    plain, _ = read(write("lines.csv", LINES), "orders", ORDERS)
    columns = {name: [row[i] for row in rows] for i, name in enumerate(header)}
    typed = pa.table(
        columns | {
            "who": [int(who) for who in columns["who"]],
            "day": [date.fromisoformat(day) for day in columns["day"]],
            "n": [int(n) for n in columns["n"]],
            "paid": [float(paid) for paid in columns["paid"]],
        }
    )  # fmt: skip
    pq.write_table(typed, tmp_path / "lines.parquet")
    objects = "\n".join(json.dumps(dict(zip(header, row, strict=True))) for row in rows)

    for path in (
        write("lines.tsv", LINES.replace(",", "\t")),
        write("lines.txt", LINES.replace(",", "  ")),
        write("lines.jsonl", objects),
        tmp_path / "lines.parquet",
    ):
        assert read(path, "orders", ORDERS) == (plain, [])


def test_a_line_that_cannot_be_read_refuses_its_whole_order_and_no_other(write: Write) -> None:
    drafts, refused = read(write("lines.csv", LINES.replace("cup,1,4.90", "cup,one,4.90")), "orders", ORDERS)

    assert [body(draft)["order_id"] for draft in drafts] == ["b2"]
    assert [(row.row, row.reason) for row in refused] == [
        (1, "row 3: “quantity” is 'one', which is not a number"),
        (3, "“quantity” is 'one', which is not a number"),
    ]
    assert refused[1].values == {
        "basket": "b1",
        "who": "7",
        "day": "2026-02-01",
        "sku": "cup",
        "n": "one",
        "paid": "4.90",
    }


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("b2,8", "b2,"), "names nobody: every identifier is empty"),
        (("b2,8", ",8"), "has no “order_id”"),
        (("b2,8,2026-02-01", "b2,8,"), "has no “placed_at”"),
        (
            ("b2,8,2026-02-01", "b2,8,1 Feb"),
            "“placed_at” is '1 Feb', which is not a time; give its format in the mapping",
        ),
        (
            ("cup,1,5\n", "cup,1,-5\n"),
            "its total is below zero; import what was given back as events named Order Refunded",
        ),
        (("cup,1,5\n", "cup,1,5 USD\n"), "“line_total” is '5 USD', which is not an amount; write it like 1234.50"),
        (("cup,1,5\n", "cup,1,inf\n"), "“line_total” is inf, which is too large an amount"),
    ],
)
def test_a_bad_row_is_refused_with_the_reason(write: Write, change: tuple[str, str], reason: str) -> None:
    drafts, refused = read(write("lines.csv", LINES.replace(*change)), "orders", ORDERS)

    assert [body(draft)["order_id"] for draft in drafts] == ["b1"]
    assert [row.reason.removeprefix("row 2: ") for row in refused] == [reason]


def test_lines_with_too_many_values_are_refused_and_the_rest_is_taken(write: Write) -> None:
    drafts, refused = read(write("lines.csv", LINES + "b3,9,2026-02-02,tea,1,3,extra\n"), "orders", ORDERS)

    assert len(drafts) == 2
    assert [(row.reason, row.values) for row in refused] == [
        ("has 7 values where the header has 6", {"line": "b3,9,2026-02-02,tea,1,3,extra"})
    ]


def test_minor_units_constants_sums_and_order_totals(write: Write) -> None:
    text = (
        "order_id,user_id,placed_at,total,disc_a,disc_b,tax,coupon\no1,u1,2026-01-05T10:00:00+08:00,1290,100,,30,TEA\n"
    )
    document = {
        "money": "minor",
        "fields": {"currency": {"constant": "CNY"}, "line_discount": {"sum": ["disc_a", "disc_b"]}},
    }

    (draft,), refused = read(write("orders.csv", text), "orders", document)

    assert not refused
    assert draft.timestamp == datetime(2026, 1, 5, 2, tzinfo=UTC)
    said = {"order_id": "o1", "total": 12.9, "currency": "CNY", "tax": 0.3, "discount": 1.0, "coupon": "TEA"}
    assert body(draft) == said


@pytest.mark.parametrize(
    ("amount", "scale", "digits", "minor"),
    [
        (12_345_000, 10**6, 2, 1234),  # 12.345: the even neighbor
        (12_355_000, 10**6, 2, 1236),
        (12_345_001, 10**6, 2, 1235),
        (-12_345_000, 10**6, 2, -1234),
        (12_500_000, 10**6, 0, 12),  # JPY
        (1_234_567, 10**6, 3, 1235),  # KWD 1.234567
        (129_050, 10**2, 0, 1290),  # minor units with a fraction: 1290.50
    ],
)
def test_amounts_round_half_to_even(amount: int, scale: int, digits: int, minor: int) -> None:
    assert to_minor(amount, scale, digits) == minor


@pytest.mark.parametrize(
    ("text", "spec", "zone", "instant"),
    [
        ("2026-02-01 08:30", "at", "Asia/Shanghai", datetime(2026, 2, 1, 0, 30, tzinfo=UTC)),
        ("20260201", {"column": "at", "format": "%Y%m%d"}, "America/New_York", datetime(2026, 2, 1, 5, tzinfo=UTC)),
        (
            "01/02/2026 09:15",
            {"column": "at", "format": "%d/%m/%Y %H:%M"},
            "UTC",
            datetime(2026, 2, 1, 9, 15, tzinfo=UTC),
        ),
        ("1769904000", {"column": "at", "format": "epoch"}, "Asia/Shanghai", datetime(2026, 2, 1, tzinfo=UTC)),
        (
            "1769904000500",
            {"column": "at", "format": "epoch_ms"},
            "UTC",
            datetime(2026, 2, 1, 0, 0, 0, 500_000, tzinfo=UTC),
        ),
        ("2026-02-01T00:00:00Z", "at", "Asia/Shanghai", datetime(2026, 2, 1, tzinfo=UTC)),
        ("2026-02-01", {"column": "at", "time_zone": "Asia/Tokyo"}, "UTC", datetime(2026, 1, 31, 15, tzinfo=UTC)),
        # Summer time ends at 2:00 that night: the earlier of the two 1:30.
        ("2025-11-02 01:30", "at", "America/New_York", datetime(2025, 11, 2, 5, 30, tzinfo=UTC)),
    ],
)
def test_times_are_read_by_format_and_zone(write: Write, text: str, spec: Any, zone: str, instant: datetime) -> None:
    document = {"time_zone": zone, "fields": {"occurred_at": spec, "event": {"constant": "Seen"}, "user_id": "who"}}

    (draft,), refused = read(write("events.csv", f"who,at\nu1,{text}\n"), "events", document)

    assert not refused
    assert draft.timestamp == instant


def test_people_keep_unmapped_columns_as_traits_and_ids_keep_their_zeros(write: Write) -> None:
    text = "member,E-Mail,city,points\n00042,Ana@Brand.example,上海,7\n00043,,北京,\n"

    drafts, refused = read(write("people.csv", text), "people", {"fields": {"user_id": "member", "email": "E-Mail"}})

    assert not refused
    assert [(draft.user, body(draft)) for draft in drafts] == [
        ("00042", {"city": "上海", "points": "7", "email": "Ana@Brand.example"}),
        ("00043", {"city": "北京"}),
    ]


def test_json_lines_keep_types_and_nested_values_as_properties(write: Write) -> None:
    lines = [
        {
            "event": "Quiz Done",
            "user_id": 5,
            "occurred_at": "2026-02-01T00:00:00Z",
            "score": 3.5,
            "answers": {"q1": ["a"]},
        },
        {"event": "Quiz Done", "user_id": "x6", "occurred_at": "2026-02-01T00:00:00Z", "passed": True},
    ]
    text = "\n".join(json.dumps(line) for line in lines) + "\n{not json\n"

    drafts, refused = read(write("events.jsonl", text), "events")

    assert [draft.user for draft in drafts] == ["5", "x6"]
    assert [body(draft) for draft in drafts] == [{"score": 3.5, "answers": {"q1": ["a"]}}, {"passed": True}]
    assert len(refused) == 1


def test_text_in_another_encoding_is_read_when_it_is_named(write: Write) -> None:
    path = write("people.csv", "user_id,city\nu1,上海\n".encode("gbk"))

    (draft,), _ = read(path, "people", {"encoding": "gbk"})

    assert body(draft) == {"city": "上海"}
    with pytest.raises(UnreadableFileError) as caught:
        read(path, "people")
    assert "--encoding" in (caught.value.hint or "")


def test_a_lookup_adds_columns_of_a_second_file(write: Write) -> None:
    write("products.csv", "sku,title,kind\ncup,Blue cup,Teaware\ntea,Longjing,Tea\n")
    document = ORDERS | {"lookups": [{"file": "products.csv", "key": "sku", "columns": ["title", "kind"]}]}
    document["fields"] = ORDERS["fields"] | {"product_name": "title", "category": "kind"}  # type: ignore[operator]

    drafts, _ = read(write("lines.csv", LINES), "orders", document)

    names = [(line["name"], line["category"]) for line in body(drafts[0])["products"]]
    assert names == [("Longjing", "Tea"), ("Blue cup", "Teaware")]


def test_spend_rows_keep_their_day_and_exact_amount(write: Write) -> None:
    text = (
        "source,spent_on,amount,currency,domain\ngoogle/cpc,2026-02-01,12.10,usd,\n"
        "kol,2026-02-02,9,CNY,commercial\nx,2026-02-03,1,USD,air\n"
    )

    drafts, refused = read(write("spend.csv", text), "spend", {"time_zone": "Asia/Shanghai"})

    first = drafts[0]
    assert (first.source, first.spent_on, first.amount, first.currency) == (
        "google/cpc",
        date(2026, 2, 1),
        Decimal("12.10"),
        "USD",
    )
    assert len(drafts) == 2
    assert refused[0].reason == "“domain” is 'air'; write public, commercial or private, or nothing"


def test_equal_rows_get_ids_of_their_own_and_the_same_ones_again(write: Write) -> None:
    text = "user_id,event,occurred_at\nu1,Seen,2026-02-01\nu1,Seen,2026-02-01\n"
    first, _ = read(write("a.csv", text), "events")

    again, _ = read(write("b.csv", text + "u2,Seen,2026-02-02\n"), "events")

    assert len({draft.key for draft in first}) == 2
    assert [draft.key for draft in again[:2]] == [draft.key for draft in first]


def test_an_order_keeps_its_message_id_wherever_it_stands_and_loses_it_when_it_changes(write: Write) -> None:
    first, _ = read(write("a.csv", LINES), "orders", ORDERS)

    moved, _ = read(write("b.csv", LINES.replace("\nb1", "\nb0,6,2026-02-01,tea,1,1\nb1", 1)), "orders", ORDERS)
    changed, _ = read(write("c.csv", LINES.replace("4.90", "4.80")), "orders", ORDERS)

    assert [draft.key for draft in moved[1:]] == [draft.key for draft in first]
    assert changed[0].key != first[0].key
    assert changed[1].key == first[1].key


@pytest.mark.parametrize(
    ("what", "document", "flags", "error", "said"),
    [
        ("orders", ORDERS, {"maps": ["order_id=baskt"]}, UnknownColumnError, "Did you mean 'basket'?"),
        ("orders", {"currency": "USD"}, {}, MissingFieldError, "Add --map user_id=COLUMN"),
        ("orders", {"fields": {"ordr_id": "basket"}}, {}, BadMappingError, "Did you mean 'order_id'?"),
        ("orders", {"currency": "dollars"}, {}, BadMappingError, "Write three capitals such as USD."),
        ("orders", {"time_zone": "Shanghai"}, {}, BadMappingError, "Asia/Shanghai"),
        ("orders", {"moneys": "minor"}, {}, BadMappingError, "Known:"),
        ("people", {"what": "orders"}, {}, BadMappingError, "for 'orders', not for 'people'"),
        ("people", {"fields": {"user_id": {"sum": ["who"]}}}, {}, BadMappingError, "no money"),
        ("people", {}, {"maps": ["who"]}, BadMappingError, "field=column"),
    ],
)
def test_mistakes_in_a_mapping_are_named_with_the_remedy(
    write: Write, what: What, document: dict[str, Any], flags: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error) as caught:
        read(write("lines.csv", LINES), what, document, **flags)

    told = f"{getattr(caught.value, 'message', '')} {getattr(caught.value, 'hint', '')}"
    assert said in told


def test_files_that_cannot_be_read_say_why(write: Write, tmp_path: Path) -> None:
    with pytest.raises(NoFileError):
        read(tmp_path / "absent.csv", "people")
    with pytest.raises(UnreadableFileError, match="format"):
        read(write("people.data", "x"), "people")
    with pytest.raises(UnreadableFileError, match="twice"):
        read(write("people.csv", "user_id,user_id\n1,2\n"), "people")
    with pytest.raises(UnreadableFileError):
        read(write("people.parquet", b"PAR1 but not really"), "people")
    with pytest.raises(UnreadableFileError):
        read(write("cut.csv.gz", gzip.compress(LINES.encode() * 1000)[:-200]), "orders", ORDERS)


def test_a_dry_run_counts_what_ingest_would_refuse_too(write: Write) -> None:
    text = "user_id,event,occurred_at\nu1,Seen,2026-02-01\nu1,Seen,1970-01-01\nu1,,2026-02-01\n"
    made = plan(write("events.csv", text), parse("events", None))

    report = asyncio.run(try_out(made, now=NOW, progress=lambda done, total: None))

    assert (report.rows, report.messages, report.accepted, report.refused) == (3, 2, 1, 2)
    assert {row.row for row in report.first_refused} == {2, 3}


def test_file_and_mapping_together_make_the_fingerprint(write: Write) -> None:
    path, copy = write("lines.csv", LINES), write("copy.csv", LINES)
    document = parse("orders", ORDERS)
    here = fingerprint(plan(path, document))

    assert fingerprint(plan(copy, document)) == here
    assert fingerprint(plan(write("other.csv", LINES + "b9,1,2026-02-09,tea,1,1\n"), document)) != here
    assert fingerprint(plan(path, with_flags(document, sets=["currency=CNY"]))) != here
