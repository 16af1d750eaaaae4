"""The table of turns, its documentation and the reports name the same events."""

import re
from pathlib import Path

import pytest

from fanwheel.loop.operate import contact
from fanwheel.loop.share import referral
from fanwheel.loop.wheel.turns import NAMES, QUIET, TURNS

ROOT = Path(__file__).resolve().parents[3]
EVENTS = (ROOT / "docs/reference/events.md").read_text()
REACH = (ROOT / "src/fanwheel/measure/reports/reach.sql").read_text()


@pytest.mark.parametrize("name", [*NAMES, *sorted(QUIET)])
def test_every_known_name_is_documented(name: str) -> None:
    assert f"`{name}`" in EVENTS


def test_every_documented_name_is_known() -> None:
    documented = set(re.findall(r"`([A-Z][a-z]+(?: [A-Z][a-z]+)+)`", EVENTS))

    assert documented == {*NAMES, *QUIET}


@pytest.mark.parametrize(
    ("column", "turns"),
    [("operated_at", {contact.answer, contact.join_channel}), ("shared_at", {referral.share, referral.send})],
)
def test_reports_count_the_events_that_the_wheel_turns(column: str, turns: set[object]) -> None:
    found = re.search(rf"name IN \(([^)]*)\)\s+THEN occurred_at END\) AS {column}", REACH)
    assert found is not None

    counted = set(re.findall(r"'([^']+)'", found[1]))

    assert counted == {name for name, turn in TURNS.items() if turn in turns}
