"""What was learned from example sentences, ready to be asked: a dot product per intent and no training."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec

from fanwheel.loop.operate.autoreply.contracts import Guess
from fanwheel.loop.operate.autoreply.grams import BUCKETS, features

if TYPE_CHECKING:
    import numpy as np

FORMAT: Final = 1
MARGIN: Final = 0.1  # by so much the first guess must be surer than the second


class Learned(msgspec.Struct, frozen=True):
    """A model as it is kept. The last row is of what means nothing in particular."""

    rules: tuple[int, ...]
    thresholds: tuple[float, ...]
    weights: bytes  # float16, one row of ``BUCKETS`` per rule and one more
    bias: tuple[float, ...]


class Confusion(msgspec.Struct, frozen=True):
    """Examples of one rule that are taken for another's, when they are not known."""

    rule_id: int
    taken_for: int  # 0: for nothing in particular
    sentences: int


class Report(msgspec.Struct, frozen=True):
    """How well examples are told that the model has not seen: shares of 0 to 1, None where there are too few."""

    examples: int
    right: float | None
    unsure: float | None
    confusions: tuple[Confusion, ...] = ()


class Lesson(msgspec.Struct, frozen=True):
    """What learning brings."""

    model: Learned
    report: Report


class Model:
    """Tells what a sentence means."""

    def __init__(self, learned: Learned) -> None:
        import numpy as np

        self._rules = learned.rules
        self._thresholds = learned.thresholds
        weights = np.frombuffer(learned.weights, np.float16).reshape(-1, BUCKETS).astype(np.float32)
        # A sentence has some dozens of runs: their weights lie together this way.
        self._weights: np.ndarray[Any, Any] = np.ascontiguousarray(weights.T)
        self._bias = np.asarray(learned.bias, np.float32)

    def guess(self, text: str) -> Guess | None:
        """What a sentence most likely means: the first of ``guesses``."""
        import numpy as np

        shares = self._shares(text)
        if shares is None or not self._rules:
            return None
        known = shares[: len(self._rules)]
        place = int(known.argmax())
        second = float(shares[-1])
        if len(known) > 1:
            second = max(second, float(np.partition(known, -2)[-2]))
        return self._guess(place, float(known[place]), second)

    def guesses(self, text: str, among: Sequence[int] | None = None) -> list[Guess]:
        """What a sentence may mean, surest first; nothing of a sentence without a character to go by."""
        shares = self._shares(text)
        if shares is None:
            return []
        asked = (
            range(len(self._rules))
            if among is None
            else [self._rules.index(rule) for rule in among if rule in self._rules]
        )
        ranked = sorted(asked, key=lambda place: -shares[place])
        second = max(float(shares[-1]), *(float(shares[place]) for place in ranked[1:2]))
        found = [self._guess(place, float(shares[place]), second) for place in ranked]
        return [guess._replace(is_sure=guess.is_sure and rank == 0) for rank, guess in enumerate(found)]

    def _guess(self, place: int, share: float, second: float) -> Guess:
        threshold = self._thresholds[place]
        is_sure = share >= threshold and share - second >= MARGIN
        return Guess(self._rules[place], round(share, 4), threshold, is_sure=is_sure)

    def _shares(self, text: str) -> "np.ndarray[Any, Any] | None":
        """How likely each meaning is, the last that it is none; None of a sentence without a character to go by."""
        import numpy as np

        found = features(text)
        if not found:
            return None
        logits = np.fromiter(found.values(), np.float32) @ self._weights[np.fromiter(found, np.intp)] + self._bias
        odds = np.exp(logits - logits.max())
        shares: np.ndarray[Any, Any] = odds / odds.sum()
        return shares


def encode(lesson: Lesson) -> bytes:
    """A lesson as it leaves the process that learned it."""
    return msgspec.msgpack.encode(lesson)


def decode(raw: bytes) -> Lesson:
    """What another process has learned."""
    return msgspec.msgpack.decode(raw, type=Lesson)


Examples = Mapping[int, Sequence[str]]
