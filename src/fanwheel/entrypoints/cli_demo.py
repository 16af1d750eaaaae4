"""``fanwheel demo``: a brand world with known truth, sent through the front door."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.errors import FanwheelError

if TYPE_CHECKING:
    from fanwheel.entrypoints.sending import Client
    from fanwheel.infra.postgres import Database
    from fanwheel.measure.world import World, WorldConfig

WORKSPACE: Final = "demo"
_WHAT: Final = "demo"
_SPEND_ROWS: Final = 1_000
_NOTED_EVERY: Final = 20_000  # messages between two notes of the progress

Note = Callable[[int], Awaitable[None]]


class KeyMissingError(FanwheelError):
    """A server of one's own choice needs a write key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Which world to send."""

    people: int
    weeks: int
    seed: int
    until: date


def register(app: typer.Typer) -> None:
    """Add the command to the program."""

    @app.command()
    def demo(
        people: Annotated[int, typer.Option(min=1, help="How many people live in the world.")] = 40_000,
        weeks: Annotated[int, typer.Option(min=1, help="How many weeks it shows, up to yesterday.")] = 26,
        seed: Annotated[int, typer.Option(help="Another seed gives another world.")] = 7,
        url: Annotated[str | None, typer.Option(help="A server other than this installation's own.")] = None,
        write_key: Annotated[str | None, typer.Option(help="Write key, with --url.")] = None,
        server_key: Annotated[str | None, typer.Option(help="Server key for spend and rates, with --url.")] = None,
        serve_channels: Annotated[bool, typer.Option("--serve-channels", hidden=True)] = False,
    ) -> None:
        """Send the demo brand through the ingest API; sending it again changes nothing."""
        if serve_channels:
            _serve_channels()
            return
        size = Size(people=people, weeks=weeks, seed=seed, until=utc_now().date() - timedelta(days=1))
        if url is None:
            from fanwheel.entrypoints import accounts, cli

            settings = cli.settings()
            address = f"http://{_reachable(settings.host)}:{settings.port}"
            accounts.with_database(settings, lambda db: ensure_demo(db, address, size=size))
        elif write_key is None:
            raise KeyMissingError("--url needs --write-key.", hint="Make one: fanwheel keys create --kind write")
        else:
            asyncio.run(run_demo(url, write_key, server_key, size=size))


def _serve_channels() -> None:
    """Be the platforms behind the demo brand's accounts, until SIGTERM."""
    from fanwheel.entrypoints import accounts, cli, demo_reach, up

    settings = cli.settings()
    address = f"http://{_reachable(settings.host)}:{settings.port}"
    accounts.with_database(
        settings,
        lambda db: up.until_stopped(
            lambda stop: demo_reach.serve(settings, db, stop, url=address, workspace_slug=WORKSPACE)
        ),
    )


async def ensure_demo(db: "Database", url: str, *, size: Size) -> None:
    """Make the demo workspace and send the world to it once; an interrupted run goes on where it stopped.

    ``url`` is where this installation's server answers, such as http://127.0.0.1:8400.
    """
    from fanwheel.cdp.imports import RunRepository
    from fanwheel.entrypoints import http  # noqa: F401  # its parts say what a new workspace begins with
    from fanwheel.infra import access
    from fanwheel.measure import ledger

    draft = access.Draft(
        name="Mistwood 雾杉", slug=WORKSPACE, time_zone="Asia/Shanghai", default_region="CN",
        reporting_currency="CNY", is_demo=True,
    )  # fmt: skip
    workspace = await access.ensure_workspace(db, draft, now=utc_now())
    async with db.transaction(workspace) as tx:
        run = await RunRepository(tx).find_newest(_WHAT)
    name, done = _fingerprint(size), 0
    if run is not None and run.fingerprint.rpartition(":")[0] == name.rpartition(":")[0]:
        # The world keeps the last day with which it was begun, or its clock would jump in the middle.
        name, done = run.fingerprint, run.rows_done
        size = Size(people=size.people, weeks=size.weeks, seed=size.seed, until=_until(name))
        if run.finished_at is not None:
            typer.echo(f"The demo brand is loaded already ({done:,} events up to {size.until}).")
            await _warn_if_untold(db, workspace)
            return

    async def note(count: int) -> None:
        async with db.transaction(workspace) as tx:
            await RunRepository(tx).put_progress(name, _WHAT, rows_done=count)

    async with access.passing_keys(db, workspace, "Demo brand") as (write_key, server_key):
        await run_demo(url, write_key, server_key, size=size, skip=done, note=note)
    truth = await asyncio.to_thread(_true_days, size)
    async with db.transaction(workspace) as tx:
        await ledger.put_truth(tx, truth)
        await RunRepository(tx).finish(name, now=utc_now())


async def _warn_if_untold(db: "Database", workspace: int) -> None:
    """Say so where the brand was loaded before it held people out; sending them now would not undo whom they met."""
    from fanwheel.measure import ledger

    async with db.transaction(workspace) as tx:
        is_told = await ledger.has_truth(tx)
    if not is_told:
        typer.echo(
            "It is from before the demo brand held people out, so its verdict proves nothing. For one that does, give"
            " a new directory: FANWHEEL_HOME=… fanwheel up --demo"
        )


async def run_demo(
    url: str, write_key: str, server_key: str | None, *, size: Size, skip: int = 0, note: Note | None = None
) -> int:
    """Send the demo brand to ``url``; how many messages it has."""
    from fanwheel.measure import world

    made = await asyncio.to_thread(lambda: world.World(_config(size)))
    return await send_world(url, write_key, server_key, made=made, skip=skip, note=note)


async def send_world(
    url: str, write_key: str, server_key: str | None, *, made: "World", skip: int = 0, note: Note | None = None
) -> int:
    """Send any world to ``url``; how many messages it has.

    ``skip`` messages are known to be there; ``note`` is told now and then how many are.
    """
    async with _client(url, write_key, server_key) as client:
        if server_key is not None:
            await _prepare(client, made)
        total = await _send_events(client, made, skip=skip, note=note)
        if server_key is not None:
            await _send_spend(client, made)
            # Last, so that everybody is worked out once and not anew with each event.
            await _define_traits(client)
            await _define_tags(client)
            await _write_templates(client)
            await _define_replies(client)
            await _set_up_inbox(client)
    typer.echo(
        f"{total:,} events of {made.config.people:,} people, {made.config.weeks} weeks up to {made.config.until}."
    )
    return total


def _config(size: Size) -> "WorldConfig":
    from fanwheel.measure import world

    return world.default_config(size.until, people=size.people, weeks=size.weeks, seed=size.seed)


def _true_days(size: Size) -> list[dict[str, Any]]:
    """What the brand's channels truly cause, for the verdict to be held against."""
    from fanwheel.measure import world

    return [dataclasses.asdict(day) for day in world.true_days(_config(size))]


async def _send_events(client: "Client", made: "World", *, skip: int, note: Note | None) -> int:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns) as bar:
        task = bar.add_task("Sending the demo brand", total=made.moments)
        noted = skip

        async def progress(count: int) -> None:
            nonlocal noted
            bar.update(task, completed=count, total=max(made.moments, count))
            if note is not None and count - noted >= _NOTED_EVERY:
                noted = count
                await note(count)

        total = await client.send(made.messages(), skip=skip, progress=progress)
        bar.update(task, completed=total, total=total)
    if note is not None:
        await note(total)
    return total


async def _prepare(client: "Client", made: "World") -> None:
    """Names of sources and the exchange rates that the world was made with."""
    for channel in made.config.channels:
        body = {"slug": channel.source, "name": channel.name, "domain": channel.domain.value}
        await client.call("POST", "/api/sources", body, tolerate=(409,))
    workspace = (await client.call("GET", "/api/workspace", None)).json()
    reporting = workspace["reporting_currency"]
    rates = made.config.rates
    stored = (await client.call("GET", "/api/currency-rates", None)).json()["items"]
    if reporting not in rates or stored:
        return  # rates that somebody chose are not ours to change
    since = (made.config.until - timedelta(days=7 * made.config.weeks + 7)).isoformat()
    items = [
        {"currency": currency, "valid_from": since, "rate": round(rate / rates[reporting], 8)}
        for currency, rate in rates.items()
        if currency != reporting
    ]
    await client.call("PUT", "/api/currency-rates", {"items": items})


async def _define_traits(client: "Client") -> None:
    """Have the traits worked out that the brand looks at; those of a name that is there already are left alone."""
    from fanwheel.entrypoints.demo_traits import TRAITS

    for trait in TRAITS:
        await client.call("POST", "/api/traits", trait, tolerate=(409,))


async def _define_tags(client: "Client") -> None:
    """Have people tagged and put into classes by rules; what goes by a name that is there already is left alone."""
    from fanwheel.entrypoints.demo_tags import GROUPS, LAYER, TAGS

    for group in GROUPS:
        await client.call("POST", "/api/tags/groups", group, tolerate=(409,))
    groups = (await client.call("GET", "/api/tags", None)).json()["groups"]
    number = {group["name"]: group["group_id"] for group in groups}
    for tag in TAGS:
        body = {name: value for name, value in tag.items() if name != "group"}
        await client.call("POST", "/api/tags", body | {"group_id": number.get(tag["group"])}, tolerate=(409,))
    await client.call("POST", "/api/layers", LAYER, tolerate=(409,))


async def _define_replies(client: "Client") -> None:
    """Have people answered by rules; a brand that has rules already keeps its own."""
    from fanwheel.entrypoints.demo_replies import FORM, HOURS, MENU, RULES, definition_of

    if (await client.call("GET", "/api/auto-replies", None)).json()["items"]:
        return
    form = (await client.call("POST", "/api/lead-forms", FORM)).json()
    menu = (await client.call("POST", "/api/menus", MENU)).json()
    for rule in RULES:
        definition = definition_of(rule, form_id=form["form_id"], menu_id=menu["menu_id"])
        await client.call(
            "POST", "/api/auto-replies", {"name": rule["name"], "definition": definition}, tolerate=(409,)
        )
    await client.call("PUT", "/api/business-hours", HOURS)


async def _set_up_inbox(client: "Client") -> None:
    """Have a team that serves every account, with promises and saved replies; a brand with a team keeps its own."""
    from fanwheel.entrypoints.demo_inbox import CANNED, POLICIES, SHOWN, TEAM, page_of

    if (await client.call("GET", "/api/inbox", None)).json()["teams"]:
        return
    agents = (await client.call("GET", "/api/inbox/agents", None)).json()["items"]
    # Nobody gets a conversation by itself: in the demo nobody may be there to answer it.
    team = {"name": TEAM, "assigns": "manual", "user_ids": [agent["user_id"] for agent in agents]}
    made = (await client.call("POST", "/api/inbox/teams", team)).json()
    route = {"account_id": 0, "team_id": made["team_id"], "has_survey": True}
    await client.call("PUT", "/api/inbox/routes", {"items": [route]})
    await client.call("PUT", "/api/inbox/policies", {"items": list(POLICIES)})
    for canned in CANNED:
        await client.call("POST", "/api/inbox/canned", canned, tolerate=(409,))
    products = (await client.call("GET", f"/api/products?limit={SHOWN}", None)).json()["items"]
    for product in products:
        number = product["product_id"]
        await client.call("PUT", f"/api/products/{number}", {"url": page_of(number)}, tolerate=(422,))


async def _write_templates(client: "Client") -> None:
    """Have something to say, and publish it; what goes by a name that is there already is left alone."""
    from fanwheel.entrypoints.demo_content import BRAND, TEMPLATES

    await client.call("PUT", "/api/brand", BRAND)
    for template in TEMPLATES:
        answer = await client.call("POST", "/api/templates", template, tolerate=(409,))
        if answer.status_code == 201:
            made = answer.json()["template_id"]
            await client.call("POST", f"/api/templates/{made}/publish", {"note": "Demo"}, tolerate=(422,))


async def _send_spend(client: "Client", made: "World") -> None:
    rows = [
        {
            "source": row.source,
            "domain": row.domain,
            "spent_on": row.spent_on.isoformat(),
            "campaign": row.campaign,
            "currency": row.currency,
            "amount": row.amount_minor / 100,
        }
        for row in made.spend()
    ]
    for start in range(0, len(rows), _SPEND_ROWS):
        await client.call("POST", "/api/spend", {"items": rows[start : start + _SPEND_ROWS]})


@asynccontextmanager
async def _client(url: str, write_key: str, server_key: str | None) -> AsyncIterator["Client"]:
    from fanwheel.entrypoints.sending import Client

    client = Client(url, write_key=write_key, server_key=server_key)
    try:
        yield client
    finally:
        await client.close()


def _fingerprint(size: Size) -> str:
    return f"demo:{size.seed}:{size.people}:{size.weeks}:{size.until.isoformat()}"


def _until(fingerprint: str) -> date:
    return date.fromisoformat(fingerprint.rpartition(":")[2])


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", "", "localhost"} else f"[{host}]" if ":" in host else host  # noqa: S104
