"""The log: one form, and no personal data."""

import json
import logging
from collections.abc import Iterator
from contextlib import suppress

import pytest
import structlog

from fanwheel.infra import telemetry

SECRET = "ada@brand.example"


@pytest.fixture(autouse=True)
def _put_back() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, configured = root.handlers[:], root.level, structlog.get_config()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**configured)


def fail() -> None:
    try:
        raise ValueError(f"Key (email)=({SECRET}) already exists")
    except ValueError as error:
        raise LookupError(SECRET) from error


def test_a_failure_is_logged_by_place_and_kind_without_its_values(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure("info")

    try:
        fail()
    except LookupError:
        structlog.get_logger().exception("it failed")

    text = capsys.readouterr().err
    said = json.loads(text)
    assert said["event"] == "it failed"
    assert "in fail" in said["exception"]
    assert said["exception"].index("ValueError") < said["exception"].index("LookupError")
    assert SECRET not in text


def test_what_libraries_log_has_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure("info")

    try:
        fail()
    except LookupError:
        logging.getLogger("asyncio").exception("a task failed: %s\nexception=%r", "now", SECRET)
    logging.getLogger("somebody").info("chatter")

    text = capsys.readouterr().err
    said = json.loads(text)
    assert (said["event"], said["logger"], said["level"]) == ("a task failed: now", "asyncio", "error")
    assert SECRET not in text


def test_a_log_without_room_for_a_line_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    telemetry.configure("info")

    with open("/dev/full", "w", buffering=1) as full:  # noqa: PTH123 - a device
        monkeypatch.setattr("sys.stderr", full)
        structlog.get_logger().warning("the disk is full")
        logging.getLogger("asyncio").warning("and now?")
        monkeypatch.undo()
        with suppress(OSError):
            full.close()
