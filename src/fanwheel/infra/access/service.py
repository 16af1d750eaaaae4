"""API keys: made and revoked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fanwheel.infra.access import audit, keys, lookups
from fanwheel.infra.access.contracts import ApiKey, KeyKind, Principal
from fanwheel.infra.access.errors import KeyNotFoundError
from fanwheel.infra.access.repository import WorkspaceRepository
from fanwheel.infra.access.rules import Role
from fanwheel.infra.postgres import Database, Transaction


async def add_key(
    tx: Transaction, principal: Principal | str, *, kind: KeyKind, name: str, role: Role = Role.OPERATOR
) -> tuple[ApiKey, str]:
    """A new key and its secret, which is stored nowhere."""
    made = keys.new_key(kind)
    created_by = None if isinstance(principal, str) else principal.user_id
    key = await WorkspaceRepository(tx).add_key(
        kind=kind, name=name, role=role, prefix=made.prefix, secret_hash=made.digest, created_by=created_by
    )
    detail = {"kind": kind, "name": name, **({"role": role} if kind == "server" else {})}
    await audit.write(tx, principal, "key.create", f"key:{key.api_key_id}", detail)
    return key, made.secret


async def create_key(db: Database, workspace: int, kind: KeyKind, name: str) -> str:
    """The secret of a new key, for the command line; a server key may do what an operator may."""
    async with db.transaction(workspace) as tx:
        return (await add_key(tx, "cli", kind=kind, name=name))[1]


@asynccontextmanager
async def passing_keys(db: Database, workspace: int, name: str) -> AsyncIterator[tuple[str, str]]:
    """A write key and a server key for the length of the block, for a command that calls the product itself."""
    async with db.transaction(workspace) as tx:
        write, write_secret = await add_key(tx, "cli", kind="write", name=name)
        server, server_secret = await add_key(tx, "cli", kind="server", name=name)
    try:
        yield write_secret, server_secret
    finally:
        async with db.transaction(workspace) as tx:
            for key in (write, server):
                await revoke_key(tx, "cli", key.api_key_id)


async def revoke_key(tx: Transaction, principal: Principal | str, api_key_id: int) -> None:
    """End a key for good: here at once, in other processes within seconds.

    Raises
    ------
    KeyNotFoundError
        If there is no such key, or it was revoked before.
    """
    secret_hash = await WorkspaceRepository(tx).revoke_key(api_key_id)
    if secret_hash is None:
        raise KeyNotFoundError(hint="GET /api/keys lists them.")
    await audit.write(tx, principal, "key.revoke", f"key:{api_key_id}")
    lookups.forget_key(secret_hash)
