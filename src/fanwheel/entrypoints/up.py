"""Running the product: database, API and worker started in order and ended in the opposite one."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import ClassVar, Final

import structlog
import typer
import uvicorn

from fanwheel.infra import postgres, telemetry
from fanwheel.infra.operations import require_no_half_restore
from fanwheel.infra.postgres import Database
from fanwheel.infra.postgres.process import die_with_parent
from fanwheel.infra.postgres.supervisor import database, write_out
from fanwheel.infra.settings import Settings
from fanwheel.kernel.errors import ErrorKind, FanwheelError

_log = structlog.get_logger(__name__)
_SELF: Final = (sys.executable, "-m", "fanwheel.entrypoints.cli")
_GRACE_S: Final = 30
_LONGEST_BACKOFF_S: Final = 30.0


class PortInUseError(FanwheelError):
    """The port is taken by another program."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class _Signals:
    """Ends a start at once; once the server runs, leaves the ending to it."""

    def __init__(self) -> None:
        self.is_serving = False
        signal.signal(signal.SIGTERM, self._take)
        signal.signal(signal.SIGINT, self._take)

    def _take(self, number: int, _frame: FrameType | None) -> None:
        # uvicorn takes both signals while it runs and sends them again afterwards, when all that is left is
        # to end the worker and the database in order.
        if not self.is_serving:
            raise SystemExit(128 + number)


class _Server(uvicorn.Server):
    """uvicorn, telling when it answers, when it ends, and when ending is left to it."""

    def __init__(
        self,
        config: uvicorn.Config,
        *,
        signals: _Signals,
        on_ready: Callable[[], None] = lambda: None,
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(config)
        self._state = getattr(config.app, "state", None)
        self._signals = signals
        self._on_ready = on_ready
        self._on_end = on_end

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take signals from here on; one that came a moment before has ended the start."""
        with super().capture_signals():
            self._signals.is_serving = True
            yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start answering, then say so."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Say that it ends, and let those go who only listen; then wait for what is under way."""
        self._on_end()
        if inbox_hub := getattr(self._state, "inbox_hub", None):
            inbox_hub.end()
        await super().shutdown(sockets)


@dataclass(frozen=True, slots=True)
class _Child:
    """A process of ours that is to run as long as we do."""

    command: tuple[str, ...]
    listener_fd: int | None = None


def run(settings: Settings, *, with_worker: bool, with_demo: bool = False) -> None:
    """Serve until SIGINT or SIGTERM, then finish what has begun: requests, the worker's task, the database.

    Raises
    ------
    PortInUseError
        If another program has the port.
    """
    signals = _Signals()
    require_no_half_restore(settings.home)
    with ExitStack() as stack:
        listeners = [stack.enter_context(listener) for listener in _listen(settings)]
        dsn = stack.enter_context(database(settings))
        link = asyncio.run(_prepare(settings, dsn))
        beside = [_Child(("api", "--listener", str(other.fileno())), other.fileno()) for other in listeners[1:]]
        children = [*beside, *([_Child(("worker",))] if with_worker else [])]
        serving = _serve_all(
            settings, dsn, listener=listeners[0], children=children, signals=signals, link=link, with_demo=with_demo
        )
        with asyncio.Runner(loop_factory=_new_loop) as runner:
            runner.run(serving)


def run_beside(settings: Settings, listener_fd: int) -> None:
    """Serve beside the process that started this one, on a socket of the same port, until SIGTERM."""
    signals = _Signals()
    with (
        socket.socket(fileno=listener_fd) as listener,
        database(settings) as dsn,
        asyncio.Runner(loop_factory=_new_loop) as runner,
    ):
        runner.run(_Server(_config(settings, dsn), signals=signals).serve(sockets=[listener]))


def run_worker(settings: Settings) -> None:
    """Work until SIGINT or SIGTERM, then finish the task in hand."""
    from fanwheel.entrypoints import worker

    _Signals()
    require_no_half_restore(settings.home)
    with database(settings) as dsn, asyncio.Runner(loop_factory=_new_loop) as runner:
        runner.run(postgres.migrate(dsn))
        runner.run(until_stopped(lambda stop: worker.run(settings, dsn, stop)))


def _new_loop() -> asyncio.AbstractEventLoop:
    if sys.platform == "win32":
        return asyncio.new_event_loop()
    import uvloop  # half of what a single event costs

    return uvloop.new_event_loop()


async def until_stopped(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Work until SIGTERM or SIGINT, of which ``work`` is told."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await work(stop)


def _listen(settings: Settings) -> list[socket.socket]:
    """One socket for each process that is to answer; the system shares connections out among them."""
    # Bound before anything else starts, so that a second `fanwheel up` fails at once and changes nothing. Sockets
    # that share a port would share it with that one too, so the port is first taken by one that does not.
    first = _bind(settings, shared=False)
    if settings.servers == 1:
        return [first]
    first.close()
    return [_bind(settings, shared=True) for _ in range(settings.servers)]


def _bind(settings: Settings, *, shared: bool) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise PortInUseError(
            f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}.",
            hint="Stop the other program, or set FANWHEEL_PORT (and FANWHEEL_HOST) to another address.",
        ) from error
    return listener


async def _prepare(settings: Settings, dsn: str) -> str | None:
    # The application's modules say what a new workspace begins with: they have to be there before the first one.
    from fanwheel.entrypoints import http  # noqa: F401
    from fanwheel.infra import access

    await postgres.migrate(dsn)
    async with await Database.open(dsn) as db:
        return await access.bootstrap(db, settings)


def _config(settings: Settings, dsn: str) -> uvicorn.Config:
    from fanwheel.entrypoints.http import create_app

    return uvicorn.Config(
        create_app(settings, dsn),
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        loop="none",
        http="httptools",
        timeout_graceful_shutdown=_GRACE_S,
    )


async def _serve_all(
    settings: Settings,
    dsn: str,
    *,
    listener: socket.socket,
    children: Sequence[_Child],
    signals: _Signals,
    link: str | None,
    with_demo: bool,
) -> None:
    stop = asyncio.Event()
    tasks = [asyncio.create_task(_keep(child, stop)) for child in children]
    tasks.append(asyncio.create_task(_write_out_at_the_end(settings, dsn, stop)))
    demo = asyncio.Event()
    if with_demo:
        tasks.append(asyncio.create_task(_load_demo(demo, stop)))

    def announce() -> None:
        typer.echo(f"Fanwheel runs at {settings.url}")
        if link:
            typer.echo(f"Make the first account: {link}")
        demo.set()

    try:
        server = _Server(_config(settings, dsn), signals=signals, on_ready=announce, on_end=stop.set)
        await server.serve(sockets=[listener])
    finally:
        stop.set()
        await asyncio.gather(*tasks)


async def _write_out_at_the_end(settings: Settings, dsn: str, stop: asyncio.Event) -> None:
    """The database ends last: it begins with what that takes while the others end."""
    await stop.wait()
    await write_out(settings, dsn)


async def _keep(child: _Child, stop: asyncio.Event) -> None:
    """Run a child until ``stop``; start another when it dies, later and later if it dies at once."""
    backoff_s = 0.5
    while not stop.is_set():
        began = asyncio.get_running_loop().time()
        process = await _start(child)
        code = await _ended_or_stopped(process, stop)
        telemetry.forget_process(process.pid)
        if stop.is_set():
            return
        lived_s = asyncio.get_running_loop().time() - began
        backoff_s = 0.5 if lived_s > _LONGEST_BACKOFF_S else min(backoff_s * 2, _LONGEST_BACKOFF_S)
        _log.warning("a child died; starting another", child=child.command[0], code=code, seconds=backoff_s)
        await _wait(stop, backoff_s)


async def _load_demo(ready: asyncio.Event, stop: asyncio.Event) -> None:
    waiting = [asyncio.create_task(ready.wait()), asyncio.create_task(stop.wait())]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    if stop.is_set():
        return
    code = await _ended_or_stopped(await _start(_Child(("demo",))), stop)
    if code == 0 and not stop.is_set():
        await _keep(_Child(("demo", "--serve-channels")), stop)


async def _start(child: _Child) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *_SELF,
        *child.command,
        env=dict(os.environ),
        pass_fds=() if child.listener_fd is None else (child.listener_fd,),
        start_new_session=True,  # Ctrl-C is for us; we end it after the API
        # Whoever shares our port must give it up at once: the next start needs it.
        preexec_fn=die_with_parent("SIGTERM" if child.listener_fd is None else "SIGKILL"),
    )


async def _ended_or_stopped(child: asyncio.subprocess.Process, stop: asyncio.Event) -> int:
    """Wait for the end of ``child``, and bring it about once ``stop`` is set."""
    ended, stopped = asyncio.create_task(child.wait()), asyncio.create_task(stop.wait())
    await asyncio.wait((ended, stopped), return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not ended.done():
        child.terminate()
        await asyncio.wait((ended,), timeout=_GRACE_S)
        if not ended.done():
            _log.warning("a child did not end in time and was killed", pid=child.pid)
            child.kill()
    return await ended


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
