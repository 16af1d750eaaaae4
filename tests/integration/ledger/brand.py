"""A brand in Shanghai that holds people out, as tables and as calls of the API, and how to ask for its verdict."""

import asyncio
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from tests.support.house import House

from fanwheel.infra import access
from fanwheel.infra.postgres import Database
from fanwheel.loop.wheel import projector
from fanwheel.measure import verdict
from fanwheel.measure.verdicts import Verdict

ZONE = ZoneInfo("Asia/Shanghai")
# Holdouts begin on 2 March in Shanghai, which is still 1 March in UTC.
BEGIN = datetime(2026, 3, 1, 16, tzinfo=UTC)
LAST = date(2026, 4, 12)
PEOPLE = 600
RATE = 7.0
NOW = datetime(2026, 4, 13, 3, tzinfo=UTC)


class Brand:
    """Some weeks of a brand: the tables as an analyst would write them down, and the same as calls of the API."""

    def __init__(self) -> None:
        self.rng = random.Random(11)
        self.calls: list[dict[str, Any]] = []
        self.spend: list[tuple[str, date, float]] = []
        self.exposures: list[tuple[int, str, datetime, bool]] = []
        self.assignments: list[tuple[int, str, datetime]] = []
        self.orders: list[tuple[int, datetime, float]] = []
        for person in range(PEOPLE):
            self._live(person)
        for day in range((LAST - date(2026, 2, 20)).days + 1):
            self.spend += [
                ("ads/cpc", date(2026, 2, 20) + timedelta(days=day), 900_00.0),
                ("newsletter", date(2026, 2, 20) + timedelta(days=day), 5_00.0),
            ]

    def _live(self, person: int) -> None:
        rng, held = self.rng, {"ads/cpc": person % 3 == 0, "newsletter": person % 5 == 0}
        self._buy(person, BEGIN - timedelta(days=rng.uniform(3, 9)), 0.5)
        for slug, is_held in held.items():
            if is_held:
                since = BEGIN + timedelta(minutes=person)
                self.assignments.append((person, slug, since))
                self._track(person, "Holdout Assigned", since, holdout=slug, share=1 / 3 if slug == "ads/cpc" else 0.2)
            elif slug == "newsletter" and person % 7 == 0:
                is_held = True  # of its only campaign, which is not told to the judge of channels
                self._track(person, "Holdout Assigned", BEGIN, holdout="newsletter/Spring", share=1 / 7)
            met = BEGIN + timedelta(days=rng.uniform(1, 20))
            self.exposures.append((person, slug, met, is_held))
            if slug == "newsletter":
                event = "Message Held Out" if is_held else "Message Sent"
                self._track(person, event, met, source=slug, campaign="spring")
            else:
                self._track(person, "Ad Held Out" if is_held else "Ad Viewed", met, source=slug, ghost=is_held)
            # Ads add nothing, the newsletter much.
            self._buy(person, met + timedelta(days=rng.uniform(1, 15)), 0.3 if slug == "ads/cpc" or is_held else 0.9)

    def _buy(self, person: int, at: datetime, chance: float) -> None:
        if self.rng.random() >= chance:
            return
        number, dollars = len(self.orders), self.rng.randrange(20, 60)
        is_foreign = person % 4 == 0
        money = {"total": dollars, "currency": "USD"} if is_foreign else {"total": dollars * RATE, "currency": "CNY"}
        self._track(person, "Order Completed", at, order_id=f"o{number}", **money)
        self.orders.append((person, at, dollars * RATE * 100))

    def _track(self, person: int, event: str, at: datetime, **properties: Any) -> None:
        # Every second person buys under a user id and is met under an anonymous one: an alias joins the two.
        is_split = person % 2 == 1 and event != "Order Completed"
        who = {"anonymousId": f"a{person}"} if is_split else {"userId": f"u{person}"}
        self.calls.append(
            {"type": "track", "event": event, "timestamp": at.isoformat(), "properties": properties, **who}
        )

    @property
    def aliases(self) -> list[dict[str, Any]]:
        return [
            {"type": "alias", "previousId": f"a{person}", "userId": f"u{person}", "timestamp": NOW.isoformat()}
            for person in range(1, PEOPLE, 2)
        ]

    def judged(self, *, first: date, last: date) -> Verdict:
        """What the library says of the tables as they were written down, on the clock of Shanghai."""
        return verdict(
            _table(("channel", "day", "amount"), self.spend),
            _table(("person", "channel", "at", "ghost"), self.exposures),
            _table(("person", "holdout", "since"), self.assignments),
            _table(("person", "at", "value"), self.orders),
            margin=0.4, start=first, end=last + timedelta(days=1),
        )  # fmt: skip


def _table(names: tuple[str, ...], rows: list[Any]) -> dict[str, Any]:
    def local(value: Any) -> Any:
        return value.astimezone(ZONE).replace(tzinfo=None) if isinstance(value, datetime) else value

    return {name: np.array([local(row[i]) for row in rows]) for i, name in enumerate(names)}


def send(house: House, workspace: int, calls: list[dict[str, Any]]) -> None:
    secret = house.run(access.create_key(house.database, workspace, "write", "Test"))
    sender = house.browser()
    for start in range(0, len(calls), 500):
        answer = sender.post("/v1/batch", {"batch": calls[start : start + 500]}, auth=(secret, ""))
        assert answer.status_code == 200, answer.text
    asyncio.run(_project(house.dsn))


async def _project(dsn: str) -> None:
    async with await Database.open(dsn, max_size=2) as db:
        running = projector()
        while await running.run_once(db):
            pass


def ask(house: House, workspace: int, query: str = f"to={LAST}", role: str = "viewer") -> dict[str, Any]:
    answer = house.member(workspace, role).get(f"/api/measure/verdict?{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
