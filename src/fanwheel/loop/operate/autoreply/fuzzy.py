"""Words with slips of the pen: found where a few characters are wrong, missing, or too many."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Final

from fanwheel.loop.operate.autoreply.folding import is_east

# Below these lengths a word may have so many slips. A short one has room for none: it would be another word.
_SLIPS: Final = ((4, 0), (9, 1))
_SLIPS_EAST: Final = ((3, 0), (8, 1))
_MOST: Final = 2
_MOST_KNOWN: Final = 20_000  # windows of which it is kept what they are


def slips(word: str) -> int:
    """How many slips a folded word may have: none below four letters, or three Chinese characters."""
    table = _SLIPS_EAST if _is_east(word) else _SLIPS
    return next((most for length, most in table if len(word) < length), _MOST)


def pieces(word: str) -> list[str]:
    """One piece more than there may be slips: where the word is found, at least one piece stands unharmed."""
    count = slips(word) + 1
    bounds = [number * len(word) // count for number in range(count + 1)]
    return [word[begin:end] for begin, end in pairwise(bounds)]


def offsets(word: str) -> list[tuple[str, int]]:
    """The pieces of a word, and where each begins in it."""
    found, begin = [], 0
    for piece in pieces(word):
        found.append((piece, begin))
        begin += len(piece)
    return found


class Wanted:
    """A word made ready to be compared again and again."""

    __slots__ = ("_goal", "_masks", "room", "size", "word")

    def __init__(self, word: str) -> None:
        self.word, self.size, self.room = word, len(word), slips(word)
        self._masks, self._goal = _masks(word), 1 << (len(word) - 1)

    def is_near(self, text: str, piece_at: int, begin: int) -> bool:
        """Whether it is around a place of ``text`` where a piece of it was found; for words without blanks."""
        start = max(0, piece_at - begin - self.room)
        return _walk(self._masks, self._goal, text[start : piece_at - begin + self.size + self.room], most=self.room)

    def is_like(self, other: str) -> bool:
        """Whether ``other`` as a whole is the word, but for the slips that it may have.

        After Hyyrö (2003): a column of the table of distances in two numbers, of where it grows and where it shrinks.
        """
        grows, shrinks, distance = 2 * self._goal - 1, 0, self.size
        for character in other:
            same = self._masks.get(character, 0)
            stays = same | shrinks
            across = (((same & grows) + grows) ^ grows) | same
            up, down = shrinks | ~(across | grows), grows & across
            distance += bool(up & self._goal) - bool(down & self._goal)
            up, down = up << 1 | 1, down << 1
            grows, shrinks = (down | ~(stays | up)) & (2 * self._goal - 1), up & stays
        return distance <= self.room


def is_east_word(word: str) -> bool:
    """Whether a word is looked for anywhere, and not among words."""
    return _is_east(word)


class Spelling:
    """Words that stand among blanks, found in spite of slips by what both are without some of their letters.

    After Garbe (2012): two words that are so many slips apart have a common rest once that many letters are left out.
    """

    def __init__(self, words: Iterable[tuple[str, int]]) -> None:
        self._by_rest: dict[str, list[int]] = {}
        self._words: dict[int, Wanted] = {}
        # By how many tokens words have: the most slips that one which a window of some length may be can have.
        self._rooms: dict[int, dict[int, int]] = {}
        for word, number in words:
            wanted = self._words[number] = Wanted(word)
            rooms = self._rooms.setdefault(len(word.split()), {})
            for length in range(wanted.size - wanted.room, wanted.size + wanted.room + 1):
                rooms[length] = max(wanted.room, rooms.get(length, 0))
            for rest in _rests(word, wanted.room):
                self._by_rest.setdefault(rest, []).append(number)
        self._known: dict[str, tuple[int, ...]] = {}

    def find(self, text: str) -> set[int]:
        """The numbers of the words that folded ``text`` holds."""
        if not self._by_rest:
            return set()
        tokens = tokens_of(text)
        found: set[int] = set()
        for size, rooms in self._rooms.items():
            for place in range(len(tokens) - size + 1):
                window = " ".join(tokens[place : place + size])
                room = rooms.get(len(window))
                if room is not None:
                    found.update(self._look_up(window, room))
        return found

    def _look_up(self, window: str, room: int) -> tuple[int, ...]:
        """The words that a window may be. The same ones are written again and again, so what was found is kept."""
        found = self._known.get(window)
        if found is None:
            near = {number for rest in _rests(window, room) for number in self._by_rest.get(rest, ())}
            found = tuple(number for number in near if self._words[number].is_like(window))
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[window] = found
        return found


def _rests(word: str, room: int) -> set[str]:
    """A word, and what is left of it without one letter, or two."""
    found = {word}
    last = found
    for _ in range(room):
        last = {rest[:place] + rest[place + 1 :] for rest in last for place in range(len(rest))}
        found = found | last
    return found


def tokens_of(text: str) -> list[str]:
    """The words of a text that stand among blanks."""
    return "".join(each if each.isalnum() and not is_east(each) else " " for each in text).split()


def is_in(word: str, text: str) -> bool:
    """Whether folded ``text`` holds the word with no more slips than it may have.

    It is looked for among the words of the text; written without blanks, anywhere.
    """
    most = slips(word)
    if _is_east(word):
        return _distance_within(word, text, most=most)
    tokens = tokens_of(text)
    size = len(word.split())
    windows = (" ".join(tokens[place : place + size]) for place in range(len(tokens) - size + 1))
    return any(abs(len(window) - len(word)) <= most and _distance(word, window) <= most for window in windows)


def _is_east(word: str) -> bool:
    return sum(map(is_east, word)) * 2 >= len(word)


def _distance(one: str, other: str) -> int:
    """How many characters must be changed, put in or left out to make one of the other."""
    row = list(range(len(other) + 1))
    for number, character in enumerate(one, 1):
        corner, row[0] = row[0], number
        for place, against in enumerate(other, 1):
            corner, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, corner + (character != against))
    return row[-1]


def _distance_within(word: str, text: str, *, most: int) -> bool:
    """Whether some part of ``text`` is at most so far from the word.

    After Wu and Manber (1992): a bit for each beginning of the word, one row of bits for each number of slips.
    """
    return _walk(_masks(word), 1 << (len(word) - 1), text, most=most)


def _masks(word: str) -> dict[str, int]:
    """For each character of a word the places where it stands, as bits."""
    masks: dict[str, int] = {}
    for place, character in enumerate(word):
        masks[character] = masks.get(character, 0) | 1 << place
    return masks


def _walk(masks: Mapping[str, int], goal: int, text: str, *, most: int) -> bool:
    rows = [(1 << slip) - 1 for slip in range(most + 1)]
    for character in text:
        mask = masks.get(character, 0)
        above = 0  # the row of one slip less, before and after this character
        fresh = 0
        for slip, old in enumerate(rows):
            new = (old << 1 | 1) & mask
            if slip:
                # A character too many, a wrong one, or one that is missing.
                new |= above | (above << 1) | (fresh << 1) | 1
            rows[slip] = fresh = new
            above = old
        if rows[most] & goal:
            return True
    return False
