"""What reports read from PostgreSQL: one workspace, living persons, money in the reporting currency."""

from typing import Any

import pyarrow as pa
import pytest
from tests.integration.engine.worlds import TABLES
from tests.support.stream import Event, Stream, order

from fanwheel.infra.engine import WorkspaceReader
from fanwheel.kernel.money import EXPONENTS
from fanwheel.measure.reports import datasets


def read(stream: Stream) -> dict[str, pa.Table]:
    with WorkspaceReader(stream.dsn, stream.workspace) as reader:
        return datasets.read_tables(reader)


def orders(stream: Stream) -> dict[str, dict[str, Any]]:
    return {row["order_id"]: row for row in read(stream)["home_order"].to_pylist()}


def test_every_table_has_the_columns_that_tests_of_statements_assume(stream: Stream) -> None:
    found = {name: table.schema for name, table in read(stream).items()}

    assert {name: schema.names for name, schema in found.items()} == {n: s.names for n, s in TABLES.items()}
    for name, schema in found.items():
        for field in schema:
            assert field.type == TABLES[name].field(field.name).type, f"{name}.{field.name}"


def test_net_revenue_is_what_is_left_after_refunds(stream: Stream) -> None:
    stream.tell(
        Event(name="Order Completed", properties=order("whole", total=10)),
        Event(name="Order Completed", properties=order("part", total=10)),
        Event(name="Order Refunded", properties=order("part", refund_id="r1", total=2.5)),
        Event(name="Order Refunded", properties=order("part", refund_id="r2", total=1)),
        Event(name="Order Completed", properties=order("more", total=10)),
        Event(name="Order Refunded", properties=order("more", refund_id="r1", total=99)),
        Event(name="Order Completed", properties=order("all", total=10)),
        Event(name="Order Refunded", properties=order("all", refund_id="r1")),
        Event(name="Order Completed", properties=order("gone", total=10)),
        Event(name="Order Cancelled", properties=order("gone")),
        Event(name="Order Refunded", properties=order("unknown", total=3)),
    )

    found = orders(stream)

    assert {name: row["net_minor"] for name, row in found.items()} == {
        "whole": 10_00,
        "part": 6_50,
        "more": 0,
        "all": 0,
        "gone": 0,
    }
    assert found["part"]["total_minor"] == 10_00
    assert found["gone"]["status"] == "cancelled"


def test_money_is_converted_at_the_rate_of_the_day_in_the_workspace(stream: Stream) -> None:
    stream.rows(
        "UPDATE workspace SET time_zone = 'Asia/Shanghai', reporting_currency = 'CNY'"
        " WHERE workspace_id = %(workspace)s RETURNING 1"
    )
    stream.rows(
        """INSERT INTO currency_rate (workspace_id, currency, valid_from, rate)
           VALUES (%(workspace)s, 'USD', '2026-03-01', 7.0), (%(workspace)s, 'USD', '2026-03-02', 7.5),
                  (%(workspace)s, 'JPY', '2026-03-03', 0.05), (%(workspace)s, 'KWD', '2026-01-01', 23.4) RETURNING 1"""
    )
    stream.tell(
        # 12:00 and 16:00 UTC on 1 March: in Shanghai the second falls on 2 March.
        Event(name="Order Completed", properties=order("before", total=100, currency="USD")),
        Event(name="Order Completed", at=4 * 3600, properties=order("after", total=100, currency="USD")),
        Event(name="Order Completed", properties=order("yen", total=1000, currency="JPY")),
        Event(name="Order Completed", properties=order("dinar", total="1.005", currency="KWD")),
        Event(name="Order Completed", properties=order("home", total=8)),
        Event(name="Order Completed", properties=order("euro", total=8, currency="EUR")),
        Event(name="Order Refunded", properties=order("after", total=50, currency="USD")),
    )

    found = {name: (row["total_minor"], row["net_minor"]) for name, row in orders(stream).items()}

    assert found == {
        "before": (700_00, 700_00),
        "after": (750_00, 375_00),
        "yen": (50_00, 50_00),  # a day before the first rate takes the first; the yen has no decimals
        "dinar": (23_52, 23_52),  # 1.005 * 23.4 = 23.517; the dinar has three decimals
        "home": (8_00, 8_00),
        "euro": (None, None),  # no rate is known
    }


def test_spend_is_converted_by_its_own_day(stream: Stream) -> None:
    source = stream.rows(
        "INSERT INTO source (workspace_id, slug, name, domain) VALUES (%(workspace)s, 'ads', 'Ads', 'commercial')"
        " RETURNING source_id"
    )[0]["source_id"]
    stream.rows(
        """INSERT INTO currency_rate (workspace_id, currency, valid_from, rate)
           VALUES (%(workspace)s, 'CNY', '2026-03-01', 0.1), (%(workspace)s, 'CNY', '2026-03-02', 0.2) RETURNING 1"""
    )
    stream.rows(
        """INSERT INTO spend (workspace_id, source_id, spent_on, campaign, currency, amount_minor)
           VALUES (%(workspace)s, %(source)s, '2026-03-01', 'a', 'CNY', 1000),
                  (%(workspace)s, %(source)s, '2026-03-01', 'b', 'USD', 30),
                  (%(workspace)s, %(source)s, '2026-03-09', 'a', 'CNY', 1000),
                  (%(workspace)s, %(source)s, '2026-03-09', 'a', 'EUR', 1000) RETURNING 1""",
        source=source,
    )

    rows = read(stream)["spend"].to_pylist()

    assert {row["spent_on"].isoformat(): row["amount_minor"] for row in rows} == {"2026-03-01": 130, "2026-03-09": 200}


def test_rows_stay_with_the_home_and_the_map_leads_to_the_living_person(stream: Stream) -> None:
    stream.tell(
        Event(who="u1", name="Channel Joined", properties={"channel": "email"}),
        Event(who="u2", name="Order Completed", properties=order("o1", total=1)),
        Event(who="u3", name="Invite Accepted", properties={"referrer_id": "u2"}),
    )
    stream.merge("u1", "u2")

    found = read(stream)

    one, two, three = (stream.home(who) for who in ("u1", "u2", "u3"))
    assert found["person_map"].to_pylist() == [{"home_id": two, "person_id": one}]
    assert found["home_order"]["home_id"].to_pylist() == [two]
    assert found["home_consent"]["home_id"].to_pylist() == [one]
    (invite,) = found["home_invite"].to_pylist()
    assert (invite["referee_home"], invite["referrer_home"]) == (three, two)


def test_leave_for_another_purpose_than_marketing_is_no_consent(stream: Stream) -> None:
    stream.tell(Event(name="Consent Granted", properties={"channel": "email", "purpose": "order updates"}))

    assert read(stream)["home_consent"].num_rows == 0
    assert not stream.person("u1")["is_fan"]


def test_no_other_workspace_is_seen(stream: Stream) -> None:
    stream.tell(
        Event(name="Channel Joined", properties={"channel": "email"}),
        Event(name="Order Completed", properties=order("o1", total=1)),
        Event(name="Invite Accepted", properties={"referrer_id": "u2"}),
    )
    other = Stream(stream.dsn)

    found = read(other)
    other.close()

    assert {name: table.num_rows for name, table in found.items()} == dict.fromkeys(TABLES, 0)


@pytest.mark.parametrize("decimals", [0, 2, 3, 4])
def test_the_database_knows_the_decimals_that_the_kernel_knows(stream: Stream, decimals: int) -> None:
    codes = [code for code, digits in EXPONENTS.items() if digits == decimals]

    rows = stream.rows(
        "SELECT code, currency_digits(code) AS digits FROM unnest(%(codes)s::text[]) AS code", codes=codes
    )

    assert codes
    assert {row["code"]: row["digits"] for row in rows} == dict.fromkeys(codes, decimals)


def test_all_tables_are_read_from_one_instant(stream: Stream) -> None:
    with WorkspaceReader(stream.dsn, stream.workspace) as reader:
        datasets.read_place(reader)
        stream.tell(Event(name="Order Completed", properties=order("o1", total=1)))

        found = datasets.read_tables(reader)

    assert found["home_order"].num_rows == 0
