"""Drafts made into events as ingest makes them: what is alike in many drafts is worked out for one of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from fanwheel.cdp.events.prepare import KINDS, Moment, Prepared, prepare
from fanwheel.cdp.events.rows import pg_time
from fanwheel.cdp.events.wire import MAX_EVENT_BYTES, Refusal, Wire
from fanwheel.cdp.imports.contracts import EPOCH, Chunk, Draft

_CONTEXT: Final = b'{"library":{"name":"fanwheel import"}}'
_TRACK: Final = KINDS["track"]
_SINCE_1970: Final = pg_time(EPOCH)
_USUAL_SINCE: Final = 0  # the year 2000; what is older is looked at one by one
_MOST_KNOWN: Final = 200_000


class Preparer:
    """Makes the drafts of one import into events; remembers of whom it has seen a draft."""

    def __init__(self, now: datetime) -> None:
        self._moment = Moment.of(now, None)
        self._like: dict[str, Prepared] = {}
        self._names: dict[str, bytes] = {}
        self._plain: dict[frozenset[str], bool] = {}

    def prepare(self, chunk: Chunk) -> tuple[list[Prepared], list[tuple[int, str]]]:
        """The events of a chunk, and of those that ingest refuses the index and the reason."""
        ready: list[Prepared] = []
        refused: list[tuple[int, str]] = []
        is_plain = chunk.names is not None and self._is_plain(chunk.names)
        like_of, names, latest = self._like, self._names, self._moment.received
        for index, draft in enumerate(_messages(chunk)):
            occurred = draft.occurred + _SINCE_1970
            like = like_of.get(draft.user) if is_plain and draft.user is not None else None
            if (
                like is not None
                and draft.anonymous is None
                and not draft.contacts
                and draft.type == "track"
                and draft.name in names
                and _USUAL_SINCE <= occurred <= latest
                and len(draft.body) + len(like.context) <= MAX_EVENT_BYTES
            ):
                name = names[draft.name]
                ready.append(
                    Prepared(
                        draft.key, _TRACK, name, occurred, like.primary, like.others, draft.body, like.context,
                        like.evidence,
                    )
                )  # fmt: skip
                continue
            done = prepare(to_wire(draft), self._moment)
            if isinstance(done, Refusal):
                refused.append((index, done.message))
                continue
            ready.append(done)
            if is_plain and draft.type == "track" and not (draft.user is None or draft.anonymous or draft.contacts):
                self._remember(draft, done)
        return ready, refused

    def _remember(self, draft: Draft, done: Prepared) -> None:
        assert draft.user is not None
        if len(self._like) + len(self._names) >= _MOST_KNOWN:
            self._like.clear()
            self._names.clear()
        self._like[draft.user] = done
        self._names[draft.name] = done.name

    def _is_plain(self, names: frozenset[str]) -> bool:
        """Whether ingest takes no more notice of a body of these names than of an empty one."""
        found = self._plain.get(names)
        if found is None:
            now = self._moment.received - _SINCE_1970
            bodies = (b"{}", msgspec.json.encode(dict.fromkeys(names, "x")))
            bare, full = (
                prepare(to_wire(Draft(0, "track", "x", "x", None, {}, now, body, bytes(16))), self._moment)
                for body in bodies
            )
            found = isinstance(full, Prepared) and bare == msgspec.structs.replace(full, properties=b"{}")
            self._plain[names] = found
        return found


def _messages(chunk: Chunk) -> Iterable[Draft]:
    for draft in chunk.drafts:
        assert isinstance(draft, Draft)
        yield draft


def to_wire(draft: Draft) -> Wire:
    """A draft as an SDK would have sent it."""
    body, context = msgspec.Raw(draft.body), _CONTEXT
    if draft.contacts:
        context = msgspec.json.encode({"library": {"name": "fanwheel import"}, "traits": draft.contacts})
    wire = Wire(
        type=draft.type,
        event=draft.name or None,
        userId=draft.user,
        anonymousId=draft.anonymous,
        messageId=str(UUID(bytes=draft.key)),
        timestamp=draft.timestamp,
        context=msgspec.Raw(context),
    )
    if draft.type == "identify":
        wire.traits = body
    else:
        wire.properties = body
    return wire
