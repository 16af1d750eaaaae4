"""The demo brand's channels for as long as the product runs."""

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

import httpx
import structlog

from fanwheel.cdp.imports import RunRepository
from fanwheel.domains.private.channels.accounts import Opener
from fanwheel.domains.private.channels.accounts.secrets import a_seal
from fanwheel.entrypoints.accounts import find_workspace
from fanwheel.entrypoints.demo_reach import mailing, sink
from fanwheel.entrypoints.demo_reach.readers import Readers
from fanwheel.entrypoints.demo_reach.talks import DEEDS
from fanwheel.entrypoints.demo_reach.telling import Teller, list_people
from fanwheel.entrypoints.demo_reach.wiring import show_menu, wire
from fanwheel.entrypoints.simulator import Simulator
from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.errors import FanwheelError

_log: Final = structlog.get_logger(__name__)
_WHAT: Final = "demo channels"
_OPENED_ANEW_S: Final = 1.2  # until everybody has seen that the accounts were changed
_PAUSE_S: Final = 0.2  # between two people
_AFTERWARDS_MS: Final = 60_000
_LOOK_S: Final = 2.0  # between two looks into the letters


async def serve(settings: Settings, db: Database, stop: asyncio.Event, *, url: str, workspace_slug: str) -> None:
    """Run the simulated platforms and a mail sink until ``stop``, with the demo's accounts pointed at them."""
    workspace = await find_workspace(db, workspace_slug)
    opener = Opener(dataclasses.replace(settings, public_url=url), db)
    async with db.transaction(workspace) as tx:
        run = await RunRepository(tx).find_newest(_WHAT)
        people = await list_people(tx)
    readers = Readers(url)
    with Simulator.started() as simulator:
        async with sink.listening(readers.take) as mail_port:
            wired = await wire(
                db, a_seal(settings), opener, workspace=workspace, url=url, simulator=simulator, mail_port=mail_port,
                is_first=run is None,
            )  # fmt: skip
            if run is None:
                await show_menu(db, opener, wired, workspace=workspace)
            await opener.close()
            begun_ms = _now_ms() if run is None else int(run.fingerprint.rpartition(":")[2])
            teller = Teller(simulator, wired, people, begun_ms=begun_ms)
            done = 0 if run is None else run.rows_done
            await teller.remember(done)
            await asyncio.sleep(_OPENED_ANEW_S)
            await _tell(teller, _noting(db, workspace, begun_ms), done=done, stop=stop)
            for platform in simulator.platforms.values():
                platform.count_from(_now_ms() + _AFTERWARDS_MS)
            _log.info("the demo brand's channels are there", accounts=len(wired), simulator=simulator.url)
            try:
                await mailing.send(db, wired, readers, stop, workspace=workspace, url=url)
            except (FanwheelError, httpx.HTTPError) as error:  # the channels are there without it
                _log.warning("the demo brand's broadcast did not go out", error=str(error))
            await _read(readers, stop)


async def _tell(teller: Teller, note: Callable[[int], Awaitable[None]], *, done: int, stop: asyncio.Event) -> None:
    for number, deed in enumerate(DEEDS[done:], start=done):
        if stop.is_set():
            return
        await note(number)
        await teller.tell(number, deed)
        await note(number + 1)
        await asyncio.sleep(_PAUSE_S)


async def _read(readers: Readers, stop: asyncio.Event) -> None:
    """Read what is sent to people of the brand for as long as the product runs."""
    while not stop.is_set():
        with suppress(httpx.HTTPError):  # the product is away for a moment
            await readers.read()
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _LOOK_S)


def _noting(db: Database, workspace: int, begun_ms: int) -> Callable[[int], Awaitable[None]]:
    async def note(count: int) -> None:
        async with db.transaction(workspace) as tx:
            runs = RunRepository(tx)
            await runs.put_progress(f"{_WHAT}:{begun_ms}", _WHAT, rows_done=count)
            if count == len(DEEDS):
                await runs.finish(f"{_WHAT}:{begun_ms}", now=utc_now())

    return note


def _now_ms() -> int:
    return int(utc_now().timestamp() * 1000)
