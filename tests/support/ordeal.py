"""A broadcast through the running product to a simulated platform, while both are hurt at random."""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

import httpx
import psycopg

from fanwheel.cdp import consent, persons
from fanwheel.domains.private.channels.contracts import Template
from fanwheel.entrypoints.simulator import Simulator
from fanwheel.infra.access import Role, service
from fanwheel.infra.postgres import Database, process
from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.ids import HomeId
from fanwheel.loop.operate import reach
from tests.support.product import Product

STEP: Final = "broadcast:1"
_NUMBER, _TOKEN, _SECRET, _TEMPLATE = "106540352242922", "ordeal-token", "ordeal-secret", "spring"
_PORTION: Final = 10_000
# What becomes of people is known beforehand: one in so many of each fate.
_ONE_IN: Final = 50
FATES: Final = {
    "silent": ("skipped", "consent"),
    "withdrawn": ("skipped", "consent"),
    "suppressed": ("skipped", "suppressed"),
    "unreachable": ("skipped", "address"),
}
REACHABLE: Final = {("sent", None), ("held_out", "holdout"), ("skipped", "quota"), ("unclear", "quota")}
_END_LEASES: Final = """
UPDATE intent SET leased_until = now() WHERE state IN ('claimed', 'sending') AND leased_until <= %s
"""
_SENDING_LEASE: Final = timedelta(seconds=45)
_CROWD: Final = """
WITH known AS (
    INSERT INTO identifier (workspace_id, identifier_hash, kind, value, home_id, person_id, first_seen_at)
    SELECT %(workspace)s, hash, kind, value, number, number, now() - interval '30 days' FROM given
), living AS (
    INSERT INTO person (workspace_id, person_id, first_seen_at, last_seen_at, introduced_at)
    SELECT %(workspace)s, number, now(), now(), now() FROM given
), further AS (
    SELECT setval('person_home_id', max(number) + 1) FROM given
), said AS (
    INSERT INTO consent (workspace_id, home_id, channel, purpose, is_granted, decided_at, evidence)
    SELECT %(workspace)s, number, 'whatsapp', 'marketing', fate <> 'withdrawn', now() - interval '1 day',
           '{"event": "Form Submitted", "proof": "form 1"}'
      FROM given WHERE fate <> 'silent'
)
SELECT count(*) FROM further
"""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How large it is, how fast the platform takes messages, and what is killed, in an order that the seed decides."""

    people: int
    quota: int  # people whom the platform lets a number write to in a day
    per_second: int  # that the platform takes
    at_once: int
    kills: tuple[str, ...]
    ends_leases: bool = False  # at once, instead of in a minute
    seed: int = 7
    minutes: int = 10


@dataclass
class Told:
    """What happened, as the report prints it."""

    kills: Counter[str] = field(default_factory=Counter)
    dropped: int = 0  # the platform took it and did not answer
    cut_off: int = 0  # the platform took it, and who had asked was killed before writing the answer down
    duplicates: int = 0
    reported: int = 0
    seconds: float = 0.0
    states: dict[str, int] = field(default_factory=dict)


class Ordeal:
    """One broadcast and its misfortunes."""

    def __init__(self, product: Product, simulator: Simulator, plan: Plan) -> None:
        self.product, self.simulator, self.plan = product, simulator, plan
        self.platform = simulator.platform("whatsapp")
        self.told = Told()
        self.losses: Counter[int] = Counter()  # answers that were lost, by intent
        self.fates = {number: _fate(number) for number in range(1, plan.people + 1)}
        self._rng = random.Random(plan.seed)
        self._dsn = product.dsn
        self._workspace = int(self.rows("SELECT min(workspace_id) FROM workspace")[0][0])
        self._drops_seen = 0
        self._is_over = False

    # ------------------------------------------------------------ before
    def prepare(self) -> None:
        """People with their fates, a number of WhatsApp, its quota, and a broadcast to everybody."""
        self._settle_in()
        self.product.server_key = asyncio.run(self._make_key())
        account = self._connect()
        asyncio.run(self._intend(account))

    async def _make_key(self) -> str:
        async with await Database.open(self._dsn, max_size=1) as db, db.transaction(self._workspace) as tx:
            return (await service.add_key(tx, "cli", kind="server", name="Ordeal", role=Role.OWNER))[1]

    def _settle_in(self) -> None:
        with psycopg.connect(self._dsn, autocommit=True) as conn:
            conn.execute("CREATE TEMPORARY TABLE given (number bigint, hash uuid, kind text, value text, fate text)")
            with conn.cursor().copy("COPY given FROM STDIN") as copy:
                for number, fate in self.fates.items():
                    kind, value = ("user_id", f"u{number}") if fate == "unreachable" else ("phone", _phone(number))
                    copy.write_row([number, persons.identifier_hash(kind, value), kind, value, fate])
            conn.execute(_CROWD.encode(), {"workspace": self._workspace})
            conn.execute("ANALYZE")

    def _connect(self) -> int:
        api = self.product.api
        values = {
            "phone_number_id": _NUMBER,
            "access_token": _TOKEN,
            "app_secret": _SECRET,
            "base_url": f"{self.simulator.url}/whatsapp",
        }
        account = api("POST", "/api/channels/accounts", json={"channel": "whatsapp", "name": "W", "values": values})
        path = account["callback_url"].partition("/hooks/")[2]
        self.simulator.do(
            "whatsapp",
            "connect",
            phone_number_id=_NUMBER,
            access_token=_TOKEN,
            app_secret=_SECRET,
            callback_url=f"{self.product.url}/hooks/{path}",
            verify_token=account["settings"]["verify_token"],
            templates=[_TEMPLATE],
            per_second=self.plan.per_second,
            daily=self.plan.quota,
        )
        number = int(account["account_id"])
        api("PUT", "/api/reach/rules", json={"caps": [], "quiet": [], "holdouts": {"universal": 0.05, "channel": 0}})
        api(
            "PATCH",
            f"/api/reach/senders/{number}",
            json={"per_second": self.plan.per_second, "when_unclear": "twice", "at_once": self.plan.at_once},
        )
        allowances = api("GET", "/api/reach/allowances")["items"]
        quota = next(each["allowance_id"] for each in allowances if each["name"] == "whatsapp_template")
        api("PATCH", f"/api/reach/allowances/{quota}", json={"most": self.plan.quota})
        return number

    async def _intend(self, account_id: int) -> None:
        wish = reach.Wish(
            home_id=HomeId(0),
            step=STEP,
            channel="whatsapp",
            account_id=account_id,
            purpose="marketing",
            parts=(Template(name=_TEMPLATE, language="en"),),
            expires_at=utc_now() + timedelta(hours=2),
        )
        settings = Settings(home=self.product.home)
        refused = [number for number, fate in self.fates.items() if fate == "suppressed"]
        entries = [consent.Entry("phone", _phone(number), "whatsapp", "manual") for number in refused]
        async with await Database.open(self._dsn, max_size=1) as db:
            async with db.transaction(self._workspace) as tx:
                await consent.suppress(tx, consent.AddressHasher(settings), entries, actor="system", now=utc_now())
                wording = await reach.word(tx, wish)
            homes = list(self.fates)
            for first in range(0, len(homes), _PORTION):
                async with db.transaction(self._workspace) as tx:
                    await reach.intend_many(tx, wish, homes[first : first + _PORTION], wording_id=wording)

    # ------------------------------------------------------------ amid
    def endure(self) -> None:
        """Let it go out, with kills and weather as the seed has them, and come back when all is settled."""
        begun = time.monotonic()
        reporting = asyncio.run_coroutine_threadsafe(self._report(), self.simulator._loop)  # type: ignore[arg-type]
        blows, expected = self._blows(), min(self.plan.quota, self.plan.people)
        next_weather, taken = 0.0, -1
        while blows or taken != self.platform.taken or self._is_open():
            taken = self.platform.taken
            assert time.monotonic() - begun < 60 * self.plan.minutes, self._standing()
            progress = taken / expected
            if blows and progress >= blows[0][0]:
                self._strike(blows.pop(0)[1])
            if progress >= next_weather:
                next_weather += 0.03
                self._change_weather(progress)
            time.sleep(0.25)
        self.simulator.set_faults("whatsapp", duplicate=0.2)
        self._is_over = True
        self.told.reported = reporting.result(120)
        self._let_it_settle()
        self.told.seconds = round(time.monotonic() - begun, 1)

    def _blows(self) -> list[tuple[float, str]]:
        """When what is killed; the last third is left for leases to end."""
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
        self.simulator.set_faults("whatsapp", **faults)

    def _strike(self, what: str) -> None:
        self.told.kills[what] += 1
        if what == "product":
            struck_at = utc_now()
            self.product.kill()
            self.product.start()
        else:
            wait_for(lambda: self._pid(what) is not None)
            pid = self._pid(what)
            assert pid is not None
            struck_at = utc_now()
            os.kill(pid, signal.SIGKILL)
        if what in {"product", "worker"}:
            self._count_cut_off(struck_at)

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
        for (intent_id,) in self.rows(sql, STEP, until):
            if takes[intent_id] > self.losses[intent_id]:
                self.losses[intent_id] += 1
                self.told.cut_off += 1
        if self.plan.ends_leases:
            with psycopg.connect(self._dsn, autocommit=True) as conn:
                conn.execute(_END_LEASES.encode(), [struck_at + timedelta(seconds=60)])

    def _count_drops(self) -> None:
        dropped = self.platform.unanswered[self._drops_seen :]
        self._drops_seen += len(dropped)
        self.told.dropped += len(dropped)
        self.losses.update(_intent_of(taken) for taken in dropped)

    async def _report(self) -> int:
        """Tell the product of every tenth message that it arrived, again and again until it has heard it."""
        rng, seen, waiting, told = random.Random(self.plan.seed), 0, [], 0
        while True:
            fresh = list(islice(self.platform.messages, seen, None))
            seen += len(fresh)
            waiting += [taken for taken in fresh if rng.random() < 0.1]
            batch, waiting = waiting[:50], waiting[50:]
            for taken in batch:
                answered = await self.platform.do(
                    "report", {"phone_number_id": _NUMBER, "message": taken.platform_id, "person": taken.to}
                )
                if answered["status"] == 200:
                    told += 1
                else:
                    waiting.append(taken)
            if self._is_over and not waiting and seen == len(self.platform.messages):
                return told
            await asyncio.sleep(0.2)

    def _is_open(self) -> bool:
        """Whether a message has no final state yet; while the database is down nobody knows."""
        try:
            found = self.rows(
                "SELECT 1 FROM intent WHERE step = %s AND state IN ('waiting', 'claimed', 'sending') LIMIT 1", STEP
            )
        except psycopg.OperationalError:
            return True
        return bool(found)

    def _let_it_settle(self) -> None:
        left = "SELECT (SELECT count(*) FROM fact_outbox) + (SELECT count(*) FROM inbound WHERE state = 'waiting')"
        wait_for(lambda: self.rows(left) == [(0,)])
        self._count_drops()
        self.told.duplicates = sum(count - 1 for count in self.takes().values())
        self.told.states = {
            f"{state}:{rule}" if rule else state: count for (state, rule), count in self.outcomes().items()
        }

    # ------------------------------------------------------------ after
    def rows(self, sql: str, *values: object) -> list[Any]:
        """What a statement gives the owner of the tables."""
        with psycopg.connect(self._dsn, autocommit=True, connect_timeout=5) as conn:
            return conn.execute(sql.encode(), values or None).fetchall()

    def takes(self) -> Counter[int]:
        """How often the platform took a message, by intent."""
        return Counter(_intent_of(taken) for taken in list(self.platform.messages))

    def outcomes(self) -> Counter[tuple[str, str | None]]:
        """How many messages ended how."""
        sql = "SELECT state, rule, count(*) FROM intent WHERE step = %s GROUP BY 1, 2"
        return Counter({(state, rule): count for state, rule, count in self.rows(sql, STEP)})

    def _standing(self) -> str:
        log = (self.product.home / "product.log").read_text()[-3000:]
        return f"it does not end: {self.outcomes()}, taken {self.platform.taken}\n{log}"


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


def _fate(number: int) -> str:
    return dict(enumerate(FATES)).get(number % _ONE_IN, "reachable")


def _phone(number: int) -> str:
    return f"+86139{12_345_678 + number}"


def _intent_of(taken: Any) -> int:
    """The intent in our own key, which the platform gives back with every receipt."""
    return int(str(taken.what["biz_opaque_callback_data"]).split("-")[2])
