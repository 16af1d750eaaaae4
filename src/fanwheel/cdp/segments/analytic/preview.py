"""A look at who would be in a segment, before it is saved or while its rule is typed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.analytic.answers import Ids
from fanwheel.cdp.segments.analytic.leaves import combine, leaves_of
from fanwheel.cdp.segments.analytic.scenes import Scene, Scenes
from fanwheel.cdp.segments.rules.moments import epoch_us
from fanwheel.cdp.segments.rules.walking import walk
from fanwheel.infra.settings import Settings

if TYPE_CHECKING:
    from pyroaring import BitMap

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_scenes: Final = Scenes()


class Part(NamedTuple):
    """How many people meet one condition of a rule, whatever the others say."""

    path: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Who is in at ``as_of``, which is at most a minute ago.

    ``members`` are their ids, ascending; ``sample`` are some of them, chosen evenly; ``reachable`` says how many of
    them may be reached on each channel; ``parts`` has the rule's conditions, the outer ones first.
    """

    as_of: datetime
    everybody: int
    count: int
    members: Ids
    sample: list[int]
    reachable: dict[str, int]
    parts: list[Part]


def preview(
    settings: Settings, dsn: str, workspace: int, rule: tree.Rule, now: datetime, *, sample: int = 20
) -> Preview:
    """Who would be in. What is known of single conditions is kept for a minute, so a change costs what is new in it."""
    leaves = leaves_of([rule])
    while True:
        scene = _scenes.find(settings, dsn, workspace, now_us=epoch_us(now))
        with scene.lock:
            if scene.is_open:
                scene.hold(leaves)
                return look(scene, rule, sample=sample)


def forget() -> None:
    """Give back what is kept for further looks."""
    _scenes.close()


def look(scene: Scene, rule: tree.Rule, *, sample: int = 20) -> Preview:
    """The same in a scene that holds all that the rule asks."""

    def meeting(condition: tree.Condition) -> "BitMap":
        return combine(condition, scene.held, everybody=scene.everybody)

    found = meeting(rule.condition)
    places = np.unique(np.linspace(0, max(0, len(found) - 1), min(sample, len(found))).astype(int)).tolist()
    return Preview(
        as_of=_EPOCH + timedelta(microseconds=scene.now_us),
        everybody=len(scene.people),
        count=len(found),
        members=scene.ids(found),
        sample=[int(scene.people[found[place]]) for place in places],
        reachable={channel: found.intersection_cardinality(bits) for channel, bits in scene.reachable.items()},
        parts=[Part(path, len(meeting(condition))) for path, condition in walk(rule.condition)],
    )
