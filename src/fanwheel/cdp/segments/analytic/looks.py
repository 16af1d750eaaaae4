"""A look at who would be in a segment, before it is saved or while its rule is typed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.analytic.answers import Ids
from fanwheel.cdp.segments.analytic.leaves import Leaf, combine, leaves_of
from fanwheel.cdp.segments.analytic.scenes import Scene, Scenes
from fanwheel.cdp.segments.rules.moments import epoch_us
from fanwheel.cdp.segments.rules.walking import walk
from fanwheel.infra.settings import Settings

if TYPE_CHECKING:
    from pyroaring import BitMap

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SAMPLE: Final = 20
WORTH_GUESSING: Final = 20_000  # people; fewer are looked at in no time
_scenes: Final = Scenes()


class Part(NamedTuple):
    """How many people meet one condition of a rule, whatever the others say."""

    path: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Who is in at ``as_of``, which is at most a minute ago.

    ``members`` are their ids, ascending; ``sample`` are some of them, chosen evenly; ``reachable`` says how many of
    them may be reached on each channel; ``parts`` has the rule's conditions, the outer ones first. Of a guess the
    numbers are scaled up from one person in sixteen, who are ``members``; 19 times in 20 the true count is from ``low``
    to ``high``.
    """

    as_of: datetime
    is_guess: bool
    everybody: int
    count: int
    low: int
    high: int
    members: Ids
    sample: list[int]
    reachable: dict[str, int]
    parts: list[Part]


def preview(
    settings: Settings, dsn: str, workspace: int, rule: tree.Rule, now: datetime, *, may_guess: bool = False
) -> Preview:
    """Who would be in. What is known of single conditions is kept for a minute, so a change costs what is new in it.

    With ``may_guess`` the answer may come from a share of the people, unless all is known already; ask again without
    for the exact one.
    """
    leaves = leaves_of([rule])
    with open_to_look(settings, dsn, workspace, now) as scene:
        return take(scene, rule, leaves, may_guess=may_guess)


@contextmanager
def open_to_look(settings: Settings, dsn: str, workspace: int, now: datetime) -> Iterator[Scene]:
    """A scene of the last minute that nobody else looks at meanwhile."""
    while True:
        scene = _scenes.find(settings, dsn, workspace, now_us=epoch_us(now))
        with scene.lock:
            if scene.is_open:
                yield scene
                return


def forget() -> None:
    """Give back what is kept for further looks."""
    _scenes.close()


def take(scene: Scene, rule: tree.Rule, leaves: Mapping[bytes, Leaf], *, may_guess: bool) -> Preview:
    """A look at a scene, or at its share."""
    if may_guess and scene.share is not None and not scene.holds(leaves) and len(scene.people) >= WORTH_GUESSING:
        scene.share.hold(leaves)
        return _look(scene.share, rule, everybody=len(scene.people))
    scene.hold(leaves)
    return _look(scene, rule, everybody=len(scene.people))


def _look(scene: Scene, rule: tree.Rule, *, everybody: int) -> Preview:
    def meeting(condition: tree.Condition) -> "BitMap":
        return combine(condition, scene.held, everybody=scene.everybody)

    found = meeting(rule.condition)
    guess = scene.guess(found)
    places = np.unique(np.linspace(0, max(0, len(found) - 1), min(_SAMPLE, len(found))).astype(int)).tolist()
    return Preview(
        as_of=_EPOCH + timedelta(microseconds=scene.now_us),
        is_guess=len(scene.people) < everybody,
        everybody=everybody,
        count=guess.people,
        low=guess.low,
        high=guess.high,
        members=scene.ids(found),
        sample=[int(scene.people[found[place]]) for place in places],
        reachable={channel: scene.guess(found & bits).people for channel, bits in scene.reachable.items()},
        parts=[Part(path, scene.guess(meeting(condition)).people) for path, condition in walk(rule.condition)],
    )
