"""What a fresh product says of a world that came through its ingest API."""

import asyncio
import sys
import tempfile
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, Final

import httpx
from tests.support.product import Product

from fanwheel.entrypoints import cli_demo, http  # noqa: F401  # its parts say what a new workspace begins with
from fanwheel.infra import access
from fanwheel.infra.postgres import Database
from fanwheel.kernel.clock import utc_now
from fanwheel.measure import world
from fanwheel.measure.verdicts import scoring

_LONGEST_S: Final = 900.0
_LAG: Final = 'fanwheel_worker_lag_seconds{consumer="projector"'


def claims(config: world.WorldConfig) -> dict[str, list[scoring.Claim]]:
    """What the product claims of each channel, once it has read every event of the world."""
    with tempfile.TemporaryDirectory(prefix="fw-score-", ignore_cleanup_errors=True) as home:
        answer = ask(config, Path(home))
    return scoring.claims_of_answer(answer, {channel.source: channel.slug for channel in config.channels})


def ask(config: world.WorldConfig, home: Path) -> dict[str, Any]:
    """The answer of ``GET /api/measure/verdict`` of a product that lives in ``home`` as long as this takes."""
    made = world.World(config)
    with Product.started(home) as product, redirect_stdout(sys.stderr):
        return asyncio.run(_ask(product, made))


async def _ask(product: Product, made: world.World) -> dict[str, Any]:
    draft = access.Draft(
        name="Scored", slug="scored", time_zone="UTC", default_region="CN",
        reporting_currency=made.config.reporting_currency,
    )  # fmt: skip
    async with await Database.open(product.dsn, max_size=2) as db:
        workspace = await access.ensure_workspace(db, draft, now=utc_now())
        async with access.passing_keys(db, workspace, "Score") as (write_key, server_key):
            await cli_demo.send_world(product.url, write_key, server_key, made=made)
            headers = {"Authorization": f"Bearer {server_key}"}
            async with httpx.AsyncClient(
                base_url=product.url, headers=headers, timeout=_LONGEST_S, trust_env=False
            ) as client:
                await _worked_off(client)
                return await _verdict(client, made)


async def _worked_off(client: httpx.AsyncClient) -> None:
    """Wait until the worker has read every event."""
    while True:
        lines = (await client.get("/metrics")).text.splitlines()
        lags = [float(line.split()[-1]) for line in lines if line.startswith(_LAG)]
        if lags and max(lags) == 0.0:
            return
        await asyncio.sleep(1.0)


async def _verdict(client: httpx.AsyncClient, made: world.World) -> dict[str, Any]:
    period = {"from": made.tables.start.isoformat(), "to": made.config.until.isoformat()}
    answer = await client.get("/api/measure/verdict", params=period)
    if answer.is_error:
        raise SystemExit(f"GET /api/measure/verdict: {answer.status_code} {answer.text}")
    told: dict[str, Any] = answer.json()
    return told
