"""A town to write to: people with consent, an account behind a real loopback server, and a sender."""

import asyncio
import json
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import httpx
import msgspec
from psycopg.rows import tuple_row

from fanwheel.cdp import consent, persons
from fanwheel.domains.private.channels import errors
from fanwheel.domains.private.channels.adapter import About, Allowance
from fanwheel.domains.private.channels.contracts import AnyPart, Check, Outgoing, Received, Request, Sent, Text
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.infra.settings import Settings
from fanwheel.kernel.errors import FanwheelError
from fanwheel.kernel.ids import HomeId
from fanwheel.loop.operate import reach
from fanwheel.loop.operate.reach.settings import HoldoutRules, SendingRules
from tests.support.databases import Owner

T = TypeVar("T")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HELLO: tuple[AnyPart, ...] = (Text("hello"),)
ACCOUNT = 7


class Sink:
    """A platform on this machine: it takes messages over HTTP and counts them by key."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.order: list[str] = []
        self.at_once = self.most_at_once = 0
        self.answer: Callable[[str], Awaitable[tuple[int, str]]] = self._fine
        self._server: asyncio.Server | None = None
        self.url = ""

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()

    async def _fine(self, key: str) -> tuple[int, str]:
        self.take(key)
        return 200, ""

    def take(self, key: str) -> None:
        self.taken[key] += 1
        self.order.append(key)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
                body = json.loads(await reader.readexactly(length))
                self.at_once += 1
                self.most_at_once = max(self.most_at_once, self.at_once)
                try:
                    status, text = await self.answer(body["key"])
                finally:
                    self.at_once -= 1
                if status == 0:
                    break  # it was taken, or not, and nobody is told
                said = text.encode()
                writer.write(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n" % (status, len(said)) + said)
                await writer.drain()
        writer.close()


class SinkAdapter:
    """Speaks to a sink; what it is allowed stands in ``about``."""

    about: ClassVar[About] = About("email", "email", (), frozenset({"text"}))

    def __init__(self, url: str, http: httpx.AsyncClient) -> None:
        self._url, self._http = url, http

    async def send(self, message: Outgoing) -> Sent:
        body = msgspec.json.encode({"key": message.key, "to": message.to.value, "parts": message.parts})
        try:
            answer = await self._http.post(self._url, content=body)
        except httpx.ConnectError as error:
            raise errors.UnavailableError("it is away") from error
        except httpx.TransportError as error:
            raise errors.UnclearError("it did not answer") from error
        raised = {
            403: errors.BadAccountError("the password is refused"),
            452: errors.RecipientBusyError("the mailbox is full", retry_after_s=3_600.0),
            451: errors.OptedOutError("no marketing, please"),
            404: errors.RecipientGoneError("nobody is there"),
            422: errors.RefusedError("it is refused", code="words"),
            429: errors.ThrottledError("too fast", retry_after_s=0.05),
            503: errors.UnavailableError("it is busy"),
        }.get(answer.status_code)
        if raised is not None:
            raise raised
        return Sent(f"sink-{message.key}", "task" if answer.text == "task" else "sent")

    async def receive(self, request: Request) -> Received:
        raise NotImplementedError

    async def check(self) -> Check:
        return Check(True, "fine")

    async def close(self) -> None:
        pass


def adapter_kind(**changes: Any) -> type[SinkAdapter]:
    """An adapter whose description differs."""
    return type("OwnAdapter", (SinkAdapter,), {"about": SinkAdapter.about._replace(**changes)})


class UnknownAccountError(FanwheelError):
    """There is no such account."""


class Accounts:
    """Accounts that were put here."""

    def __init__(self) -> None:
        self.opened: dict[int, reach.Opened] = {}

    async def open(self, workspace: int, account_id: int) -> reach.Opened:
        if account_id not in self.opened:
            raise UnknownAccountError
        return self.opened[account_id]


class Town:
    """One workspace with people, an account and a clock that stands still until it is moved."""

    def __init__(self, dsn: str, home: Path) -> None:
        self.dsn = dsn
        self._owner = Owner(dsn, tuple_row)
        self.now = NOON
        self.hasher = consent.AddressHasher(Settings(home=home))
        slug = f"town-{secrets.token_hex(6)}"
        made = "INSERT INTO workspace (slug, name) VALUES (%s, %s) RETURNING workspace_id"
        self.workspace = int(self.value(made, slug, slug))
        self.runner = asyncio.Runner()
        self.database = self.runner.run(Database.open(dsn, max_size=8))
        self.sink = Sink()
        self.runner.run(self.sink.start())
        self.http = httpx.AsyncClient(timeout=5, trust_env=False)
        self.accounts = Accounts()
        self.add_account(ACCOUNT)
        self.rule(holdouts=HoldoutRules(universal=0, channel=0))

    def close(self) -> None:
        async def end() -> None:
            await self.http.aclose()
            await self.sink.stop()
            await self.database.close()

        self._owner.close()
        self.runner.run(end())
        self.runner.close()

    # ------------------------------------------------------------ what there is
    def add_account(self, account_id: int, *, url: str | None = None, **about: Any) -> None:
        made = adapter_kind(**about)(url or self.sink.url, self.http)
        self.accounts.opened[account_id] = reach.Opened(made, {})

    def allow(self, *allowances: Allowance, account_id: int = ACCOUNT, **about: Any) -> None:
        self.add_account(account_id, allowances=allowances, **about)

    def people(self, count: int, *, says: bool | None = True, zone: str | None = None) -> list[int]:
        """Homes of new people with a mail address, who said yes to mail, or no, or nothing."""
        tag = secrets.token_hex(4)
        addresses = [f"p{number}@{tag}.example" for number in range(count)]
        rows = self.rows(
            """WITH made AS (
                   INSERT INTO identifier
                          (workspace_id, identifier_hash, kind, value, home_id, person_id, first_seen_at)
                   SELECT %s, fresh.hash, 'email', fresh.value, fresh.home_id, fresh.home_id, %s
                     FROM (SELECT hash, value, nextval('person_home_id') AS home_id
                             FROM unnest(%s::uuid[], %s::text[]) AS given (hash, value)) AS fresh
                   RETURNING workspace_id, home_id
               ), living AS (
                   INSERT INTO person (workspace_id, person_id, first_seen_at, last_seen_at, introduced_at, traits)
                   SELECT workspace_id, home_id, now(), now(), now(), %s::jsonb FROM made
               )
               SELECT home_id FROM made ORDER BY home_id""",
            self.workspace,
            NOON - timedelta(days=30),
            [persons.identifier_hash("email", address) for address in addresses],
            addresses,
            json.dumps({"time_zone": zone} if zone else {}),
        )
        homes = [int(row[0]) for row in rows]
        if says is not None:
            self.say(homes, is_granted=says)
        return homes

    def say(self, homes: Sequence[int], *, is_granted: bool, at: datetime = NOON - timedelta(days=1)) -> None:
        self.rows(
            """INSERT INTO consent (workspace_id, home_id, channel, purpose, is_granted, decided_at, evidence)
               SELECT %s, home_id, 'email', 'marketing', %s, %s, '{"event": "Form Submitted", "proof": "form 1"}'
                 FROM unnest(%s::bigint[]) AS given (home_id)""",
            self.workspace,
            is_granted,
            at,
            list(homes),
        )

    def rule(self, **rules: Any) -> None:
        """Put sending rules in the place of those that are."""
        text = msgspec.json.encode(SendingRules(**rules)).decode()
        self.rows(
            """INSERT INTO reach_setting (workspace_id, rules, salt) VALUES (%s, %s, 'salt')
               ON CONFLICT (workspace_id) DO UPDATE SET rules = excluded.rules""",
            self.workspace,
            text,
        )

    # ------------------------------------------------------------ what is done
    def do(self, act: Callable[[Transaction], Awaitable[T]]) -> T:
        async def wrapped() -> T:
            async with self.database.transaction(self.workspace) as tx:
                return await act(tx)

        return self.runner.run(wrapped())

    def wish(self, homes: Sequence[int], **changes: Any) -> list[int | None]:
        """Wish to reach people; marketing by mail unless said otherwise."""
        values: dict[str, Any] = {
            "step": "broadcast:1",
            "channel": "email",
            "account_id": ACCOUNT,
            "purpose": "marketing",
            "parts": HELLO,
        }
        wishes = [reach.Wish(home_id=HomeId(home), **(values | changes)) for home in homes]
        return self.do(lambda tx: reach.intend(tx, wishes, now=self.now))

    def sender(self, write: reach.Write | None = None) -> reach.Sender:
        return reach.Sender(
            self.database, self.accounts, write or _write_nothing, hasher=self.hasher, clock=lambda: self.now
        )

    def send(self, write: reach.Write | None = None) -> None:
        """Send all that is due."""
        self.runner.run(self.sender(write).drain())

    # ------------------------------------------------------------ what is found
    def rows(self, sql: str, *values: object) -> list[Any]:
        return self._owner.rows(sql, values)

    def value(self, sql: str, *values: object) -> Any:
        return self.rows(sql, *values)[0][0]

    def states(self) -> Counter[tuple[str, str | None]]:
        """How many intents are in each state, by the rule that put them there."""
        sql = "SELECT state, rule, count(*) FROM intent WHERE workspace_id = %s GROUP BY 1, 2"
        return Counter({(state, rule): count for state, rule, count in self.rows(sql, self.workspace)})

    def intents(self) -> list[Mapping[str, Any]]:
        names = "intent_id, home_id, step, state, rule, due_at, attempts, doubts, notes"
        sql = f"SELECT {names} FROM intent WHERE workspace_id = %s ORDER BY intent_id"
        return [dict(zip(names.split(", "), row, strict=True)) for row in self.rows(sql, self.workspace)]

    def facts(self, name: str) -> list[Any]:
        sql = "SELECT refs, properties FROM fact_outbox WHERE workspace_id = %s AND name = %s"
        return self.rows(sql, self.workspace, name)


async def _write_nothing(_: Transaction, writings: Sequence[reach.Writing]) -> list[reach.Written]:
    return [reach.Written((), {"why": "empty"}) for _ in writings]
