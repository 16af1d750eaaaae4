"""What platforms tell us is kept before it is answered, and taken in once, whatever happens meanwhile."""

import asyncio
import itertools
import json
import multiprocessing
import os
import signal
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg
from tests.integration.reach.conftest import TOKEN, Served
from tests.integration.reach.telling import ANA, facts, names, secret_of, states, take_in, tell, update
from tests.support.house import Browser

from fanwheel.cdp import consent
from fanwheel.domains.private.channels import inbound
from fanwheel.domains.private.channels.contracts import Address, Message, Text
from fanwheel.entrypoints.simulator import Simulator
from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings
from fanwheel.loop.operate.receiving import Receiver

ACCOUNTS = "/api/channels/accounts"


# ---------------------------------------------------------------- what people do
def test_what_people_do_is_told_of_them(
    served: Served, workspace: int, bot: dict[str, Any], platforms: Simulator
) -> None:
    tell(platforms, "start", scene="spring")
    tell(platforms, "write", text="Do you have tea?")
    tell(platforms, "tap", data="menu:1:2")
    tell(platforms, "block")

    take_in(served, workspace)

    told = [(name, properties) for name, properties in facts(served, workspace) if not name.startswith("Consent")]
    about = {"channel": "telegram", "account_id": bot["account_id"]}
    assert told == [
        ("", {"name": "Ana", "language": "en", "username": "user10001"}),
        ("Channel Joined", {**about, "scene": "spring", "recorded": True}),
        ("Message Received", about),
        ("Button Tapped", {**about, "value": "menu:1:2"}),
        ("Channel Left", {**about, "recorded": True}),
    ]
    people = served.house.rows("SELECT kind, value FROM identifier WHERE workspace_id = %s", workspace)
    assert people == [{"kind": "telegram_id", "value": "10001"}]


def test_who_joins_agrees_at_once_and_who_leaves_does_not_any_more(
    served: Served, workspace: int, bot: dict[str, Any], platforms: Simulator
) -> None:
    def agrees() -> list[bool]:
        rows = served.house.rows(
            "SELECT is_granted FROM consent WHERE workspace_id = %s ORDER BY decided_at, consent_id", workspace
        )
        return [row["is_granted"] for row in rows]

    tell(platforms, "start")
    take_in(served, workspace)
    assert agrees() == [True]

    tell(platforms, "block")
    take_in(served, workspace)
    assert agrees() == [True, False]


def test_who_had_gone_and_writes_again_may_be_written_to(
    served: Served, workspace: int, bot: dict[str, Any], platforms: Simulator
) -> None:
    hasher = consent.AddressHasher(served.house.settings)
    gone = [consent.Entry("telegram_id", str(ANA), "telegram", "bounce")]
    strangers = [consent.Entry("telegram_id", "77", "telegram", "bounce")]

    def suppressed() -> int:
        return len(served.house.rows("SELECT 1 FROM suppression WHERE workspace_id = %s", workspace))

    async def block() -> None:
        async with served.house.database.transaction(workspace) as tx:
            now = datetime.now(UTC) - timedelta(minutes=1)
            await consent.suppress(tx, hasher, gone + strangers, actor="system", now=now)

    served.house.run(block())
    before = suppressed()
    tell(platforms, "write", text="I am back")
    take_in(served, workspace)

    assert (before, suppressed()) == (2, 1)


def test_what_was_written_stands_in_a_conversation_and_nowhere_else(
    served: Served, workspace: int, owner: Browser, bot: dict[str, Any], platforms: Simulator
) -> None:
    tell(platforms, "write", text="My secret wish")

    take_in(served, workspace)

    assert states(served, workspace) == [("done", "")]
    assert "secret wish" not in json.dumps(facts(served, workspace))
    found = owner.get("/api/conversations").json()["items"]
    assert len(found) == 1


def test_the_account_shows_that_somebody_was_heard(
    served: Served, workspace: int, owner: Browser, bot: dict[str, Any], platforms: Simulator
) -> None:
    tell(platforms, "write", text="Hi")

    take_in(served, workspace)

    assert owner.get(f"{ACCOUNTS}/{bot['account_id']}").json()["heard_at"] is not None


def test_a_paused_account_still_listens(
    served: Served, workspace: int, owner: Browser, bot: dict[str, Any], platforms: Simulator
) -> None:
    owner.post(f"{ACCOUNTS}/{bot['account_id']}/pause")

    assert tell(platforms, "write", text="Hi") == 200

    take_in(served, workspace)
    assert names(served, workspace) == ["Message Received"]


# ---------------------------------------------------------------- once
def test_what_is_told_twice_is_taken_in_once(
    served: Served, workspace: int, bot: dict[str, Any], platforms: Simulator
) -> None:
    platforms.set_faults("telegram", duplicate=1.0)
    number = platforms.do("telegram", "write", token=TOKEN, person=ANA, text="Hi")["update_id"]
    take_in(served, workspace)
    header = {"x-telegram-bot-api-secret-token": secret_of(platforms)}

    again = [httpx.post(bot["callback_url"], headers=header, json=update(number)) for _ in range(3)]
    take_in(served, workspace)

    assert [answer.status_code for answer in again] == [200] * 3
    assert names(served, workspace) == ["Message Received"]
    assert len(states(served, workspace)) == 1


def test_a_button_stops_turning_because_the_answer_says_so(
    served: Served, bot: dict[str, Any], platforms: Simulator
) -> None:
    tell(platforms, "tap", data="menu:1:2")

    assert len(platforms.platform("telegram").answered) == 1


def test_two_workers_take_a_workspace_in_by_turns(
    served: Served, workspace: int, bot: dict[str, Any], platforms: Simulator
) -> None:
    async def put() -> None:
        async with served.house.database.transaction(workspace) as tx:
            told = [
                Message(
                    key=f"m{n}",
                    at=datetime.now(UTC),
                    sender=Address("telegram_id", str(500 + n % 20)),
                    parts=(Text(f"message {n}"),),
                )
                for n in range(60)
            ]
            await inbound.put(tx, bot["account_id"], told, now=datetime.now(UTC))

    async def race() -> None:
        receivers = [Receiver(served.house.settings, served.house.database) for _ in range(3)]
        for receiver in receivers:
            receiver._most[workspace] = 7
        for _ in range(30):
            await asyncio.gather(*(receiver.take_in(workspace) for receiver in receivers))

    served.house.run(put())
    served.house.run(race())

    assert {state for state, _ in states(served, workspace)} == {"done"}
    assert names(served, workspace).count("Message Received") == 60


def _take_in_until(dsn: str, home: str, workspace: int, statement: int) -> None:
    count = itertools.count(1)
    execute = psycopg.AsyncCursor.execute

    async def counted(self: Any, *args: Any, **options: Any) -> Any:
        if next(count) == statement:
            os.kill(os.getpid(), signal.SIGKILL)
        return await execute(self, *args, **options)

    async def run() -> None:
        async with await Database.open(dsn, max_size=2) as db:
            await Receiver(Settings(home=home), db).take_in(workspace)  # type: ignore[arg-type]

    psycopg.AsyncCursor.execute = counted  # type: ignore[method-assign]
    asyncio.run(run())


def test_a_worker_that_is_killed_anywhere_loses_and_repeats_nothing(
    served: Served, workspace: int, bot: dict[str, Any]
) -> None:
    async def put(number: int) -> None:
        async with served.house.database.transaction(workspace) as tx:
            told = [
                Message(
                    key=f"{number}:{n}",
                    at=datetime.now(UTC),
                    sender=Address("telegram_id", str(700 + n)),
                    parts=(Text("Hi"),),
                )
                for n in range(3)
            ]
            await inbound.put(tx, bot["account_id"], told, now=datetime.now(UTC))

    forked = multiprocessing.get_context("fork")
    rounds = 0
    for statement in itertools.count(1, 3):
        rounds += 1
        served.house.run(put(rounds))
        child = forked.Process(
            target=_take_in_until, args=(served.house.dsn, served.house.settings.home, workspace, statement)
        )
        child.start()
        child.join()
        if child.exitcode == 0:
            break
        assert child.exitcode == -signal.SIGKILL
    take_in(served, workspace)

    assert rounds > 5, "nobody was killed on the way"
    assert {state for state, _ in states(served, workspace)} == {"done"}
    assert names(served, workspace).count("Message Received") == 3 * rounds


# ---------------------------------------------------------------- what is wrong with it
def test_what_cannot_be_taken_in_is_set_aside_and_blocks_nobody(
    served: Served, workspace: int, owner: Browser, bot: dict[str, Any], platforms: Simulator
) -> None:
    for n in range(6):
        tell(platforms, "write", person=ANA + n, text=f"message {n}")
    served.house.rows(
        """UPDATE inbound SET body = '{"type":"message","nonsense":"Ana wrote this"}' WHERE inbound_id =
           (SELECT inbound_id FROM inbound WHERE workspace_id = %s ORDER BY inbound_id OFFSET 2 LIMIT 1)""",
        workspace,
    )
    now = datetime.now(UTC)

    for wait in (0, 2, 8, 40, 200, 400):
        take_in(served, workspace, clock=lambda wait=wait: now + timedelta(seconds=wait))

    assert [state for state, _ in states(served, workspace)] == ["done", "done", "failed", "done", "done", "done"]
    (failed,) = owner.get("/api/channels/inbound").json()["items"]
    assert failed["attempts"] == 5
    assert failed["error"] == "It does not have the shape of a happening."
    assert "Ana" not in json.dumps(failed)
    assert names(served, workspace).count("Message Received") == 5


def test_what_was_set_aside_is_tried_again_when_somebody_says_so(
    served: Served, workspace: int, owner: Browser, bot: dict[str, Any], platforms: Simulator
) -> None:
    tell(platforms, "write", text="Hi")
    served.house.rows("UPDATE inbound SET state = 'failed', attempts = 5 WHERE workspace_id = %s", workspace)
    (failed,) = owner.get("/api/channels/inbound").json()["items"]

    assert owner.post(f"/api/channels/inbound/{failed['inbound_id']}/retry").status_code == 204
    take_in(served, workspace)

    assert names(served, workspace) == ["Message Received"]
    assert owner.post(f"/api/channels/inbound/{failed['inbound_id']}/retry").status_code == 404


# ---------------------------------------------------------------- erasure
def test_an_erased_person_is_gone_from_what_waits(
    served: Served, workspace: int, owner: Browser, bot: dict[str, Any], platforms: Simulator
) -> None:
    tell(platforms, "write", text="Hi")
    take_in(served, workspace)
    tell(platforms, "write", text="Again")
    person = served.house.value("SELECT person_id FROM identifier WHERE workspace_id = %s", workspace)

    assert owner.ask("DELETE", f"/api/people/{person}").status_code < 300

    assert {body for _, body in states(served, workspace)} == {""}
    assert facts(served, workspace) == []
