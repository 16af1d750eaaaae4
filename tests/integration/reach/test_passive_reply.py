"""What a rule answers on an Official Account is said in the answer to the callback, where the account wants it so."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from tests.integration.reach.conftest import Served
from tests.integration.reach.telling import names, states, take_in
from tests.integration.reach.test_answering import send
from tests.support.house import Browser
from tests.support.tencent import APP, KEY, SECRET, WORD
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import deserialize_reply
from wechatpy.utils import WeChatSigner

from fanwheel.domains.private.tencent import read, write
from fanwheel.entrypoints.simulator import Simulator

HOURS = "每天 9:00–21:00"


class Account:
    """An Official Account with a rule that answers a word."""

    def __init__(self, served: Served, workspace: int, owner: Browser, platforms: Simulator) -> None:
        self.served, self.workspace, self.owner, self.platforms = served, workspace, owner, platforms
        self.url = ""

    def connect(self, *, mode: str = "safe", passive: str = "on") -> None:
        values = {
            "app_id": APP, "app_secret": SECRET, "token": WORD, "encoding_aes_key": KEY, "mode": mode,
            "passive_reply": passive, "base_url": f"{self.platforms.url}/wechat",
        }  # fmt: skip
        made = self.owner.post(
            "/api/channels/accounts", {"channel": "wechat_oa", "name": "OA", "values": values}
        ).json()
        self.url = made["callback_url"]
        entered = {"id": APP, "secret": SECRET, "token": WORD, "encoding_aes_key": KEY, "mode": mode}
        assert self.platforms.do("wechat", "connect", **entered, callback_url=self.url) == {"is_verified": True}

    def rule(self, *actions: dict[str, Any]) -> None:
        definition = {"trigger": {"kind": "keyword", "words": [{"text": "营业时间"}]}, "actions": list(actions)}
        made = self.owner.post("/api/auto-replies", {"name": "rule", "definition": definition})
        assert made.status_code == 201, made.text

    def write(self, text: str) -> Any:
        return self.platforms.do("wechat", "write", id=APP, person="oAna", text=text)

    def said(self) -> list[dict[str, Any]]:
        return [dict(taken.what) for taken in self.platforms.platform("wechat").sent_to("oAna")]

    def intents(self) -> list[tuple[str, str | None, list[str]]]:
        rows = self.served.house.rows(
            "SELECT state, rule, notes FROM intent WHERE workspace_id = %s ORDER BY intent_id", self.workspace
        )
        return [(row["state"], row["rule"], [note["rule"] for note in row["notes"]]) for row in rows]

    def settled(self) -> list[tuple[str, str | None, list[str]]]:
        """Intents once what became of them is noted, which is right after the answer has left."""
        self.wait(lambda: not {state for state, _, _ in self.intents()} & {"claimed", "sending"})
        return self.intents()

    def wait(self, is_so: Callable[[], bool]) -> None:
        """Wait until it is so, or long enough."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not is_so():
            time.sleep(0.01)

    @contextmanager
    def busy(self) -> Iterator[None]:
        """A worker takes in what came before, for the length of the block."""
        with psycopg.connect(self.served.house.dsn) as conn:
            conn.execute("SELECT pg_advisory_xact_lock(hashtext('inbound'), %s)", [self.workspace])
            yield


@pytest.fixture
def account(served: Served, workspace: int, owner: Browser, platforms: Simulator) -> Account:
    return Account(served, workspace, owner, platforms)


@pytest.mark.parametrize("mode", ["plain", "safe"])
def test_rule_answers_in_the_callback_and_nothing_else_is_sent(account: Account, mode: str) -> None:
    account.connect(mode=mode)
    account.rule({"do": "text", "text": HOURS})

    account.write("营业时间？")
    settled = account.settled()
    turns = take_in(account.served, account.workspace)
    send(account.served)

    assert [(said["Content"], said["is_passive"]) for said in account.said()] == [(HOURS, True)]
    assert settled == [("sent", None, ["callback"])]
    assert turns == 0
    assert names(account.served, account.workspace).count("Message Sent") == 1
    assert not account.platforms.platform("wechat").violations
    used = account.served.house.value("SELECT used FROM contact_window WHERE workspace_id = %s", account.workspace)
    assert used == 0, "customer-service messages are left for later"


def test_what_does_not_fit_into_an_answer_goes_the_ordinary_way(account: Account) -> None:
    account.connect()
    account.rule({"do": "text", "text": HOURS}, {"do": "card", "title": "地图", "url": "https://shop.example"})

    account.write("营业时间")
    before = account.intents()
    send(account.served)

    assert before == [("waiting", None, [])]
    assert account.intents() == [("sent", None, [])]
    assert [said["msgtype"] for said in account.said()] == ["text", "news"]


def test_without_the_setting_the_worker_answers(account: Account) -> None:
    account.connect(passive="off")
    account.rule({"do": "text", "text": HOURS})

    account.write("营业时间")

    assert account.said() == []
    assert take_in(account.served, account.workspace) == 1
    send(account.served)
    assert [said["text"]["content"] for said in account.said()] == [HOURS]


def test_a_client_of_others_reads_the_answer_and_a_repeated_push_is_not_answered_twice(account: Account) -> None:
    account.connect()
    account.rule({"do": "text", "text": HOURS})
    crypto = WeChatCrypto(WORD, KEY, APP)
    push, query = _pushed(crypto, "营业时间")

    first, second = (httpx.post(account.url, params=query, content=push) for _ in range(2))

    proof = [read(first.content).get(name) for name in ("MsgSignature", "TimeStamp", "Nonce")]
    opened = crypto.decrypt_message(first.text, *proof)
    reply = deserialize_reply(opened)
    assert (reply.type, reply.content, reply.target, reply.source) == ("text", HOURS, "oAna", "gh_brand")
    assert second.content == b"success"
    assert len(account.settled()) == 1


def test_answer_to_somebody_who_hung_up_goes_the_ordinary_way(account: Account) -> None:
    account.connect()
    account.rule({"do": "text", "text": HOURS})
    account.platforms.do("wechat", "know", id=APP, people=["oAna"])
    push, query = _pushed(WeChatCrypto(WORD, KEY, APP), "营业时间")

    with account.busy(), _post(account.url, push, query):
        account.wait(lambda: bool(states(account.served, account.workspace)))
    account.wait(lambda: [state for state, _, _ in account.intents()] == ["waiting"])

    assert account.intents() == [("waiting", None, [])]
    account.platforms.do("wechat", "write", id=APP, person="oAna", text="在吗")
    send(account.served)
    assert [said["text"]["content"] for said in account.said()] == [HOURS]


def _pushed(crypto: WeChatCrypto, text: str) -> tuple[bytes, dict[str, str]]:
    """A message as WeChat's own scheme has it, wrapped by somebody else's code."""
    said = {
        "ToUserName": "gh_brand", "FromUserName": "oAna", "CreateTime": int(time.time()), "MsgType": "text",
        "Content": text, "MsgId": 42,
    }  # fmt: skip
    assert vars(parse_message(write("xml", said)))["_data"]["Content"] == text
    nonce, timestamp = "415670741", str(int(time.time()))
    sealed = read(crypto.encrypt_message(write("xml", said), nonce, timestamp).encode())
    signer = WeChatSigner()
    signer.add_data(WORD, timestamp, nonce)
    query = {
        "timestamp": timestamp, "nonce": nonce, "signature": signer.signature, "encrypt_type": "aes",
        "msg_signature": sealed.get("MsgSignature"),
    }  # fmt: skip
    return write("xml", {"ToUserName": "gh_brand", "Encrypt": sealed.get("Encrypt")}).encode(), query


@contextmanager
def _post(url: str, body: bytes, query: dict[str, str]) -> Iterator[None]:
    """Send a request, and hang up when the block ends without having heard the answer."""
    parts = urlsplit(url)
    target = f"{parts.path}?{httpx.QueryParams(query)}"
    head = f"POST {target} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection((parts.hostname or "", parts.port or 0)) as line:
        line.sendall(head.encode() + body)
        yield
