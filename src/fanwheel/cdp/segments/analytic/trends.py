"""How many would have been in, week by week, by a rule that is not saved."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.analytic.leaves import Leaf, combine, key_of, leaves_of
from fanwheel.cdp.segments.analytic.looks import WORTH_GUESSING, open_to_look
from fanwheel.cdp.segments.analytic.scenes import Scene
from fanwheel.infra.settings import Settings

if TYPE_CHECKING:
    from pyroaring import BitMap

WEEKS: Final = 13
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_WEEK: Final = timedelta(weeks=1)


class Point(NamedTuple):
    """How many were in at an instant: if it is a guess, about so many, and 19 times in 20 from ``low`` to ``high``."""

    at: datetime
    people: int
    low: int
    high: int


class Trend(NamedTuple):
    """Thirteen weeks, the last point at most a minute ago; a guess is from one person in sixteen."""

    is_guess: bool
    points: list[Point]


def trend(settings: Settings, dsn: str, workspace: int, rule: tree.Rule, now: datetime) -> Trend:
    """How many would have been in week by week.

    What people did counts as of then, and only people who were known then. All else that is known of them counts as it
    is today: what it was is not kept for everything.
    """
    leaves = leaves_of([rule])
    with open_to_look(settings, dsn, workspace, now) as scene:
        return take_trend(scene, rule, leaves)


def take_trend(scene: Scene, rule: tree.Rule, leaves: Mapping[bytes, Leaf]) -> Trend:
    """The trend of a scene, or a guess from its share."""
    everybody = len(scene.people)
    seen = scene.share if scene.share is not None and everybody >= WORTH_GUESSING else scene
    now = _EPOCH + timedelta(microseconds=seen.now_us)
    instants = [now - week * _WEEK for week in range(WEEKS, -1, -1)]
    known = [tree.Field(name="first_seen_at", test=tree.Before(at=at + timedelta(microseconds=1))) for at in instants]
    steady = {key: leaf for key, leaf in leaves.items() if not isinstance(leaf, tree.Event | tree.Sequence)}
    seen.hold({**steady, **{key_of(leaf): leaf for leaf in known}})
    held = seen.hold_over(leaves, [round((at - _EPOCH) / timedelta(microseconds=1)) for at in instants])
    found = [
        combine(rule.condition, _answer(seen, then), everybody=seen.everybody) & seen.held(leaf)
        for then, leaf in zip(held, known, strict=True)
    ]
    guesses = [seen.guess(bits) for bits in found]
    points = [Point(at, *guess) for at, guess in zip(instants, guesses, strict=True)]
    return Trend(is_guess=len(seen.people) < everybody, points=points)


def _answer(scene: Scene, then: Mapping[bytes, "BitMap"]) -> Callable[[Leaf], "BitMap"]:
    def held(leaf: Leaf) -> "BitMap":
        return then[key] if (key := key_of(leaf)) in then else scene.held(leaf)

    return held
