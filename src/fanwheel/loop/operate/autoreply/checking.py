"""Whether a rule or a lead form can be used, said so that whoever wrote it can mend it."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import time
from typing import Any, Final, TypeVar

import msgspec

from fanwheel.cdp import tags
from fanwheel.kernel.errors import FanwheelError
from fanwheel.loop.operate.autoreply import patterns, saying
from fanwheel.loop.operate.autoreply.contracts import (
    AdWelcome,
    AnyAction,
    AskLead,
    Comment,
    Conditions,
    Definition,
    GiveCoupon,
    Intent,
    Keyword,
    NoteEvent,
    PutTags,
    SayCard,
    SayChoices,
    SayText,
    Unanswered,
    Word,
    words_of,
)
from fanwheel.loop.operate.autoreply.errors import BadRuleError
from fanwheel.loop.operate.autoreply.folding import fold
from fanwheel.loop.operate.autoreply.forms import CONSENT, Form
from fanwheel.loop.operate.menus.checking import is_web_address

T = TypeVar("T")
MAX_WORDS: Final = 200
MAX_WORD: Final = 200
MAX_EXAMPLES: Final = 200
MAX_ACTIONS: Final = 10
MAX_TEXT: Final = 2_000
_DAY_MINUTES: Final = 1_440
_TRAIT: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")


def read(raw: Mapping[str, Any], kind: type[T], what: str) -> T:
    """A rule or a form as it was sent; raises ``BadRuleError`` that says where something is wrong."""
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise BadRuleError(f"The {what} cannot be read: {error}.") from error


def check_rule(definition: Definition) -> None:
    """Raise ``BadRuleError`` unless the rule can be used."""
    if not definition.actions or len(definition.actions) > MAX_ACTIONS:
        raise BadRuleError("The rule does nothing.", hint=f"Give it 1 to {MAX_ACTIONS} actions.")
    _check_trigger(definition)
    _check_conditions(definition.when)
    for action in definition.actions:
        _check_action(action)


def _check_trigger(definition: Definition) -> None:
    trigger = definition.trigger
    words = words_of(trigger)
    for word in words:
        _check_word(word)
    match trigger:
        case Keyword():
            if not words:
                raise BadRuleError("The rule has no words.", hint="Add the words that people write.")
            for word in trigger.but:
                _check_word(word)
        case Intent():
            _check_intent(trigger)
        case Unanswered(minutes=minutes) if not 1 <= minutes <= _DAY_MINUTES:
            raise BadRuleError(f"Wait for 1 to {_DAY_MINUTES} minutes.")
        case AdWelcome(fields=fields) if any(not values for values in fields.values()):
            raise BadRuleError("A field of the ad has no value to compare with.")
        case Comment() | _:
            pass
    if len(words) > MAX_WORDS:
        raise BadRuleError(f"The rule has more than {MAX_WORDS} words.", hint="Make two rules of it.")


def _check_intent(trigger: Intent) -> None:
    told = {fold(each) for each in trigger.examples} - {""}
    if len(told) < 2 or len(trigger.examples) > MAX_EXAMPLES:
        raise BadRuleError("The rule needs example sentences.", hint=f"Give 2 to {MAX_EXAMPLES}; 8 or more are better.")
    if trigger.threshold is not None and not 0 < trigger.threshold < 1:
        raise BadRuleError("How sure one must be is a share between 0 and 1.")


def _check_word(word: Word) -> None:
    if not fold(word.text) or len(word.text) > MAX_WORD + (word.how == "regex") * patterns.MAX_LENGTH:
        raise BadRuleError(
            f"“{word.text[:40]}” cannot be looked for.", hint=f"1 to {MAX_WORD} characters that can be seen."
        )
    if word.how == "regex":
        patterns.compiled(word.text)


def _check_conditions(when: Conditions) -> None:
    for span in when.spans:
        try:
            begins, ends = time.fromisoformat(span.begins), time.fromisoformat(span.ends)
        except ValueError as error:
            raise BadRuleError("A time of day is written as 09:30.") from error
        if begins == ends or not span.days or any(not 1 <= day <= 7 for day in span.days):
            raise BadRuleError("A time needs days (1 Monday to 7 Sunday), and an end other than its begin.")
    if when.first_on and when.last_on and when.last_on < when.first_on:
        raise BadRuleError("The last day is before the first.")
    if when.cooldown_s < 0:
        raise BadRuleError("A pause cannot be shorter than nothing.")


def _check_action(action: AnyAction) -> None:
    match action:
        case SayText(text=text):
            _require_text(text, "text")
            _check_blanks(text)
        case GiveCoupon(text=text, code=code):
            _require_text(text, "text")
            _require_text(code, "coupon's code")
            if "coupon" not in text:
                raise BadRuleError(
                    "The text does not say the coupon's code.", hint="Put {{ coupon }} where it belongs."
                )
            _check_blanks(text, "coupon")
        case SayCard():
            _check_card(action)
        case SayChoices(text=text, options=options):
            _require_text(text, "question")
            _check_blanks(text)
            _check_options(options)
        case PutTags(tags=words):
            _check_tags(words)
        case NoteEvent(name=name):
            _require_text(name, "event's name")
        case AskLead() | _:
            pass


def _check_blanks(text: str, *more: str) -> None:
    """Nothing is said as it was written for want of a brace, and no blank stays empty for a slip of the pen."""
    blanks = [found for found in saying.BLANK.finditer(text) if not _is_blank(found[1], more)]
    rest = saying.BLANK.sub("", text)
    wrong = blanks[0][0] if blanks else next((mark for mark in ("{{", "}}", "{%") if mark in rest), "")
    if wrong:
        raise BadRuleError(
            f"“{wrong}” cannot be filled in.",
            hint='Write {{ name }}, {{ brand }} or a trait: {{ person.city | default: "there" }}.',
        )


def _is_blank(name: str, more: Collection[str]) -> bool:
    root, dot, trait = name.partition(".")
    return (root in ("person", "traits") and bool(trait)) if dot else name in ("name", "brand", *more)


def _check_card(card: SayCard) -> None:
    _require_text(card.title, "card's title")
    _check_blanks(card.title)
    _check_blanks(card.text)
    for url in (card.url, card.image_url):
        if url and not is_web_address(url):
            raise BadRuleError(f"“{url[:80]}” is no address.", hint="Begin it with https://")


def _check_options(options: Sequence[str]) -> None:
    if not 1 <= len(options) <= 10 or any(not each.strip() or len(each) > 40 for each in options):
        raise BadRuleError("A question has 1 to 10 answers of at most 40 characters.")


def _check_tags(words: Sequence[str]) -> None:
    if not words:
        raise BadRuleError("There is no tag to put on.")
    for word in words:
        _check_tag(word)


def check_form(form: Form) -> None:
    """Raise ``BadRuleError`` unless the lead form can be asked."""
    keys = [each.key for each in form.fields]
    if not 1 <= len(keys) <= 12 or len(set(keys)) < len(keys):
        raise BadRuleError("A lead form has 1 to 12 questions, each with a name of its own.")
    for each in form.fields:
        if not _TRAIT.fullmatch(each.key) or each.key == CONSENT:
            raise BadRuleError(f"“{each.key[:40]}” cannot be a trait's name.", hint="Small letters, digits and _.")
        _require_text(each.ask, "question")
        if each.kind == "choice" and not 2 <= len(each.options) <= 10:
            raise BadRuleError(f"“{each.key}” needs 2 to 10 answers to choose from.")
    if not 1 <= form.minutes <= 7 * _DAY_MINUTES:
        raise BadRuleError("A lead form is given up after 1 minute to 7 days.")
    if form.consent is not None:
        _require_text(form.consent.ask, "question of consent")
        if not form.consent.channels:
            raise BadRuleError("Consent is asked for at least one channel.")
    for word in form.tags:
        _check_tag(word)


def _check_tag(word: str) -> None:
    try:
        tags.clean(word)
    except FanwheelError as error:
        raise BadRuleError(f"“{word[:40]}” cannot be a tag.", hint=error.hint) from error


def _require_text(text: str, what: str) -> None:
    if not text.strip() or len(text) > MAX_TEXT:
        raise BadRuleError(f"The {what} is missing or too long.", hint=f"1 to {MAX_TEXT} characters.")
