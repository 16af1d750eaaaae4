"""A person writes on a platform and is answered through the worker's own sender."""

from typing import Any

from tests.integration.reach.conftest import Served
from tests.integration.reach.telling import ANA, take_in, tell
from tests.support.house import Browser

from fanwheel.domains.private.channels import accounts
from fanwheel.domains.private.channels.contracts import Text
from fanwheel.entrypoints import posting
from fanwheel.entrypoints.simulator import Simulator
from fanwheel.kernel.ids import HomeId
from fanwheel.loop.operate import reach


def send(served: Served) -> None:
    """What a worker's sender does until nothing is due."""

    async def run() -> None:
        opener = accounts.Opener(served.house.settings, served.house.database)
        try:
            await posting.make_sender(served.house.settings, served.house.database, opener).drain()
        finally:
            await opener.close()

    served.house.run(run())


def answer(served: Served, workspace: int, account_id: int, text: str) -> None:
    home = served.house.value("SELECT home_id FROM identifier WHERE workspace_id = %s", workspace)

    async def run() -> None:
        wish = reach.Wish(
            home_id=HomeId(home),
            step=f"agent:{text}",
            channel="telegram",
            account_id=account_id,
            purpose="service",
            parts=(Text(text),),
            priority=reach.ANSWER,
        )
        async with served.house.database.transaction(workspace) as tx:
            await reach.intend(tx, [wish])

    served.house.run(run())


def test_who_wrote_is_answered_through_the_same_account(
    served: Served, workspace: int, bot: dict[str, Any], platforms: Simulator
) -> None:
    tell(platforms, "write", text="Do you have tea?")
    take_in(served, workspace)
    answer(served, workspace, bot["account_id"], "We do")

    send(served)

    taken = [message.what["text"] for message in platforms.platform("telegram").sent_to(str(ANA))]
    assert taken == ["We do"]
    assert served.house.value("SELECT state FROM intent WHERE workspace_id = %s", workspace) == "sent"


def test_a_paused_account_says_nothing_until_it_goes_on(
    served: Served, workspace: int, owner: Browser, bot: dict[str, Any], platforms: Simulator
) -> None:
    tell(platforms, "write", text="Hi")
    take_in(served, workspace)
    path = f"/api/channels/accounts/{bot['account_id']}"
    assert owner.post(f"{path}/pause").status_code == 200
    answer(served, workspace, bot["account_id"], "later")
    send(served)
    before = platforms.platform("telegram").sent_to(str(ANA))

    assert owner.post(f"{path}/resume").status_code == 200
    send(served)

    assert before == []
    assert len(platforms.platform("telegram").sent_to(str(ANA))) == 1
