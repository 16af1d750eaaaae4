"""Pushes of WeChat and WeCom to a running product: what is theirs comes in once, everything else stays out."""

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import httpx
import pytest
from tests.support.product import OWNER, PASSWORD, Product
from tests.support.tencent import APP, CORP, KEY, SECRET, WORD, a_push

from fanwheel.domains.private.channels.contracts import Request
from fanwheel.entrypoints.simulator import Simulator

NUMBERS = itertools.count(6_054_768_590_064_713_728)


class Hooked(NamedTuple):
    """A product whose accounts the simulated platforms call back."""

    product: Product
    simulator: Simulator
    callbacks: dict[str, str]

    def post(self, request: Request, *, account: str = "wechat") -> httpx.Response:
        return httpx.post(self.callbacks[account], params=dict(request.query), content=request.body, timeout=30)

    def people(self, said: str) -> Any:
        return self.product.get("/api/people", q=said)["items"]


@pytest.fixture(scope="module")
def hooked(product: Product) -> Iterator[Hooked]:
    with Simulator.started() as simulator, httpx.Client(base_url=product.url, timeout=30) as owner:
        owner.post("/api/auth/login", json={"email": OWNER, "password": PASSWORD}).raise_for_status()
        owner.headers["X-CSRF-Token"] = owner.get("/api/auth/me").json()["csrf_token"]
        common = {"token": WORD, "encoding_aes_key": KEY}
        callbacks = {}
        for platform, channel, values in (
            ("wechat", "wechat_oa", {"app_id": APP, "app_secret": SECRET, "mode": "safe"}),
            ("wecom", "wecom", {"corp_id": CORP, "secret": SECRET, "staff": "zhangsan"}),
        ):
            told = {**common, **values, "base_url": f"{simulator.url}/{platform}"}
            made = owner.post("/api/channels/accounts", json={"channel": channel, "name": channel, "values": told})
            made.raise_for_status()
            path = httpx.URL(made.json()["callback_url"]).path
            entered = {"id": values.get("app_id", CORP), "secret": SECRET, "callback_url": product.url + path}
            assert simulator.do(platform, "connect", **common, **entered) == {"is_verified": True}
            callbacks[platform] = product.url + path
        yield Hooked(product, simulator, callbacks)


def a_message(openid: str, *, at: datetime | None = None, **changed: Any) -> Request:
    now = at or datetime.now(UTC)
    names = f"<ToUserName>gh_1</ToUserName><FromUserName>{openid}</FromUserName>"
    said = f"<CreateTime>{int(now.timestamp())}</CreateTime><MsgType>text</MsgType><Content>hi</Content>"
    body = f"<xml>{names}{said}<MsgId>{next(NUMBERS)}</MsgId></xml>"
    return a_push(changed.pop("body", body), at=now, **changed)


def test_follower_and_customer_come_in_as_people(hooked: Hooked) -> None:
    hooked.simulator.do("wechat", "follow", id=APP, person="oNewcomer", scene="c_1")
    hooked.simulator.do("wecom", "add", id=CORP, person="wmNewcomer", state="c_2")
    hooked.simulator.do("wecom", "write", id=CORP, person="wmNewcomer", text="在吗")

    for said in (f"{APP}:oNewcomer", "wmNewcomer"):
        hooked.product.eventually("/api/people", lambda answer: answer["items"], q=said)
    assert not hooked.simulator.platform("wechat").violations


def test_what_comes_twice_is_taken_once(hooked: Hooked) -> None:
    twice = a_message("oTwice")

    statuses = [hooked.post(twice).status_code for _ in range(3)]

    (person,) = hooked.product.eventually("/api/people", lambda answer: answer["items"], q=f"{APP}:oTwice")["items"]
    timeline = hooked.product.eventually(f"/api/people/{person['id']}/timeline", lambda answer: answer["items"])
    assert statuses == [200, 200, 200]
    assert [event["name"] for event in timeline["items"]] == ["Message Received"]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><xml><Content>&b;</Content></xml>'
YESTERDAY, TOMORROW = -timedelta(days=1), timedelta(days=1)

# Each is made when it is sent, or it would be refused for its age alone.
HOSTILE: dict[str, tuple[Callable[[], Request], int]] = {
    "unsigned": (lambda: a_message("oForged")._replace(query={}), 403),
    "with another signature": (lambda: a_message("oForged", msg_signature="0" * 40), 403),
    "with the signature of the address only": (lambda: a_message("oForged", encrypt_type="raw"), 403),
    "not sealed": (lambda: a_message("oForged", is_sealed=False), 403),
    "sealed for another account": (lambda: a_message("oForged", receive_id=CORP), 403),
    "of yesterday": (lambda: a_message("oForged", at=datetime.now(UTC) + YESTERDAY), 403),
    "of tomorrow": (lambda: a_message("oForged", at=datetime.now(UTC) + TOMORROW), 403),
    "with entities in the envelope": (lambda: a_message("oForged", body=BOMB), 422),
    "with entities around the envelope": (lambda: a_message("oForged")._replace(body=BOMB.encode()), 422),
    "of no form": (lambda: a_message("oForged")._replace(body=b"\xff\xfe\x00"), 422),
    "that is too long": (lambda: a_message("oForged")._replace(body=b"<xml>" + b"a" * 2_000_000), 413),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_push_is_refused(hooked: Hooked, what: str) -> None:
    make, status = HOSTILE[what]

    answer = hooked.post(make())

    assert answer.status_code == status, answer.text
    assert SECRET not in answer.text
    assert not hooked.people("oForged")


def test_account_that_is_none_is_not_told_apart(hooked: Hooked) -> None:
    unknown = hooked.callbacks["wechat"].rpartition("/")[0] + "/unknown"

    assert httpx.post(unknown, content=b"<xml/>", timeout=30).status_code == 404


def test_log_holds_no_secret_and_nobody(hooked: Hooked) -> None:
    hooked.post(a_message("oPrivate"))
    hooked.post(a_message("oPrivate", msg_signature="0" * 40))
    hooked.product.eventually("/api/people", lambda answer: answer["items"], q=f"{APP}:oPrivate")

    log = (hooked.product.home / "product.log").read_text()
    assert [word for word in (SECRET, WORD, KEY, "oPrivate", "access_token=") if word in log] == []
