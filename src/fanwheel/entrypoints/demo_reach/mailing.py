"""The demo brand's broadcasts: one that really goes out to a few hundred people, one in review, one that is to come."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from fanwheel.cdp import lists
from fanwheel.cdp.imports import RunRepository
from fanwheel.entrypoints.demo_reach.readers import Readers
from fanwheel.entrypoints.demo_reach.wiring import Wired
from fanwheel.entrypoints.sending import Client
from fanwheel.infra import access, sqlfile
from fanwheel.infra.postgres import Database
from fanwheel.kernel.clock import utc_now

_SQL: Final = sqlfile.load("fanwheel.entrypoints.demo_reach")
_WHAT: Final = "demo broadcasts"
_ACTOR: Final = "demo"
_READERS: Final = "春茶老客 Spring tea regulars"
_MOST_READERS: Final = 400
_SENT: Final = "明前茶上新 First spring tea"
_WIN_BACK: Final = "老客唤回 Win-back"
_WELCOME: Final = "欢迎信 Welcome letter"
_QUIET: Final = [{"begins": 22 * 60, "ends": 8 * 60, "channels": []}]
# What services that deliver mail ask for a thousand letters is a few yuan; what rules and people say in chats is free.
_PRICES: Final = [{"channel": "email", "currency": "CNY", "price": "0.008"}]
_OVER: Final = ("done", "canceled")
_LOOK_S: Final = 1.0
_PATIENCE_S: Final = 90.0


async def send(
    db: Database, wired: Mapping[str, Wired], readers: Readers, stop: asyncio.Event, *, workspace: int, url: str
) -> None:
    """Send the brand's first broadcast, read it as its people would, and write two more; once."""
    async with db.transaction(workspace) as tx:
        run = await RunRepository(tx).find_newest(_WHAT)
    if (run is not None and run.finished_at is not None) or "email" not in wired:
        return
    async with access.passing_keys(db, workspace, "Demo broadcasts") as (write_key, server_key):
        client = Client(url, write_key=write_key, server_key=server_key)
        try:
            desk = _Desk(client, account_id=wired["email"].account_id)
            if run is None:
                list_id = await _gather(db, workspace)
                if list_id is None:
                    return
                first = await desk.begin(list_id)
                async with db.transaction(workspace) as tx:
                    await RunRepository(tx).put_progress(_WHAT, _WHAT, rows_done=first)
            else:
                first = run.rows_done
            await _read_on(desk, first, readers, stop)
            if not stop.is_set():
                await desk.let_rest()
                async with db.transaction(workspace) as tx:
                    await RunRepository(tx).finish(_WHAT, now=utc_now())
        finally:
            await client.close()


async def _gather(db: Database, workspace: int) -> int | None:
    """A list of people who agreed to letters; None where nobody did."""
    async with db.transaction(workspace) as tx:
        people = [row["person_id"] for row in await tx.all(_SQL["list_readers"], most=_MOST_READERS)]
        if not people:
            return None
        found = await lists.find_by_name(tx, _READERS)
        list_id = await lists.add(tx, _READERS, actor=_ACTOR) if found is None else found
        await lists.put_on(tx, list_id, people)
    return list_id


async def _read_on(desk: "_Desk", broadcast_id: int, readers: Readers, stop: asyncio.Event) -> None:
    """Let people read what they get until everybody has had it and looked at it; decide where the test is slow to."""
    clock = asyncio.get_running_loop().time
    patient_until_s = clock() + _PATIENCE_S
    while not stop.is_set():
        await readers.read()
        if clock() > patient_until_s:
            patient_until_s = clock() + _PATIENCE_S
            await desk.decide(broadcast_id)
        if await desk.is_over(broadcast_id) and not readers.are_reading:
            return
        await asyncio.sleep(_LOOK_S)


class _Desk:
    """Does by the management API what an operator does in the browser."""

    def __init__(self, client: Client, *, account_id: int) -> None:
        self._client, self._account_id = client, account_id

    async def begin(self, list_id: int) -> int:
        """Start the broadcast that goes out now, whatever the hour; write the other two."""
        template = {each["name"]: each["template_id"] for each in (await self._call("GET", "/api/templates"))["items"]}
        audience = {"list_id": list_id}
        await self._put_prices()
        await self._set_quiet([])
        test = {"share": 0.5, "metric": "opened", "max_hours": 1, "otherwise": "best"}
        more = {"holdout_share": 0.1, "experiment": test, "per_minute": 1_200}
        first = await self._write(_SENT, template[_SENT], audience, **more)
        await self._call("POST", f"/api/broadcasts/{first}/launch", {})
        at = (utc_now() + timedelta(days=3)).date().isoformat()
        later = await self._write(
            "会员日预热 Members' day, soon", template[_WELCOME], audience,
            schedule={"kind": "local", "at": f"{at}T10:00:00"}, holdout_share=0.1,
        )  # fmt: skip
        await self._call("POST", f"/api/broadcasts/{later}/launch", {})
        asked = await self._write(_WIN_BACK, template[_WIN_BACK], audience, holdout_share=0.2, per_minute=300)
        version = (await self._call("GET", f"/api/broadcasts/{asked}"))["version"]
        await self._call("POST", f"/api/broadcasts/{asked}/submit", {"version": version})
        return first

    async def is_over(self, broadcast_id: int) -> bool:
        """Whether nothing more of a broadcast goes out."""
        return (await self._call("GET", f"/api/broadcasts/{broadcast_id}"))["state"] in _OVER

    async def decide(self, broadcast_id: int) -> None:
        """Choose the variant that is ahead, where a test is still under way."""
        test = (await self._call("GET", f"/api/broadcasts/{broadcast_id}/report"))["experiment"]
        if test is not None and test["state"] != "decided" and test["variants"]:
            best = max(test["variants"], key=lambda each: each["rate"])["variant"]
            await self._client.call(
                "POST", f"/api/broadcasts/{broadcast_id}/decide", {"variant": best}, tolerate=(409, 422)
            )

    async def let_rest(self) -> None:
        """Let nobody be disturbed at night again."""
        await self._set_quiet(_QUIET)

    async def _write(self, name: str, template_id: int, audience: Mapping[str, int], **more: Any) -> int:
        route = {"channel": "email", "account_id": self._account_id, "template_id": template_id}
        body = {"name": name, "audience": audience, "routes": [route], **more}
        return int((await self._call("POST", "/api/broadcasts", body))["broadcast_id"])

    async def _put_prices(self) -> None:
        """Say what a letter costs, unless somebody did."""
        if not (await self._call("GET", "/api/reach/prices"))["items"]:
            await self._call("PUT", "/api/reach/prices", {"items": _PRICES})

    async def _set_quiet(self, quiet: list[dict[str, Any]]) -> None:
        rules = await self._call("GET", "/api/reach/rules")
        await self._call("PUT", "/api/reach/rules", {**rules, "quiet": quiet})

    async def _call(self, method: str, path: str, body: object = None) -> Any:
        return (await self._client.call(method, path, body)).json()
