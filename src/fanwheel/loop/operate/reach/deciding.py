"""What people decide about sending: the brand's own rules, platforms' allowances, and how accounts send."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from fanwheel.domains.private.channels import accounts, registry
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.loop.operate.reach.errors import AllowanceNotFoundError, BadRulesError, SenderNotFoundError
from fanwheel.loop.operate.reach.gate_repository import AllowanceRepository, SettingRepository
from fanwheel.loop.operate.reach.repository import IntentRepository
from fanwheel.loop.operate.reach.sending_repository import SendingRepository
from fanwheel.loop.operate.reach.settings import SendingRules


async def get_rules(tx: Transaction) -> SendingRules:
    """The brand's own rules."""
    rules, _ = await SettingRepository(tx).get()
    return rules


async def change_rules(tx: Transaction, rules: Mapping[str, Any], *, actor: str) -> SendingRules:
    """Put other rules in the place of those that are.

    Raises
    ------
    BadRulesError
        If they cannot be.
    """
    try:
        changed = msgspec.convert(rules, SendingRules)
    except msgspec.ValidationError as error:
        raise BadRulesError(str(error)) from error
    if len({cap.name for cap in changed.caps}) < len(changed.caps):
        raise BadRulesError("Two caps have the same name.", hint="Give each a name of its own.")
    await SettingRepository(tx).change(changed, actor=actor)
    return changed


async def list_allowances(tx: Transaction, *, now: datetime) -> list[Row]:
    """What platforms allow on the channels there are accounts of, with what is ahead and what was, newest first."""
    allowances = AllowanceRepository(tx)
    channels = {row.channel for row in await accounts.list_accounts(tx)}
    for channel in sorted(channels & set(registry.kinds())):
        await allowances.seed(channel, registry.find(channel).about.allowances)
    return await allowances.list_all(now=now)


async def change_allowance(
    tx: Transaction, allowance_id: int, changes: Mapping[str, Any], *, actor: str, now: datetime
) -> Row:
    """Let other figures hold from a moment on; those that held until then are kept.

    What is to hold only from later on is changed for its own time, and ends when it would have ended: so there are
    never two of one kind in force. ``account_id``: for this account alone.

    Raises
    ------
    AllowanceNotFoundError
        If it does not hold any more, or never did.
    AccountNotFoundError
        If the channel has no such account.
    """
    allowances = AllowanceRepository(tx)
    old = await _hold(tx, allowances, allowance_id, changes.get("account_id"), now=now)
    since = max(each for each in (changes.get("since"), old["since"], now) if each is not None)
    if old["until"] is not None and since >= old["until"]:
        raise AllowanceNotFoundError
    await allowances.end(old["allowance_id"], until=since)
    names = ("lasts_s", "most", "cite", "as_of")
    figures = {name: changes[name] if name in changes else old[name] for name in names}
    return await allowances.add({**old, **figures, "since": since, "actor": actor})


async def _hold(
    tx: Transaction, allowances: AllowanceRepository, allowance_id: int, account_id: int | None, *, now: datetime
) -> Row:
    """The allowance that is to change: the account's own where one is named."""
    found = await allowances.hold(allowance_id, now=now)
    if found is not None and account_id is not None and found["account_id"] != account_id:
        if (await accounts.get(tx, account_id)).channel != found["channel"]:
            raise accounts.AccountNotFoundError
        own = await allowances.find_own(found, account_id, now=now)
        found = None if own is None else await allowances.hold(own, now=now)
    if found is None:
        raise AllowanceNotFoundError
    return found


async def list_senders(tx: Transaction) -> list[dict[str, Any]]:
    """How every account sends, what waits, and of how many messages nobody knows whether they arrived."""
    counts = {row["account_id"]: row for row in await IntentRepository(tx).count_by_account()}
    none = {"waiting": 0, "unclear": 0, "doubts": 0}
    return [
        {**row._asdict(), **{name: counts.get(row.account_id, none)[name] for name in none}}
        for row in await SendingRepository(tx).list_senders()
    ]


async def change_sender(tx: Transaction, account_id: int, changes: Mapping[str, Any]) -> None:
    """Change how an account sends; what is left out stays.

    Raises
    ------
    AccountNotFoundError
        If there is no such account.
    """
    row = await accounts.get(tx, account_id)
    await IntentRepository(tx).put_senders({account_id: row.channel})
    now = await SendingRepository(tx).get(account_id)
    values = {"when_unclear": now.when_unclear, "per_second": now.per_second, "at_once": now.at_once}
    await SendingRepository(tx).change(account_id, **(values | dict(changes)))


async def resume(tx: Transaction, account_id: int) -> None:
    """Let an account send again that had been stopped.

    Raises
    ------
    SenderNotFoundError
        If it never had anything to send.
    """
    if not await SendingRepository(tx).resume(account_id):
        raise SenderNotFoundError
    await IntentRepository(tx).wake()
