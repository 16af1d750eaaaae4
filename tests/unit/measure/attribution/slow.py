"""The same answers by definition: plain loops, one removal or one permutation at a time."""

import itertools
import math
import random
from collections import Counter, defaultdict
from typing import Any

import numpy as np

from fanwheel.measure import attribution
from fanwheel.measure.attribution import Paths

Row = dict[str, Any]


def random_table(seed: int, *, channels: int = 5, rows: int = 60, longest: int = 6) -> list[Row]:
    rng = random.Random(seed)
    names = [f"c{number}" for number in range(channels)]
    table = []
    for _ in range(rows):
        conversions = rng.choice((0, 0, 1, 3))
        table.append(
            {
                "path": [rng.choice(names) for _ in range(rng.randint(1, longest))],
                "conversions": conversions,
                "non_conversions": rng.choice((0, 1, 5)),
                "value": conversions * rng.choice((0.0, 10.0, 2.5)),
            }
        )
    table.append({"path": names, "conversions": 1, "non_conversions": 1, "value": 7.0})
    return table


def paths_of(table: list[Row]) -> Paths:
    return attribution.read_paths({name: [row[name] for row in table] for name in table[0]} | {"path": _lists(table)})


def _lists(table: list[Row]) -> list[str]:
    return [" > ".join(row["path"]) for row in table]


def removal_effects(table: list[Row], order: int, amount: str) -> dict[str, float]:
    """For each channel: build the chain, cut every state that contains it, and solve what is left."""
    visits: Counter[tuple[str, ...]] = Counter()
    moves: Counter[tuple[tuple[str, ...], tuple[str, ...]]] = Counter()
    begin: Counter[tuple[str, ...]] = Counter()
    earned: dict[tuple[str, ...], float] = defaultdict(float)
    for row in table:
        weight = row["conversions"] + row["non_conversions"]
        states = [tuple(row["path"][max(0, end - order) : end]) for end in range(1, len(row["path"]) + 1)]
        begin[states[0]] += weight
        visits.update({state: weight * count for state, count in Counter(states).items()})
        for pair in itertools.pairwise(states):
            moves[pair] += weight
        earned[states[-1]] += row[amount]
    names = sorted({step for row in table for step in row["path"]})
    whole = _expected(visits, moves, begin, earned, removed=None)
    return {name: 1 - _expected(visits, moves, begin, earned, removed=name) / whole for name in names}


def _expected(visits: Any, moves: Any, begin: Any, earned: Any, *, removed: str | None) -> float:
    states = [state for state, count in visits.items() if count and removed not in state]
    place = {state: number for number, state in enumerate(states)}
    if not states:
        return 0.0
    step = np.zeros((len(states), len(states)))
    for (one, other), count in moves.items():
        if one in place and other in place:
            step[place[one], place[other]] = count / visits[one]
    reward = np.array([earned[state] / visits[state] for state in states])
    entry = np.array([begin[state] for state in states]) / sum(begin.values())
    return float(entry @ np.linalg.solve(np.eye(len(states)) - step, reward))


def shapley(worth: np.ndarray[Any, Any]) -> list[float]:
    """Every order of joining, one after the other."""
    players = range(int(math.log2(len(worth))))
    values = [0.0 for _ in players]
    orders = list(itertools.permutations(players))
    for order in orders:
        joined = 0
        for player in order:
            values[player] += (worth[joined | 1 << player] - worth[joined]) / len(orders)
            joined |= 1 << player
    return values


def worth_of(table: list[Row], by: str) -> np.ndarray[Any, Any]:
    """What each set of channels is worth, set by set."""
    names = sorted({step for row in table for step in row["path"]})
    worth = np.zeros(1 << len(names))
    for chosen in range(1, len(worth)):
        members = {name for place, name in enumerate(names) if chosen >> place & 1}
        inside = [row for row in table if set(row["path"]) <= members]
        converted = sum(row["conversions"] for row in inside)
        walked = sum(row["conversions"] + row["non_conversions"] for row in inside)
        worth[chosen] = converted if by == "count" else converted / walked if walked else 0.0
    return worth


def build(touches: list[Row], sales: list[Row], *, days: float, overlap: bool) -> tuple[Counter[Any], Counter[Any]]:
    """Converting paths and paths to nowhere, person by person."""
    converting: Counter[Any] = Counter()
    lost: Counter[Any] = Counter()
    for person in {row["person"] for row in [*touches, *sales]}:
        mine = sorted((row["at"], row["channel"]) for row in touches if row["person"] == person)
        orders = sorted(row["at"] for row in sales if row["person"] == person)
        used: set[int] = set()
        for at in orders:
            inside = [place for place, touch in enumerate(mine) if _within(touch[0], at, days)]
            if not overlap:
                inside = [place for place in inside if place not in used]
            used |= set(inside)
            converting[tuple(mine[place][1] for place in inside)] += 1
        journey: list[tuple[Any, Any]] = []
        for touch in (touch for place, touch in enumerate(mine) if place not in used):
            if journey and (touch[0] - journey[-1][0]).total_seconds() > days * 86400:
                lost[tuple(step for _, step in journey)] += 1
                journey = []
            journey.append(touch)
        if journey:
            lost[tuple(step for _, step in journey)] += 1
    return converting, lost


def _within(touched: Any, sold: Any, days: float) -> bool:
    return touched <= sold and (sold - touched).total_seconds() <= days * 86400
