"""A package of somebody else's brings a channel by an entry point; nothing of the product is changed for it."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.integration.reach.conftest import Served
from tests.integration.reach.telling import names, take_in
from tests.support.house import Browser

from fanwheel.domains.private.channels import registry
from fanwheel.domains.private.channels.contracts import Address, Outgoing, Text

PACKAGE = '''
"""Pagers, which take digits and call back with a password."""

from fanwheel.domains.private.channels.adapter import About, Adapter, Field
from fanwheel.domains.private.channels.contracts import Address, Answer, Check, Message, Received, Sent, Text
from fanwheel.domains.private.channels.errors import ForgedError


class Pager(Adapter):
    about = About("pager", "phone", (Field("password", is_secret=True),), frozenset({"text", "receive"}))

    def __init__(self, account, tools):
        self._account, self._tools = account, tools

    async def send(self, message):
        return Sent("page-" + message.to.value)

    async def receive(self, request):
        if request.headers.get("x-password") != self._account.secrets["password"]:
            raise ForgedError
        said = request.body.decode()
        sender = Address("phone", "+4930123456")
        message = Message(key=said, at=request.received_at, sender=sender, parts=(Text(said),))
        return Received(Answer(200, b"taken"), [message])

    async def check(self):
        return Check(True, "The pager beeps.")

    async def close(self):
        pass
'''


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The package as an installer leaves it."""
    (tmp_path / "acme_pager.py").write_text(PACKAGE)
    about = tmp_path / "acme_pager-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-pager\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[fanwheel.channel]\npager = acme_pager:Pager\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    registry.adapters.cache_clear()
    yield
    sys.modules.pop("acme_pager", None)
    monkeypatch.undo()
    importlib.invalidate_caches()
    registry.adapters.cache_clear()


@pytest.mark.usefixtures("package")
def test_a_package_with_an_entry_point_is_a_channel_like_any_other(
    served: Served, workspace: int, owner: Browser
) -> None:
    kinds = {kind["kind"]: kind for kind in owner.get("/api/channels").json()["items"]}
    assert [field["name"] for field in kinds["pager"]["fields"]] == ["password"]

    values = {"password": "beep"}
    made = owner.post("/api/channels/accounts", {"channel": "pager", "name": "Pager", "values": values}).json()
    checked = owner.post(f"/api/channels/accounts/{made['account_id']}/check").json()
    assert (checked["is_fine"], checked["message"], checked["code"]) == (True, "The pager beeps.", "")

    path = made["callback_url"].removeprefix(served.url)

    def call(password: str) -> Any:
        return served.house.browser().ask("POST", path, content=b"Hello", headers={"X-Password": password})

    assert call("boo").status_code == 403
    assert call("beep").text == "taken"
    take_in(served, workspace)
    assert "Message Received" in names(served, workspace)
    (talk,) = owner.get("/api/conversations").json()["items"]
    assert talk["channel"] == "pager"

    async def send() -> str | None:
        adapter = await served.house.app.state.opener.open(workspace, made["account_id"])
        sent = await adapter.send(
            Outgoing(key="k", to=Address("phone", "+4930123456"), parts=(Text("911"),), purpose="service")
        )
        return str(sent.platform_id)

    assert served.house.run(send()) == "page-+4930123456"
