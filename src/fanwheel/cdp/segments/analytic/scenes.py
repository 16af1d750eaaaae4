"""Scenes: who meets which conditions at one instant, kept for a minute so that looks at the same people share them."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from functools import partial
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyroaring import BitMap

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.analytic import datasets
from fanwheel.cdp.segments.analytic.answers import Answers, Ids
from fanwheel.cdp.segments.analytic.build import NOBODY, Rows
from fanwheel.cdp.segments.analytic.compiler import compile_asked, compile_gathering, compile_leaves
from fanwheel.cdp.segments.analytic.guessing import Guess, scale, together
from fanwheel.cdp.segments.analytic.leaves import Leaf, key_of
from fanwheel.cdp.segments.analytic.passes import ask, gather
from fanwheel.cdp.segments.analytic.people import Wants
from fanwheel.cdp.segments.analytic.values import Place
from fanwheel.infra.engine import Engine, open_engine
from fanwheel.infra.settings import Settings

Reading: TypeAlias = AbstractContextManager[Rows]
Read: TypeAlias = Callable[[Iterable[Leaf]], Reading]
_FRESH_S: Final = 60.0
_MOST: Final = 2
_MANY: Final = 2  # other homes of one person, or more
_HOMES: Final = "SELECT home_id, person_id FROM person_map"


class Scene:
    """One workspace at one instant. People are numbered in the order of their ids; bitmaps hold these numbers.

    ``share`` is the same of one person in sixteen, from events that are read in a fraction of the time. Who came of a
    merge lacks some there, unless all homes are in the share: of ``groups``, people of as many homes each, the first
    are those of whom all is seen, and the second how many there are of all people.
    """

    def __init__(self, engine: Engine, place: Place, channels: pa.Table, read: Read) -> None:
        self._engine = engine
        self._place = place
        self._read = read
        self._held: dict[bytes, BitMap] = {}
        self.lock = threading.Lock()
        self.is_open = True
        self.share: Scene | None = None
        ids = channels["person_id"].to_numpy()
        order = np.argsort(ids)
        if place.events == "event_share":
            order = order[ids[order] % datasets.SHARES == 0]
        self.people: Ids = ids[order]
        self.everybody = BitMap(range(len(order)))
        self.groups = [(self.everybody, len(self.everybody))]
        if place.events == "event_share":
            self.groups = _groups(self.people, ids, engine.query(_HOMES))
        self.reachable = _by_channel(channels["channels"].combine_chunks(), order)

    @property
    def now_us(self) -> int:
        """The instant, in epoch microseconds."""
        return self._place.now

    def hold(self, leaves: Mapping[bytes, Leaf]) -> None:
        """Find out who meets those of ``leaves`` that nobody has asked for yet."""
        asked = {key: leaf for key, leaf in leaves.items() if key not in self._held}
        if not asked:
            return
        answers = Answers(self.people)
        plan = compile_leaves(asked.values(), self._place, engine=self._engine.name)
        if any(not isinstance(leaf, tree.Event | tree.Sequence) for leaf in asked.values()):
            self._ask_for_rows(answers, asked, plan.people.wants if plan.people else None)
        ask(self._engine, plan, self._place, answers)
        for key in asked:
            self._held[key] = BitMap(answers.places(answers.held(key)))

    def hold_over(self, leaves: Mapping[bytes, Leaf], instants_us: Sequence[int]) -> list[dict[bytes, BitMap]]:
        """Who met those of ``leaves`` that ask for events at each of some instants, all from one look at the events."""
        asking = {key: leaf for key, leaf in leaves.items() if isinstance(leaf, tree.Event | tree.Sequence)}
        places = [replace(self._place, now=instant) for instant in instants_us]
        gathering = compile_gathering(asking.values(), places, engine=self._engine.name)
        if gathering is None:
            return [{} for _ in places]
        answers = [Answers(self.people) for _ in places]
        asked = [compile_asked(list(asking.values()), place, gathering) for place in places]
        for _ in gather(self._engine, gathering, self._place):
            for statements, each in zip(asked, answers, strict=True):
                for statement in statements:
                    each.ask(self._engine, statement)
        return [{key: BitMap(each.places(each.held(key))) for key in asking} for each in answers]

    def holds(self, leaves: Mapping[bytes, Leaf]) -> bool:
        """Whether all of ``leaves`` are known."""
        return leaves.keys() <= self._held.keys()

    def held(self, leaf: Leaf) -> BitMap:
        """Who meets a condition."""
        return self._held[key_of(leaf)]

    def guess(self, bits: BitMap) -> Guess:
        """How many of all people some of these stand for; just as many if these are all."""
        return together(
            scale(bits.intersection_cardinality(seen), len(seen), everybody) for seen, everybody in self.groups
        )

    def ids(self, bits: BitMap) -> Ids:
        """The ids of some people, ascending."""
        found: Ids = self.people[np.frombuffer(bits.to_array(), dtype=np.uint32)]
        return found

    def close(self) -> None:
        """Give memory back."""
        self.is_open = False
        self._engine.close()

    def _ask_for_rows(self, answers: Answers, asked: Mapping[bytes, Leaf], wants: Wants | None) -> None:
        with self._read(asked.values()) as rows:
            if wants is not None:
                self._engine.table("person", rows.read_people(wants))
            members = rows.read_members()
        for key, leaf in asked.items():
            if isinstance(leaf, tree.Segment):
                answers.put(key, members.get(leaf.segment_id, NOBODY))


def open_scene(settings: Settings, dsn: str, workspace: int, *, now_us: int) -> Scene:
    """A workspace as it is known now, looked at as of ``now_us``."""
    events = datasets.take_snapshot(settings, dsn, workspace)
    with datasets.read_workspace(dsn, workspace, ()) as known, ExitStack() as stack:
        engine = stack.enter_context(open_engine(settings))
        datasets.fill(engine, events, known.reader, workspace)
        place = datasets.read_place(known.reader, now_us, events=events)
        channels = known.read_channels()
        stack.pop_all()
        return a_pair(engine, place, channels, partial(datasets.read_workspace, dsn, workspace))


def a_pair(engine: Engine, place: Place, channels: pa.Table, read: Callable[..., Reading]) -> Scene:
    """A scene, with one of a share of its people to guess from."""
    scene = Scene(engine, place, channels, read)
    shared = replace(place, events="event_share", parts=())
    scene.share = Scene(engine, shared, channels, partial(read, is_share=True))
    return scene


class Scenes:
    """The newest scenes of some workspaces; for callers in any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], tuple[float, Scene]] = OrderedDict()

    def find(self, settings: Settings, dsn: str, workspace: int, *, now_us: int) -> Scene:
        """A scene of the last minute, or a new one as of ``now_us``."""
        key = (dsn, workspace)
        with self._lock:
            made, scene = self._kept.get(key, (-_FRESH_S, None))
            if scene is not None and time.monotonic() - made < _FRESH_S and abs(now_us - scene.now_us) < _FRESH_S * 1e6:
                self._kept.move_to_end(key)
                return scene
            fresh = open_scene(settings, dsn, workspace, now_us=now_us)
            if scene is not None:
                self._drop(key)
            self._kept[key] = (time.monotonic(), fresh)
            while len(self._kept) > _MOST:
                self._drop(next(iter(self._kept)))
            return fresh

    def close(self) -> None:
        """Forget all."""
        with self._lock:
            for key in list(self._kept):
                self._drop(key)

    def _drop(self, key: tuple[str, int]) -> None:
        _, scene = self._kept.pop(key)
        with scene.lock:  # somebody may be looking
            scene.close()


def _by_channel(told: pa.Array, order: Ids) -> dict[str, BitMap]:
    """Who may be reached on each channel."""
    words = told.dictionary_encode()
    codes = words.indices.to_numpy(zero_copy_only=False)[order]
    found: dict[str, list[int]] = {}
    for code, text in enumerate(words.dictionary.to_pylist()):
        for channel in filter(None, (text or "").split("\n")):
            found.setdefault(channel, []).append(code)
    return {channel: _where(np.isin(codes, held)) for channel, held in sorted(found.items())}


def _groups(people: Ids, everybody: Ids, homes: pa.Table) -> list[tuple[BitMap, int]]:
    """People of one home, of two, and of more: those of a share whose homes are all in it, and how many of all."""
    moved, persons = (homes[name].to_numpy() for name in ("home_id", "person_id"))
    joined, others = np.unique(persons, return_counts=True)
    away = np.unique(persons[moved % datasets.SHARES != 0])

    def kinds(ids: Ids) -> Ids:
        found: Ids = np.zeros(len(ids), dtype=np.int64)
        if len(joined):
            places = np.minimum(np.searchsorted(joined, ids), len(joined) - 1)
            found[:] = np.where(joined[places] == ids, np.minimum(others[places], _MANY), 0)
        return found

    here, every, is_seen = kinds(people), np.bincount(kinds(everybody), minlength=_MANY + 1), ~np.isin(people, away)
    return [(_where(is_seen & (here == kind)), int(count)) for kind, count in enumerate(every.tolist()) if count]


def _where(column: NDArray[np.bool_]) -> BitMap:
    return BitMap(np.flatnonzero(column).astype(np.uint32))
