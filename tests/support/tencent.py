"""A WeChat or WeCom account as the product has it, without the product: an adapter, and a hook for its callbacks."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

import httpx

from fanwheel.domains.private.channels.adapter import Account, Adapter, MediaFile, Token, Tools
from fanwheel.domains.private.channels.contracts import AnyHappening, AnyPart, Outgoing, Reply, Request, Text
from fanwheel.domains.private.channels.errors import ForgedError, MalformedError
from fanwheel.domains.private.tencent import Envelope, sign, write
from fanwheel.domains.private.wechat import OfficialAccount
from fanwheel.domains.private.wecom import WeCom

Result = TypeVar("Result")
NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR"
WORD = "aWordBetweenUs"
SECRET = "s3cretOfTheApp00"
APP, CORP = "wx0123456789abcdef", "ww0123456789abcdef"


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def go(self, **passed: float) -> None:
        self.now += timedelta(**passed)


class Safe:
    """Tokens as the product keeps them for all its workers, and how often they were fetched."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.fetched: list[str] = []

    async def token(self, name: str, fetch: Callable[[], Coroutine[Any, Any, Token]]) -> str:
        if name not in self.kept:
            self.fetched.append(name)
            self.kept[name] = (await fetch()).value
        return self.kept[name]

    async def forget(self, name: str) -> None:
        self.kept.pop(name, None)


def settings_of(kind: str, **changed: str) -> tuple[dict[str, str], dict[str, str]]:
    """Settings and secrets of an account."""
    secrets = {"token": WORD, "encoding_aes_key": KEY}
    if kind == "wechat":
        return {"app_id": APP, "mode": "safe", **changed}, {**secrets, "app_secret": SECRET}
    return {"corp_id": CORP, "staff": "zhangsan", **changed}, {**secrets, "secret": SECRET}


def an_adapter(kind: str, http: httpx.AsyncClient, clock: Clock, safe: Safe, **changed: str) -> Any:
    async def media(media_id: int) -> MediaFile:
        return MediaFile(f"{media_id}.png", "image/png", b"\x89PNG")

    settings, secrets = settings_of(kind, **changed)
    account = Account(1, "hook", settings, secrets, "http://127.0.0.1/hook")
    kinds: dict[str, Callable[[Account, Tools], Adapter]] = {"wechat": OfficialAccount, "wecom": WeCom}
    return kinds[kind](account, Tools(http, clock, safe.token, safe.forget, media))


def offline(kind: str, clock: Clock | None = None, **changed: str) -> Any:
    """An adapter that can reach nobody."""

    async def refuse(request: httpx.Request) -> httpx.Response:
        raise AssertionError(f"asked for {request.url.path}")

    http = httpx.AsyncClient(transport=httpx.MockTransport(refuse))
    return an_adapter(kind, http, clock or Clock(), Safe(), **changed)


def a_message(to: str, *parts: AnyPart | str, kind: str = "openid", **changed: Any) -> Outgoing:
    """A message for somebody; parts that are strings are texts."""
    from fanwheel.domains.private.channels.contracts import Address

    said = tuple(Text(part) if isinstance(part, str) else part for part in parts)
    value = f"{APP}:{to}" if kind == "openid" else to
    context = changed.pop("context", None)
    return Outgoing(
        to=Address(kind, value), parts=said,
        **({"key": "fw-1-1", "purpose": "service", "reply": Reply(context=context) if context else None} | changed),
    )  # fmt: skip


def a_push(body: str, *, at: datetime = NOON, is_sealed: bool = True, receive_id: str = APP, **changed: str) -> Request:
    """A push as the platform sends it; ``changed`` puts other values into its query."""
    stamp, nonce = str(int(at.timestamp())), "4242"
    query = {"signature": sign(WORD, stamp, nonce), "timestamp": stamp, "nonce": nonce}
    sent = body.encode()
    if is_sealed:
        sealed = Envelope(token=WORD, encoding_aes_key=KEY, receive_id=receive_id).seal(
            sent, timestamp=stamp, nonce=nonce
        )
        query |= {"encrypt_type": "aes", "msg_signature": sealed.signature}
        sent = write("xml", {"ToUserName": receive_id, "Encrypt": sealed.encrypted}).encode()
    return Request("POST", query | changed, {}, sent, NOON)


class Desk:
    """An account in use: ``send`` and the like through ``adapter``, and everything that came in in ``heard``."""

    def __init__(self) -> None:
        self.clock, self.safe = Clock(), Safe()
        self.heard: list[AnyHappening] = []
        self.requests: list[Request] = []
        self.refused: list[Exception] = []
        self.answer: Outgoing | None = None
        self.statuses: list[int] = []  # answered instead of listening, one for each callback
        self.url = ""
        self.adapter: Any = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def send(self, *said: Any, **changed: Any) -> Any:
        return self.run(self.adapter.send(a_message(*said, **changed)))

    @property
    def keys(self) -> list[str]:
        return [happening.key for happening in self.heard]

    def take(self, request: Request) -> tuple[int, bytes]:
        self.requests.append(request)
        if self.statuses:
            return self.statuses.pop(0), b""
        try:
            received = self.run(self.adapter.receive(request))
        except (ForgedError, MalformedError) as error:
            self.refused.append(error)
            return error.kind.value, b""
        self.heard += received.happenings
        answer = self.adapter.answer(request, self.answer) if self.answer else None
        return 200, (answer or received.answer).body

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@contextmanager
def a_desk(kind: str, base_url: str, **changed: str) -> Iterator[Desk]:
    """An account whose platform is at ``base_url``."""
    desk = Desk()

    class Handler(BaseHTTPRequestHandler):
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._take()

        def do_POST(self) -> None:
            self._take()

        def _take(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            query = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
            status, said = desk.take(Request(self.command, query, {}, body, desk.clock()))
            self.send_response(status)
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: Any) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    http = httpx.AsyncClient(timeout=10, trust_env=False, verify=False)
    desk.url = f"http://127.0.0.1:{server.server_port}/hook"
    desk.adapter = an_adapter(kind, http, desk.clock, desk.safe, base_url=base_url, **changed)
    try:
        yield desk
    finally:
        desk.run(http.aclose())
        desk.close()
        server.shutdown()
        server.server_close()
        thread.join()
