"""People on WeChat and WeCom are answered by rule, through the whole product."""

from typing import Any

import pytest
from tests.integration.reach.conftest import Served
from tests.integration.reach.telling import names, take_in
from tests.integration.reach.test_answering import send
from tests.support.house import Browser
from tests.support.tencent import APP, CORP, KEY, SECRET, WORD

from fanwheel.domains.private.channels import accounts
from fanwheel.domains.private.channels.contracts import Reply, Text
from fanwheel.entrypoints import posting
from fanwheel.entrypoints.simulator import Simulator
from fanwheel.kernel.ids import HomeId
from fanwheel.loop.operate import reach

OWN = {
    "wechat": ("wechat_oa", {"app_id": APP, "app_secret": SECRET}, APP),
    "wecom": ("wecom", {"corp_id": CORP, "secret": SECRET}, CORP),
}


class Brand:
    """A workspace with an account of each, and rules that answer."""

    def __init__(self, served: Served, workspace: int, owner: Browser, platforms: Simulator) -> None:
        self.served, self.workspace, self.owner, self.platforms = served, workspace, owner, platforms
        self.accounts = {platform: self._connect(platform) for platform in OWN}

    def _connect(self, platform: str) -> int:
        channel, own, app = OWN[platform]
        common = {"token": WORD, "encoding_aes_key": KEY}
        values = {**common, **own, "base_url": f"{self.platforms.url}/{platform}"}
        made = self.owner.post("/api/channels/accounts", {"channel": channel, "name": channel, "values": values}).json()
        entered = {"id": app, "secret": SECRET, "callback_url": made["callback_url"]}
        assert self.platforms.do(platform, "connect", **common, **entered) == {"is_verified": True}
        return int(made["account_id"])

    def rule(self, trigger: dict[str, Any], *actions: dict[str, Any]) -> None:
        definition = {"trigger": trigger, "actions": list(actions)}
        made = self.owner.post("/api/auto-replies", {"name": "rule", "definition": definition})
        assert made.status_code == 201, made.text

    def do(self, platform: str, verb: str, **args: Any) -> Any:
        return self.platforms.do(platform, verb, id=OWN[platform][2], **args)

    def settle(self) -> None:
        take_in(self.served, self.workspace)
        send(self.served)

    def follow_up(self) -> int:
        async def run() -> int:
            house = self.served.house
            opener = accounts.Opener(house.settings, house.database)
            try:
                return await posting.make_follower(house.settings, house.database, opener).follow_up(self.workspace)
            finally:
                await opener.close()

        return self.served.house.run(run())

    def said(self, platform: str, person: str) -> list[dict[str, Any]]:
        return [dict(taken.what) for taken in self.platforms.platform(platform).sent_to(person)]

    def states(self) -> list[tuple[str, str | None]]:
        rows = self.served.house.rows(
            "SELECT state, rule FROM intent WHERE workspace_id = %s ORDER BY intent_id", self.workspace
        )
        return [(row["state"], row["rule"]) for row in rows]


@pytest.fixture
def brand(served: Served, workspace: int, owner: Browser, platforms: Simulator) -> Brand:
    return Brand(served, workspace, owner, platforms)


def test_word_on_an_official_account_is_answered(brand: Brand) -> None:
    brand.rule({"kind": "keyword", "words": [{"text": "营业时间"}]}, {"do": "text", "text": "每天 9:00–21:00"})

    brand.do("wechat", "write", person="oAna", text="营业时间？")
    brand.settle()

    assert brand.states() == [("sent", None)]
    assert [said["text"]["content"] for said in brand.said("wechat", "oAna")] == ["每天 9:00–21:00"]


def test_new_customer_is_welcomed_with_everything_at_once(brand: Brand) -> None:
    brand.rule(
        {"kind": "welcome", "on": ["followed"]},
        {"do": "text", "text": "欢迎"},
        {"do": "card", "title": "新人礼", "url": "https://shop.example"},
    )

    brand.do("wecom", "add", person="wmAna", state="c_1")
    brand.settle()

    assert brand.states() == [("sent", None)]
    (said,) = brand.said("wecom", "wmAna")
    assert said["text"] == {"content": "欢迎"}
    assert [one["msgtype"] for one in said["attachments"]] == ["link"]
    assert not brand.platforms.platform("wecom").violations


def test_message_without_a_talk_is_a_task_for_staff(brand: Brand) -> None:
    brand.do("wecom", "add", person="wmAna", has_no_welcome=True)
    brand.settle()
    brand.served.house.run(_wish(brand, "大促预告"))

    brand.settle()

    assert brand.states() == [("task", None)]
    assert brand.said("wecom", "wmAna") == []


def test_task_counts_as_sent_when_staff_have_confirmed_it(brand: Brand) -> None:
    brand.do("wecom", "add", person="wmAna", has_no_welcome=True)
    brand.settle()
    brand.served.house.run(_wish(brand, "大促预告"))
    brand.settle()
    before = brand.follow_up()
    told_before = names(brand.served, brand.workspace)

    brand.do("wecom", "confirm", staff="zhangsan", task=_task(brand))

    assert (before, brand.follow_up(), brand.follow_up()) == (0, 1, 0)
    assert brand.states() == [("sent", None)]
    assert "Message Sent" not in told_before
    assert "Message Sent" in names(brand.served, brand.workspace)


def _task(brand: Brand) -> str:
    platform_id = brand.served.house.value("SELECT platform_id FROM intent WHERE workspace_id = %s", brand.workspace)
    return str(platform_id).partition("/")[0]


def test_sixth_answer_in_a_talk_is_not_even_tried(brand: Brand) -> None:
    brand.do("wecom", "write", person="wmAna", text="在吗")
    brand.settle()
    for number in range(6):
        brand.served.house.run(_wish(brand, f"回复 {number}", step=f"agent:{number}", context={"open_kfid": "wksim"}))

    brand.settle()

    assert [state for state, _ in brand.states()] == [*["sent"] * 5, "skipped"]
    assert len(brand.said("wecom", "wmAna")) == 5
    assert not brand.platforms.platform("wecom").violations


async def _wish(brand: Brand, text: str, *, step: str = "agent:1", context: dict[str, Any] | None = None) -> None:
    async with brand.served.house.database.transaction(brand.workspace) as tx:
        home = await tx.value("SELECT home_id FROM identifier WHERE workspace_id = %(workspace)s AND value = 'wmAna'")
        wish = reach.Wish(
            home_id=HomeId(home), step=step, channel="wecom", account_id=brand.accounts["wecom"],
            purpose="service", parts=(Text(text),), reply=Reply(context=context) if context else None,
        )  # fmt: skip
        await reach.intend(tx, [wish])
