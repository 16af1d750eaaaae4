"""A transaction that holds the lake back is reported; how long it does is a figure of the api's /metrics."""

from collections.abc import Callable

import psycopg
from structlog.testing import capture_logs
from tests.integration.lake.conftest import put, put_now

from fanwheel.infra.lake import Exporter, LakeOptions


def test_a_long_transaction_is_reported_once(dsn: str, make_exporter: Callable[..., Exporter]) -> None:
    exporter = make_exporter(LakeOptions(warn_after_s=0, watch_every_s=0))
    with psycopg.connect(dsn) as slow, capture_logs() as logs:
        put(slow, 1)
        put_now(dsn, 1)
        exporter.run_once()
        exporter.run_once()
        pid = slow.info.backend_pid

    warnings = [log for log in logs if log["event"] == "lake.held_back"]
    assert [log["pid"] for log in warnings] == [pid]  # once, not at every turn
    assert warnings[0]["lag_tx"] >= 1
    assert warnings[0]["age_s"] >= 0
