"""Lead forms: a few questions asked in the chat, one at a time, answers checked, and taken up again after a pause."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

import msgspec

from fanwheel.cdp import persons
from fanwheel.loop.operate.autoreply.folding import bare, fold

FieldKind = Literal["text", "name", "phone", "email", "number", "choice"]
_PHONE: Final = re.compile(r"\+?\d[\d\-. ()（）]{5,20}\d")
_EMAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_NAME_LEAD: Final = re.compile(
    r"^(?:我叫|我是|我的名字[是叫]|叫我|本人|i am|i'm|my name is|this is|name\s*[:：])\s*", re.IGNORECASE
)
_YES: Final = frozenset(
    {"是", "是的", "同意", "好", "好的", "可以", "行", "嗯", "愿意", "yes", "y", "ok", "okay", "sure", "agree", "1"}
)
_NO: Final = frozenset({"否", "不", "不同意", "不要", "不用", "不行", "不愿意", "no", "n", "nope", "2"})
_CANCEL: Final = frozenset({"取消", "算了", "退出", "不填了", "停止", "cancel", "stop", "quit", "exit"})
MAX_ANSWER: Final = 500
_MOST_TRIES: Final = 3
_PAUSE: Final = timedelta(minutes=30)
CONSENT: Final = "consent"  # the key of the last question


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question; its answer becomes the trait ``key``, a phone number or an e-mail address an identifier."""

    key: str
    ask: str
    kind: FieldKind = "text"
    options: tuple[str, ...] = ()
    is_required: bool = True  # else a dash or “skip” passes it over
    retry: str = ""  # said when the answer cannot be one


class Consent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the person is asked to allow at the end, and on which channels."""

    ask: str
    channels: tuple[str, ...]
    yes: str = "同意 / Yes"
    no: str = "不同意 / No"


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A lead form as it is kept."""

    fields: tuple[Field, ...]
    intro: str = ""
    thanks: str = ""
    canceled: str = ""
    consent: Consent | None = None
    tags: tuple[str, ...] = ()
    hands_over: bool = False
    team_id: int | None = None
    minutes: int = 1_440  # after so long without an answer it is given up


class Progress(msgspec.Struct, frozen=True):
    """A form under way."""

    form_id: int
    version: int
    rule_id: int
    key: str  # of what began it
    asked_us: int
    values: dict[str, str] = {}
    skipped: tuple[str, ...] = ()
    tries: int = 0


class Line(NamedTuple):
    """Something to say, with answers to tap."""

    text: str
    options: tuple[str, ...] = ()


class Turn(NamedTuple):
    """What comes of a message: what to say, and where the form stands; None: it is over."""

    progress: Progress | None
    lines: tuple[Line, ...]
    outcome: Literal["asked", "invalid", "done", "canceled", "given_up"]
    is_agreed: bool | None = None  # to the consent, if it was asked
    values: Mapping[str, str] = {}


def begin(form: Form, progress: Progress) -> Turn:
    """The introduction and the first question."""
    turn = _ask_next(form, progress)
    return turn._replace(lines=((Line(form.intro), *turn.lines) if form.intro else turn.lines))


def take(form: Form, progress: Progress, text: str, *, region: str, now: datetime) -> Turn:
    """Take an answer: the next question, the same one again, or the end."""
    said = bare(fold(text))
    if said in _CANCEL:
        return Turn(None, _lines(form.canceled), "canceled")
    question = pending(form, progress)
    if question is None:
        return _take_consent(form, progress, said, now=now)
    answer = read(question, text, region=region)
    if answer is None and not question.is_required and said in {"-", "跳过", "skip", "没有", "无", "none"}:
        return _ask_next(form, _moved(progress, now, skipped=(*progress.skipped, question.key)))
    if answer is None:
        return _again(form, progress, Line(question.retry or question.ask, question.options), now=now)
    values = {**progress.values, question.key: answer}
    # Who says all at once is not asked again.
    for other in form.fields:
        if other.kind in ("phone", "email") and other.key not in values and (more := read(other, text, region=region)):
            values[other.key] = more
    return _ask_next(form, _moved(progress, now, values=values))


def pending(form: Form, progress: Progress) -> Field | None:
    """The question that waits for an answer; None: the consent, or nothing."""
    answered = progress.values.keys() | set(progress.skipped)
    return next((each for each in form.fields if each.key not in answered), None)


def read(question: Field, text: str, *, region: str) -> str | None:
    """The answer in a message, as it is kept; None if there is none."""
    said = " ".join(text.split())[:MAX_ANSWER]
    match question.kind:
        case "phone":
            found = (persons.normalize("phone", each[0], region=region) for each in _PHONE.finditer(text))
            return next((each for each in found if each), None)
        case "email":
            match = _EMAIL.search(text)
            return persons.normalize("email", match[0], region=region) if match else None
        case "number":
            number = _NUMBER.search(fold(text))
            return number[0] if number else None
        case "choice":
            return _choose(question.options, said)
        case "name":
            name = _NAME_LEAD.sub("", said).strip(" ,，.。!！~～")
            return name if 0 < len(name) <= 40 and any(each.isalpha() for each in name) else None
        case "text":
            return said or None


def _choose(options: tuple[str, ...], said: str) -> str | None:
    """An option by its words or by its number."""
    folded = bare(fold(said))
    if folded.isdigit() and 1 <= int(folded) <= len(options):
        return options[int(folded) - 1]
    return next((each for each in options if bare(fold(each)) == folded), None)


def _ask_next(form: Form, progress: Progress) -> Turn:
    question = pending(form, progress)
    if question is not None:
        return Turn(progress, (Line(question.ask, question.options),), "asked")
    if form.consent is not None:
        return Turn(progress, (Line(form.consent.ask, (form.consent.yes, form.consent.no)),), "asked")
    return Turn(None, _lines(form.thanks), "done", values=progress.values)


def _take_consent(form: Form, progress: Progress, said: str, *, now: datetime) -> Turn:
    consent = form.consent
    if consent is None:
        return Turn(None, _lines(form.thanks), "done", values=progress.values)
    if said in _YES or said == bare(fold(consent.yes)):
        return Turn(None, _lines(form.thanks), "done", is_agreed=True, values=progress.values)
    if said in _NO or said == bare(fold(consent.no)):
        return Turn(None, _lines(form.thanks), "done", is_agreed=False, values=progress.values)
    turn = _again(form, progress, Line(consent.ask, (consent.yes, consent.no)), now=now)
    # Silence and everything else is no consent; what was told before counts all the same.
    return turn._replace(outcome="done", is_agreed=False, values=progress.values) if turn.progress is None else turn


def _again(form: Form, progress: Progress, line: Line, *, now: datetime) -> Turn:
    if progress.tries + 1 >= _MOST_TRIES:
        return Turn(None, _lines(form.canceled), "given_up", values=progress.values)
    return Turn(_moved(progress, now, tries=progress.tries + 1), (line,), "invalid")


def _moved(progress: Progress, now: datetime, **changes: object) -> Progress:
    return msgspec.structs.replace(progress, asked_us=_us(now), **({"tries": 0} | changes))


def has_paused(progress: Progress, now: datetime) -> bool:
    """Whether so much time has gone by that the person may speak of something else."""
    return _us(now) - progress.asked_us > _PAUSE // timedelta(microseconds=1)


def _lines(text: str) -> tuple[Line, ...]:
    return (Line(text),) if text else ()


def _us(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)
