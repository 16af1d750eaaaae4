"""What the simulated platforms of Tencent share: tokens that end, quotas, and callbacks signed and sealed.

Source: the vendors' pages as gathered in the adapters; figures are those of a new account.
"""

import asyncio
import secrets
from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from fanwheel.domains.private.tencent import Envelope, read, sign, write
from fanwheel.entrypoints.simulator import platform
from fanwheel.entrypoints.simulator.multipart import read_multipart
from fanwheel.entrypoints.simulator.platform import Answered, Call, Reply

_ATTEMPTS: Final = 3
_ANSWER_S: Final = 5.0
_TOKEN_S: Final = 7200
_SILENT: Final = (b"", b"success")


class RefusedError(Exception):
    """An answer with a code; ``rule`` names what was broken, where it is a rule that we must not break."""

    def __init__(self, code: int, message: str, *, rule: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.rule = rule


class App:
    """One account as the console has it: its secrets, and where it is called back."""

    def __init__(self, args: Mapping[str, Any]) -> None:
        self.id = str(args["id"])
        self.secret = str(args.get("secret", ""))
        self.word = str(args.get("token", ""))
        self.callback_url = str(args.get("callback_url", ""))
        self.is_safe = args.get("mode", "safe") != "plain"
        key = str(args.get("encoding_aes_key", ""))
        self.envelope = Envelope(token=self.word, encoding_aes_key=key, receive_id=self.id) if key else None
        self.token = ""
        self.token_until: datetime | None = None
        self.media: dict[str, str] = {}


class TencentPlatform(platform.Platform):
    """A platform whose calls carry a token in the query, and whose every answer has a code."""

    kind_of_app: ClassVar[type[App]] = App
    quotas: ClassVar[Mapping[str, int]] = {}  # calls per day, by path

    def reset(self) -> None:
        """Forget accounts, tokens and quotas."""
        super().reset()
        self.apps: dict[str, App] = {}
        self.used: Counter[tuple[str, str, str]] = Counter()
        self.limits: dict[str, int] = dict(self.quotas)
        self._errands: set[asyncio.Task[Any]] = set()

    # ------------------------------------------------------------ calls
    async def handle(self, call: Call) -> Reply:
        """One call of the API."""
        method = self.methods().get(call.path)
        if method is None:
            return Reply.of({"errcode": 40066, "errmsg": "invalid url"})
        try:
            app = self._app(call)
            self._count(app, call.path)
            return Reply.of({"errcode": 0, "errmsg": "ok", **method(app, call)})
        except RefusedError as error:
            if error.rule:
                self.violate(error.rule)
            return Reply.of({"errcode": error.code, "errmsg": error.message})

    @abstractmethod
    def methods(self) -> Mapping[str, Callable[[Any, Call], dict[str, Any]]]:
        """What can be called, by path."""

    @abstractmethod
    def credentials(self, call: Call) -> tuple[str, str] | None:
        """The account's id and secret, where the call asks for a token; None for every other call."""

    def _app(self, call: Call) -> App:
        asked = self.credentials(call)
        if asked is not None:
            app = self.apps.get(asked[0])
            if app is None:
                raise RefusedError(40013, "invalid appid")
            if not secrets.compare_digest(app.secret.encode(), asked[1].encode()):
                raise self.bad_secret()
            return app
        given = call.query.get("access_token", "")
        app = next((app for app in self.apps.values() if app.token and app.token == given), None)
        if app is None:
            raise RefusedError(
                40014 if self.name == "wecom" else 40001, "invalid credential, access_token is not latest"
            )
        if app.token_until is None or app.token_until <= self.clock():
            raise RefusedError(42001, "access_token expired")
        return app

    def bad_secret(self) -> RefusedError:
        """How a wrong secret is refused."""
        return RefusedError(40125, "invalid appsecret")

    def issue(self, app: App, call: Call) -> dict[str, Any]:
        """The token that holds, or a new one when there is none."""
        now = self.clock()
        if not app.token or app.token_until is None or app.token_until <= now:
            app.token = f"tok{self.next_number()}_{secrets.token_hex(16)}"
            app.token_until = now + timedelta(seconds=_TOKEN_S)
        return {"access_token": app.token, "expires_in": int((app.token_until - now).total_seconds())}

    def upload(self, app: App, call: Call) -> dict[str, Any]:
        """Keep a file for three days."""
        kind = call.query.get("type", "")
        if kind not in {"image", "voice", "video", "file", "thumb"}:
            raise RefusedError(40004, "invalid media type")
        if "media" not in read_multipart(call.body, call.headers.get("content-type", "")):
            raise RefusedError(41005, "media data missing")
        media_id = f"media{self.next_number()}"
        app.media[media_id] = kind
        return {"type": kind, "media_id": media_id, "created_at": int(self.clock().timestamp())}

    def require_media(self, app: App, media_id: object, kind: str) -> None:
        """Refuse a file that was not uploaded, or is of another kind."""
        if app.media.get(str(media_id)) != kind:
            raise RefusedError(40007, "invalid media_id")

    def _count(self, app: App, path: str) -> None:
        limit = self.limits.get(path)
        if limit is None:
            return
        day = (app.id, path, self.clock().date().isoformat())
        if self.used[day] >= limit:
            raise RefusedError(45009, "reach max api daily quota limit", rule="quota")
        self.used[day] += 1

    # ------------------------------------------------------------ the console
    async def connect(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """Enter an account, and ask its callback whether it is there, as the console does on saving."""
        app = self.apps[str(args["id"])] = self.kind_of_app(args)
        return {"is_verified": await self.verify(app) if app.callback_url else None}

    @abstractmethod
    async def verify(self, app: App) -> bool:
        """Whether the callback answers the question as it must."""

    def set_limit(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """Set a day's quota of a path."""
        self.limits[str(args["path"])] = int(args["limit"])
        return {}

    def expire_token(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """End an account's token early; ``is_replaced``: as if somebody else had fetched another."""
        app = self.apps[str(args["id"])]
        if args.get("is_replaced"):
            app.token = ""
        else:
            app.token_until = self.clock()
        return {}

    # ------------------------------------------------------------ callbacks
    def stamps(self) -> tuple[str, str]:
        """A time and a nonce for a callback."""
        return str(int(self.clock().timestamp())), str(secrets.randbelow(10**10))

    def signed_url(self, app: App, query: Mapping[str, str]) -> str:
        """The callback's address with the query."""
        separator = "&" if "?" in app.callback_url else "?"
        return app.callback_url + separator + "&".join(f"{name}={value}" for name, value in query.items())

    async def push(self, app: App, values: Mapping[str, Any], *, answer_s: float = _ANSWER_S) -> dict[str, Any]:
        """Call back with XML, again where no good answer comes in time; what was answered in the end."""
        body = write("xml", values)
        url, sent = self._wrapped(app, body)
        answered = None
        for attempt in range(1, _ATTEMPTS + 1):
            answered = await self._attempt(url, sent, answer_s)
            if answered is not None and answered.status == 200:
                return {"status": 200, "attempts": attempt, "said": self._said(app, answered.body)}
        return {"status": answered.status if answered else None, "attempts": _ATTEMPTS, "said": None}

    def later(self, errand: Coroutine[Any, Any, Any]) -> None:
        """Do something after the call has been answered."""
        task = asyncio.get_running_loop().create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def settle(self) -> dict[str, Any]:
        """Wait until everything that was to be done later is done."""
        while self._errands:
            await asyncio.gather(*self._errands)
        return {}

    async def _attempt(self, url: str, body: bytes, answer_s: float) -> Answered | None:
        try:
            return await asyncio.wait_for(
                self.call_back(url, body, headers={"content-type": "text/xml"}), timeout=answer_s
            )
        except TimeoutError:
            self.violate("slow_answer")
            return None

    def _wrapped(self, app: App, body: str) -> tuple[str, bytes]:
        timestamp, nonce = self.stamps()
        query = {"signature": sign(app.word, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
        if not app.is_safe or app.envelope is None:
            return self.signed_url(app, query), body.encode()
        sealed = app.envelope.seal(body.encode(), timestamp=timestamp, nonce=nonce)
        query |= {"encrypt_type": "aes", "msg_signature": sealed.signature}
        return self.signed_url(app, query), write("xml", {"ToUserName": app.id, "Encrypt": sealed.encrypted}).encode()

    def _said(self, app: App, body: bytes) -> dict[str, Any] | None:
        """What an answer says to the person, opened where it is sealed; a wrong one is counted."""
        if body in _SILENT:
            return None
        try:
            answer = read(body)
            if app.is_safe and app.envelope is not None:
                proof = [answer.get(name) for name in ("MsgSignature", "TimeStamp", "Nonce")]
                opened = app.envelope.open(
                    answer.get("Encrypt"), signature=proof[0], timestamp=proof[1], nonce=proof[2]
                )
                answer = read(opened)
        except Exception:  # noqa: BLE001 - whatever is wrong with it, the person sees that the account is out of order
            self.violate("bad_answer")
            return None
        return answer.plain()
