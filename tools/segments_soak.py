"""Judges worlds at random for hours, and prints each on which statements, evaluator and reference do not agree.

    PYTHONPATH=. .venv/bin/python tools/segments_soak.py --hours 8 [--seed 1000000]

A line that it prints names a seed; ``--seed`` with it shows the same world first.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from tests.support.segments_agreement import judge


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--hours", type=float, default=1.0)
    options.add_argument("--seed", type=int, default=1_000_000)
    given = options.parse_args()
    until, seed, cases, faults = time.monotonic() + given.hours * 3600, given.seed, 0, 0
    while time.monotonic() < until:
        found, judged = look(seed)
        for fault in found:
            print(f"seed {seed}: {fault}", flush=True)
        faults, cases, seed = faults + len(found), cases + judged, seed + 1
        if seed % 20 == 0:
            print(f"{cases} cases to seed {seed - 1}, {faults} faults", flush=True)
    print(f"{cases} cases, {faults} faults")
    return 1 if faults else 0


def look(seed: int) -> tuple[list[str], int]:
    """What is wrong in the world of a seed, and how many rules it judged; few rules tell more of when they turn."""
    rules = 40 if seed % 4 == 0 else 2
    with tempfile.TemporaryDirectory(prefix="fw-soak-") as folder:
        judged = judge(seed, Path(folder), homes=9, rules=rules)
    return judged.differences + judged.changed_early(Random(seed)), rules  # noqa: S311 - chance, not secrecy


if __name__ == "__main__":
    sys.exit(main())
