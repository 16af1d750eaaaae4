"""A person who removes one member of staff of several can still be reached by the others."""

from typing import Any

from tests.integration.reach.conftest import Served
from tests.integration.reach.telling import names, take_in
from tests.support.house import Browser
from tests.support.tencent import CORP, KEY, SECRET, WORD

from fanwheel.entrypoints.simulator import Simulator


def test_only_who_removes_the_last_member_of_staff_has_left(
    served: Served, workspace: int, owner: Browser, platforms: Simulator
) -> None:
    values = {
        "corp_id": CORP, "secret": SECRET, "token": WORD, "encoding_aes_key": KEY, "staff": "zhangsan,lisi",
        "base_url": f"{platforms.url}/wecom",
    }  # fmt: skip
    made = owner.post("/api/channels/accounts", {"channel": "wecom", "name": "WeCom", "values": values}).json()
    entered = {"id": CORP, "secret": SECRET, "token": WORD, "encoding_aes_key": KEY, "staff": ["zhangsan", "lisi"]}
    assert platforms.do("wecom", "connect", **entered, callback_url=made["callback_url"])["is_verified"]

    def do(verb: str, **args: Any) -> list[bool]:
        assert platforms.do("wecom", verb, id=CORP, person="wmAna", **args)["status"] == 200
        take_in(served, workspace)
        rows = served.house.rows(
            "SELECT is_granted FROM consent WHERE workspace_id = %s ORDER BY decided_at, consent_id", workspace
        )
        return [row["is_granted"] for row in rows]

    do("add", staff="zhangsan")
    do("add", staff="lisi")
    assert False not in do("leave", staff="zhangsan")
    assert "Channel Left" not in names(served, workspace)
    assert served.house.rows("SELECT 1 FROM contact_window WHERE workspace_id = %s", workspace)

    assert do("remove", staff="lisi")[-1] is False
    assert names(served, workspace)[-1] == "Channel Left"
    assert not served.house.rows("SELECT 1 FROM contact_staff WHERE workspace_id = %s", workspace)
