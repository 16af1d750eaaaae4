"""Filling in variables: Liquid without files, attributes or endless loops, to which what people say is text.

What fills a variable is never read as Liquid, and in HTML it is escaped: the filter that would keep it from that is not
there. Work is bounded by counting it rather than by a clock, so that the same template always fails at the same place.
"""

import difflib
import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from liquid import Environment, Undefined
from liquid.context import RenderContext
from liquid.exceptions import LiquidError
from liquid.template import BoundTemplate

from fanwheel.loop.operate.content import hrefs
from fanwheel.loop.operate.content.errors import BadLiquidError, TooMuchLiquidError

MOST_SOURCE: Final = 400_000
_MOST_STEPS: Final = 50_000
_MOST_TEXT: Final = 600_000
_MOST_ITEMS: Final = 1_000
_MOST_BITS: Final = 256
_TEXT_PER_STEP: Final = 500  # characters that a filter goes through count as one step
_MOST_DATE: Final = 60
_NO_TAGS: Final = ("include", "render", "tablerow", "increment", "decrement", "ifchanged", "doc", "cycle")
_NO_FILTERS: Final = (
    "safe", "escapejs", "date", "base64_decode", "base64_url_safe_decode", "base64_encode", "base64_url_safe_encode",
)  # fmt: skip
_DATE_PART: Final = re.compile(r"%[-_^#]?[aAbBcdDeFHIjklmMnprRsStTuUVwWxXyYzZ%]")

# Names that were to be said and that nobody gave: of the one template that is being filled in.
_missing: ContextVar[set[str] | None] = ContextVar("missing", default=None)
_zone: ContextVar[str] = ContextVar("zone", default="UTC")


class _Blank(Undefined):
    """What is not there: nothing, and noted where it is said."""

    __slots__ = ()

    def __str__(self) -> str:
        missing = _missing.get()
        if missing is not None:
            missing.add(self.name)
        return ""


class _Budget(RenderContext):
    """A rendering that counts what it does."""

    __slots__ = ("steps",)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.steps = 0

    def _spend(self, steps: int = 1) -> None:
        self.steps += steps
        if self.steps > _MOST_STEPS:
            raise TooMuchLiquidError(hint="Use fewer loops, or shorter ones.")

    def get(self, *args: Any, **options: Any) -> object:
        self._spend()
        return super().get(*args, **options)

    def raise_for_loop_limit(self, length: int = 1) -> None:
        # Sections that follow each other add up, too; nested ones are counted as they come round.
        _require_short(length, _MOST_ITEMS)
        self._spend(length)

    def filter(self, name: str, token: Any) -> Callable[..., object]:
        self._spend()
        return _guarded(name, super().filter(name, token), self._spend)


class _Template(BoundTemplate):
    context_class = _Budget


class _Sandbox(Environment):
    """The tags and filters that templates have."""

    template_class = _Template
    block_nesting_limit = 12
    context_depth_limit = 12
    local_namespace_limit = 200_000
    output_stream_limit = _MOST_TEXT

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=extra)
        for tag in _NO_TAGS:
            self.tags.pop(tag, None)
        for name in _NO_FILTERS:
            self.filters.pop(name, None)
        self.add_filter("date", _date)
        self.add_filter("money", _money)
        self.add_tag(hrefs.Followed)
        self.add_tag(hrefs.Direct)


@cache
def environment(*, is_html: bool) -> Environment:
    """The sandbox: for HTML, in which what is filled in is escaped, or for plain text."""
    return _Sandbox(undefined=_Blank, autoescape=is_html)


def parse(source: str, *, is_html: bool) -> BoundTemplate:
    """A template, ready to be filled in.

    Raises
    ------
    BadLiquidError
        With the line, if it cannot be read.
    """
    if len(source) > MOST_SOURCE:
        raise BadLiquidError("The text is too long.", hint=f"Keep it below {MOST_SOURCE:,} characters.")
    try:
        template = environment(is_html=is_html).from_string(source)
        _require_filters(template, source)
        return template
    except LiquidError as error:
        raise BadLiquidError(_told(error), line=_line(error, source)) from error
    except RecursionError as error:
        raise BadLiquidError("Too many tags stand within each other.") from error


def _require_filters(template: BoundTemplate, source: str) -> None:
    known = template.env.filters
    for name, places in template.analyze().filters.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"Did you mean “{near[0]}”?" if near else None
            line = source.count("\n", 0, places[0].index) + 1
            raise BadLiquidError(f"There is no filter “{name}”.", line=line, hint=hint)


def fill(template: BoundTemplate, variables: Mapping[str, Any], *, zone: str = "UTC") -> tuple[str, set[str]]:
    """The text, and the names that were to be said and that nobody gave.

    Raises
    ------
    TooMuchLiquidError, BadLiquidError
        If it takes too much, or what is there cannot be filled in so.
    """
    missing: set[str] = set()
    marks = _missing.set(missing), _zone.set(zone)
    try:
        return template.render(variables), missing
    except LiquidError as error:
        raise BadLiquidError(_told(error), line=_line(error, str(template))) from error
    except (ArithmeticError, ValueError, TypeError, RecursionError) as error:
        raise BadLiquidError("A value cannot be used as the template uses it.") from error
    finally:
        _missing.reset(marks[0])
        _zone.reset(marks[1])


def _told(error: LiquidError) -> str:
    message = str(error.args[0]) if error.args else "it cannot be read"
    return f"{message[:1].upper()}{message[1:].rstrip('.')}."


def _line(error: LiquidError, source: str) -> int:
    index = getattr(error.token, "start_index", 0) if error.token is not None else 0
    return source.count("\n", 0, max(0, index)) + 1


def _guarded(name: str, run: Callable[..., object], spend: Callable[[int], None]) -> Callable[..., object]:
    def guarded(value: object, *args: object, **options: object) -> object:
        for given in (value, *args):
            _require_small(given)
            spend(len(given) // _TEXT_PER_STEP if isinstance(given, str | list) else 0)
        if name.startswith("replace") and len(args) > 1:
            found = str(value).count(str(args[0])) if str(args[0]) else len(str(value)) + 1
            _require_short(found * len(str(args[1])), _MOST_TEXT)
        if name == "join" and isinstance(value, list) and args:
            _require_short(len(value) * len(str(args[0])), _MOST_TEXT)
        result = run(value, *args, **options)
        _require_small(result)
        return result

    return guarded


def _require_small(value: object) -> None:
    if isinstance(value, str):
        _require_short(len(value), _MOST_TEXT)
    elif isinstance(value, range | list | tuple):
        # A text in characters is a list as long as the text.
        _require_short(len(value), _MOST_ITEMS if isinstance(value, range) else 20_000)
    elif isinstance(value, int) and value.bit_length() > _MOST_BITS:
        raise TooMuchLiquidError("A number is too large.")


def _require_short(length: int, most: int) -> None:
    if length > most:
        raise TooMuchLiquidError(hint="Use fewer loops, or shorter ones.")


def _date(value: object, form: object = "%Y-%m-%d") -> str:
    """A date or a moment as ``form`` has it, in the brand's time zone; what is none stays as it is."""
    pattern = str(form)[:_MOST_DATE]
    # A width such as %999999d would have the system's library fill memory.
    if "%" in _DATE_PART.sub("", pattern):
        raise BadLiquidError(f"“{pattern}” is no form of a date.", hint="Use, for example, %Y-%m-%d or %H:%M.")
    moment = _moment(value)
    return str(value) if moment is None else moment.strftime(pattern)


def _moment(value: object) -> datetime | date | None:
    zone = ZoneInfo(_zone.get())
    if isinstance(value, datetime):
        return value.astimezone(zone)
    if isinstance(value, date):
        return value
    text = str(value)
    if text in ("now", "today"):
        return datetime.now(zone)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(zone) if found.tzinfo else found


_SIGNS: Final = {"CNY": "¥", "JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "TWD": "NT$"}


def _money(value: object, currency: object = "") -> str:
    """An amount with its sign: ``{{ 129 | money: "CNY" }}``."""
    try:
        amount = float(cast(Any, value))
    except (TypeError, ValueError):
        return str(value)
    if not abs(amount) < 1e15:
        return str(value)
    code = str(currency).upper()[:3]
    digits = 0 if code in ("JPY", "KRW") or amount == int(amount) else 2
    return f"{_SIGNS.get(code, f'{code} ' if code else '')}{amount:,.{digits}f}"
