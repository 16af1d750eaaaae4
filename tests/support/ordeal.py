"""A broadcast through the running product to simulated platforms, while all of them are hurt at random."""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs, urlsplit

import httpx
import psycopg

from fanwheel.entrypoints.simulator import Simulator
from fanwheel.infra.postgres import process
from fanwheel.kernel.clock import utc_now
from tests.support.ordeal_stage import NUMBER, TEXTS, WINNER, Plan, Stage, person_of
from tests.support.product import Product

_END_LEASES: Final = """
UPDATE intent SET leased_until = now() WHERE state IN ('claimed', 'sending') AND leased_until <= %s
"""
_SENDING_LEASE: Final = timedelta(seconds=45)
# Transactions that hold a broadcast and have written intents: portions that are being handed to the send path.
_PORTIONS: Final = """
SELECT DISTINCT activity.pid, activity.backend_xid::text
  FROM pg_stat_activity AS activity
  JOIN pg_locks AS held ON held.pid = activity.pid AND held.relation = 'broadcast'::regclass
   AND held.mode = 'RowShareLock'
  JOIN pg_locks AS written ON written.pid = activity.pid AND written.relation = 'intent'::regclass
   AND written.mode = 'RowExclusiveLock'
 WHERE activity.backend_xid IS NOT NULL
"""
_AMID_S: Final = 5.0


@dataclass
class Told:
    """What happened, as the report prints it."""

    people: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    lost_portions: int = 0  # that a kill undid
    dropped: int = 0  # a platform took it and did not answer
    cut_off: int = 0  # a platform took it, and who had asked was killed before writing the answer down
    duplicates: int = 0
    reported: int = 0
    seconds: float = 0.0
    ended: dict[str, int] = field(default_factory=dict)


class Standing(NamedTuple):
    """How far a broadcast is; ``released``: the share of its people that was handed to the send path."""

    state: str
    phase: str
    released: float


class Heard(NamedTuple):
    """A message that a platform took, however often."""

    person: int
    intent: int
    channel: str
    variant: str


class Ordeal:
    """One broadcast and its misfortunes."""

    def __init__(self, product: Product, simulator: Simulator, plan: Plan) -> None:
        self.product, self.simulator, self.plan = product, simulator, plan
        self.platforms = {name: simulator.platform(name) for name in ("whatsapp", "sms")}
        self.told = Told(plan.people)
        self.losses: Counter[int] = Counter()  # answers that were lost, by intent
        self.stage = Stage(product, simulator, plan)
        self.broadcast_id = 0
        self._rng = random.Random(plan.seed)
        self._dsn = product.dsn
        self._drops_seen: Counter[str] = Counter()
        self._is_over = False

    @property
    def step(self) -> str:
        """What its messages are known by."""
        return f"broadcast:{self.broadcast_id}"

    def prepare(self) -> None:
        """People, channels and a broadcast that is launched."""
        workspace = int(self.rows("SELECT min(workspace_id) FROM workspace")[0][0])
        self.broadcast_id = self.stage.set(workspace)

    # ------------------------------------------------------------ amid
    def endure(self) -> None:
        """Let it go out, with kills and weather as the seed has them, and come back when all is settled."""
        begun = time.monotonic()
        reporting = asyncio.run_coroutine_threadsafe(self._report(), self.simulator._loop)  # type: ignore[arg-type]
        blows, expected = self._blows(), min(self.plan.quota, self.plan.people)
        next_weather, standing = 0.0, Standing("", "", 0.0)
        while blows or standing.state != "done":
            assert time.monotonic() - begun < 60 * self.plan.minutes, self._standing()
            standing = self._look() or standing
            if standing.phase == "deciding":
                self._decide()
            if blows and (standing.released >= blows[0][0] or standing.state == "done"):
                self._strike(blows.pop(0)[1])
            progress = self.taken / expected
            if progress >= next_weather:
                next_weather += 0.03
                self._change_weather(progress)
            time.sleep(0.25)
        self._set_faults(duplicate=0.2)
        self._is_over = True
        self.told.reported = reporting.result(120)
        self._let_it_settle()
        self.told.seconds = round(time.monotonic() - begun, 1)

    @property
    def taken(self) -> int:
        """How many messages the platforms took."""
        return sum(int(platform.taken) for platform in self.platforms.values())

    def _look(self) -> Standing | None:
        """How far the broadcast is; while the database is down nobody knows."""
        try:
            sql = "SELECT state, phase, released::float / people FROM broadcast WHERE broadcast_id = %s"
            return Standing(*self.rows(sql, self.broadcast_id)[0])
        except psycopg.OperationalError:
            return None

    def _decide(self) -> None:
        """Let the rest hear a variant, as whoever looks at the report would; if that fails now, the next look will."""
        path = f"{self.product.url}/api/broadcasts/{self.broadcast_id}/decide"
        headers = {"Authorization": f"Bearer {self.product.server_key}"}
        try:
            httpx.post(path, json={"variant": WINNER}, headers=headers, timeout=5)
        except httpx.TransportError:
            return

    def _blows(self) -> list[tuple[float, str]]:
        """What is killed when so large a share of the people has been handed to the send path."""
        kills = list(self.plan.kills)
        self._rng.shuffle(kills)
        return [(0.7 * (place + self._rng.random()) / len(kills), kill) for place, kill in enumerate(kills)]

    def _change_weather(self, progress: float) -> None:
        faults: dict[str, float] = {"duplicate": 0.2}
        if progress < 0.9:
            kind = self._rng.choice(["fine", "slow", "failing", "losing", "all"])
            if kind in {"slow", "all"}:
                faults["delay_s"] = self._rng.uniform(0.02, 0.15)
            if kind in {"failing", "all"}:
                faults["fail"] = self._rng.uniform(0.02, 0.2)
            if kind in {"losing", "all"}:
                faults["drop_answer"] = self._rng.uniform(0.005, 0.03)
        self._set_faults(**faults)

    def _set_faults(self, **faults: float) -> None:
        for name in self.platforms:
            self.simulator.set_faults(name, **faults)

    def _strike(self, blow: str) -> None:
        self.told.kills[blow] += 1
        what, _, when = blow.partition(" amid ")
        wait_for(lambda: self._look() is not None and self._pid("worker") is not None)
        worker = self._pid("worker") if when else None
        portions = self._freeze_amid_a_portion(worker) if worker is not None else []
        struck_at = utc_now()
        if what == "product":
            self.product.kill()
            self.product.start()
        else:
            wait_for(lambda: self._kill(what))
        if what in {"product", "worker"}:
            self._count_cut_off(struck_at)
        if worker is not None:
            self._count_lost(portions, is_database=what == "database")
            if what != "worker":
                os.kill(worker, signal.SIGCONT)

    def _kill(self, what: str) -> bool:
        pid = self._pid(what)
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
        return pid is not None

    def _freeze_amid_a_portion(self, worker: int) -> list[tuple[int, str]]:
        """Stop the worker while it hands a portion of people to the send path; its transactions, none if none comes."""
        until = time.monotonic() + _AMID_S
        with psycopg.connect(self._dsn, autocommit=True) as conn:
            while time.monotonic() < until:
                if conn.execute(_PORTIONS.encode()).fetchone() is None:
                    continue
                os.kill(worker, signal.SIGSTOP)
                time.sleep(0.02)  # what it had asked for by then is done
                if found := conn.execute(_PORTIONS.encode()).fetchall():
                    return found
                os.kill(worker, signal.SIGCONT)
        return []

    def _count_lost(self, portions: list[tuple[int, str]], *, is_database: bool) -> None:
        """Which portions were undone by the end of who had begun them."""
        if is_database:  # it gives the numbers of what it forgot to others
            wait_for(lambda: not any(process.is_alive(pid) for pid, _ in portions))
            self.told.lost_portions += len(portions)
            return
        wait_for(lambda: all(self._fate_of(each) != "in progress" for _, each in portions))
        self.told.lost_portions += sum(self._fate_of(each) == "aborted" for _, each in portions)

    def _fate_of(self, transaction: str) -> str:
        return str(self.rows("SELECT pg_xact_status(%s::text::xid8)", transaction)[0][0])

    def _pid(self, what: str) -> int | None:
        if what == "database":
            claim = process.read_pid_file(self.product.home / "postgres/data")
            return claim.pid if claim is not None and process.is_alive(claim.pid) else None
        assert self.product._process is not None
        return next(children(self.product._process.pid, f" {what}"), None)

    def _count_cut_off(self, struck_at: datetime) -> None:
        """Which messages were on their way when their sender was killed, and had been taken."""
        time.sleep(0.3)  # what was on the line by then has been taken
        self._count_drops()
        until = struck_at + _SENDING_LEASE
        sql = "SELECT intent_id FROM intent WHERE step = %s AND state = 'sending' AND leased_until <= %s"
        takes = self.takes()
        for (intent_id,) in self.rows(sql, self.step, until):
            if takes[intent_id] > self.losses[intent_id]:
                self.losses[intent_id] += 1
                self.told.cut_off += 1
        if self.plan.ends_leases:
            with psycopg.connect(self._dsn, autocommit=True) as conn:
                conn.execute(_END_LEASES.encode(), [struck_at + timedelta(seconds=60)])

    def _count_drops(self) -> None:
        for name, platform in self.platforms.items():
            dropped = platform.unanswered[self._drops_seen[name] :]
            self._drops_seen[name] += len(dropped)
            self.told.dropped += len(dropped)
            self.losses.update(_intent_of(taken) for taken in dropped)

    async def _report(self) -> int:
        """Tell the product of every tenth message that it arrived, again and again until it has heard it."""
        rng, waiting, told = random.Random(self.plan.seed), [], 0
        seen: Counter[str] = Counter()
        while True:
            for name, platform in self.platforms.items():
                fresh = list(platform.messages)[seen[name] :]
                seen[name] += len(fresh)
                waiting += [(name, taken) for taken in fresh if rng.random() < 0.1]
            batch, waiting = waiting[:50], waiting[50:]
            for name, taken in batch:
                answered = await self.platforms[name].do("report", _words(name, taken))
                if answered["status"] in {200, 204}:
                    told += 1
                else:
                    waiting.append((name, taken))
            if self._is_over and not waiting and sum(seen.values()) == self.taken:
                return told
            await asyncio.sleep(0.2)

    def _let_it_settle(self) -> None:
        left = "SELECT (SELECT count(*) FROM fact_outbox) + (SELECT count(*) FROM inbound WHERE state = 'waiting')"
        wait_for(lambda: self.rows(left) == [(0,)])
        self._count_drops()
        self.told.duplicates = sum(count - 1 for count in self.takes().values())
        sql = """SELECT concat_ws(' ', channel, state, rule), count(*) FROM intent
                  WHERE step = %s AND fallback IS DISTINCT FROM 'did' GROUP BY 1 ORDER BY 1"""
        self.told.ended = dict(self.rows(sql, self.step))

    # ------------------------------------------------------------ after
    def rows(self, sql: str, *values: object) -> list[Any]:
        """What a statement gives the owner of the tables."""
        with psycopg.connect(self._dsn, autocommit=True, connect_timeout=5) as conn:
            return conn.execute(sql.encode(), values or None).fetchall()

    def takes(self) -> Counter[int]:
        """How often a platform took a message, by intent."""
        return Counter(_intent_of(taken) for each in self.platforms.values() for taken in list(each.messages))

    def heard(self) -> set[Heard]:
        """Who heard which variant on which channel, each message once."""
        return {
            Heard(person_of(taken.to), _intent_of(taken), name, _variant_of(taken))
            for name, platform in self.platforms.items()
            for taken in platform.messages
        }

    def list_people(self) -> Iterator[dict[str, Any]]:
        """Everybody of the broadcast, as its pages of people show them."""
        cursor: dict[str, str] = {}
        while True:
            page = self.product.get(f"/api/broadcasts/{self.broadcast_id}/people", limit=200, **cursor)
            yield from page["items"]
            if page["next_cursor"] is None:
                return
            cursor = {"cursor": page["next_cursor"]}

    def _standing(self) -> str:
        log = (self.product.home / "product.log").read_text()[-3000:]
        states = self.rows("SELECT channel, state, rule, count(*) FROM intent GROUP BY 1, 2, 3")
        return f"it does not end: {self._look()}, {states}, taken {self.taken}\n{log}"


def children(parent: int, word: str) -> Iterator[int]:
    """Processes that ``parent`` started whose command line has ``word``."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            ppid = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError, ValueError):
            continue
        if ppid == parent and word in process.command_line(int(folder.name)):
            yield int(folder.name)


def wait_for(what: Callable[[], bool]) -> None:
    """Wait until ``what`` holds, and fail if it does not come to hold."""
    deadline = time.monotonic() + 120
    while True:
        try:
            if what():
                return
        except (psycopg.OperationalError, httpx.TransportError):
            pass
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.1)


def _words(name: str, taken: Any) -> dict[str, str]:
    """What a platform is told to say of a message."""
    account = {"phone_number_id": NUMBER} if name == "whatsapp" else {"account": TEXTS}
    return {**account, "message": taken.platform_id, "person": taken.to, "state": "delivered"}


def _intent_of(taken: Any) -> int:
    """The intent in our own key, which each platform gives back with every receipt."""
    if "StatusCallback" in taken.what:
        key = parse_qs(urlsplit(taken.what["StatusCallback"]).query)["message"][0]
    else:
        key = str(taken.what["biz_opaque_callback_data"])
    return int(key.split("-")[2])


def _variant_of(taken: Any) -> str:
    if "Body" in taken.what:
        return str(taken.what["Body"]).split()[1]
    return str(taken.what["template"]["name"])[-1].upper()
