"""Logs and metrics: structured, without personal data."""

import logging
import sys
from typing import Final

import structlog
from prometheus_client import Counter, Gauge, Histogram

INGEST_EVENTS: Final = Counter("fanwheel_ingest_events", "Events by what became of them", ["outcome"])
INGEST_COMMIT: Final = Histogram(
    "fanwheel_ingest_commit_seconds", "Time of one group commit", buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3)
)
INGEST_WAITING: Final = Gauge("fanwheel_ingest_waiting_bytes", "Bytes that wait for their commit")
WORKER_LAG: Final = Gauge("fanwheel_worker_lag_seconds", "Age of the oldest event not yet read", ["consumer"])


def configure(level: str) -> None:
    """Send logs to standard error: lines for people on a terminal, JSON elsewhere."""
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
