"""Platforms are asked who newcomers are, and one person on two accounts of a brand becomes one."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from tests.integration.reach.conftest import Served
from tests.integration.reach.telling import take_in
from tests.integration.reach.test_wechat_answering import Brand
from tests.support.house import Browser
from tests.support.ingest import a_writer
from tests.support.tencent import APP

from fanwheel.cdp.events import relaying
from fanwheel.domains.private.channels import accounts
from fanwheel.domains.private.channels.abilities import Known
from fanwheel.domains.private.channels.contracts import Address
from fanwheel.entrypoints.simulator import Simulator
from fanwheel.infra.postgres import Database
from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.ids import WorkspaceId
from fanwheel.loop.operate import recognition

ASKED = "/cgi-bin/user/info"


class Meddled:
    """An account beside which something happens once it knows the answer."""

    def __init__(self, adapter: Any, meddle: Callable[[], object]) -> None:
        self._adapter, self._meddle = adapter, meddle

    async def recognize(self, address: Address) -> Known:
        known: Known = await self._adapter.recognize(address)
        self._meddle()
        await asyncio.sleep(0)
        return known


class Town:
    """A brand with an Official Account and WeCom, and what a worker does for it."""

    def __init__(self, brand: Brand, owner: Browser) -> None:
        self.brand, self.owner = brand, owner
        self.house, self.workspace = brand.served.house, brand.workspace

    def follow(self, person: str = "oAna", **args: Any) -> None:
        self.brand.do("wechat", "follow", person=person, **args)
        take_in(self.brand.served, self.workspace)

    def add(self, person: str = "wmAna", **args: Any) -> None:
        self.brand.do("wecom", "add", person=person, **args)
        take_in(self.brand.served, self.workspace)

    def recognize(self, *, after: timedelta = timedelta(), meddle: Callable[[], object] | None = None) -> None:
        """What a worker of its own does once, some time from now."""

        async def run() -> None:
            async with await Database.open(self.house.dsn, max_size=4) as db:
                opener = accounts.Opener(self.house.settings, db)

                async def open_account(workspace: int, account_id: int) -> Any:
                    adapter = await opener.open(workspace, account_id)
                    return adapter if meddle is None else Meddled(adapter, meddle)

                recognizer = recognition.Recognizer(db, open_account, clock=lambda: utc_now() + after)
                try:
                    for account_id in self.brand.accounts.values():
                        await recognizer.recognize(self.workspace, account_id)
                finally:
                    await opener.close()

        asyncio.run(run())

    def relay(self) -> None:
        """What was told becomes events."""

        async def run() -> None:
            async with await Database.open(self.house.dsn, max_size=2) as db, a_writer(self.house.dsn) as writer:
                await relaying.relay(db, writer, WorkspaceId(self.workspace), now=utc_now())

        asyncio.run(run())

    def told(self) -> list[dict[str, Any]]:
        return self.house.rows(
            "SELECT refs, properties FROM fact_outbox WHERE workspace_id = %s AND key LIKE 'recognized:%%'"
            " ORDER BY fact_id",
            self.workspace,
        )

    def waiting(self) -> list[dict[str, Any]]:
        return self.house.rows("SELECT * FROM recognition WHERE workspace_id = %s", self.workspace)

    def people(self) -> list[list[str]]:
        rows = self.house.rows(
            "SELECT array_agg(kind ORDER BY kind) AS kinds FROM identifier WHERE workspace_id = %s"
            " GROUP BY person_id ORDER BY 1",
            self.workspace,
        )
        return [row["kinds"] for row in rows]

    def questions(self) -> int:
        return int(self.brand.platforms.platform("wechat").calls[ASKED])


@pytest.fixture
def town(served: Served, workspace: int, owner: Browser, platforms: Simulator) -> Town:
    return Town(Brand(served, workspace, owner, platforms), owner)


def test_a_follower_and_a_customer_of_one_unionid_become_one_person(town: Town) -> None:
    town.follow(unionid="oUnion")
    town.add(unionid="oUnion")
    before = town.people()

    town.recognize()
    town.relay()

    assert before == [["openid"], ["wecom_external_userid"]]
    assert town.people() == [["openid", "unionid", "wecom_external_userid"]]
    assert town.waiting() == []


def test_what_people_have_said_of_themselves_stays(town: Town) -> None:
    town.follow(unionid="oUnion")
    town.recognize()
    town.relay()
    person = town.house.value("SELECT person_id FROM identifier WHERE workspace_id = %s", town.workspace)
    said = town.owner.ask("PUT", f"/api/people/{person}/traits", json={"name": "安娜"})
    assert said.status_code == 200, said.text

    town.add(unionid="oUnion")
    town.add("wmBob")
    town.recognize()

    ana, bob = town.told()
    assert ana == {"refs": [["wecom_external_userid", "wmAna"], ["unionid", "oUnion"]], "properties": {}}
    assert bob == {"refs": [["wecom_external_userid", "wmBob"]], "properties": {"name": "客户mBob"}}


def test_a_platform_that_is_away_is_asked_later(town: Town) -> None:
    town.brand.platforms.set_faults("wechat", fail=1.0, only=ASKED)
    town.follow(unionid="oUnion")
    town.recognize()
    (row,) = town.waiting()
    town.brand.platforms.set_faults("wechat")

    town.recognize()
    told_at_once = town.told()
    town.recognize(after=timedelta(minutes=2))

    assert row["attempts"] == 1
    assert row["next_at"] > utc_now()
    assert told_at_once == []
    assert [told["refs"][1] for told in town.told()] == [["unionid", "oUnion"]]
    assert town.waiting() == []


def test_whom_the_platform_does_not_know_is_not_asked_about_again(town: Town) -> None:
    town.follow()
    town.brand.platforms.platform("wechat").apps[APP].people.clear()

    town.recognize()

    assert town.questions() == 1
    assert (town.told(), town.waiting()) == ([], [])


def test_of_whom_is_erased_meanwhile_nothing_is_told(town: Town) -> None:
    town.follow(unionid="oUnion")
    person = town.house.value("SELECT person_id FROM identifier WHERE workspace_id = %s", town.workspace)

    town.recognize(meddle=lambda: town.owner.ask("DELETE", f"/api/people/{person}"))
    town.relay()

    assert town.questions() == 1
    assert (town.waiting(), town.people()) == ([], [])


def test_a_worker_killed_before_it_could_tell_costs_a_second_question(town: Town) -> None:
    town.follow(unionid="oUnion")

    def die() -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()

    with pytest.raises(asyncio.CancelledError):
        town.recognize(meddle=die)
    town.recognize()
    asked_at_once = town.questions()
    for _ in range(2):
        town.recognize(after=timedelta(minutes=3))

    assert (asked_at_once, town.questions()) == (1, 2)
    assert len(town.told()) == 1


def test_two_workers_that_ask_about_somebody_tell_once(town: Town) -> None:
    town.follow(unionid="oUnion")

    def be_overtaken() -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(town.recognize, after=timedelta(minutes=3)).result(30)

    town.recognize(meddle=be_overtaken)

    assert town.questions() == 2
    assert len(town.told()) == 1


def test_only_platforms_that_can_say_are_asked(town: Town) -> None:
    came = [
        recognition.Newcomer(account_id, channel, 1, utc_now())
        for account_id, channel in enumerate(["wechat_oa", "telegram", "wecom", "sms", "none_such"])
    ]

    async def ask() -> None:
        async with town.house.database.transaction(town.workspace) as tx:
            await recognition.ask(tx, came)

    town.house.run(ask())

    assert sorted(row["account_id"] for row in town.waiting()) == [0, 2]
