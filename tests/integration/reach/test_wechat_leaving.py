"""Whoever leaves an Official Account is forgotten, as WeChat asks."""

from typing import Any

import pytest
from tests.integration.reach.conftest import Served
from tests.integration.reach.telling import names, take_in
from tests.support.house import Browser
from tests.support.tencent import APP, KEY, SECRET, WORD

from fanwheel.entrypoints.simulator import Simulator

ANA = f"{APP}:oAna"


class Wechat:
    """An Official Account of a workspace, and its people."""

    def __init__(self, served: Served, workspace: int, platforms: Simulator) -> None:
        self.served, self.workspace, self.platforms = served, workspace, platforms

    def do(self, verb: str, **args: Any) -> None:
        assert self.platforms.do("wechat", verb, id=APP, person="oAna", **args)["status"] == 200

    def take_in(self) -> None:
        take_in(self.served, self.workspace)

    def known(self) -> list[tuple[str, str]]:
        rows = self.served.house.rows(
            "SELECT kind, value FROM identifier WHERE workspace_id = %s ORDER BY kind", self.workspace
        )
        return [(row["kind"], row["value"]) for row in rows]


@pytest.fixture
def wechat(served: Served, workspace: int, owner: Browser, platforms: Simulator) -> Wechat:
    values = {
        "app_id": APP, "app_secret": SECRET, "token": WORD, "encoding_aes_key": KEY,
        "base_url": f"{platforms.url}/wechat",
    }  # fmt: skip
    made = owner.post("/api/channels/accounts", {"channel": "wechat_oa", "name": "OA", "values": values})
    assert made.status_code == 201, made.text
    entered = {"id": APP, "secret": SECRET, "token": WORD, "encoding_aes_key": KEY}
    assert platforms.do("wechat", "connect", **entered, callback_url=made.json()["callback_url"])["is_verified"]
    return Wechat(served, workspace, platforms)


def test_follower_who_leaves_is_forgotten(wechat: Wechat, served: Served) -> None:
    wechat.do("follow", scene="c_1")
    wechat.do("write", text="hello")
    wechat.take_in()
    assert wechat.known() == [("openid", ANA)]

    wechat.do("unfollow")
    wechat.take_in()

    assert wechat.known() == []
    assert names(served, wechat.workspace) == []


def test_follower_who_is_back_at_once_stays(wechat: Wechat) -> None:
    wechat.do("follow")
    wechat.do("unfollow")
    wechat.do("follow", scene="c_2")
    wechat.take_in()

    assert wechat.known() == [("openid", ANA)]


def test_follower_may_come_back_later(wechat: Wechat) -> None:
    for verb, scene in (("follow", "c_1"), ("unfollow", ""), ("follow", "c_2")):
        wechat.do(verb, scene=scene)  # events of one second are told apart by their scene
        wechat.take_in()

    assert wechat.known() == [("openid", ANA)]
