"""Putting a menu where people see it: asked of the platform, and noted with what it got."""

from datetime import datetime
from typing import Final, NamedTuple

import httpx

from fanwheel.domains.private.channels import accounts
from fanwheel.domains.private.channels.adapter import HasMenu
from fanwheel.domains.private.channels.errors import SendError
from fanwheel.infra.access import Principal, audit
from fanwheel.infra.postgres import Database
from fanwheel.loop.operate.menus import service
from fanwheel.loop.operate.menus.contracts import Compiled, Publication
from fanwheel.loop.operate.menus.errors import BadMenuError, MenuNotPublishedError
from fanwheel.loop.operate.menus.surfaces import compile_for

_LONGEST_ERROR: Final = 500


class Place(NamedTuple):
    """Which version of a menu goes to which account."""

    menu_id: int
    version: int
    account_id: int


async def publish(
    db: Database,
    opener: accounts.Opener,
    workspace: int,
    place: Place,
    *,
    actor: str,
    now: datetime,
    principal: Principal | None = None,
) -> Publication:
    """Show a version of a menu on an account; what was there before is still shown if the platform refuses it.

    Raises
    ------
    MenuNotFoundError, AccountNotFoundError
        If one of them is not there.
    BadMenuError
        If the surface does not hold it, or has no menu.
    MenuNotPublishedError
        If the platform does not take it.
    """
    async with db.transaction(workspace) as tx:
        account = await accounts.get(tx, place.account_id)
        menu = await service.get_version(tx, place.menu_id, place.version)
    surface = service.surface_of(account.channel)
    if surface is None:
        raise BadMenuError("Accounts of this channel show no menu.")
    compiled = compile_for(surface, menu, place.menu_id)
    if not compiled.is_fine:
        first = next(fault for fault in compiled.faults if fault.severity == "error")
        raise BadMenuError("The menu does not fit there.", hint=f"The preview says why: {first.code}.")
    # No transaction is open while the platform thinks.
    error = await _put(opener, workspace, place.account_id, compiled)
    async with db.transaction(workspace) as tx:
        await service.note_publication(
            tx,
            place.account_id,
            compiled,
            menu_id=place.menu_id,
            version=place.version,
            error=error,
            now=now,
            actor=actor,
        )
        if error is None and principal is not None:
            await audit.write(tx, principal, "menu.publish", str(place.menu_id), place._asdict())
        noted = (await service.list_publications(tx, menu_id=place.menu_id))[0]
    if error is not None:
        raise MenuNotPublishedError(hint=error)
    return noted


async def _put(opener: accounts.Opener, workspace: int, account_id: int, compiled: Compiled) -> str | None:
    """Hand a menu to its platform; what it says against it. Where none is kept there, it is shown by us."""
    adapter = await opener.open(workspace, account_id)
    if not isinstance(adapter, HasMenu):
        return None
    try:
        await adapter.publish_menu(compiled.body)
    except SendError as error:
        return error.message[:_LONGEST_ERROR]
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        return f"The platform cannot be reached ({type(error).__name__})."
    return None
