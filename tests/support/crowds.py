"""Messages of a broadcast and what people did with them, put into the database and counted on paper beside it."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from fanwheel.loop.operate.broadcasts import reporting_rules
from fanwheel.loop.operate.reach.keys import key_of
from tests.support.reach import ACCOUNT, NOON, Town

HOUR = timedelta(hours=1)
ROUTES = [{"channel": "email", "account_id": ACCOUNT}, {"channel": "sms", "account_id": 8}]
TEST = {"share": 0.2, "max_hours": 24}  # by clicks and “best”, as nothing else is said
FIGURES = (*reporting_rules.DEEDS, "sent", "intended")


def put(town: Town, table: str, rows: Sequence[Mapping[str, Any]], back: str = "workspace_id") -> list[int]:
    """Add rows; one column of each, as the database has it now."""
    found = []
    for row in rows:
        values = {"workspace_id": town.workspace, **row}
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING {}").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(sql.Placeholder() * len(values)),
            sql.Identifier(back),
        )
        wrapped = [Jsonb(value) if isinstance(value, dict | list) else value for value in values.values()]
        made = desk(town.dsn).execute(statement, wrapped).fetchone()
        assert made is not None
        found.append(made[0])
    return found


@cache
def desk(dsn: str) -> psycopg.Connection[tuple[Any, ...]]:
    """The one connection by which all rows are put in."""
    return psycopg.connect(dsn, autocommit=True)


def leave(dsn: str) -> None:
    """Close that connection, if there is one."""
    if desk.cache_info().currsize:
        desk(dsn).close()
        desk.cache_clear()


def a_broadcast(town: Town, **changes: Any) -> int:
    values = {"name": "May", "state": "running", "phase": "testing", "routes": ROUTES, "experiment": TEST,
              "variants": ["a", "b"], "people": 300, "released": 200, "starts_at": NOON, "created_by": "user:1",
              "updated_by": "user:1"}  # fmt: skip
    (made,) = put(town, "broadcast", [values | changes], back="broadcast_id")
    return made


class Crowd:
    """Messages of a broadcast and what was done with them, in the database and on paper."""

    def __init__(self, town: Town, count: int, *, seed: int) -> None:
        self.town, self.rng = town, random.Random(seed)
        self.broadcast_id = a_broadcast(town)
        self.step = f"broadcast:{self.broadcast_id}"
        self.wordings = dict(zip("ab", put(town, "wording", [{"said": {"variant": key}} for key in "ab"],
                                           back="wording_id"), strict=True))  # fmt: skip
        self.people = town.people(count, says=None)
        self.hashes = dict(town.rows("SELECT home_id, identifier_hash FROM identifier WHERE home_id = ANY (%s)",
                                     self.people))  # fmt: skip
        self.coded: set[int] = set()
        self.messages: list[dict[str, Any]] = []
        self.deeds: list[tuple[int, str, bool]] = []

    def send(self, home: int, occurrence: str, state: str, **more: Any) -> int:
        """A message in a state; its number."""
        variant = self.rng.choice("ab")
        row = {
            "home_id": home, "step": self.step, "occurrence": occurrence, "purpose": "marketing", "due_at": NOON,
            "channel": ROUTES[int(occurrence)]["channel"], "account_id": ROUTES[int(occurrence)]["account_id"],
            "wording_id": self.wordings[variant], "state": state, "address_hash": self.hash_of(home),
            "done_at": None if state == "waiting" else NOON + self.rng.random() * HOUR,
        } | more  # fmt: skip
        (number,) = put(self.town, "intent", [row], back="intent_id")
        gone = state == "sent" or (state == "failed" and "platform_id" in more)
        self.messages.append(row | {"intent_id": number, "variant": variant, "is_gone": gone})
        return number

    def hash_of(self, home: int) -> Any:
        return self.hashes[home]

    def receive(self, number: int, state: str, *, is_machine: bool = False) -> None:
        row = {"intent_id": number, "key": f"{state}{is_machine}", "state": state, "is_machine": is_machine}
        put(self.town, "receipt", [row | {"happened_at": NOON + HOUR}])
        what = {"read": "opened", "refused": "bounced"}.get(state, state)
        self.deeds.append((number, what, not is_machine))

    def visit(self, number: int, kind: str, *, machine: str, is_settled: bool = True) -> None:
        code = f"r{number}"
        if number not in self.coded:
            self.coded.add(number)
            key = key_of(self.town.workspace, number, NOON)
            put(self.town, "link_recipient", [{"code": code, "message_key": key, "person_id": 1, "version_id": 1,
                                               "channel": "email", "step": self.step, "made_at": NOON}])  # fmt: skip
        put(self.town, "link_visit", [{"kind": kind, "recipient": code, "visited_at": NOON + HOUR, "machine": machine,
                                       "is_settled": is_settled}])  # fmt: skip
        if kind != "trap":
            is_clean = is_settled and machine in ("", "gmail_proxy", "yahoo_proxy")
            self.deeds.append((number, {"open": "opened", "click": "clicked"}[kind], is_clean))

    def sent_at(self, number: int) -> Any:
        return next(row["done_at"] for row in self.messages if row["intent_id"] == number)

    def reply(self, number: int, home: int, *, account_id: int, after: timedelta) -> None:
        at = self.sent_at(number) + after
        talk = {"account_id": account_id, "channel": "email", "home_id": home, "opened_at": NOON, "last_at": at}
        (one,) = put(self.town, "conversation", [talk | {"last_in_at": at}], back="conversation_id")
        put(self.town, "message", [{"message_id": number, "conversation_id": one, "kind": "in", "said_at": at,
                                    "parts": [], "body": ""}])  # fmt: skip
        if account_id == ACCOUNT and timedelta(0) < after <= timedelta(days=3):
            self.deeds.append((number, "replied", True))

    def leave(self, number: int, home: int, *, after: timedelta, intent_id: int | None, channel: str = "email") -> None:
        evidence = {} if intent_id is None else {"intent_id": intent_id}
        put(self.town, "consent", [{"home_id": home, "channel": channel, "is_granted": False, "evidence": evidence,
                                    "decided_at": self.sent_at(number) + after}])  # fmt: skip
        if channel == "email" and (intent_id == number or (intent_id is None and after <= timedelta(days=3))):
            self.deeds.append((number, "unsubscribed", True))

    def buy(self, number: int, home: int, *, after: timedelta, status: str = "paid") -> None:
        at = self.sent_at(number) + after
        order = {"order_id": f"o{number}{after}", "home_id": home, "status": status, "placed_at": at, "stated_at": at}
        put(self.town, "shop_order", [order | {"currency": "USD", "total_minor": 100}])
        if status == "paid" and timedelta(0) < after <= timedelta(days=3):
            self.deeds.append((number, "converted", True))

    def on_paper(self, by: str) -> dict[str, dict[str, int]]:
        """The figures of each variant or route, message by message."""
        found: dict[str, Counter[str]] = {}
        for row in self.messages:
            mine = found.setdefault(row[by], Counter(dict.fromkeys(FIGURES, 0)))
            mine["intended"] += 1
            if not row["is_gone"]:
                continue
            mine["sent"] += 1
            did = {(what, clean) for number, what, clean in self.deeds if number == row["intent_id"]}
            names = {what for what, _ in did}
            clean = {what for what, is_clean in did if is_clean}
            mine["opened"] += bool(names & {"opened", "clicked"})
            mine["opened_clean"] += bool(clean & {"opened", "clicked"})
            mine["clicked"] += "clicked" in names
            mine["clicked_clean"] += "clicked" in clean
            arrived = names & {"delivered", "opened", "clicked", "complained", "replied", "unsubscribed"}
            mine["delivered"] += bool(arrived) and "bounced" not in names
            for name in ("replied", "bounced", "complained", "unsubscribed", "converted"):
                mine[name] += name in names
        return {key: dict(figures) for key, figures in found.items()}


def at_random(town: Town) -> Crowd:
    """Ninety people who were written to, and did, at random what can be done."""
    crowd = Crowd(town, 90, seed=5)
    for home in crowd.people:
        number, is_sent = _send_at_random(crowd, home)
        if is_sent:
            _act_at_random(crowd, number, home)
    return crowd


def _send_at_random(crowd: Crowd, home: int) -> tuple[int, bool]:
    rng = crowd.rng
    state = rng.choices(["sent", "skipped", "held_out", "waiting", "failed", "task"], [60, 12, 8, 8, 8, 4])[0]
    more: dict[str, Any] = {}
    if state in ("skipped", "held_out"):
        more = {"rule": "holdout" if state == "held_out" else rng.choice(["consent", "address"])}
    if state == "failed":
        more = {"rule": "bounced", "platform_id": f"p{home}"} if rng.random() < 0.5 else {"rule": "gone"}
    if state == "skipped" and rng.random() < 0.6:
        more |= {"fallback": "did"}
        crowd.send(home, "1", rng.choice(["sent", "skipped"]), rule="address")
    number = crowd.send(home, "0", state, **more)
    if "platform_id" in more:
        crowd.receive(number, "bounced")
    return number, state == "sent"


def _act_at_random(crowd: Crowd, number: int, home: int) -> None:
    rng = crowd.rng
    for one in ("delivered", "opened", "clicked", "read", "complained"):
        if rng.random() < 0.3:
            crowd.receive(number, one, is_machine=rng.random() < 0.4)
    for kind in ("open", "click", "trap"):
        if rng.random() < 0.3:
            machine = rng.choice(["", "burst", "gmail_proxy"])
            crowd.visit(number, kind, machine=machine, is_settled=rng.random() < 0.8)
    after = rng.choice([timedelta(hours=-2), timedelta(hours=5), timedelta(days=2), timedelta(days=9)])
    if rng.random() < 0.4:
        crowd.reply(number, home, account_id=rng.choice([ACCOUNT, ACCOUNT, 99]), after=after)
    if rng.random() < 0.3 and after > timedelta(0):
        channel = rng.choice(["email", "email", "sms"])
        crowd.leave(number, home, after=after, intent_id=rng.choice([number, None, 1]), channel=channel)
    if rng.random() < 0.3:
        crowd.buy(number, home, after=after, status=rng.choice(["paid", "paid", "pending"]))
