"""Workspaces: made, changed, and the dated rates of their currencies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

import phonenumbers

from fanwheel.infra.access import audit, rules
from fanwheel.infra.access.contracts import CurrencyRate, Principal, Workspace
from fanwheel.infra.access.errors import BadFieldError, SlugTakenError
from fanwheel.infra.access.repository import LoginRepository, WorkspaceRepository
from fanwheel.infra.access.rules import Role
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.infra.workspaces import on_money_changed, on_workspace_created
from fanwheel.kernel import money


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a new workspace is to be."""

    name: str
    slug: str | None = None  # None: made from the name
    time_zone: str = "UTC"
    default_region: str = "US"
    reporting_currency: str = "USD"
    is_demo: bool = False


async def create(tx: Transaction, draft: Draft, *, owner_id: int | None, now: datetime) -> Transaction:
    """Make a workspace with its owner and its beginnings; the same transaction, now inside its fence.

    Raises
    ------
    BadFieldError
        If a value cannot be used.
    SlugTakenError
        If another workspace has the slug.
    """
    _check(time_zone=draft.time_zone, region=draft.default_region, currency=draft.reporting_currency)
    workspace_id, slug = await _add(LoginRepository(tx), draft)
    inside = await LoginRepository(tx).enter(workspace_id)
    if owner_id is not None:
        await WorkspaceRepository(inside).put_member(owner_id, Role.OWNER, accepted_at=now)
    actor = "cli" if owner_id is None else f"user:{owner_id}"
    await audit.write(inside, actor, "workspace.create", f"workspace:{workspace_id}", {"slug": slug})
    for hook in on_workspace_created:
        await hook(inside)
    return inside


async def ensure_workspace(db: Database, draft: Draft, *, now: datetime) -> int:
    """The id of the workspace with the draft's slug, made if there is none; the first owner owns it too."""
    async with db.installation() as tx:
        logins = LoginRepository(tx)
        await logins.hold_door()
        found = await logins.find_workspace(draft.slug or rules.slug_of(draft.name))
        if found is not None:
            return found
        inside = await create(tx, draft, owner_id=await logins.first_owner(), now=now)
        assert inside.workspace is not None
        return int(inside.workspace)


async def change(
    tx: Transaction, principal: Principal, *, margin: float | None = None, **texts: str | None
) -> Workspace:
    """Change name, time zone, region, reporting currency or margin; None keeps."""
    _check(
        time_zone=texts.get("time_zone"),
        region=texts.get("default_region"),
        currency=texts.get("reporting_currency"),
    )
    values: dict[str, str | float | None] = {**texts, "margin": margin}
    spaces = WorkspaceRepository(tx)
    before = await spaces.get()
    await spaces.put(**values)
    after = await spaces.get()
    changed = {name: value for name, value in values.items() if value is not None and value != getattr(before, name)}
    if changed:
        await audit.write(tx, principal, "workspace.change", f"workspace:{after.workspace_id}", changed)
    if "reporting_currency" in changed:
        await _tell_money_changed(tx)
    return after


async def put_rates(tx: Transaction, principal: Principal, rates: Sequence[CurrencyRate]) -> list[CurrencyRate]:
    """Replace every dated rate.

    Raises
    ------
    BadFieldError
        If a currency is unknown or the reporting one itself, or a day is named twice.
    """
    spaces = WorkspaceRepository(tx)
    reporting = (await spaces.get()).reporting_currency
    for index, rate in enumerate(rates):
        if not money.is_currency(rate.currency):
            raise BadFieldError(
                f"“items.{index}.currency”: {rate.currency!r} is no currency.", hint="Send three capitals such as CNY."
            )
        if rate.currency == reporting:
            raise BadFieldError(
                f"“items.{index}.currency”: {reporting} is the reporting currency; its rate is 1.",
                hint="Leave it out.",
            )
    if len({(rate.currency, rate.valid_from) for rate in rates}) < len(rates):
        raise BadFieldError("“items”: a currency has two rates for one day.", hint="Send one per currency and day.")
    await spaces.put_rates(rates)
    await audit.write(tx, principal, "rates.change", None, {"count": len(rates)})
    await _tell_money_changed(tx)
    return await spaces.list_rates()


async def _add(logins: LoginRepository, draft: Draft) -> tuple[int, str]:
    base = draft.slug if draft.slug is not None else rules.slug_of(draft.name)
    if not rules.is_slug(base):
        raise BadFieldError(f"“slug”: {base!r} cannot be used.", hint="Use a to z, 0 to 9 and -, at most 40.")
    # A slug that nobody chose may be numbered; names in Chinese all give the same one.
    numbered = [f"{base[:36].rstrip('-')}-{number}" for number in range(2, 1000)] if draft.slug is None else []
    for slug in [base, *numbered]:
        workspace_id = await logins.add_workspace(
            slug=slug,
            name=draft.name,
            time_zone=draft.time_zone,
            default_region=draft.default_region,
            reporting_currency=draft.reporting_currency,
            is_demo=draft.is_demo,
        )
        if workspace_id is not None:
            return workspace_id, slug
    raise SlugTakenError(f"Another workspace has the slug “{base}”.", hint="Choose another one.")


async def _tell_money_changed(tx: Transaction) -> None:
    for hook in on_money_changed:
        await hook(tx)


def _check(*, time_zone: str | None, region: str | None, currency: str | None) -> None:
    if time_zone is not None and time_zone not in available_timezones():
        raise BadFieldError(f"“time_zone”: {time_zone!r} is unknown.", hint="Send a name such as Asia/Shanghai.")
    if region is not None and region not in phonenumbers.SUPPORTED_REGIONS:
        raise BadFieldError(f"“default_region”: {region!r} is unknown.", hint="Send two capitals such as CN.")
    if currency is not None and not money.is_currency(currency):
        raise BadFieldError(
            f"“reporting_currency”: {currency!r} is no currency.", hint="Send three capitals such as CNY."
        )
