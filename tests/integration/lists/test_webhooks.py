"""Webhooks: what happens in segments is told to a real receiver, signed, once taken no more, until it is."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from tests.integration.lists.test_segments import make
from tests.integration.persons.conftest import World
from tests.support.house import Browser, House

from fanwheel.cdp.segments import telling
from fanwheel.infra import webhooks
from fanwheel.infra.webhooks import rules
from fanwheel.infra.webhooks.repository import WebhookRepository

LATER = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)  # by then all is due


class Receiver:
    """A server on loopback that keeps what it is sent and answers as it is told."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.got: list[tuple[dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append(({name.lower(): text for name, text in self.headers.items()}, body))
                self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hook"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Worker:
    """What the worker does, at moments of our choosing."""

    def __init__(self, house: House, workspace: int) -> None:
        self.now = LATER
        self._house = house
        self._workspace = workspace
        self._courier = webhooks.Courier(house.settings, clock=lambda: self.now)

    def turn(self) -> None:
        self._house.run(self._turn())

    async def _turn(self) -> None:
        async with self._house.database.transaction(self._workspace) as tx:
            await telling.tell(tx)
        await self._courier.run_once(self._house.database, self._workspace)

    def close(self) -> None:
        self._house.run(self._courier.close())


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    opened = Receiver()
    yield opened
    opened.close()


@pytest.fixture
def worker(house: House, world: World) -> Iterator[Worker]:
    opened = Worker(house, world.workspace)
    yield opened
    opened.close()


def listen(owner: Browser, url: str, **more: Any) -> dict[str, Any]:
    answer = owner.post("/api/webhooks", {"url": url, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def move(world: World, segment_id: int, person: int, *, is_entry: bool = True) -> None:
    world.do(
        "INSERT INTO segment_change (workspace_id, segment_id, person_id, is_entry, changed_at, cause)"
        " VALUES (%(workspace)s, %(segment)s, %(person)s, %(entry)s, '2026-11-22T11:00Z', 'change')",
        segment=segment_id, person=person, entry=is_entry,
    )  # fmt: skip


def log(owner: Browser, made: dict[str, Any]) -> list[tuple[str, int, int | None]]:
    items = owner.get(f"/api/webhooks/{made['webhook_id']}/messages").json()["items"]
    return [(item["state"], item["attempts"], item["status"]) for item in items]


def test_entries_and_exits_are_told_in_order_and_signed(
    world: World, owner: Browser, receiver: Receiver, worker: Worker
) -> None:
    segment_id, other = make(owner, "Friends"), make(owner, "Others")
    move(world, segment_id, 1)  # before there was anybody to be told
    made = listen(owner, receiver.url, segment_ids=[segment_id])
    move(world, segment_id, 7)
    move(world, other, 8)
    move(world, segment_id, 7, is_entry=False)

    worker.turn()
    worker.turn()

    told = sorted((json.loads(body) for _, body in receiver.got), key=lambda each: each["data"]["change_id"])
    assert [(each["type"], each["data"]["person_id"]) for each in told] == [
        ("segment.entered", 7),
        ("segment.exited", 7),
    ]
    assert told[0]["timestamp"] == "2026-11-22T11:00:00Z"
    assert told[0]["data"]["segment_name"] == "Friends"
    for headers, body in receiver.got:
        signed = b".".join((headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body))
        key = base64.b64decode(made["secret"].removeprefix("whsec_"))
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{expected}"
        assert headers["webhook-timestamp"] == str(int(LATER.timestamp()))
        assert headers["content-type"] == "application/json"
    assert log(owner, made) == [("delivered", 1, 204)] * 2


def test_what_is_not_taken_is_sent_again_later_under_the_same_id(
    world: World, owner: Browser, receiver: Receiver, worker: Worker
) -> None:
    made = listen(owner, receiver.url)
    move(world, make(owner), 7)
    receiver.answers = [500, 302]

    worker.turn()
    assert log(owner, made) == [("waiting", 1, 500)]
    worker.turn()  # not yet
    worker.now += timedelta(seconds=5)
    worker.turn()
    assert log(owner, made) == [("waiting", 2, 302)]
    worker.now += timedelta(minutes=5)
    worker.turn()

    assert log(owner, made) == [("delivered", 3, 204)]
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert len(receiver.got) == 3


def test_an_attempt_that_never_ended_is_made_again(
    house: House, world: World, owner: Browser, receiver: Receiver, worker: Worker
) -> None:
    made = listen(owner, receiver.url)
    move(world, make(owner), 7)

    async def claim_and_die() -> None:
        async with house.database.transaction(world.workspace) as tx:
            await telling.tell(tx)
            await WebhookRepository(tx).claim(now=worker.now, until=worker.now + timedelta(seconds=60), most=10)

    house.run(claim_and_die())
    worker.turn()
    assert receiver.got == []
    worker.now += timedelta(seconds=60)
    worker.turn()

    assert log(owner, made) == [("delivered", 2, 204)]


def test_after_the_last_attempt_a_message_has_failed(
    world: World, owner: Browser, receiver: Receiver, worker: Worker
) -> None:
    made = listen(owner, receiver.url)
    move(world, make(owner), 7)
    receiver.answers = [503] * 20

    for wait in (timedelta(), *rules.WAITS, timedelta(days=9)):
        worker.now += wait
        worker.turn()

    assert log(owner, made) == [("failed", 1 + len(rules.WAITS), 503)]


def test_an_address_that_is_gone_is_told_no_more(
    world: World, owner: Browser, receiver: Receiver, worker: Worker
) -> None:
    made = listen(owner, receiver.url)
    segment_id = make(owner)
    move(world, segment_id, 7)
    receiver.answers = [410]
    worker.turn()

    (found,) = owner.get("/api/webhooks").json()["items"]
    assert (found["is_active"], "gone" in found["error"]) == (False, True)
    move(world, segment_id, 8)
    worker.turn()
    path = f"/api/webhooks/{made['webhook_id']}"
    assert owner.ask("PATCH", path, json={"is_active": True}).json()["error"] is None
    move(world, segment_id, 9)
    worker.turn()
    assert [json.loads(body)["data"]["person_id"] for _, body in receiver.got] == [7, 9]

    assert owner.ask("DELETE", path).status_code == 204
    assert owner.get(f"{path}/messages").json()["code"] == "webhook_not_found"


def test_where_nobody_listens_the_log_says_so(world: World, owner: Browser, receiver: Receiver, worker: Worker) -> None:
    made = listen(owner, receiver.url.replace("/hook", "/x"))
    metadata = listen(owner, "http://169.254.169.254/latest")
    move(world, make(owner), 7)
    receiver.close()

    worker.turn()

    (item,) = owner.get(f"/api/webhooks/{made['webhook_id']}/messages").json()["items"]
    assert (item["state"], item["status"]) == ("waiting", None)
    assert item["error"].startswith("ConnectError")
    (item,) = owner.get(f"/api/webhooks/{metadata['webhook_id']}/messages").json()["items"]
    assert "no address to send to" in item["error"]


def test_a_ping_is_sent_once_whatever_comes_of_it(owner: Browser, receiver: Receiver, worker: Worker) -> None:
    made = listen(owner, receiver.url)
    path = f"/api/webhooks/{made['webhook_id']}/ping"
    receiver.answers = [204, 500]

    assert owner.post(path, {}).json()["state"] == "waiting"
    worker.now += timedelta(days=1)
    worker.turn()
    owner.post(path, {})
    worker.turn()

    assert log(owner, made) == [("failed", 1, 500), ("delivered", 1, 204)]
    told = [json.loads(body) for _, body in receiver.got]
    assert [(each["type"], each["data"]) for each in told] == [("webhook.ping", {"webhook_id": made["webhook_id"]})] * 2


def test_what_was_not_taken_can_be_sent_again_by_hand(
    world: World, owner: Browser, receiver: Receiver, worker: Worker
) -> None:
    made = listen(owner, receiver.url)
    move(world, make(owner), 7)
    receiver.answers = [500]
    worker.turn()
    path = f"/api/webhooks/{made['webhook_id']}/messages"
    message_id = owner.get(path).json()["items"][0]["message_id"]
    worker.now = datetime.now(UTC) + timedelta(seconds=1)

    assert owner.post(f"{path}/{message_id}/retry", {}).status_code == 202
    worker.turn()

    assert log(owner, made) == [("delivered", 2, 204)]
    assert owner.post(f"{path}/{message_id}/retry", {}).json()["code"] == "message_taken"
    assert owner.post(f"{path}/{message_id + 1}/retry", {}).json()["code"] == "message_not_found"


def test_who_is_switched_off_is_sent_nothing_by_hand_either(owner: Browser, receiver: Receiver) -> None:
    made = listen(owner, receiver.url)
    path = f"/api/webhooks/{made['webhook_id']}"
    message_id = owner.post(f"{path}/ping", {}).json()["message_id"]
    owner.ask("PATCH", path, json={"is_active": False})

    answers = [owner.post(f"{path}/{way}", {}) for way in ("ping", f"messages/{message_id}/retry")]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(409, "webhook_off")] * 2


def test_a_new_secret_signs_what_is_sent_from_then_on(owner: Browser, receiver: Receiver, worker: Worker) -> None:
    made = listen(owner, receiver.url)
    path = f"/api/webhooks/{made['webhook_id']}"

    renewed = owner.post(f"{path}/secret", {}).json()
    owner.post(f"{path}/ping", {})
    worker.now += timedelta(days=1)
    worker.turn()

    assert renewed["secret"] != made["secret"]
    ((headers, body),) = receiver.got
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    told = rules.sign(renewed["secret"], message_id=headers["webhook-id"], at=at, body=body)
    assert headers["webhook-signature"] == told["webhook-signature"]


def test_secrets_are_shown_once_and_kept_sealed(world: World, owner: Browser, house: House) -> None:
    made = listen(owner, "https://shop.example/hooks")

    assert made["secret"].startswith("whsec_")
    assert len(base64.b64decode(made["secret"].removeprefix("whsec_"))) == 32
    assert made["secret"] not in owner.get("/api/webhooks").text
    (row,) = world.rows("SELECT sealed_secret FROM webhook WHERE workspace_id = %(workspace)s")
    assert base64.b64decode(made["secret"].removeprefix("whsec_")) not in row["sealed_secret"]
    assert made["secret"].encode() not in row["sealed_secret"]
    assert (house.settings.home / "secret.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("url", ["ftp://shop.example", "https://", "http://user:pw@shop.example", "shop.example/hook"])
def test_what_cannot_be_posted_to_is_refused(owner: Browser, url: str) -> None:
    answer = owner.post("/api/webhooks", {"url": url})

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_webhook")


def test_only_owners_have_others_told(house: House, world: World, owner: Browser) -> None:
    listen(owner, "https://shop.example/hooks")
    allowed = {
        role: (
            house.member(world.workspace, role).get("/api/webhooks").status_code,
            house.member(world.workspace, role).post("/api/webhooks", {"url": "https://x.example"}).status_code,
        )
        for role in ("operator", "agent", "analyst", "viewer")
    }

    assert allowed == {"operator": (200, 403), "agent": (403, 403), "analyst": (403, 403), "viewer": (403, 403)}


def test_a_signature_is_as_the_standard_has_it() -> None:
    # The example of the specification's reference libraries.
    headers = rules.sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=datetime.fromtimestamp(1_614_265_330, UTC),
        body=b'{"test": 2432232314}',
    )

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
