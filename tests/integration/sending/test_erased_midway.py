"""An erasure that meets a message on its way: what follows from the sending brings nobody back."""

import asyncio

from tests.support.reach import Town

from fanwheel.cdp import persons


def test_whoever_is_erased_while_a_message_goes_out_is_not_brought_back_by_it(town: Town) -> None:
    homes = town.people(2)
    are_gone = asyncio.Event()

    async def erase(key: str) -> tuple[int, str]:
        town.sink.take(key)
        if town.sink.taken.total() == 2:
            async with town.database.transaction(town.workspace) as tx:
                for home in homes:
                    await persons.erase(tx, home, actor="test")
            are_gone.set()
            return 404, ""
        await are_gone.wait()
        return 200, ""

    town.sink.answer = erase
    town.wish(homes)
    town.send()

    kept = "SELECT count(*) FROM intent WHERE workspace_id = %s AND num_nonnulls(platform_id, said, address_hash) > 0"
    assert town.facts("Message Sent") == []
    assert town.value(kept, town.workspace) == 0
    assert town.value("SELECT count(*) FROM suppression WHERE workspace_id = %s", town.workspace) == 0
