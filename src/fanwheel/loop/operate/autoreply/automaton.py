"""Many words looked for at once: one walk over the text finds them all, however many there are.

After Aho and Corasick (1975): a trie of the words in which every place knows where to go on when the text leaves it.
The steps are worked out when they are first taken and kept, so a message costs one look-up per character.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

_ROOT: Final = 0
_MOST_KEPT: Final = 200_000  # steps that lead back to the root need no place


class Automaton:
    """Words, each with a number; finds every place in a text where one of them ends."""

    def __init__(self, words: Iterable[tuple[str, int]]) -> None:
        self._next: list[dict[str, int]] = [{}]
        self._ends: list[tuple[tuple[int, int], ...]] = [()]  # numbers of words that end here, with their lengths
        for word, number in words:
            self._put(word, number)
        self._fail = self._link()

    def _put(self, word: str, number: int) -> None:
        place = _ROOT
        for character in word:
            step = self._next[place].get(character)
            if step is None:
                step = len(self._next)
                self._next[place][character] = step
                self._next.append({})
                self._ends.append(())
            place = step
        if place != _ROOT:
            self._ends[place] += ((number, len(word)),)

    def _link(self) -> list[int]:
        """Where to go on from each place: the longest other beginning of a word that was read last."""
        fail = [_ROOT] * len(self._next)
        queue = deque(self._next[_ROOT].values())
        while queue:
            place = queue.popleft()
            for character, step in self._next[place].items():
                back = fail[place]
                while back != _ROOT and character not in self._next[back]:
                    back = fail[back]
                fail[step] = self._next[back].get(character, _ROOT)
                self._ends[step] += self._ends[fail[step]]
                queue.append(step)
        self._steps = [dict(step) for step in self._next]
        self._kept = 0
        return fail

    def find(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Number, begin and end of every word in ``text``."""
        place = _ROOT
        steps, ends = self._steps, self._ends
        for end, character in enumerate(text, 1):
            step = steps[place].get(character)
            if step is None:
                step = self._look_up(place, character)
            place = step
            for number, length in ends[place]:
                yield number, end - length, end

    def _look_up(self, place: int, character: str) -> int:
        back = place
        while back != _ROOT and character not in self._next[back]:
            back = self._fail[back]
        step = self._next[back].get(character, _ROOT)
        if step != _ROOT and self._kept < _MOST_KEPT:
            self._steps[place][character] = step
            self._kept += 1
        return step
