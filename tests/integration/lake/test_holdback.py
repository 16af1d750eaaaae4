"""A transaction that holds the lake back is reported."""

from collections.abc import Callable

import psycopg
from prometheus_client import REGISTRY
from structlog.testing import capture_logs
from tests.integration.lake.conftest import put, put_now

from fanwheel.infra.lake import Exporter, LakeOptions


def test_a_long_transaction_is_reported_and_measured(dsn: str, make_exporter: Callable[..., Exporter]) -> None:
    exporter = make_exporter(LakeOptions(warn_after_s=0, watch_every_s=0))
    with psycopg.connect(dsn) as slow, capture_logs() as logs:
        put(slow, 1)
        put_now(dsn, 1)
        exporter.run_once()
        exporter.run_once()
        age_s, lag = (
            REGISTRY.get_sample_value(f"fanwheel_lake_held_back_{unit}") for unit in ("seconds", "transactions")
        )
        pid = slow.info.backend_pid

    warnings = [log for log in logs if log["event"] == "lake.held_back"]
    assert [log["pid"] for log in warnings] == [pid]  # once, not at every turn
    assert age_s is not None
    assert age_s > 0
    assert lag is not None
    assert lag >= 1

    exporter.run_once()
    assert REGISTRY.get_sample_value("fanwheel_lake_held_back_seconds") == 0
