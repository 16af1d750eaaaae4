"""Idempotency-Key: a creating request that is sent again gets the first answer, and creates nothing twice."""

import hashlib
import os
from collections.abc import MutableMapping
from typing import Any, Final, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fanwheel.infra.access import callers, rules
from fanwheel.infra.access.callers import Caller
from fanwheel.infra.access.contracts import StoredAnswer
from fanwheel.infra.access.errors import (
    BadFieldError,
    IdempotencyKeyReusedError,
    NotAllowedError,
    StillRunningError,
)
from fanwheel.infra.access.repository import WorkspaceRepository
from fanwheel.infra.access.rules import Permission
from fanwheel.infra.http.errors import error_body
from fanwheel.infra.postgres import Database
from fanwheel.kernel.errors import FanwheelError

_LONGEST_KEY: Final = 255
_NONCE: Final = 12


class Idempotency:
    """Looks after ``POST /api/…`` with an ``Idempotency-Key``; everything else passes.

    Only success is kept: what failed changed nothing and may be tried again with the same key.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        if not _concerns(scope):
            await self._app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        try:
            caller = await callers.identify(request)
            callers.require_proof(request, caller)
        except FanwheelError:
            # The route finds the same fault and words it.
            await self._app(scope, receive, send)
            return
        try:
            response = await self._answer(scope, receive, request, caller)
        except FanwheelError as error:
            body = error_body(error.code, error.message, error.hint)
            await JSONResponse(body, error.kind.value, {"Retry-After": "1"})(scope, receive, send)
            return
        await response(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, request: HTTPConnection, caller: Caller) -> Response:
        key = request.headers["idempotency-key"]
        if not 0 < len(key) <= _LONGEST_KEY:
            raise BadFieldError("“Idempotency-Key” has no usable length.", hint=f"Send 1 to {_LONGEST_KEY} characters.")
        body = await _read(receive)
        kept = _Kept(cast(Database, scope["app"].state.database), caller, key)
        stored = await kept.claim(_digest(scope["path"].encode(), scope["query_string"], body))
        if stored is not None:
            return stored
        try:
            captured = await _run(self._app, scope, receive, body)
            if 200 <= captured.status_code < 300:
                await kept.put(captured, permission=scope.get(callers.PERMISSION))
                return captured
        except BaseException:
            await kept.release()
            raise
        await kept.release()
        return captured


class _Kept:
    """The answer kept for one caller and one Idempotency-Key.

    Some answers hold a secret that is shown once. They are sealed with the caller's credential, of which the
    database has only a hash, so whoever reads the database cannot open them.
    """

    def __init__(self, db: Database, caller: Caller, key: str) -> None:
        self._db = db
        self._caller = caller
        self._key_hash = _digest(key.encode())
        self._seal = AESGCM(_digest(b"idempotency", key.encode(), caller.credential.encode()))

    async def claim(self, request_hash: bytes) -> Response | None:
        """The answer to give again; None if this request is the first."""
        actor, workspace_id = self._caller.principal.actor, self._caller.principal.workspace_id
        async with self._db.transaction(workspace_id) as tx:
            spaces = WorkspaceRepository(tx)
            if await spaces.claim_answer(actor=actor, key_hash=self._key_hash, request_hash=request_hash):
                return None
            stored = await spaces.get_answer(actor=actor, key_hash=self._key_hash)
        if stored is not None and stored.request_hash != request_hash:
            raise IdempotencyKeyReusedError(hint="Use a new key for each new request.")
        if stored is None or stored.status is None or stored.sealed_body is None:
            raise StillRunningError(hint="Wait a moment, then send it again.")
        return self._open(stored)

    async def put(self, response: Response, *, permission: str | None) -> None:
        """Keep the first answer."""
        nonce = os.urandom(_NONCE)
        answer = StoredAnswer(
            request_hash=b"",
            permission=permission,
            status=response.status_code,
            content_type=response.headers.get("content-type"),
            sealed_body=nonce + self._seal.encrypt(nonce, bytes(response.body), None),
        )
        async with self._db.transaction(self._caller.principal.workspace_id) as tx:
            await WorkspaceRepository(tx).put_answer(
                actor=self._caller.principal.actor, key_hash=self._key_hash, answer=answer
            )

    async def release(self) -> None:
        """Nothing came of the request: the key is free again."""
        async with self._db.transaction(self._caller.principal.workspace_id) as tx:
            await WorkspaceRepository(tx).release_answer(actor=self._caller.principal.actor, key_hash=self._key_hash)

    def _open(self, stored: StoredAnswer) -> Response:
        permission = cast(Permission | None, stored.permission)
        role, by_key = self._caller.principal.role, self._caller.session is None
        if permission is not None and not rules.permits(role, permission, by_key=by_key):
            raise NotAllowedError(hint="Your role has changed since the first request.")
        assert stored.status is not None
        assert stored.sealed_body is not None
        try:
            body = self._seal.decrypt(stored.sealed_body[:_NONCE], stored.sealed_body[_NONCE:], None)
        except InvalidTag:
            raise IdempotencyKeyReusedError(
                "That request was answered in an earlier session.", hint="List what it created instead."
            ) from None
        headers = {"Idempotent-Replayed": "true"}
        return Response(body, stored.status, headers, stored.content_type)


def _concerns(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "POST"
        and scope["path"].startswith("/api/")
        # Signing in and one-time links cannot be repeated by their nature.
        and not scope["path"].startswith("/api/auth/")
        and any(name == b"idempotency-key" for name, _ in scope["headers"])
    )


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return bytes(body)
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


async def _run(app: ASGIApp, scope: Scope, receive: Receive, body: bytes) -> Response:
    given = False
    start: MutableMapping[str, Any] = {}
    parts: list[bytes] = []

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def capture(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    await app(scope, receive_again, capture)
    response = Response(b"".join(parts), start["status"])
    response.raw_headers = list(start["headers"])
    return response


def _digest(*parts: bytes) -> bytes:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.digest()
