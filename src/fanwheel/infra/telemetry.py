"""Logs and metrics: structured, without personal data."""

import logging
import os
import sys
import traceback
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, Final, TextIO, cast

import structlog
from prometheus_client import (
    GC_COLLECTOR,
    PLATFORM_COLLECTOR,
    PROCESS_COLLECTOR,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

INGEST_EVENTS: Final = Counter("fanwheel_ingest_events", "Events by what became of them", ["outcome"])
INGEST_COMMIT: Final = Histogram(
    "fanwheel_ingest_commit_seconds", "Time of one group commit", buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3)
)
INGEST_WAITING: Final = Gauge(
    "fanwheel_ingest_waiting_bytes", "Bytes that wait for their commit", multiprocess_mode="livesum"
)
# The rest is looked up by whichever process is asked, so the newest value is the one that holds.
WORKER_LAG: Final = Gauge(
    "fanwheel_worker_lag_seconds",
    "Age of the oldest event not yet read",
    ["consumer"],
    multiprocess_mode="mostrecent",
)
HELD_BACK_S: Final = Gauge(
    "fanwheel_held_back_seconds",
    "Age of the oldest open transaction that has written, which no reader can pass; 0 without one",
    multiprocess_mode="mostrecent",
)
HELD_BACK_TX: Final = Gauge(
    "fanwheel_held_back_transactions", "Transactions begun since that one", multiprocess_mode="mostrecent"
)
DATABASE_UP: Final = Gauge(
    "fanwheel_database_up", "Whether the database answered when it was last asked", multiprocess_mode="mostrecent"
)


def metrics() -> str:
    """All metrics in Prometheus' text format, added up over the processes that answer on one port."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest().decode()
    together = CollectorRegistry()
    multiprocess.MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    for collector in (PROCESS_COLLECTOR, PLATFORM_COLLECTOR, GC_COLLECTOR):
        together.register(collector)
    return generate_latest(together).decode()


def forget_process(pid: int) -> None:
    """Let a process that has ended no longer count in what is true now; what it counted stays counted."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]


def describe(error: BaseException) -> str:
    """What failed and where, without what it said: messages of databases and decoders quote the values they refuse."""
    chain = [error]
    while (before := chain[-1].__cause__ or chain[-1].__context__) is not None and before not in chain:
        chain.append(before)
    return "".join(
        f"{''.join(traceback.format_tb(link.__traceback__))}{type(link).__module__}.{type(link).__qualname__}\n"
        for link in reversed(chain)
    )


def _without_values(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    info = event.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else info if isinstance(info, BaseException) else sys.exc_info()[1]
    if info and error is not None:
        event["exception"] = describe(error)
    return event


class _Stream:
    """Standard error that may fail: a disk without room for a line of the log must not end what the line is about."""

    def write(self, text: str) -> None:
        """Write, if there is room."""
        with suppress(OSError):
            sys.stderr.write(text)

    def flush(self) -> None:
        """Flush, if there is room."""
        with suppress(OSError):
            sys.stderr.flush()


class _Structured(logging.Handler):
    """Takes in what libraries log, so that it has the one form and keeps the one rule."""

    def emit(self, record: logging.LogRecord) -> None:
        """One record of a library: its first line, because asyncio shows the error and its values below."""
        failure = {"exc_info": record.exc_info} if record.exc_info else {}
        structlog.get_logger().log(
            record.levelno, record.getMessage().partition("\n")[0], logger=record.name, **failure
        )


def configure(level: str) -> None:
    """Send logs to standard error, those of libraries too: lines for people on a terminal, JSON elsewhere."""
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_values,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _Stream())),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(
        level=max(logging.WARNING, getattr(logging, level.upper())), handlers=[_Structured()], force=True
    )
