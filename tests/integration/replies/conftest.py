"""One database for the folder, one brand with accounts and people for each test."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import psycopg
import pytest
from psycopg.rows import dict_row
from tests.support.databases import copied

from fanwheel.cdp import persons
from fanwheel.domains.private.channels.contracts import Address, AnyHappening, Message, Text
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.loop.operate import autoreply
from fanwheel.loop.operate.autoreply import Answered, Incoming, learner

T = TypeVar("T")
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)  # Monday noon in Shanghai


@pytest.fixture(scope="session")
def replies_dsn(postgres_dsn: str, template_database: str) -> Iterator[str]:
    with copied(postgres_dsn, template_database) as dsn:
        yield dsn


class Brand:
    """A workspace whose rules answer people."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.now = NOON
        self._keys = iter(range(1, 10_000))
        slug = f"w-{secrets.token_hex(6)}"
        sql = (
            "INSERT INTO workspace (slug, name, time_zone, default_region)"
            " VALUES (%s, %s, 'Asia/Shanghai', 'CN') RETURNING workspace_id"
        )
        self.workspace = int(self.rows(sql, slug, slug)[0]["workspace_id"])
        self.telegram = self.account("telegram")
        self.wechat = self.account("wechat_oa")

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        with psycopg.connect(self.dsn, autocommit=True, row_factory=dict_row) as conn:
            cursor = conn.execute(sql.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def account(self, channel: str) -> int:
        sql = (
            "INSERT INTO channel_account (workspace_id, channel, key, name, created_by)"
            " VALUES (%s, %s, %s, %s, 'test') RETURNING account_id"
        )
        return int(self.rows(sql, self.workspace, channel, secrets.token_hex(8), channel)[0]["account_id"])

    def run(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        async def inside() -> T:
            async with await Database.open(self.dsn, max_size=2) as db, db.transaction(self.workspace) as tx:
                return await work(tx)

        return asyncio.run(inside())

    def learn(self) -> None:
        async def inside() -> None:
            async with await Database.open(self.dsn, max_size=2) as db:
                await learner.learn(db, self.workspace)

        asyncio.run(inside())

    def rule(self, name: str, trigger: Mapping[str, Any], *actions: Mapping[str, Any], **more: Any) -> int:
        definition = {"trigger": trigger, "actions": list(actions) or [say(name)], "when": more.pop("when", {})}
        return self.run(lambda tx: autoreply.add_rule(tx, name, definition, actor="user:1", **more))

    def home(self, who: str) -> int:
        async def resolve(tx: Transaction) -> int:
            key = persons.identifier_hash("telegram_id", who)
            found = await persons.resolve(tx, [persons.NewIdentifier("telegram_id", who, key, self.now)])
            return int(found[key])

        return self.run(resolve)

    def comes(self, happening: AnyHappening, **more: Any) -> Incoming:
        home = self.home(happening.sender.value) if happening.sender else 0
        values = {"account_id": self.telegram, "channel": "telegram", "home_id": home, "person_id": home} | more
        return Incoming(happening=happening, **values)

    def message(self, text: str, who: str = "ana", **more: Any) -> Message:
        address = Address("telegram_id", who)
        return Message(key=f"m{next(self._keys)}", at=self.now, sender=address, parts=(Text(text),), **more)

    def hear(self, *incoming: Incoming) -> list[Answered]:
        return self.run(lambda tx: autoreply.answer(tx, incoming, now=self.now))

    def told(self, text: str, who: str = "ana", **more: Any) -> Answered:
        return self.hear(self.comes(self.message(text, who), **more))[0]

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    def intents(self) -> list[dict[str, Any]]:
        sql = "SELECT * FROM intent WHERE workspace_id = %s ORDER BY intent_id"
        return self.rows(sql, self.workspace)

    def facts(self) -> list[dict[str, Any]]:
        sql = "SELECT kind, key, name, refs, properties FROM fact_outbox WHERE workspace_id = %s ORDER BY fact_id"
        return self.rows(sql, self.workspace)


def say(text: str) -> dict[str, Any]:
    return {"do": "text", "text": text}


def keyword(*words: str, how: str = "contains") -> dict[str, Any]:
    return {"kind": "keyword", "words": [{"text": word, "how": how} for word in words]}


def texts(answered: Answered) -> list[str]:
    return [getattr(part, "text", "") for part in answered.parts]


@pytest.fixture
def brand(replies_dsn: str) -> Brand:
    return Brand(replies_dsn)
