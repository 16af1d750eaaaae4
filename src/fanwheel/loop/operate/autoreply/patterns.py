"""Patterns that operators write, in an engine that takes time in proportion to the text and never more.

RE2 has no way back in its automata, so no pattern can make it slow; what needs one (a back reference, looking ahead)
is refused when a rule is saved.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from fanwheel.loop.operate.autoreply.errors import BadRuleError
from fanwheel.loop.operate.autoreply.folding import simplified

MAX_LENGTH: Final = 500
MAX_SIZE: Final = 2_000  # steps of the compiled pattern
_SET_SIZE: Final = 4_000  # of all patterns that are asked together
_MEMORY: Final = 16 << 20


@cache
def _options() -> Any:
    import re2

    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = _MEMORY
    return options


def compiled(pattern: str) -> Any:
    """A pattern that can be asked.

    Raises
    ------
    BadRuleError
        If it cannot be read, or is too large.
    """
    import re2

    if len(pattern) > MAX_LENGTH:
        raise BadRuleError(f"The pattern has more than {MAX_LENGTH} characters.")
    # Capitals stay, because \D is not \d; the text has none left.
    folded = pattern.translate(simplified())
    try:
        found = re2.compile(folded, _options())
    except re2.error as error:
        said = error.args[0] if error.args else b""
        detail = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        raise BadRuleError(
            f"The pattern “{pattern}” cannot be read: {detail}.",
            hint="Looking ahead and back references are not possible; see github.com/google/re2/wiki/Syntax.",
        ) from error
    if found.programsize > MAX_SIZE:
        raise BadRuleError(f"The pattern “{pattern}” is too large.", hint="Repeat less, or make two rules of it.")
    if found.search(""):
        raise BadRuleError(
            f"The pattern “{pattern}” finds anything, even nothing.", hint="Ask for at least one character."
        )
    return found


class Patterns:
    """Patterns, each with a number; tells in a few walks over a text which of them it holds."""

    def __init__(self, patterns: Sequence[tuple[str, int]]) -> None:
        self._sets: list[tuple[Any, list[int]]] = []
        portion: list[tuple[str, int]] = []
        size = 0
        for pattern, number in patterns:
            step = compiled(pattern).programsize
            if portion and size + step > _SET_SIZE:
                self._close(portion)
                portion, size = [], 0
            portion.append((pattern.translate(simplified()), number))
            size += step
        if portion:
            self._close(portion)

    def _close(self, portion: Sequence[tuple[str, int]]) -> None:
        import re2

        together = re2.Set.SearchSet(_options())
        for pattern, _ in portion:
            together.Add(pattern)
        together.Compile()
        self._sets.append((together, [number for _, number in portion]))

    def find(self, text: str) -> list[int]:
        """The numbers of the patterns that ``text`` holds."""
        return [numbers[place] for together, numbers in self._sets for place in together.Match(text) or ()]
