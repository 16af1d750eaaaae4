"""A sample of conversations that goes the whole way: a platform calls back, the worker takes in, agents answer."""

import asyncio
import random
import time
from typing import Any, Final, NamedTuple

import httpx
from benchmarks._inbox import Connection, a_session, say
from tests.support.product import Product

from fanwheel.domains.private.channels import accounts
from fanwheel.domains.private.channels.accounts.secrets import a_seal
from fanwheel.entrypoints.accounts import find_workspace
from fanwheel.entrypoints.simulator import Simulator
from fanwheel.entrypoints.simulator.telegram import Platform as Telegram
from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings

_SECRET: Final = "benchmark-secret-token"
_TAGS: Final = ("售后", "物流", "发票", "VIP", "complaint", "size", "回访", "咨询")
WEIGHTS: Final = (60, 20, 15, 4, 1)  # how the accounts share the conversations
_AGENTS: Final = 24
_FIRST_PERSON: Final = 9_000_000


class Account(NamedTuple):
    """One of the brand's bots."""

    account_id: int
    key: str
    token: str


class Desk:
    """The brand's people, each signed in, and its customers."""

    def __init__(self, product: Product, conn: Connection, workspace: int) -> None:
        self.product = product
        self.conn = conn
        self.workspace = workspace
        self.clients: dict[int, httpx.Client] = {}
        self.numbers = iter(range(1, 10_000_000))

    def sign_in(self, user: int) -> httpx.Client:
        """Somebody's browser."""
        if user not in self.clients:
            token, csrf = a_session(self.conn, self.workspace, user)
            headers = {"X-CSRF-Token": csrf, "Cookie": f"fw_session={token}"}
            self.clients[user] = httpx.Client(base_url=self.product.url, headers=headers, timeout=60)
        return self.clients[user]

    def ask(self, user: int, method: str, path: str, body: Any = None) -> Any:
        """Ask as somebody; the decoded answer."""
        answer = self.sign_in(user).request(method, path, json=body)
        assert answer.status_code < 400, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def write(self, account: Account, person: int, text: str) -> None:
        """A customer writes: the platform calls back."""
        number = next(self.numbers)
        sender = {"id": person, "is_bot": False, "first_name": f"Fan {person}", "language_code": "zh"}
        message = {"message_id": number, "from": sender, "chat": {"id": person, "type": "private"},
                   "date": int(time.time()), "text": text}  # fmt: skip
        headers = {"X-Telegram-Bot-Api-Secret-Token": _SECRET}
        url = f"{self.product.url}/hooks/telegram/{account.key}"
        answer = httpx.post(url, json={"update_id": number, "message": message}, headers=headers, timeout=60)
        assert answer.status_code == 200, answer.text

    def wait(self, statement: str, wanted: int) -> None:
        """Until a count is as wanted."""
        deadline = time.monotonic() + 300
        while (found := next(iter(self.one(statement).values()))) != wanted:
            assert time.monotonic() < deadline, f"{statement}: {found}, not {wanted}"
            time.sleep(0.2)

    def one(self, statement: str) -> dict[str, Any]:
        """The first row of a statement."""
        row = self.conn.execute(statement.encode()).fetchone()
        assert row is not None
        return row


def make_accounts(product: Product, base_url: str) -> tuple[int, list[Account]]:
    async def make() -> tuple[int, list[Account]]:
        async with await Database.open(product.dsn, max_size=1) as db:
            workspace = await find_workspace(db, None)
            seal = a_seal(Settings(home=product.home))
            made = []
            async with db.transaction(workspace) as tx:
                for number in range(len(WEIGHTS)):
                    token = f"424242424{number}:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
                    values = {"bot_token": token, "secret_token": _SECRET, "base_url": base_url}
                    name = f"Bot {number}"
                    row = await accounts.add(tx, seal, channel="telegram", name=name, values=values, actor="bench")
                    made.append(Account(row.account_id, row.key, token))
            return workspace, made

    return asyncio.run(make())


def set_up(desk: Desk, told: list[Account]) -> list[int]:
    """Agents, teams that share the accounts, and what is promised; the agents."""
    users = desk.conn.execute(
        "INSERT INTO login (email, name) SELECT 'agent' || n || '@bench.example', 'Agent ' || n"
        " FROM generate_series(1, %s) AS n RETURNING user_id",
        [_AGENTS],
    ).fetchall()
    agents = [row["user_id"] for row in users]
    desk.conn.execute(
        "INSERT INTO membership (workspace_id, user_id, role, accepted_at) SELECT %s, unnest(%s::bigint[]), 'agent',"
        " now()",
        [desk.workspace, agents],
    )
    routes = []
    for number, account in enumerate(told):
        # The first shares its conversations out by itself, the others let people take them.
        assigns = "round_robin" if number == 0 else "manual"
        team = {"name": f"Team {number}", "assigns": assigns, "user_ids": agents[number::5]}
        made = desk.ask(1, "POST", "/api/inbox/teams", team)
        routes.append({"account_id": account.account_id, "team_id": made["team_id"]})
    desk.ask(1, "PUT", "/api/inbox/routes", {"items": routes})
    policy = {"name": "Usual", "first_response_s": 1_800, "next_response_s": 3_600, "resolution_s": 86_400}
    desk.ask(1, "PUT", "/api/inbox/policies", {"items": [policy]})
    return agents


def take_sample(desk: Desk, simulator: Simulator, told: list[Account], *, size: int) -> None:
    """Conversations that go the whole way: people write, agents answer, tag, note, close, put away."""
    rng = random.Random(5)
    agents = set_up(desk, told)
    platform = simulator.platform("telegram")
    assert isinstance(platform, Telegram)
    people = range(_FIRST_PERSON, _FIRST_PERSON + size)
    chosen = dict(zip(people, rng.choices(told, WEIGHTS, k=size), strict=True))
    for account in told:
        simulator.do("telegram", "start", token=account.token, person=1)
        platform._bots[account.token].started.update(people)
    heard = 0
    for turn, share in enumerate((1.0, 0.55, 0.3)):
        for person in people:
            if rng.random() < share:
                desk.write(chosen[person], person, say(rng))
                heard += 1
        desk.wait("SELECT count(*) FROM message WHERE kind = 'in'", heard)
        for row in desk.conn.execute("SELECT conversation_id, assignee_id FROM conversation ORDER BY 1").fetchall():
            if rng.random() < (0.75, 0.6, 0.6)[turn]:
                user = row["assignee_id"] or rng.choice(agents)
                path = f"/api/conversations/{row['conversation_id']}/replies"
                desk.ask(user, "POST", path, {"text": say(rng, is_ours=True)})
    for number, row in enumerate(desk.conn.execute("SELECT conversation_id FROM conversation ORDER BY 1").fetchall()):
        deal_with(desk, row["conversation_id"], number, agents=agents, rng=rng)
    desk.wait("SELECT count(*) FROM intent WHERE state <> 'sent'", 0)
    desk.wait("SELECT count(*) FROM person", size)


def deal_with(desk: Desk, conversation_id: int, number: int, *, agents: list[int], rng: random.Random) -> None:
    """What agents do with one conversation besides answering."""
    path, user = f"/api/conversations/{conversation_id}", rng.choice(agents)
    if rng.random() < 0.4:
        desk.ask(user, "POST", f"{path}/tags", {"add": rng.sample(_TAGS, k=rng.randint(1, 2)), "remove": []})
    if rng.random() < 0.1:
        desk.ask(user, "PATCH", path, {"priority": rng.choice((-1, 1, 2))})
    if rng.random() < 0.05:
        desk.ask(user, "POST", f"{path}/notes", {"text": say(rng, is_ours=True), "mentions": [rng.choice(agents)]})
    if rng.random() < 0.3:
        body = {"seen_message_id": 10**9, "is_looking": False, "is_typing": False}
        desk.ask(user, "PUT", f"{path}/watch", body)
    if number % 20 == 3:
        desk.ask(user, "POST", f"{path}/snooze", {"until": "2099-01-01T09:00:00Z"})
    elif number % 5:
        desk.ask(user, "POST", f"{path}/close")
