"""A follower killed at any of its statements neither loses a tag or a move nor tells of one twice."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from tests.support.portraits_live import Portraits
from tests.support.segments_live import bought
from tests.support.stream import NOON

ROUNDS, SHORT, LONG = 26, 4, 9
FIRST_RULE = 13
ROOT = Path(__file__).resolve().parents[3]


def minutes(amount: int) -> dict[str, object]:
    return {"amount": amount, "unit": "minutes"}


def test_kills_at_every_statement_change_nothing(crowd: Portraits) -> None:
    crowd.define("recent", bought(within=minutes(LONG)))
    crowd.layer("heat", cool=bought(within=minutes(LONG)), hot=bought(within=minutes(SHORT)))

    command = [sys.executable, str(Path(__file__).with_name("child.py")), str(crowd.settings.home), crowd.dsn]
    subprocess.run(
        [*command, str(crowd.workspace), str(ROUNDS)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True,
    )  # fmt: skip
    crowd.now = NOON + timedelta(minutes=ROUNDS)
    crowd.settle()

    rows = crowd.rows("SELECT home_id, value FROM identifier WHERE workspace_id = %(workspace)s")
    crowd._homes = {row["value"]: row["home_id"] for row in rows}
    assert crowd.wearers("recent") == last(LONG)
    assert (crowd.inside("heat", "hot"), crowd.inside("heat", "cool")) == (last(SHORT), last(LONG) - last(SHORT))
    for turn in range(FIRST_RULE + 1, ROUNDS + 1):
        assert crowd.wearers(f"last {turn}") == last(turn)
    crowd.now += timedelta(hours=3)
    crowd.settle()
    for number in range(1, ROUNDS + 1):
        who = f"u{number}"
        assert [entry for entry in crowd.log(who) if entry[0] == "recent"] == [
            ("recent", "on", "rule"), ("recent", "off", "rule"),
        ]  # fmt: skip
        moves = [None, *(new for _, _, new in crowd.told(who, "layer"))]
        assert moves in ([None, "hot", "cool", None], [None, "hot", None])  # the last are hot until all is over
        assert [old for _, old, _ in crowd.told(who, "layer")] == moves[:-1]


def last(minutes: int) -> set[str]:
    """Who bought in the last so many minutes."""
    return {f"u{number}" for number in range(max(1, ROUNDS - minutes + 1), ROUNDS + 1)}
