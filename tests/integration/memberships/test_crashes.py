"""A worker killed at any of its statements loses no entry, exit or value, and tells of none twice."""

import os
import subprocess
import sys
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

from tests.support.segments_live import Crowd, bought
from tests.support.stream import NOON

ROUNDS, WINDOW = 52, 40
ROOT = Path(__file__).resolve().parents[3]


def test_kills_at_every_statement_change_nothing(crowd: Crowd) -> None:
    recent = crowd.make("Bought of late", bought(within={"amount": WINDOW, "unit": "minutes"}))

    command = [sys.executable, str(Path(__file__).with_name("child.py")), str(crowd.settings.home), crowd.dsn]
    subprocess.run(
        [*command, str(crowd.workspace), str(ROUNDS)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True,
    )  # fmt: skip
    crowd.now = NOON + timedelta(minutes=ROUNDS)
    crowd.project()
    crowd.settle()

    names = {
        row["home_id"]: row["value"]
        for row in crowd.rows("SELECT * FROM identifier WHERE workspace_id = %(workspace)s")
    }
    crowd._homes = {who: home for home, who in names.items()}
    assert crowd.members(recent) == {f"u{n}" for n in range(ROUNDS - WINDOW + 1, ROUNDS + 1)}
    for each in crowd.rows("SELECT segment_id, name FROM segment WHERE workspace_id = %(workspace)s"):
        if each["segment_id"] != recent:
            window = 20 + int(each["name"].split()[-1])
            assert crowd.members(each["segment_id"]) == {
                f"u{n}" for n in range(max(1, ROUNDS - window + 1), ROUNDS + 1)
            }
    spells = [number for number in range(4, ROUNDS + 1, 8) if number % 16 != 4 or number + 8 > ROUNDS]
    known = crowd.rows("SELECT person_id, traits FROM person WHERE workspace_id = %(workspace)s")
    assert {names[row["person_id"]]: row["traits"] for row in known} == {
        f"u{n}": {f"spell{number}": int(n > ROUNDS - 20 - number) for number in spells} for n in range(1, ROUNDS + 1)
    }
    crowd.now += timedelta(hours=3)
    crowd.settle()
    ways = defaultdict(list)
    for who, way, _ in crowd.facts(recent):
        ways[who].append(way)
    assert ways == {f"u{n}": ["in", "out"] for n in range(1, ROUNDS + 1)}
