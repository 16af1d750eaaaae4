"""Many customers of WeCom are told the same by one task, and each keeps a ledger of their own."""

import pytest
from tests.integration.reach.conftest import Served
from tests.integration.reach.test_answering import send
from tests.integration.reach.test_wechat_answering import Brand
from tests.support.house import Browser

from fanwheel.domains.private.channels.contracts import Text
from fanwheel.entrypoints.simulator import Simulator
from fanwheel.kernel.ids import HomeId
from fanwheel.loop.operate import reach

PEOPLE = [f"wm{number}" for number in range(12)]
ADD_TASK = "/cgi-bin/externalcontact/add_msg_template"


@pytest.fixture
def brand(served: Served, workspace: int, owner: Browser, platforms: Simulator) -> Brand:
    made = Brand(served, workspace, owner, platforms)
    for person in PEOPLE:
        made.do("wecom", "add", person=person, has_no_welcome=True)
    made.settle()
    return made


def wish(brand: Brand, people: list[str], text: str, *, step: str = "broadcast:1", priority: int = 0) -> None:
    async def run() -> None:
        async with brand.served.house.database.transaction(brand.workspace) as tx:
            rows = await tx.all(
                "SELECT home_id FROM identifier WHERE workspace_id = %(workspace)s AND value = ANY (%(people)s)",
                people=people,
            )
            wishes = [
                reach.Wish(
                    home_id=HomeId(row["home_id"]), step=step, channel="wecom", account_id=brand.accounts["wecom"],
                    purpose="service", parts=(Text(text),), priority=priority,
                )
                for row in rows
            ]  # fmt: skip
            await reach.intend(tx, wishes)

    brand.served.house.run(run())


def tasks(brand: Brand) -> set[str]:
    rows = brand.served.house.rows("SELECT platform_id FROM intent WHERE workspace_id = %s", brand.workspace)
    return {str(row["platform_id"]).partition("/")[0] for row in rows if row["platform_id"]}


def used(brand: Brand) -> int:
    sql = "SELECT coalesce(sum(used), 0) FROM quota_use WHERE workspace_id = %s"
    return int(brand.served.house.value(sql, brand.workspace))


def test_same_words_are_one_task_of_which_each_hears_apart(brand: Brand) -> None:
    wish(brand, PEOPLE, "大促预告")
    wish(brand, PEOPLE[:2], "老客专享", step="broadcast:2")
    wish(brand, PEOPLE[:1], "您的订单", step="agent:1", priority=reach.SERVICE)

    send(brand.served)

    wecom = brand.platforms.platform("wecom")
    assert [state for state, _ in brand.states()] == ["task"] * 15
    assert (wecom.calls[ADD_TASK], len(tasks(brand)), used(brand)) == (3, 3, 15)

    brand.do("wecom", "leave", person="wm3")
    for task in tasks(brand):
        brand.do("wecom", "confirm", staff="zhangsan", task=task)
    brand.follow_up()

    counted = sorted(state for state, _ in brand.states())
    assert counted == ["failed", *["sent"] * 14]
    assert sum(len(brand.said("wecom", person)) for person in PEOPLE) == 14
    assert not wecom.violations


def test_task_of_which_nobody_knows_is_open_for_all_and_not_made_again(brand: Brand) -> None:
    wish(brand, PEOPLE, "大促预告")
    brand.platforms.set_faults("wecom", drop_answer=1.0, only="add_msg_template")

    send(brand.served)
    brand.platforms.set_faults("wecom")
    send(brand.served)

    assert {state for state, _ in brand.states()} == {"unclear"}
    assert (brand.platforms.platform("wecom").calls[ADD_TASK], used(brand)) == (1, 12)


def test_task_that_is_refused_gives_everything_back(brand: Brand) -> None:
    wish(brand, PEOPLE, " ")  # WeCom takes no message without a word

    send(brand.served)

    assert {state for state, _ in brand.states()} == {"failed"}
    assert (brand.platforms.platform("wecom").calls[ADD_TASK], used(brand)) == (0, 0)
