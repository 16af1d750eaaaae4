"""What every simulated platform has: what it took, what was done wrong, and a way to call back."""

import itertools
import json
from abc import ABC, abstractmethod
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Final, NamedTuple
from urllib.parse import parse_qs

_KEPT: Final = 100_000


class Call(NamedTuple):
    """A call of the platform's API; the path is the platform's own, names of headers are in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; empty if it is none."""
        try:
            found = json.loads(self.body) if self.body else {}
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def form(self) -> dict[str, str]:
        """The body as a form."""
        return {name: values[-1] for name, values in parse_qs(self.body.decode(), keep_blank_values=True).items()}


class Reply(NamedTuple):
    """The platform's answer."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = {}

    @classmethod
    def of(cls, value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> "Reply":
        """An answer in JSON."""
        return cls(status, json.dumps(value, ensure_ascii=False).encode(), headers=headers or {})


class Taken(NamedTuple):
    """A message that the platform took: for whom, what, when, and its id there."""

    to: str
    what: Mapping[str, Any]
    at: datetime
    platform_id: str


class Answered(NamedTuple):
    """What a callback was answered."""

    status: int
    body: bytes


CallBack = Callable[[str, str, Mapping[str, str], bytes], Awaitable[Answered | None]]


class Platform(ABC):
    """One platform. A module of this package has a class of this name, with ``name`` that of the prefix.

    ``handle`` speaks the protocol; ``do`` lets a person do something: write, follow, tap. What breaks the platform's
    rules is refused as the platform refuses it, and counted in ``violations`` by the name of the rule.
    """

    name: ClassVar[str]

    def __init__(self, *, url: str, clock: Callable[[], datetime], call_back: CallBack) -> None:
        self.url = url  # where this platform is: the base_url of accounts
        self.clock = clock
        self._call_back = call_back
        self._numbers = itertools.count(1)
        self.reset()

    def reset(self) -> None:
        """Forget what happened; settings such as accounts and windows begin anew."""
        self.messages: deque[Taken] = deque(maxlen=_KEPT)
        self.unanswered: list[Taken] = []  # taken, and who sent it was not told
        self.taken = 0
        self.violations: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()

    @abstractmethod
    async def handle(self, call: Call) -> Reply:
        """Answer a call of the API."""

    @abstractmethod
    async def do(self, verb: str, args: Mapping[str, Any]) -> object:
        """Let somebody do something; what it says can be JSON."""

    def next_number(self) -> int:
        """A number that was not used yet."""
        return next(self._numbers)

    def count_from(self, number: int) -> None:
        """Go on with this number: what was numbered in another life must not come again."""
        self._numbers = itertools.count(number)

    def take(self, to: str, what: Mapping[str, Any], *, platform_id: str) -> Taken:
        """Note a message as taken."""
        taken = Taken(to, what, self.clock(), platform_id)
        self.messages.append(taken)
        self.taken += 1
        return taken

    def violate(self, rule: str) -> None:
        """Count something that the platform forbids."""
        self.violations[rule] += 1

    def sent_to(self, to: str) -> list[Taken]:
        """What was taken for somebody."""
        return [taken for taken in self.messages if taken.to == to]

    async def call_back(
        self, url: str, body: bytes = b"", *, method: str = "POST", headers: Mapping[str, str] | None = None
    ) -> Answered | None:
        """Call the product, with whatever faults are wanted; what it answered, None if it did not."""
        return await self._call_back(method, url, headers or {}, body)
