"""HTTP: the ingest routes, the management API and the web app in one ASGI application."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, cast

from fastapi import FastAPI
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.types import Receive, Scope, Send

from fanwheel import __version__
from fanwheel.cdp.events.asgi import IngestApp, Key, is_ingest
from fanwheel.cdp.events.writer import Writer
from fanwheel.cdp.segments.describing import describe_rule
from fanwheel.domains.private.channels import registry
from fanwheel.domains.private.channels.inbound.router import hooks
from fanwheel.entrypoints.libraries import media_loader
from fanwheel.entrypoints.posting import make_speaking
from fanwheel.entrypoints.routes import ROUTERS
from fanwheel.infra import access, operations, telemetry
from fanwheel.infra.http import PROBLEMS, install_docs, install_error_handlers
from fanwheel.infra.http.requests import BodyLimit, HeadAsGet
from fanwheel.infra.http.security import SecurityHeaders
from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings
from fanwheel.loop.operate.content.describing import describe_content

WEB: Final = Path(__file__).parent / "web"
_FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}


class _PagePath(PathConvertor):
    """Where the web app may have a page: nowhere below the API, which says itself what it does not know."""

    regex = "(?!api/|v1/).*"


class Application(FastAPI):
    """FastAPI, but ingest goes past it: its per-request work costs more than storing the event."""

    def openapi(self) -> dict[str, Any]:
        """The API's description, the rules of segments in it."""
        if self.openapi_schema is None:
            self.openapi_schema = describe_content(describe_rule(super().openapi()))
        return self.openapi_schema

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        if scope["type"] == "http" and is_ingest(scope["path"]):
            await self.state.ingest(scope, receive, send)
        else:
            # Outermost, so that even an answer to a crash carries the headers.
            await SecurityHeaders(super().__call__)(scope, receive, send)


def create_app(settings: Settings, dsn: str) -> Application:
    """The application over the migrated database at ``dsn``."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database = await Database.open(dsn)
        is_alone = settings.servers == 1
        writer = Writer(dsn, limit_bytes=settings.ingest_queue_mb * 1024 * 1024, in_flight=2 if is_alone else 1)
        await writer.start()
        app.state.database, app.state.writer = database, writer
        app.state.load_media, app.state.speaks = media_loader(settings, database), make_speaking(settings, database)
        _warm(app)
        yield
        await writer.stop()
        if opener := getattr(app.state, "opener", None):
            await opener.close()
        for name in ("reports", "insights", "ledgers", "lifts", "vocabulary"):
            if held := getattr(app.state, name, None):
                held.close()
        if inbox_hub := getattr(app.state, "inbox_hub", None):
            await inbox_hub.close()
        if forget_previews := getattr(app.state, "forget_previews", None):
            forget_previews()
        await database.close()

    app = Application(
        title="Fanwheel",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,  # install_docs serves pages that our content policy allows
        redoc_url=None,
        responses=PROBLEMS,
        lifespan=lifespan,
    )
    app.state.settings, app.state.dsn = settings, dsn
    app.state.ingest = IngestApp(writer=lambda: cast(Writer, app.state.writer), find_key=_find_key(app))
    install_error_handlers(app)
    app.add_middleware(access.Idempotency)
    app.add_middleware(BodyLimit)
    app.add_middleware(HeadAsGet)
    # Callbacks first: looking through all the others would cost more than keeping one.
    for router in (hooks, *ROUTERS):
        app.include_router(router)
    install_docs(app)
    _add_operations(app)
    _add_web(app)
    return app


def _warm(app: FastAPI) -> None:
    """Have what the first request of each process would wait for.

    Routes are built when somebody first asks for them or for one behind them: half a second for all. Channels are
    loaded when their first conversation is opened.
    """
    registry.adapters()
    for route in app.router.routes:
        route.matches({"type": "http", "method": "GET", "path": "/api/", "root_path": "", "headers": []})
    # What is loaded by now stays; looking through it again and again for cycles cost a third of ingest.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _find_key(app: FastAPI) -> Any:
    async def find(secret: str) -> Key | None:
        key = await access.find_write_key(app.state.database, secret)
        # A server key may send events as far as its role may change what was ingested.
        may_send = key is not None and (key.kind == "write" or access.permits(key.role, "ingest:write", by_key=True))
        return Key(key.workspace_id, key.api_key_id) if key and may_send else None

    return find


def _add_operations(app: FastAPI) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> JSONResponse:
        await operations.require_ready(app.state.database, app.state.settings.home)
        return JSONResponse({"status": "ready"})

    lag = operations.LagGauges(app.state.settings.home, app.state.dsn)

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        await lag.refresh()
        return PlainTextResponse(telemetry.metrics(), media_type=CONTENT_TYPE_LATEST)


def _add_web(app: FastAPI) -> None:
    register_url_convertor("page", _PagePath())

    @app.get("/{path:page}", include_in_schema=False)
    async def web(path: str) -> Response:
        file = (WEB / path).resolve()
        if path and file.is_file() and file.is_relative_to(WEB):
            return FileResponse(file, headers=_FOR_EVER if path.startswith("assets/") else None)
        if not (WEB / "index.html").exists():
            return PlainTextResponse("The web app is not built: run `make web`. The API works.", 503)
        return FileResponse(WEB / "index.html", headers={"Cache-Control": "no-cache"})
