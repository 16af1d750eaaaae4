"""Accounts of channels: made, kept sealed, tested, paused; their tokens fetched once for everybody."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.integration.reach.conftest import TOKEN, Served, a_bot
from tests.support.house import Browser

from fanwheel.domains.private.channels import accounts
from fanwheel.domains.private.channels.accounts import Opener, tokens
from fanwheel.domains.private.channels.accounts.repository import TokenRepository
from fanwheel.domains.private.channels.accounts.secrets import a_seal, open_all
from fanwheel.domains.private.channels.accounts.tokens import TokenKeeper
from fanwheel.domains.private.channels.adapter import Token
from fanwheel.entrypoints.simulator import Simulator
from fanwheel.infra.postgres import Database

ACCOUNTS = "/api/channels/accounts"
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def add(browser: Browser, *, channel: str = "telegram", **values: str | None) -> Any:
    return browser.post(ACCOUNTS, {"channel": channel, "name": "Bot", "values": {"bot_token": TOKEN, **values}})


# ---------------------------------------------------------------- kept
def test_kinds_say_what_an_account_of_them_needs(owner: Browser) -> None:
    kinds = {kind["kind"]: kind for kind in owner.get("/api/channels").json()["items"]}

    telegram = kinds["telegram"]
    assert telegram["address"] == "telegram_id"
    assert [(field["name"], field["is_secret"], field["is_required"]) for field in telegram["fields"]] == [
        ("bot_token", True, True),
        ("secret_token", True, False),
        ("base_url", False, False),
    ]
    assert kinds["webhook"]["capabilities"] == sorted(kinds["webhook"]["capabilities"])


def test_secrets_are_sealed_and_never_shown(owner: Browser, served: Served) -> None:
    made = add(owner)
    account_id = made.json()["account_id"]

    answers = [made, owner.get(ACCOUNTS), owner.get(f"{ACCOUNTS}/{account_id}"), owner.get("/api/audit")]

    assert all(TOKEN not in answer.text for answer in answers)
    assert made.json()["secrets"] == ["bot_token", "secret_token"]
    assert made.json()["settings"] == {"base_url": "https://api.telegram.org"}
    row = served.house.rows("SELECT * FROM channel_account WHERE account_id = %s", account_id)[0]
    assert TOKEN.encode() not in bytes(row["sealed_secrets"])
    assert TOKEN not in str(row["settings"])


def test_the_address_to_call_back_cannot_be_guessed(owner: Browser, served: Served) -> None:
    one, other = (add(owner).json()["callback_url"] for _ in range(2))

    assert one.startswith(f"{served.url}/hooks/telegram/")
    assert one != other
    assert len(one.rpartition("/")[2]) >= 20


def test_what_is_not_named_stays_when_an_account_is_changed(owner: Browser, served: Served, workspace: int) -> None:
    account_id = add(owner).json()["account_id"]

    changed = owner.ask(
        "PATCH",
        f"{ACCOUNTS}/{account_id}",
        json={"name": "Ours", "values": {"base_url": "https://bots.example/x", "bot_token": ""}},
    ).json()

    assert (changed["name"], changed["settings"]) == ("Ours", {"base_url": "https://bots.example/x"})
    sealed = served.house.value("SELECT sealed_secrets FROM channel_account WHERE account_id = %s", account_id)
    assert open_all(a_seal(served.house.settings), sealed, workspace=workspace)["bot_token"] == TOKEN


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"bot_token": None}, "bot_token"),
        ({"bot_token": "no token"}, "bot_token"),
        ({"base_url": "ftp://somewhere"}, "base_url"),
        ({"base_url": "https://user:secret@somewhere"}, "base_url"),
        ({"colour": "red"}, "colour"),
        ({"secret_token": "short"}, "secret_token"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_the_name_of_its_field(
    owner: Browser, values: dict[str, str | None], named: str
) -> None:
    refused = add(owner, **values)

    assert refused.status_code == 422
    assert refused.json()["code"] == "bad_account_field"
    assert named in refused.json()["message"]


def test_a_channel_that_is_not_installed_is_not_found(owner: Browser) -> None:
    assert owner.post(ACCOUNTS, {"channel": "pigeon", "name": "Post", "values": {}}).status_code == 404


def test_a_deleted_account_is_gone_with_its_secrets(owner: Browser, served: Served) -> None:
    account_id = add(owner).json()["account_id"]

    assert owner.ask("DELETE", f"{ACCOUNTS}/{account_id}").status_code == 204

    assert owner.get(f"{ACCOUNTS}/{account_id}").status_code == 404
    assert owner.ask("DELETE", f"{ACCOUNTS}/{account_id}").status_code == 404
    row = served.house.rows("SELECT * FROM channel_account WHERE account_id = %s", account_id)[0]
    assert row["sealed_secrets"] is None
    assert row["settings"] == {}


@pytest.mark.parametrize(
    ("role", "sees", "pauses", "changes"),
    [
        ("owner", 200, 200, 200),
        ("operator", 200, 200, 403),
        ("agent", 200, 403, 403),
        ("analyst", 200, 403, 403),
        ("viewer", 403, 403, 403),
    ],
)
def test_each_role_does_what_it_may(
    served: Served, owner: Browser, workspace: int, role: str, sees: int, pauses: int, changes: int
) -> None:
    account = f"{ACCOUNTS}/{add(owner).json()['account_id']}"
    member = served.house.member(workspace, role)

    assert member.get(account).status_code == sees
    assert member.post(f"{account}/pause").status_code == pauses
    assert member.ask("PATCH", account, json={"name": "New"}).status_code == changes


def test_pausing_and_resuming_shows_in_the_account_and_the_audit(owner: Browser) -> None:
    account = f"{ACCOUNTS}/{add(owner).json()['account_id']}"

    assert owner.post(f"{account}/pause").json()["health"] == "paused"
    assert owner.post(f"{account}/resume").json()["health"] == "untested"

    actions = [entry["action"] for entry in owner.get("/api/audit").json()["items"]]
    assert actions[:3] == ["channel.resume", "channel.pause", "channel.create"]


# ---------------------------------------------------------------- tested
def test_a_connection_test_says_who_the_bot_is_and_has_it_call_back(owner: Browser, platforms: Simulator) -> None:
    account = a_bot(owner, platforms)

    found = owner.get(f"{ACCOUNTS}/{account['account_id']}").json()
    assert found["health"] == "fine"
    assert "@brand_4242424242_bot" in found["check_message"]
    assert platforms.platform("telegram").calls[f"/bot{TOKEN}/setWebhook"] == 1


def test_a_token_that_the_platform_does_not_know_fails_the_test(owner: Browser, platforms: Simulator) -> None:
    account = a_bot(owner, platforms)
    platforms.platform("telegram").revoked.add(TOKEN)

    checked = owner.post(f"{ACCOUNTS}/{account['account_id']}/check").json()

    assert not checked["is_fine"]
    assert "token" in checked["message"]
    assert TOKEN not in checked["message"]
    assert owner.get(f"{ACCOUNTS}/{account['account_id']}").json()["health"] == "failing"


@pytest.mark.parametrize("base_url", ["http://169.254.169.254/latest", "http://127.0.0.1:9", "http://[fe80::1]/"])
def test_where_nothing_may_be_called_or_nobody_answers_the_test_fails(owner: Browser, base_url: str) -> None:
    account_id = add(owner, base_url=base_url).json()["account_id"]

    checked = owner.post(f"{ACCOUNTS}/{account_id}/check")

    assert checked.status_code == 200
    assert not checked.json()["is_fine"]


def test_an_account_is_opened_anew_once_it_was_changed(
    served: Served, owner: Browser, workspace: int, platforms: Simulator
) -> None:
    place = (workspace, a_bot(owner, platforms)["account_id"])

    async def open_twice() -> tuple[Any, Any, Any]:
        opener = Opener(served.house.settings, served.house.database)
        try:
            first, again = await opener.open(*place), await opener.open(*place)
            opener._opened[place] = opener._opened[place]._replace(looked_at=float("-inf"))
            async with served.house.database.transaction(place[0]) as tx:
                await tx.run("UPDATE channel_account SET version = version + 1 WHERE workspace_id = %(workspace)s")
            return first, again, await opener.open(*place)
        finally:
            await opener.close()

    first, again, changed = served.house.run(open_twice())

    assert first is again
    assert changed is not first


# ---------------------------------------------------------------- tokens
class Fetching:
    """A platform that gives tokens, and counts."""

    def __init__(self, *, lasts_s: int = 7_200) -> None:
        self.count = 0
        self.lasts_s = lasts_s
        self.failures = 0

    async def __call__(self) -> Token:
        await asyncio.sleep(0.05)
        if self.failures:
            self.failures -= 1
            raise ConnectionError("away")
        self.count += 1
        return Token(f"token-{self.count}", self.lasts_s)


class Workers:
    """Several processes with the same account, each with a pool and a memory of its own."""

    def __init__(self, served: Served, workspace: int, account_id: int) -> None:
        self.served, self.workspace, self.account_id = served, workspace, account_id
        self.now = NOON
        self.databases: list[Database] = []

    async def hire(self) -> TokenKeeper:
        database = await Database.open(self.served.house.dsn, max_size=2)
        self.databases.append(database)
        return TokenKeeper(
            database,
            a_seal(self.served.house.settings),
            workspace=self.workspace,
            account_id=self.account_id,
            live={},
            clock=lambda: self.now,
        )

    async def __aenter__(self) -> "Workers":
        return self

    async def __aexit__(self, *_: object) -> None:
        for database in self.databases:
            await database.close()


@pytest.fixture
def workers(served: Served, owner: Browser, workspace: int) -> Workers:
    return Workers(served, workspace, add(owner).json()["account_id"])


def test_a_token_is_fetched_once_for_all_workers(workers: Workers) -> None:
    fetch = Fetching()

    async def run() -> list[str]:
        async with workers:
            hired = [await workers.hire() for _ in range(4)]
            return await asyncio.gather(*(worker.token("access", fetch) for worker in hired for _ in range(5)))

    assert set(asyncio.run(run())) == {"token-1"}
    assert fetch.count == 1


def test_a_token_is_kept_sealed_and_renewed_before_it_ends(workers: Workers) -> None:
    fetch = Fetching(lasts_s=7_200)

    async def run() -> list[str]:
        async with workers:
            found = []
            for minutes in (0, 60, 116):  # of 120; the last five count as over
                workers.now = NOON + timedelta(minutes=minutes)
                found.append(await (await workers.hire()).token("access", fetch))
            return found

    assert asyncio.run(run()) == ["token-1", "token-1", "token-2"]
    (row,) = workers.served.house.rows("SELECT * FROM channel_token WHERE account_id = %s", workers.account_id)
    assert b"token" not in bytes(row["sealed_value"])


def test_of_many_who_are_refused_one_fetches_anew(workers: Workers) -> None:
    fetch = Fetching()

    async def run() -> list[str]:
        async with workers:
            hired = [await workers.hire() for _ in range(3)]
            await asyncio.gather(*(worker.token("access", fetch) for worker in hired))

            async def refused(worker: TokenKeeper) -> str:
                await worker.forget("access")
                return await worker.token("access", fetch)

            return [await refused(worker) for worker in hired]

    assert asyncio.run(run()) == ["token-2"] * 3


def test_a_worker_that_dies_while_it_fetches_is_followed_by_another(workers: Workers) -> None:
    fetch = Fetching()

    async def run() -> str:
        async with workers:
            dead = await workers.hire()
            leased = await dead._find_or_fetch("other", fetch)  # makes the row of another name: nothing of it matters
            assert leased is not None
            async with workers.databases[0].transaction(workers.workspace) as tx:
                tokens = TokenRepository(tx, workers.account_id, "access")
                assert await tokens.lease(now=NOON, until=NOON + timedelta(seconds=30))
            workers.now = NOON + timedelta(seconds=31)
            return await (await workers.hire()).token("access", fetch)

    assert asyncio.run(run()) == "token-2"


def test_who_was_too_slow_does_not_put_its_token_over_a_newer_one(workers: Workers) -> None:
    newer = Fetching()

    async def run() -> str:
        async with workers:
            slow, quick = await workers.hire(), await workers.hire()

            async def fetch_slowly() -> Token:
                workers.now = NOON + timedelta(seconds=31)  # the lease is over
                assert await quick.token("access", newer) == "token-1"
                return Token("stale", 7_200)

            await slow.token("access", fetch_slowly)
            return await (await workers.hire()).token("access", newer)

    assert asyncio.run(run()) == "token-1"


def test_a_platform_that_is_away_blocks_nobody(workers: Workers) -> None:
    fetch = Fetching()
    fetch.failures = 1

    async def run() -> str:
        async with workers:
            one, other = await workers.hire(), await workers.hire()
            with pytest.raises(ConnectionError):
                await one.token("access", fetch)
            return await other.token("access", fetch)

    assert asyncio.run(run()) == "token-1"


def test_a_secret_that_changes_with_every_fetch_is_known_to_the_next_worker(workers: Workers) -> None:
    used: list[str] = []

    async def run() -> None:
        async with workers:
            for _ in range(3):
                keeper = await workers.hire()

                async def refresh(keeper: TokenKeeper = keeper) -> Token:
                    used.append(keeper._live.get("refresh_token", "first"))
                    await keeper.keep("refresh_token", f"refresh-{len(used)}")
                    return Token(f"token-{len(used)}", 7_200)

                await keeper.token("access", refresh)
                await keeper.forget("access")

    asyncio.run(run())

    assert used == ["first", "refresh-1", "refresh-2"]


def test_tokens_that_ended_long_ago_are_let_go_of_and_others_stay(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "_MOST_NAMES", 2)
    once, lasting = Fetching(lasts_s=60), Fetching()

    async def run() -> tuple[int, str]:
        async with workers:
            worker = await workers.hire()
            for number in range(4):
                await worker.token(f"callback:{number}", once)
            workers.now += timedelta(days=2)
            await worker.token("access", lasting)
            async with workers.databases[0].transaction(workers.workspace) as tx:
                gone = await accounts.tidy(tx, now=workers.now)
            return gone, await worker.token("access", lasting)

    assert asyncio.run(run()) == (4, "token-1")
    assert lasting.count == 1
