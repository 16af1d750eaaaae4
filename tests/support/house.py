"""The real application in this process, over a real database, and browsers that talk to it."""

import asyncio
import hashlib
import secrets
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
from argon2 import PasswordHasher
from psycopg.rows import dict_row

from fanwheel.entrypoints.http import Application, create_app
from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings
from tests.support.databases import Owner

T = TypeVar("T")
PASSWORD = "seven unrelated words"
_HASH = PasswordHasher().hash(PASSWORD)
HOST = "wheel.example"


class Browser:
    """A client with cookies that knows the CSRF token once it is signed in."""

    def __init__(self, house: "House", address: str) -> None:
        self._house = house
        transport = httpx.ASGITransport(house.app, raise_app_exceptions=False, client=(address, 40_000))
        self._client = httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}", timeout=30)
        self.csrf: str | None = None

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One request, with the token that changes need if there is one."""
        headers = {"X-CSRF-Token": self.csrf} if self.csrf else {}
        headers |= options.pop("headers", {})
        return self._house.run(self._client.request(method, path, headers=headers, **options))

    def get(self, path: str, **options: Any) -> httpx.Response:
        """A GET."""
        return self.ask("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        """A POST of JSON."""
        return self.ask("POST", path, json=body, **options)

    def enter(self, answer: httpx.Response) -> dict[str, Any]:
        """Take the session of an answer that began one."""
        assert answer.status_code == 200, answer.text
        me: dict[str, Any] = answer.json()
        self.csrf = me["csrf_token"]
        return me

    def sign_in(self, email: str, password: str = PASSWORD) -> dict[str, Any]:
        """Sign in with a password."""
        return self.enter(self.post("/api/auth/login", {"email": email, "password": password}))

    def take_session(self, token: str, csrf: str) -> "Browser":
        """Use a session made by ``House.session``."""
        self._client.cookies.set("fw_session", token, domain=HOST)
        self.csrf = csrf
        return self

    def take_key(self, secret: str) -> "Browser":
        """Use an API key."""
        self._client.headers["Authorization"] = f"Bearer {secret}"
        return self

    @property
    def cookie(self) -> str | None:
        """The session's secret."""
        return self._client.cookies.get("fw_session")

    def forget(self) -> None:
        """Lose the cookie."""
        self._client.cookies.clear()


class House:
    """The application and its database; rows can be put in past every fence."""

    def __init__(self, dsn: str, home: Path) -> None:
        self.dsn = dsn
        self._owner = Owner(dsn, dict_row)
        self.settings = Settings(home=home)
        self.app: Application = create_app(self.settings, dsn)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._numbers = iter(range(1, 1_000_000))

    @classmethod
    @contextmanager
    def open(cls, dsn: str, home: Path) -> Iterator["House"]:
        """Start the application; stop it when the block ends."""
        house = cls(dsn, home)
        house._thread.start()
        lifespan = house.app.router.lifespan_context(house.app)
        house.run(lifespan.__aenter__())
        try:
            yield house
        finally:
            house._owner.close()
            house.run(lifespan.__aexit__(None, None, None))
            house._loop.call_soon_threadsafe(house._loop.stop)
            house._thread.join(timeout=10)
            house._loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of ``work`` in the application's loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=60)

    @property
    def database(self) -> Database:
        """The application's pool."""
        found: Database = self.app.state.database
        return found

    def browser(self, address: str | None = None) -> Browser:
        """A new browser, at a place of its own unless one is named."""
        number = next(self._numbers)
        return Browser(self, address or f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """What a statement gives its owner, past every fence."""
        return self._owner.rows(sql, values)

    def value(self, sql: str, *values: object) -> Any:
        """The first column of the first row."""
        return next(iter(self.rows(sql, *values)[0].values()))

    def workspace(self, name: str = "Brand") -> int:
        """A new workspace without members."""
        slug = f"w-{secrets.token_hex(6)}"
        return int(self.value("INSERT INTO workspace (slug, name) VALUES (%s, %s) RETURNING workspace_id", slug, name))

    def user(self, workspace: int, role: str, email: str | None = None) -> tuple[int, str]:
        """Id and address of a new member, whose password is ``PASSWORD``."""
        email = email or f"{role}-{secrets.token_hex(4)}@brand.example"
        user_id = int(
            self.value(
                "INSERT INTO login (email, name, password_hash) VALUES (%s, %s, %s)"
                " ON CONFLICT (email) DO UPDATE SET email = excluded.email RETURNING user_id",
                email,
                role.title(),
                _HASH,
            )
        )
        self.rows("INSERT INTO membership (workspace_id, user_id, role) VALUES (%s, %s, %s)", workspace, user_id, role)
        return user_id, email

    def session(self, workspace: int, user_id: int) -> Browser:
        """A browser that is signed in, without the work of a password."""
        token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self.rows(
            "INSERT INTO login_session (token_hash, user_id, workspace_id, csrf_token, expires_at)"
            " VALUES (%s, %s, %s, %s, now() + interval '14 days')",
            hashlib.sha256(token.encode()).digest(),
            user_id,
            workspace,
            csrf,
        )
        return self.browser().take_session(token, csrf)

    def member(self, workspace: int, role: str) -> Browser:
        """A browser in which a new member is signed in."""
        return self.session(workspace, self.user(workspace, role)[0])
