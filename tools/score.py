"""How many of a known world's wasted channels a verdict proves: one JSON line per method.

``python tools/score.py --seeds 0-19 --people 300000 --world harvest``. The truth is the mean of ``--truth-worlds``
worlds, each simulated once with everything on and once with each channel off. With ``--through ingest`` the verdict is
that of a fresh product to which the world's events were sent, else that of the library on the world's tables.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from fanwheel import measure
from fanwheel.measure import world
from fanwheel.measure.verdicts import scoring
from fanwheel.measure.world import effects


def main(arguments: Sequence[str] | None = None) -> int:
    options = read_options(arguments)
    seeds, began = list(_seeds(options.seeds)), time.monotonic()
    with ProcessPoolExecutor(options.processes) as pool:
        truth = _truth(pool, options, seeds)
        tallies: dict[str, scoring.Tally] = {}
        for seed, claims in zip(seeds, claimed(pool, options, seeds), strict=True):
            for method, said in claims.items():
                tally = tallies.setdefault(method, scoring.Tally(method=method, margin=world.MARGIN))
                tally.count(said, truth)
            so_far = tallies["verdict"].line()
            print(f"worlds up to {seed}, after {time.monotonic() - began:.0f} s: {json.dumps(so_far)}", file=sys.stderr)
    sizes = {"world": options.world, "worlds": len(seeds), "people": options.people, "through": options.through}
    for name, iroas in truth.items():
        print(json.dumps({"channel": name, "true_iroas": round(iroas, 3)}), file=sys.stderr)
    for tally in tallies.values():
        print(json.dumps({**sizes, **tally.line()}))
    return 0


def _truth(pool: ProcessPoolExecutor, options: argparse.Namespace, seeds: list[int]) -> dict[str, float]:
    """The true return of each channel over several worlds; 1.2 million people tell no more of it than 300,000."""
    people = min(options.people, 300_000)
    found = list(pool.map(partial(_effects, options.world, people), seeds[: options.truth_worlds]))
    together = found[0]
    for more in found[1:]:
        together = {name: effect.plus(more[name]) for name, effect in together.items()}
    return {name: effect.iroas for name, effect in together.items()}


def _effects(name: str, people: int, seed: int) -> dict[str, effects.Effect]:
    return effects.measure_effects(world.scored_config(name, people=people, seed=seed))


def claimed(
    pool: ProcessPoolExecutor, options: argparse.Namespace, seeds: list[int]
) -> Iterator[dict[str, list[scoring.Claim]]]:
    """What each method claims of each world; products, which use every processor, run one after another."""
    if options.through == "arrays":
        yield from pool.map(partial(_claims, options.world, options.people), seeds)
        return
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from tools import front_door

    for seed in seeds:
        yield front_door.claims(world.scored_config(options.world, people=options.people, seed=seed))


def _claims(name: str, people: int, seed: int) -> dict[str, list[scoring.Claim]]:
    tables = world.World(world.scored_config(name, people=people, seed=seed)).tables
    four = (tables.spend, tables.exposures, tables.assignments, tables.orders)
    rates, currency = dict(tables.config.rates), tables.config.reporting_currency
    known = tables.countable
    found = measure.verdict(
        *four, margin=world.MARGIN, start=tables.start, end=tables.end, currency=currency, rates=rates, people=known
    )
    return scoring.claims_of(found) | scoring.simple_claims(four, found, rates=rates, people=known)


def _seeds(text: str) -> Iterator[int]:
    for part in text.split(","):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def read_options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="0-19")
    parser.add_argument("--people", type=int, default=300_000)
    parser.add_argument("--world", default="harvest", choices=sorted(world.WORLDS))
    parser.add_argument("--through", default="arrays", choices=("arrays", "ingest"))
    parser.add_argument("--truth-worlds", type=int, default=5)
    parser.add_argument("--processes", type=int, default=2)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
