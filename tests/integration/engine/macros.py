"""One small statement per macro, with the values on which engines are known to differ."""

from datetime import UTC, date, datetime

import pyarrow as pa

_AT = [datetime(2025, 11, 2, 5, 59, 59, 999999, UTC), datetime(2025, 12, 31, 16, tzinfo=UTC), None]
_EPOCH = date(1970, 1, 1)
NUMBERS = pa.table(
    {
        "i": pa.array([1, 2, 3, 4, 5, 6], pa.int64()),
        "g": pa.array(["甲", "甲", "甲", "乙", "乙", "乙"]),
        "n": pa.array([7, -7, None, 2, 2, 0], pa.int64()),
        "x": pa.array([0.1, 2.5, None, -1.0, 1e300, 3.5], pa.float64()),
        "t": pa.array([*_AT, _AT[1], _AT[0], datetime(1969, 12, 31, 23, 59, 59, 500, UTC)], pa.timestamp("us", "UTC")),
        "d": pa.array(
            [date(2024, 2, 29), date(2025, 12, 29), None, date(2026, 1, 1), date(2026, 1, 4), date(1970, 1, 1)]
        ),
        "j": pa.array(
            [
                '{"channel": "企业微信", "total": 12.50, "a b": true}',
                '{"channel": "\\u4e2d \\"quoted\\"", "total": "19.99"}',
                '{"channel": null, "total": null}',
                '{"channel": 7, "total": 1e3}',
                '{"channel": ["x"], "total": "n/a"}',
                "{}",
            ]
        ),
    }
)
# What each answers is spelled out in test_macros.py; the cluster suite compares the engines on all of them.
CASES = {
    "json_text": "SELECT i, @json_text(j, 'channel') AS v, @json_text(j, 'a b') AS w FROM numbers ORDER BY i",
    "json_number": "SELECT i, @json_number(j, 'total') AS v FROM numbers ORDER BY i",
    "day": "SELECT i, @day(t, 'America/New_York') AS v, @day(t, 'Asia/Shanghai') AS w FROM numbers ORDER BY i",
    "epoch_us": "SELECT i, @epoch_us(t) AS v FROM numbers ORDER BY i",
    "days_between": "SELECT i, @days_between(d, DATE '2026-03-01') AS v FROM numbers ORDER BY i",
    "month_start": "SELECT i, @month_start(d) AS v FROM numbers ORDER BY i",
    "week_start": "SELECT i, @week_start(d) AS v FROM numbers ORDER BY i",
    "date_text": "SELECT i, @date_text(d) AS v FROM numbers ORDER BY i",
    "arg_min": "SELECT g, @arg_min(n, t, i) AS v FROM numbers WHERE t IS NOT NULL GROUP BY g ORDER BY g",
    "arg_max": "SELECT g, @arg_max(n, d, i) AS v FROM numbers WHERE d IS NOT NULL GROUP BY g ORDER BY g",
    "list_by": "SELECT g, @list_by(n, x) AS v FROM numbers WHERE n IS NOT NULL GROUP BY g ORDER BY g",
    "join_list": "SELECT g, @join_list(@list_by(g, i), ', ') AS v FROM numbers GROUP BY g ORDER BY g",
    "explode": "SELECT v FROM (SELECT @explode(@list_by(i, i)) AS v FROM numbers) AS each_one ORDER BY v",
    "quantile": "SELECT g, @quantile(x, 0.3) AS v FROM numbers GROUP BY g ORDER BY g",
    "int_div": "SELECT i, @int_div(n, 2) AS v FROM numbers ORDER BY i",
    "lag_known": "SELECT i, @lag_known(n) OVER (ORDER BY i) AS v FROM numbers ORDER BY i",
    "last_known": "SELECT i, @last_known(n) OVER (ORDER BY i) AS v FROM numbers ORDER BY i",
    "matches": "SELECT i, @matches(j, '\"total\": ?[0-9]') AS v FROM numbers ORDER BY i",
    "json_value": "SELECT i, @text_of(@json_at(@json_value(j), '$.channel')) AS v FROM numbers ORDER BY i",
    "is_known": "SELECT i, @is_known(@json_at(@json_value(j), '$.channel')) AS v FROM numbers ORDER BY i",
    "json_at": "SELECT i, @is_known(@json_at(@json_value(j), '$.total')) AS v FROM numbers ORDER BY i",
    "text_of": "SELECT i, @text_of(@json_at(@json_value(j), '$.total')) AS v FROM numbers ORDER BY i",
    "is_text": (
        "SELECT coalesce(@is_text(@json_at(@json_value(j), '$.channel'), '中 \"quoted\"'), FALSE) AS v"
        " FROM numbers ORDER BY i"
    ),
    "number_of": "SELECT i, @number_of(@json_at(@json_value(j), '$.total')) AS v FROM numbers ORDER BY i",
    "flag_of": (
        "SELECT i, @flag_of(@json_at(@json_value(replace(j, 'a b', 'flag')), '$.flag')) AS v FROM numbers ORDER BY i"
    ),
    "texts_of": "SELECT i, @texts_of(@json_at(@json_value(j), '$.channel')) AS v FROM numbers ORDER BY i",
    "any_product": (
        "SELECT i, @any_product(@json_value(concat('{\"products\": [', j, ', 3, null]}')),"
        " @number_of(@json_at(item, '$.total')) > 15) AS v,"
        " coalesce(@any_product(@json_value(j), @number_of(@json_at(item, '$.total')) > 15), FALSE) AS w"
        " FROM numbers ORDER BY i"
    ),
    "instant": (
        "SELECT i, @epoch_us(@instant(concat(@date_text(d), 'T10:00:00.123456+08:00'))) AS v FROM numbers ORDER BY i"
    ),
    "from_epoch_us": "SELECT i, @epoch_us(@from_epoch_us(@epoch_us(t))) AS v FROM numbers ORDER BY i",
    "begins": 'SELECT i, @begins(j, \'{"channel": "\') AS v FROM numbers ORDER BY i',
    "has": "SELECT g, @has(@list_by(n, i), 7) AS v FROM numbers WHERE n IS NOT NULL GROUP BY g ORDER BY g",
    "item": "SELECT g, @item(@list_by(n, i), 2) AS v FROM numbers WHERE n IS NOT NULL GROUP BY g ORDER BY g",
    "place_in": "SELECT g, @place_in(@list_by(n, i), 7) AS v FROM numbers WHERE n IS NOT NULL GROUP BY g ORDER BY g",
    "hex_number": "SELECT i, @hex_number(substr(md5(j), 1, 8)) AS v FROM numbers ORDER BY i",
}
