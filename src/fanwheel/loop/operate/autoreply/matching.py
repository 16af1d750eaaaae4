"""Which rules a person's words set off: all rules of an account asked at once, in a single walk over the text.

``Matcher`` must say what ``holds`` says of each rule alone; a test compares the two.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

import msgspec

from fanwheel.loop.operate.autoreply import fuzzy, patterns
from fanwheel.loop.operate.autoreply.automaton import Automaton
from fanwheel.loop.operate.autoreply.contracts import (
    AdWelcome,
    AnyTrigger,
    Closed,
    Comment,
    Conditions,
    Guess,
    Intent,
    Keyword,
    Otherwise,
    Rule,
    SayText,
    Unanswered,
    Welcome,
    Word,
    words_of,
)
from fanwheel.loop.operate.autoreply.folding import bare, fold, is_whole

Kind = Literal["message", "comment", "followed", "entered", "unanswered"]
_TOUCHES: Final = frozenset({"followed", "entered"})
_NO_CONDITIONS: Final = Conditions()


class Said(NamedTuple):
    """What rules look at."""

    kind: Kind
    text: str = ""  # folded
    origin: Mapping[str, str] = MappingProxyType({})
    scene: str = ""
    content: str = ""
    waited_s: float = 0.0
    is_closed: bool = False
    guess: Guess | None = None

    @classmethod
    def of(cls, kind: Kind, text: str = "", **more: object) -> "Said":
        """What was said, as it is compared."""
        return cls(kind, fold(text), **more)  # type: ignore[arg-type]


# ---------------------------------------------------------------- one rule
def holds(trigger: AnyTrigger, said: Said) -> bool:
    """Whether something sets a rule off; its conditions are not asked."""
    match trigger:
        case Welcome():
            return said.kind in trigger.on and (not trigger.scenes or said.scene in trigger.scenes)
        case AdWelcome():
            return (said.kind in _TOUCHES or said.kind == "message") and _is_from_ad(trigger, said)
        case Keyword():
            return said.kind == "message" and has_one(trigger.words, said.text) and not has_one(trigger.but, said.text)
        case Comment():
            return (
                said.kind == "comment"
                and (not trigger.contents or said.content in trigger.contents)
                and (not trigger.words or has_one(trigger.words, said.text))
            )
        case Unanswered():
            return said.kind == "unanswered" and said.waited_s >= trigger.minutes * 60
        case Closed():
            return said.kind == "message" and said.is_closed
        case Intent() | Otherwise():
            return said.kind == "message"  # of an intent the guess decides, see ``is_meant``


def is_meant(rule: Rule, said: Said) -> bool:
    """Whether a rule that goes by an intent is the one that is meant, and surely enough; others always are."""
    trigger = rule.definition.trigger
    if not isinstance(trigger, Intent):
        return True
    if said.guess is None or said.guess.rule_id != rule.rule_id:
        return False
    return said.guess.is_sure if trigger.threshold is None else said.guess.confidence >= trigger.threshold


def has_one(words: Iterable[Word], text: str) -> bool:
    """Whether folded ``text`` holds one of the words."""
    return any(has(word, text) for word in words)


def has(word: Word, text: str) -> bool:
    """Whether folded ``text`` holds a word, in the way that the word asks for."""
    if word.how == "regex":
        return bool(patterns.compiled(word.text).search(text))
    wanted = fold(word.text)
    if not wanted:
        return False
    if word.how == "exact":
        return bare(text) == bare(wanted)
    if word.how == "contains":
        return _contains(wanted, text)
    return fuzzy.is_in(wanted, text)


def _contains(wanted: str, text: str) -> bool:
    place = text.find(wanted)
    while place >= 0:
        if is_whole(text, place, place + len(wanted)):
            return True
        place = text.find(wanted, place + 1)
    return False


def _is_from_ad(trigger: AdWelcome, said: Said) -> bool:
    if not trigger.fields:
        return bool(said.origin)
    return any(said.origin.get(name) in values for name, values in trigger.fields.items())


# ---------------------------------------------------------------- all rules
def _settles(rule: Rule) -> bool:
    """Whether the rule answers whenever its words are found; on which account is settled before."""
    definition = rule.definition
    return (
        isinstance(definition.trigger, Keyword)
        and any(isinstance(action, SayText) for action in definition.actions)
        and msgspec.structs.replace(definition.when, accounts=()) == _NO_CONDITIONS
    )


class Matcher:
    """The rules of an account, made ready to be asked at once."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = sorted(rules, key=lambda rule: (rule.priority, rule.rule_id))
        self._exact: dict[str, set[int]] = {}
        self._fuzzy: dict[str, list[int]] = {}
        self._always: list[int] = []  # cheap to ask one by one, and few
        self._meant: dict[int, int] = {}  # places of rules that go by what is meant
        parts: list[tuple[str, int]] = []
        regexes: list[tuple[str, int]] = []
        self._found: list[
            tuple[int, int]
        ] = []  # of each part: the rule; or of a piece, ~ its word, and where it begins in it
        for place, rule in enumerate(self.rules):
            if words := words_of(rule.definition.trigger):
                for word in words:
                    self._put(place, word, parts, regexes)
            elif isinstance(rule.definition.trigger, Intent):
                self._meant[rule.rule_id] = place
            else:
                self._always.append(place)
        self._put_fuzzy(parts)
        self._automaton = Automaton(parts)
        self._patterns = patterns.Patterns(regexes)
        self._settles = {place for place, rule in enumerate(self.rules) if _settles(rule)}
        # Keywords that want no other words away: found is set off.
        self._plain = {
            place
            for place, rule in enumerate(self.rules)
            if isinstance(rule.definition.trigger, Keyword) and not rule.definition.trigger.but
        }

    def _put(self, place: int, word: Word, parts: list[tuple[str, int]], regexes: list[tuple[str, int]]) -> None:
        if word.how == "regex":
            regexes.append((word.text, place))
            return
        wanted = fold(word.text)
        if not wanted:
            return
        if word.how == "exact":
            self._exact.setdefault(bare(wanted), set()).add(place)
        elif word.how == "contains":
            parts.append((wanted, len(self._found)))
            self._found.append((place, -1))
        else:
            self._fuzzy.setdefault(wanted, []).append(place)

    def _put_fuzzy(self, parts: list[tuple[str, int]]) -> None:
        """Make words with slips ready: each once, however many rules look for it."""
        self._near = [fuzzy.Wanted(wanted) for wanted in self._fuzzy]
        spelled = []
        for number, wanted in enumerate(self._fuzzy):
            if not fuzzy.is_east_word(wanted):
                spelled.append((wanted, number))
                continue
            for piece, begin in fuzzy.offsets(wanted):
                parts.append((piece, len(self._found)))
                self._found.append((~number, begin))
        self._spelling = fuzzy.Spelling(spelled)

    def find(self, said: Said, guess: Callable[[str], Guess | None] | None = None) -> list[Rule]:
        """The rules that something sets off, in the order in which they are asked.

        ``guess`` says what a text means; it is asked only if that could matter.
        """
        places = {place for place in self._always if holds(self.rules[place].definition.trigger, said)}
        if said.kind in ("message", "comment") and said.text:
            worded = self._find_words(said.text)
            plain = worded & self._plain if said.kind == "message" else set()
            places |= plain
            places.update(place for place in worded - plain if self._is_still(place, said))
        if self._meant and said.kind == "message":
            if guess is not None and said.text and not self._is_settled(places):
                said = said._replace(guess=guess(said.text))
            place = None if said.guess is None else self._meant.get(said.guess.rule_id)
            if place is not None and is_meant(self.rules[place], said):
                places.add(place)
        return [self.rules[place] for place in sorted(places)]

    def _is_settled(self, places: Collection[int]) -> bool:
        """Whether a rule answers for certain before any that goes by what is meant."""
        first = min(places, default=None)
        return first is not None and first in self._settles and first < min(self._meant.values())

    def _find_words(self, text: str) -> set[int]:
        places = set(self._exact.get(bare(text), ()))
        near = self._spelling.find(text)
        for number, begin, end in self._automaton.find(text):
            place, offset = self._found[number]
            if place < 0:
                if ~place not in near and self._near[~place].is_near(text, begin, offset):
                    near.add(~place)
            elif place not in places and is_whole(text, begin, end):
                places.add(place)
        for number in near:
            places.update(self._fuzzy[self._near[number].word])
        places.update(self._patterns.find(text))
        return places

    def _is_still(self, place: int, said: Said) -> bool:
        """Whether a rule whose words were found is set off: it may look below posts only, or not want other words."""
        trigger = self.rules[place].definition.trigger
        if isinstance(trigger, Keyword):
            return said.kind == "message" and not has_one(trigger.but, said.text)
        return (
            isinstance(trigger, Comment)
            and said.kind == "comment"
            and (not trigger.contents or said.content in trigger.contents)
        )
