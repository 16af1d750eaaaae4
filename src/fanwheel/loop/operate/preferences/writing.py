"""The words and the pages, in the languages that there are."""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from fanwheel.loop.operate.preferences.contracts import LANGUAGES

_PACKAGE: Final = "fanwheel.loop.operate.preferences"
_RANGE: Final = re.compile(r"([A-Za-z]{1,8})(?:-[\w-]{1,20})?(?:;q=([\d.]{1,5}))?")


@cache
def words(language: str) -> Mapping[str, str]:
    """All words of a language, by key; of English where there is no such language."""
    name = language if language in LANGUAGES else LANGUAGES[0]
    found: dict[str, str] = json.loads(resources.files(_PACKAGE).joinpath(f"locales/{name}.json").read_text("utf-8"))
    return found


def render(page: str, *, language: str, **values: object) -> str:
    """A page in a language."""
    known = words(language)

    def t(key: str, **blanks: object) -> str:
        return known[key].format(**blanks) if blanks else known[key]

    def named(kind: str, name: str) -> str:
        return known.get(f"{kind}.{name}", name.replace("_", " "))

    return _environment().get_template(page).render(t=t, named=named, language=language, **values)


def choose_language(*wishes: str | None, accepted: str = "") -> str:
    """The first language wished for that there is, else the browser's, else English."""
    for wish in wishes:
        if wish and (found := _match(wish)):
            return found
    ranges = [(float(m[2] or 1), m[1]) for m in _RANGE.finditer(accepted[:200]) if _is_number(m[2])]
    for _, name in sorted(ranges, key=lambda item: -item[0]):
        if found := _match(name):
            return found
    return LANGUAGES[0]


def _match(name: str) -> str | None:
    short = name.lower().replace("_", "-").partition("-")[0]
    return next((language for language in LANGUAGES if language.partition("-")[0].lower() == short), None)


def _is_number(text: str | None) -> bool:
    return text is None or (text.count(".") <= 1 and text != ".")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader(_PACKAGE, "pages"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
