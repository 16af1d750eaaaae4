"""What people decide about accounts, and what is noted of them."""

import re
import secrets as randomness
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec
import structlog

from fanwheel.domains.private.channels import checks, registry
from fanwheel.domains.private.channels.accounts import secrets
from fanwheel.domains.private.channels.accounts.contracts import AccountRow, Found
from fanwheel.domains.private.channels.accounts.errors import AccountNotFoundError, BadAccountFieldError
from fanwheel.domains.private.channels.accounts.opening import Opener
from fanwheel.domains.private.channels.accounts.repository import AccountRepository
from fanwheel.domains.private.channels.adapter import About, Field, Prepares
from fanwheel.domains.private.channels.contracts import Check
from fanwheel.domains.private.channels.errors import SendError
from fanwheel.infra.http.addresses import is_address
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.infra.sealing import BadSecretKeyError, Seal
from fanwheel.kernel.errors import FanwheelError

_log: Final = structlog.get_logger()
_KEY_BYTES: Final = 16
_LONGEST_VALUE: Final = 20_000
_LONGEST_MESSAGE: Final = 500

# By the name of a field: its value; None takes it away.
Values = Mapping[str, str | None]


async def add(tx: Transaction, seal: Seal, *, channel: str, name: str, values: Values, actor: str) -> AccountRow:
    """Make an account.

    Raises
    ------
    UnknownChannelError, BadAccountFieldError
        If there is no such channel, or a value does not fit.
    """
    assert tx.workspace is not None
    adapter = registry.find(channel)
    settings, hidden = _merge(adapter.about, {}, {}, values)
    if isinstance(adapter, Prepares):
        settings, hidden = adapter.prepare(settings, hidden)
    _require_all(adapter.about, settings, hidden)
    account_id = await AccountRepository(tx).add(
        channel=channel,
        key=randomness.token_urlsafe(_KEY_BYTES),
        name=name,
        settings=msgspec.json.encode(settings).decode(),
        sealed_secrets=secrets.close(seal, hidden, workspace=tx.workspace),
        secret_names=sorted(hidden),
        actor=actor,
    )
    return await get(tx, account_id)


async def change(tx: Transaction, seal: Seal, account_id: int, *, name: str | None, values: Values) -> AccountRow:
    """Change an account; fields that are not named stay.

    Raises
    ------
    AccountNotFoundError, BadAccountFieldError
        If there is none, or a value does not fit.
    """
    assert tx.workspace is not None
    accounts = AccountRepository(tx)
    kept = await accounts.find_secrets(account_id, is_held=True)
    row = await get(tx, account_id)
    assert kept is not None
    if not values:
        await accounts.rename(account_id, name=row.name if name is None else name)
        return await get(tx, account_id)
    about = registry.find(row.channel).about
    settings, hidden = _merge(about, row.settings, _open(seal, kept["sealed_secrets"], workspace=tx.workspace), values)
    _require_all(about, settings, hidden)
    await accounts.change(
        account_id,
        name=row.name if name is None else name,
        settings=msgspec.json.encode(settings).decode(),
        sealed_secrets=secrets.close(seal, hidden, workspace=tx.workspace),
        secret_names=sorted(hidden),
    )
    return await get(tx, account_id)


async def pause(tx: Transaction, account_id: int, *, is_active: bool) -> AccountRow:
    """Let nothing go out through an account, or let it again; what people say still comes in."""
    if not await AccountRepository(tx).pause(account_id, is_active=is_active):
        raise AccountNotFoundError
    return await get(tx, account_id)


async def delete(tx: Transaction, account_id: int) -> None:
    """Forget an account and its secrets; what was said through it stays."""
    if not await AccountRepository(tx).delete(account_id):
        raise AccountNotFoundError


async def get(tx: Transaction, account_id: int) -> AccountRow:
    """An account; raises ``AccountNotFoundError``."""
    found = await AccountRepository(tx).list_accounts(one=account_id)
    if not found:
        raise AccountNotFoundError
    return found[0]


async def list_accounts(tx: Transaction) -> list[AccountRow]:
    """Accounts by channel and name."""
    return await AccountRepository(tx).list_accounts()


async def find_by_key(database: Database, key: str) -> Found | None:
    """Whose the last part of a callback's path is; for routes that nobody signs in for."""
    async with database.installation() as tx:
        return await AccountRepository(tx).find_by_key(key)


async def check(database: Database, opener: Opener, workspace: int, account_id: int, *, now: datetime) -> Check:
    """Whether an account works, asked of its platform and noted; raises ``AccountNotFoundError``."""
    async with database.transaction(workspace) as tx:
        row = await get(tx, account_id)
    found = await _ask(opener, workspace, row)
    async with database.transaction(workspace) as tx:
        await AccountRepository(tx).note_check(
            account_id, found._replace(message=found.message[:_LONGEST_MESSAGE]), now=now
        )
    return found


async def note_error(tx: Transaction, account_id: int, error: str | None) -> None:
    """Note why a platform refused the account itself; None: it takes it again."""
    await AccountRepository(tx).note_error(account_id, error=None if error is None else error[:_LONGEST_MESSAGE])


async def note_heard(tx: Transaction, accounts: Sequence[int], *, now: datetime) -> None:
    """Note that something came in through accounts."""
    await AccountRepository(tx).note_heard(accounts, now=now)


async def tidy(tx: Transaction, *, now: datetime) -> int:
    """Delete tokens that ended long ago; how many."""
    return await AccountRepository(tx).forget_old_tokens(now=now)


def _open(seal: Seal, sealed: bytes | None, *, workspace: int) -> dict[str, str]:
    """The secrets; none if the key that sealed them is lost, so that they can be entered anew."""
    try:
        return secrets.open_all(seal, sealed, workspace=workspace)
    except BadSecretKeyError:
        return {}


async def _ask(opener: Opener, workspace: int, row: AccountRow) -> Check:
    import httpx

    try:
        return await (await opener.open(workspace, row.account_id)).check()
    except SendError as error:
        return checks.failed(error)
    except FanwheelError as error:
        told = f"{error.message} {error.hint or ''}".strip()
        return Check(is_fine=False, message=told, facts={"reason": told}, code="bad_settings")
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        name = type(error).__name__
        told = f"The platform cannot be reached ({name})."
        return Check(is_fine=False, message=told, facts={"reason": name}, code="unreachable")
    except Exception as error:  # noqa: BLE001 - a package of somebody else's: its failure is the test's outcome
        _log.exception("a connection test failed", channel=row.channel, account=row.account_id)
        name = type(error).__name__
        told = f"The channel failed ({name}); see the log."
        return Check(is_fine=False, message=told, facts={"reason": name}, code="broken")


def _merge(
    about: About, settings: Mapping[str, str], hidden: Mapping[str, str], values: Values
) -> tuple[dict[str, str], dict[str, str]]:
    """Settings and secrets once the values are taken in."""
    fields = {field.name: field for field in about.fields}
    merged = (
        ({field.name: field.default for field in about.fields if field.default and not field.is_secret} | {**settings}),
        {**hidden},
    )
    for name, value in values.items():
        field = fields.get(name)
        if field is None:
            raise BadAccountFieldError(f"There is no field “{name}”.", hint=f"There are: {', '.join(fields)}.")
        target = merged[field.is_secret]
        if value is None or not value.strip():
            # An empty box for a secret that is there means that it stays.
            if value is None or not field.is_secret:
                target.pop(name, None)
            continue
        _require_fit(field, value)
        target[name] = value if field.is_secret else value.strip()
    return merged


def _require_fit(field: Field, value: str) -> None:
    text = value.strip()
    fits = len(value) <= _LONGEST_VALUE and "\0" not in value and re.fullmatch(field.pattern, text, re.DOTALL)
    if not fits:
        raise BadAccountFieldError(f"The value of “{field.name}” does not look right.", hint="Copy it again, whole.")
    if field.choices and text not in field.choices:
        raise BadAccountFieldError(
            f"“{field.name}” cannot be “{text[:40]}”.", hint=f"It is one of: {', '.join(field.choices)}."
        )
    if field.name.endswith("_url") and not is_address(text):
        raise BadAccountFieldError(
            f"“{field.name}” is no address.", hint="Write it as https://host/path, without a password."
        )


def _require_all(about: About, settings: Mapping[str, str], hidden: Mapping[str, str]) -> None:
    missing = [
        field.name
        for field in about.fields
        if field.is_required and not (hidden if field.is_secret else settings).get(field.name)
    ]
    if missing:
        raise BadAccountFieldError(f"What is missing: {', '.join(missing)}.", hint="Fill it in.")
