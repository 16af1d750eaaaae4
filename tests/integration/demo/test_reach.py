"""Beside the demo brand stand its channels: accounts that work, and people who write."""

import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.support.product import FANWHEEL, Product

from fanwheel.entrypoints.demo_reach.talks import DEEDS
from fanwheel.entrypoints.demo_reach.wiring import NAMES

TALKING = {(deed.channel, deed.person) for deed in DEEDS}
WAITING = "Is the jasmine tea naturally scented, or is there flavoring in it?"


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Product]:
    with Product.started(tmp_path) as product:
        product.command("demo", "--people", "100", "--weeks", "2", "--seed", "5")
        product.server_key = product.command("keys", "create", "--kind", "server", "--workspace", "demo").split()[-1]
        yield product


@contextmanager
def channels(product: Product) -> Iterator[None]:
    """What `fanwheel up --demo` starts once the brand is loaded."""
    running = subprocess.Popen([FANWHEEL, "demo", "--serve-channels"], env=product.environment)
    try:
        yield
    finally:
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=60) == 0


def settled(product: Product) -> list[dict[str, Any]]:
    """The conversations once everybody has written, and the parcel that was asked for by mail was answered."""
    answer = product.eventually(
        "/api/conversations",
        lambda told: (
            len(told["items"]) == len(TALKING)
            and Counter(item["channel"] for item in told["items"] if item["last_kind"] == "out").keys() == set(NAMES)
        ),
        seconds=60,
        limit=100,
    )
    found: list[dict[str, Any]] = answer["items"]
    return found


def addresses(accounts: list[dict[str, Any]]) -> set[str]:
    """Where the platforms are."""
    return {row["settings"]["base_url"] for row in accounts if row["channel"] not in {"email", "webchat"}}


def lines(product: Product, conversation: dict[str, Any]) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = product.get(f"/api/conversations/{conversation['conversation_id']}")["messages"]
    return told


def test_people_write_once_however_often_the_channels_are_started_and_can_be_answered(demo: Product) -> None:
    with channels(demo):
        first = settled(demo)
        before = addresses(demo.get("/api/channels/accounts")["items"])
    with channels(demo):
        accounts = demo.eventually(
            "/api/channels/accounts",
            lambda answer: not before & addresses(answer["items"]) and all(row["is_fine"] for row in answer["items"]),
            seconds=60,
        )["items"]
        again = settled(demo)
        (menu,) = demo.get("/api/menus")["items"]
        shown = {row["account_id"] for row in demo.get(f"/api/menus/{menu['menu_id']}/publications")["items"]}

    published = {row["channel"] for row in accounts if row["account_id"] in shown}
    assert Counter(row["channel"] for row in accounts) == Counter(list(NAMES))
    assert {item["conversation_id"] for item in again} == {item["conversation_id"] for item in first}
    (waiting,) = [item for item in again if any(line["body"] == WAITING for line in lines(demo, item))]
    # At night the rule for closed hours answers.
    assert waiting["waiting_since"] is not None or "9:00–21:00" in waiting["preview"]
    assert published >= {"wechat_oa", "telegram"}
