"""Rows of access in and out; no decisions."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from fanwheel.infra import sqlfile
from fanwheel.infra.access.contracts import (
    ApiKey,
    AuditEntry,
    CurrencyRate,
    KeyInfo,
    KeyKind,
    Link,
    Login,
    Member,
    Membership,
    Session,
    StoredAnswer,
    Workspace,
)
from fanwheel.infra.access.rules import Role
from fanwheel.infra.postgres import Transaction
from fanwheel.kernel.ids import WorkspaceId

_SQL: Final = sqlfile.load("fanwheel.infra.access")
_Row = Mapping[str, Any]


def _with_role(row: _Row) -> dict[str, Any]:
    return {**row, "role": Role(row["role"])}


class LoginRepository:
    """Who may sign in, their sessions, links and tries: tables of the installation."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def hold_door(self) -> None:
        """Keep other first starts out until the transaction ends."""
        await self._tx.run(_SQL["hold_door"])

    async def first_owner(self) -> int | None:
        """The first user who owns a workspace, if anyone does yet."""
        found = await self._tx.value(_SQL["first_owner"])
        return None if found is None else int(found)

    async def find(self, email: str) -> Login | None:
        """The user with that address, if any."""
        row = await self._tx.one_or_none(_SQL["find_login"], email=email)
        return Login(**row) if row else None

    async def get(self, user_id: int) -> Login:
        """One user."""
        return Login(**await self._tx.one(_SQL["get_login"], user_id=user_id))

    async def add(self, *, email: str, name: str) -> int:
        """The id of a new user, or of the one who has that address already."""
        return int(await self._tx.value(_SQL["add_login"], email=email, name=name))

    async def put_password(self, user_id: int, password_hash: str) -> None:
        """Set a password."""
        await self._tx.run(_SQL["put_password"], user_id=user_id, password_hash=password_hash)

    async def put_first_password(self, user_id: int, password_hash: str) -> bool:
        """Set a password if there is none; whether it was set."""
        return await self._tx.run(_SQL["put_first_password"], user_id=user_id, password_hash=password_hash) == 1

    async def put_profile(self, user_id: int, *, name: str | None, locale: str | None = None) -> None:
        """Change name and language; None keeps."""
        await self._tx.run(_SQL["put_profile"], user_id=user_id, name=name, locale=locale)

    async def forget(self, user_id: int) -> None:
        """Remove a user whom no membership names any more."""
        await self._tx.run(_SQL["forget_login"], user_id=user_id)

    async def find_session(self, token_hash: bytes) -> Session | None:
        """A living session, if that is one."""
        row = await self._tx.one_or_none(_SQL["find_session"], token_hash=token_hash)
        return Session(**_with_role(row)) if row else None

    async def add_session(
        self, *, token_hash: bytes, user_id: int, csrf_token: str, expires_at: datetime, user_agent: str | None
    ) -> None:
        """Begin a session in the transaction's workspace."""
        await self._tx.run(_SQL["forget_expired"])
        await self._tx.run(
            _SQL["add_session"],
            token_hash=token_hash,
            user_id=user_id,
            csrf_token=csrf_token,
            expires_at=expires_at,
            user_agent=user_agent,
        )

    async def slide_session(self, token_hash: bytes, expires_at: datetime) -> None:
        """Give a session its full life again."""
        await self._tx.run(_SQL["slide_session"], token_hash=token_hash, expires_at=expires_at)

    async def switch_session(self, token_hash: bytes, *, user_id: int, workspace_id: int) -> None:
        """Move a session to another workspace, where the next one will begin."""
        await self._tx.run(_SQL["switch_session"], token_hash=token_hash, to_workspace=workspace_id)
        await self._tx.run(_SQL["remember_workspace"], user_id=user_id, to_workspace=workspace_id)

    async def end_session(self, token_hash: bytes) -> None:
        """End one session."""
        await self._tx.run(_SQL["end_session"], token_hash=token_hash)

    async def end_sessions(self, user_id: int, *, except_hash: bytes | None = None) -> int:
        """End a user's sessions but one; how many ended."""
        return await self._tx.run(_SQL["end_sessions"], user_id=user_id, except_hash=except_hash)

    async def choose_workspace(self, user_id: int) -> int | None:
        """Where the user's next session begins, if the user belongs anywhere."""
        found = await self._tx.value(_SQL["choose_workspace"], user_id=user_id)
        return None if found is None else int(found)

    async def list_tries(self, subject: bytes, *, since: datetime) -> list[datetime]:
        """When a subject tried; others of the same subject wait until the transaction ends."""
        await self._tx.run(_SQL["hold_subject"], subject=subject)
        return [row["attempted_at"] for row in await self._tx.all(_SQL["list_tries"], subject=subject, since=since)]

    async def add_try(self, subject: bytes, *, now: datetime, forget_before: datetime) -> None:
        """Count one try, and forget those that no window reaches."""
        await self._tx.run(_SQL["add_try"], subject=subject, now=now)
        await self._tx.run(_SQL["forget_old_tries"], before=forget_before)

    async def forget_tries(self, subject: bytes) -> None:
        """Count nothing against a subject any more."""
        await self._tx.run(_SQL["forget_tries"], subject=subject)

    async def forget_one_try(self, subject: bytes) -> None:
        """Take the newest try of a subject back."""
        await self._tx.run(_SQL["forget_one_try"], subject=subject)

    async def put_link(
        self, *, token_hash: bytes, purpose: str, user_id: int | None, workspace_id: int | None, expires_at: datetime
    ) -> None:
        """Store a link in place of the earlier ones for the same end."""
        about: dict[str, object] = {"purpose": purpose, "user_id": user_id, "for_workspace": workspace_id}
        await self._tx.run(_SQL["forget_links"], **about)
        await self._tx.run(_SQL["add_link"], token_hash=token_hash, expires_at=expires_at, **about)

    async def forget_links(self, *, purpose: str, user_id: int | None, workspace_id: int | None) -> None:
        """Remove the links for one end."""
        await self._tx.run(_SQL["forget_links"], purpose=purpose, user_id=user_id, for_workspace=workspace_id)

    async def find_link(self, token_hash: bytes, *, now: datetime) -> Link | None:
        """A link that still works, if that is one."""
        row = await self._tx.one_or_none(_SQL["find_link"], token_hash=token_hash, now=now)
        return Link(**row) if row else None

    async def spend_link(self, token_hash: bytes, *, now: datetime) -> Link | None:
        """Use a link up; None if it no longer works."""
        row = await self._tx.one_or_none(_SQL["spend_link"], token_hash=token_hash, now=now)
        return Link(**row) if row else None

    async def list_memberships(self, user_id: int) -> list[Membership]:
        """The workspaces a user belongs to."""
        rows = await self._tx.all(_SQL["list_memberships"], user_id=user_id)
        return [Membership(**_with_role(row)) for row in rows]

    async def add_workspace(self, *, is_demo: bool, **values: str) -> int | None:
        """The id of a new workspace; None if the slug is taken."""
        found = await self._tx.value(_SQL["add_workspace"], is_demo=is_demo, **values)
        return None if found is None else int(found)

    async def list_workspace_ids(self) -> list[int]:
        """Every workspace of the installation, oldest first."""
        return [row["workspace_id"] for row in await self._tx.all(_SQL["list_workspace_ids"])]

    async def find_workspace(self, slug: str) -> int | None:
        """The workspace with that slug, if there is one."""
        found = await self._tx.value(_SQL["find_workspace"], slug=slug)
        return None if found is None else int(found)

    async def enter(self, workspace_id: int) -> Transaction:
        """The same transaction, inside the fence of a workspace."""
        await self._tx.run(_SQL["enter_workspace"], entered=str(workspace_id))
        return Transaction(self._tx.conn, WorkspaceId(workspace_id))

    async def find_key(self, secret_hash: bytes) -> KeyInfo | None:
        """A living API key, if that is one; its use is noted."""
        row = await self._tx.one_or_none(_SQL["find_api_key"], secret_hash=secret_hash)
        return KeyInfo(**_with_role(row)) if row else None


class WorkspaceRepository:
    """One workspace: its settings, members, keys, audit log and kept answers."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def get(self) -> Workspace:
        """The workspace in hand."""
        return Workspace(**await self._tx.one(_SQL["get_workspace"]))

    async def put(self, **values: str | float | None) -> None:
        """Change the workspace in hand; None keeps."""
        await self._tx.run(_SQL["put_workspace"], **values)

    async def list_rates(self) -> list[CurrencyRate]:
        """Dated rates, by currency and day."""
        return [CurrencyRate(**row) for row in await self._tx.all(_SQL["list_rates"])]

    async def put_rates(self, rates: Iterable[CurrencyRate]) -> None:
        """Replace every rate."""
        await self._tx.run(_SQL["forget_rates"])
        for rate in rates:
            await self._tx.run(_SQL["add_rate"], currency=rate.currency, valid_from=rate.valid_from, rate=rate.rate)

    async def list_members(self) -> list[Member]:
        """Members and invited, oldest first."""
        return [Member(**_with_role(row)) for row in await self._tx.all(_SQL["list_members"])]

    async def find_member(self, user_id: int) -> Member | None:
        """One member or invited user, if that is one."""
        row = await self._tx.one_or_none(_SQL["find_member"], user_id=user_id)
        return Member(**_with_role(row)) if row else None

    async def put_member(
        self, user_id: int, role: Role, *, accepted_at: datetime | None, invited_name: str = ""
    ) -> None:
        """Make a user a member, or an invited one."""
        await self._tx.run(
            _SQL["put_member"], user_id=user_id, role=role, invited_name=invited_name, accepted_at=accepted_at
        )

    async def put_role(self, user_id: int, role: Role) -> None:
        """Change a member's role."""
        await self._tx.run(_SQL["put_role"], user_id=user_id, role=role)

    async def accept_member(self, user_id: int, *, now: datetime) -> bool:
        """Open the door to an invited user; whether there was one."""
        return await self._tx.run(_SQL["accept_member"], user_id=user_id, now=now) == 1

    async def delete_member(self, user_id: int) -> None:
        """Remove a member, and end the sessions in this workspace."""
        await self._tx.run(_SQL["delete_member"], user_id=user_id)
        await self._tx.run(_SQL["end_sessions_here"], user_id=user_id)

    async def hold_owners(self) -> Sequence[int]:
        """Owners who can sign in; no other transaction changes them until this one ends."""
        return [row["user_id"] for row in await self._tx.all(_SQL["hold_owners"])]

    async def list_keys(self) -> list[ApiKey]:
        """Every key, newest first."""
        return [ApiKey(**_with_role(row)) for row in await self._tx.all(_SQL["list_keys"])]

    async def add_key(
        self, *, kind: KeyKind, name: str, role: Role, prefix: str, secret_hash: bytes, created_by: int | None
    ) -> ApiKey:
        """Store a key."""
        row = await self._tx.one(
            _SQL["add_key"],
            kind=kind,
            name=name,
            role=role,
            prefix=prefix,
            secret_hash=secret_hash,
            created_by=created_by,
        )
        return ApiKey(**_with_role(row))

    async def revoke_key(self, api_key_id: int) -> bytes | None:
        """End a key for good; the hash of its secret, or None if there is no such living key."""
        row = await self._tx.one_or_none(_SQL["revoke_key"], api_key_id=api_key_id)
        return bytes(row["secret_hash"]) if row else None

    async def add_audit(self, *, actor: str, action: str, target: str | None, detail: Mapping[str, object]) -> None:
        """Note a change."""
        await self._tx.run(
            _SQL["add_audit"], actor=actor, action=action, target=target, detail=json.dumps(detail, default=str)
        )

    async def list_audit(self, *, before: int, limit: int) -> list[AuditEntry]:
        """Changes before an entry, newest first."""
        rows = await self._tx.all(_SQL["list_audit"], before=before, limit=limit)
        return [AuditEntry(**row) for row in rows]

    async def claim_answer(self, *, actor: str, key_hash: bytes, request_hash: bytes) -> bool:
        """Whether this request is the first with its Idempotency-Key."""
        await self._tx.run(_SQL["forget_answers"])
        row = await self._tx.one_or_none(
            _SQL["claim_answer"], actor=actor, key_hash=key_hash, request_hash=request_hash
        )
        return row is not None

    async def get_answer(self, *, actor: str, key_hash: bytes) -> StoredAnswer | None:
        """What is known of the first request with that key; None if it has just come to nothing."""
        row = await self._tx.one_or_none(_SQL["get_answer"], actor=actor, key_hash=key_hash)
        return StoredAnswer(**row) if row else None

    async def put_answer(self, *, actor: str, key_hash: bytes, answer: StoredAnswer) -> None:
        """Keep the answer of the first request."""
        await self._tx.run(
            _SQL["put_answer"],
            actor=actor,
            key_hash=key_hash,
            status=answer.status,
            content_type=answer.content_type,
            sealed_body=answer.sealed_body,
            permission=answer.permission,
        )

    async def release_answer(self, *, actor: str, key_hash: bytes) -> None:
        """Free a key whose first request came to nothing."""
        await self._tx.run(_SQL["release_answer"], actor=actor, key_hash=key_hash)
