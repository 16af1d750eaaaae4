"""Simulated platforms behind one address, with faults as they are asked for, and a control of their own.

Each platform stands under its name: ``/telegram/…``. Under ``/_sim`` they are looked at and told what to do:
``GET /_sim`` (counters), ``GET /_sim/telegram/messages``, ``PUT /_sim/telegram/faults``, ``POST
/_sim/telegram/do/write``, ``POST /_sim/telegram/reset``.
"""

import asyncio
import importlib
import pkgutil
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import parse_qsl

import msgspec
import uvicorn

from fanwheel.entrypoints.simulator.platform import Answered, Call, Platform, Reply
from fanwheel.kernel.clock import Clock, utc_now

if TYPE_CHECKING:
    import httpx
    from starlette.types import Receive, Scope, Send

Result = TypeVar("Result")
_CONTROL: Final = "_sim"
_OWN: Final = {"core", "multipart", "platform"}
_CALL_BACK_TIMEOUT_S: Final = 15.0
_START_TIMEOUT_S: Final = 15.0


class Faults(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How badly a platform behaves; shares are between 0 and 1. ``only`` are calls whose path holds this text."""

    fail: float = 0.0  # answered with 500, and not taken
    delay_s: float = 0.0  # before a call is handled
    drop_answer: float = 0.0  # taken, and the connection ends without an answer
    callback_delay_s: float = 0.0
    duplicate: float = 0.0  # a callback comes twice
    reorder: float = 0.0  # a callback is held back until the next one has come
    only: str = ""


class Simulator:
    """All platforms that there are, or some; an ASGI application.

    ``clock`` may be replaced while it runs, to open and close windows. While ``is_mute``, nobody is called back.
    """

    def __init__(self, url: str, *, clock: Clock = utc_now, seed: int = 1) -> None:
        self.url = url
        self.clock = clock
        self.is_mute = False
        self._random = Random(seed)  # noqa: S311 - faults must come again alike, not be secret
        self._faults: dict[str, Faults] = {}
        self._held: dict[str, tuple[str, str, Mapping[str, str], bytes]] = {}
        self._http: httpx.AsyncClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.platforms: dict[str, Platform] = {}
        for kind in _find_platforms():
            self.platforms[kind.name] = kind(
                url=f"{url}/{kind.name}", clock=lambda: self.clock(), call_back=self._caller(kind.name)
            )

    @classmethod
    @contextmanager
    def started(cls, *, port: int = 0, clock: Clock = utc_now, seed: int = 1) -> "Iterator[Simulator]":
        """Serve on a port of this machine, in a thread of its own, for the length of the block."""
        # The protocol is named, or asyncio does not see that it is TCP and lets small answers wait for one another.
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", port))
            made = cls(f"http://127.0.0.1:{listener.getsockname()[1]}", clock=clock, seed=seed)
            config = uvicorn.Config(made, log_level="critical", lifespan="off", access_log=False, loop="asyncio")
            server = uvicorn.Server(config)
            thread = threading.Thread(target=lambda: asyncio.run(made._serve(server, listener)), daemon=True)
            thread.start()
            made._wait_until(server)
            try:
                yield made
            finally:
                server.should_exit = True
                thread.join()

    def platform(self, name: str) -> Any:
        """One platform by its name; of whatever class it is."""
        return self.platforms[name]

    def set_faults(self, name: str, **faults: Any) -> None:
        """Let a platform behave so from now on; without any it behaves well."""
        self._faults[name] = msgspec.convert(faults, Faults)

    def do(self, name: str, verb: str, **args: Any) -> Any:
        """Let somebody do something on a platform; from a thread other than the simulator's."""
        return self.run(self.platforms[name].do(verb, args))

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """The result of something that runs in the simulator's thread."""
        assert self._loop is not None, "it is not started"
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_CALL_BACK_TIMEOUT_S * 4)

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """One request."""
        assert scope["type"] == "http"
        call = await _read(scope, receive)
        name, _, rest = call.path.lstrip("/").partition("/")
        if name == _CONTROL:
            await _answer(send, await self._control(call._replace(path=rest)))
        elif name in self.platforms:
            await self._serve_platform(name, call._replace(path=f"/{rest}"), send)
        else:
            await _answer(send, Reply(404))

    async def _serve_platform(self, name: str, call: Call, send: "Send") -> None:
        faults = self._faults.get(name, Faults())
        if faults.only not in call.path:
            faults = Faults()
        if faults.delay_s:
            await asyncio.sleep(faults.delay_s)
        if self._happens(faults.fail):
            await _answer(send, Reply(500, b"simulated failure", "text/plain"))
            return
        platform = self.platforms[name]
        platform.calls[call.path] += 1
        taken_before = platform.taken
        reply = await platform.handle(call)
        if self._happens(faults.drop_answer):
            if platform.taken > taken_before:
                platform.unanswered.append(platform.messages[-1])
            # A response that is begun and never ended: the server closes the connection over it.
            await send({"type": "http.response.start", "status": reply.status, "headers": [(b"content-length", b"9")]})
            return
        await _answer(send, reply)

    async def _control(self, call: Call) -> Reply:
        name, _, verb = call.path.partition("/")
        if not name:
            return Reply.of({name: _counters(platform) for name, platform in self.platforms.items()})
        platform = self.platforms.get(name)
        if platform is None:
            return Reply(404)
        if call.method == "GET" and verb == "messages":
            return Reply(200, msgspec.json.encode(list(platform.messages)))
        if call.method == "PUT" and verb == "faults":
            self._faults[name] = msgspec.json.decode(call.body, type=Faults)
        elif call.method == "POST" and verb == "reset":
            platform.reset()
        elif call.method == "POST" and verb.startswith("do/"):
            return Reply.of(await platform.do(verb.removeprefix("do/"), call.json()))
        else:
            return Reply(404)
        return Reply.of({})

    def _caller(self, name: str) -> Callable[[str, str, Mapping[str, str], bytes], Coroutine[Any, Any, Any]]:
        async def call_back(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answered | None:
            faults = self._faults.get(name, Faults())
            if faults.callback_delay_s:
                await asyncio.sleep(faults.callback_delay_s)
            if self._happens(faults.reorder) and name not in self._held:
                self._held[name] = (method, url, headers, body)
                return Answered(200, b"")
            answered = await self._call(method, url, headers, body)
            if self._happens(faults.duplicate):
                answered = await self._call(method, url, headers, body)
            if held := self._held.pop(name, None):
                await self._call(*held)
            return answered

        return call_back

    async def _call(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answered | None:
        import httpx

        if self.is_mute:
            return Answered(200, b"")
        if self._http is None:
            self._http = httpx.AsyncClient(timeout=_CALL_BACK_TIMEOUT_S, trust_env=False)
        try:
            answer = await self._http.request(method, url, headers=dict(headers), content=body)
        except httpx.HTTPError:
            return None
        return Answered(answer.status_code, answer.content)

    async def _serve(self, server: uvicorn.Server, listener: socket.socket) -> None:
        self._loop = asyncio.get_running_loop()
        await server.serve(sockets=[listener])
        if self._http is not None:
            await self._http.aclose()

    @staticmethod
    def _wait_until(server: uvicorn.Server) -> None:
        deadline = monotonic() + _START_TIMEOUT_S
        while not server.started:
            if monotonic() > deadline:
                raise RuntimeError("the simulator does not start")
            sleep(0.005)

    def _happens(self, share: float) -> bool:
        return share > 0 and self._random.random() < share


def _find_platforms() -> list[type[Platform]]:
    modules = [module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]) if module.name not in _OWN]
    found = [importlib.import_module(f"{__package__}.{name}") for name in modules]
    return [module.Platform for module in found if getattr(module, "Platform", Platform).__module__ == module.__name__]


def _counters(platform: Platform) -> dict[str, Any]:
    return {"taken": platform.taken, "violations": platform.violations, "calls": sum(platform.calls.values())}


async def _read(scope: "Scope", receive: "Receive") -> Call:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            break
    return Call(
        scope["method"],
        scope["path"],
        dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
        {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]},
        b"".join(parts),
    )


async def _answer(send: "Send", reply: Reply) -> None:
    headers = {"content-type": reply.content_type, "content-length": str(len(reply.body)), **reply.headers}
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": encoded})
    await send({"type": "http.response.body", "body": reply.body})
