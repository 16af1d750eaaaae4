"""What is wrong with a template: mistakes that keep it from going out, and what would hurt it there."""

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import urlsplit

from fanwheel.domains.private.channels import registry
from fanwheel.domains.private.channels.adapter import About
from fanwheel.domains.private.channels.errors import UnknownChannelError
from fanwheel.loop.operate.content import compiling, hrefs, lettering, plain, sandbox
from fanwheel.loop.operate.content.errors import BadContentError, BadLiquidError
from fanwheel.loop.operate.content.html import Facts, look
from fanwheel.loop.operate.content.variables import BRAND, GIVEN, OPEN
from fanwheel.loop.operate.content.writing import Content, ImageBlock, Mail, Wording

Level = Literal["error", "warning", "hint"]
CLIPPED_AT: Final = 102 * 1024
_HEAVY: Final = 1_000_000
_WIDE_SUBJECT: Final = 60
_FEW_WORDS: Final = 60
_SHORTENERS: Final = frozenset(
    {"bit.ly", "t.cn", "tinyurl.com", "goo.gl", "t.co", "url.cn", "dwz.cn", "is.gd", "suo.im"}
)
_SPAM: Final = (
    "100% free", "act now", "click here", "risk free", "no obligation", "winner", "!!!", "$$$", "cash bonus",
    "免费领取", "点击领取", "恭喜中奖", "稳赚", "最后机会", "零风险", "！！！",
)  # fmt: skip
_LETTERS: Final = 8  # a subject with fewer is not shouted


class Issue(NamedTuple):
    """One thing: ``where`` is the field, ``line`` the line in it; ``detail`` fills in what is said of it."""

    code: str
    level: Level
    variant: str = ""
    language: str = ""
    where: str = ""
    line: int | None = None
    detail: Mapping[str, Any] = MappingProxyType({})


class Known(NamedTuple):
    """What templates of a workspace may speak of, and what the channel can carry."""

    person: Collection[str]
    about: About | None


def check(content: Content, channel: str, known: Known) -> list[Issue]:
    """Everything that is wrong, mistakes first."""
    found = [
        issue._replace(variant=variant.key, language=language)
        for variant in content.variants
        for language, wording in variant.wordings.items()
        for issue in _of_wording(wording, content, known, language=language)
    ]
    languages = {language for variant in content.variants for language in variant.wordings}
    found += [
        Issue("language_missing", "hint", variant.key, language)
        for variant in content.variants
        for language in sorted(languages - variant.wordings.keys())
    ]
    order = ("error", "warning", "hint")
    return sorted(found, key=lambda issue: order.index(issue.level))


def _of_wording(wording: Wording, content: Content, known: Known, *, language: str) -> Iterator[Issue]:
    is_broken = False
    for where, text in compiling.list_texts(wording):
        for issue in _of_liquid(where, text, content, known):
            is_broken |= issue.code == "bad_liquid"
            yield issue
    if wording.mail is not None:
        yield from _of_mail(wording.mail, language=language, is_broken=is_broken)
    else:
        yield from _of_parts(wording, known.about)


# ---------------------------------------------------------------- variables
def _of_liquid(where: str, text: str, content: Content, known: Known) -> Iterator[Issue]:
    try:
        template = sandbox.parse(text, is_html=where == "mail.html")
    except BadLiquidError as error:
        yield Issue("bad_liquid", "error", where=where, line=error.line, detail={"message": error.message})
        return
    declared = {each.name for each in content.variables}
    roots = GIVEN | OPEN | declared
    for name, places in template.analyze().globals.items():
        for place in places:
            line = text.count("\n", 0, place.span.index) + 1
            if name not in roots:
                near = _near(name, roots)
                yield Issue("unknown_variable", "error", where=where, line=line, detail={"name": name, "near": near})
            elif name in ("person", "brand") and len(place.segments) > 1:
                second = str(place.segments[1])
                names = known.person if name == "person" else BRAND
                if second not in names:
                    near = f"{name}.{match}" if (match := _near(second, names)) else ""
                    detail = {"name": f"{name}.{second}", "near": near}
                    yield Issue("unknown_trait", "warning", where=where, line=line, detail=detail)


def _near(name: str, names: Collection[str]) -> str:
    found = difflib.get_close_matches(name, sorted(names), n=1, cutoff=0.6)
    return found[0] if found else ""


# ---------------------------------------------------------------- mail
def _of_mail(mail: Mail, *, language: str, is_broken: bool) -> Iterator[Issue]:
    yield from _of_subject(mail)
    html = mail.html
    if mail.kind == "blocks":
        try:
            html = lettering.compile_html(mail, title=mail.subject, language=language)
        except BadContentError as error:
            yield Issue("bad_blocks", "error", where="mail.blocks", detail={"message": error.hint or error.message})
            return
    facts = look(html)
    yield from _of_facts(facts, where="mail.html" if mail.kind == "html" else "mail.blocks")
    yield from _of_links(hrefs.list_html(html), where="mail.blocks")
    size = len(html.encode())
    if size > CLIPPED_AT:
        yield Issue("clipped", "warning", where="mail", detail={"kb": size // 1024})
    weight = sum(block.size_bytes or 0 for block in mail.blocks if isinstance(block, ImageBlock))
    if weight > _HEAVY:
        yield Issue("heavy_images", "warning", where="mail.blocks", detail={"kb": weight // 1024})
    words = plain.of_mail(mail)
    if facts.images and len(words.strip()) < _FEW_WORDS:
        yield Issue("images_only", "warning", where="mail.blocks")
    if not is_broken and "unsubscribe_url" not in html:
        yield Issue("no_unsubscribe", "warning", where="mail")
    if "brand.address" not in html:
        yield Issue("no_address", "hint", where="mail")
    yield from _of_words(f"{mail.subject}\n{words}", where="mail")


def _of_subject(mail: Mail) -> Iterator[Issue]:
    subject = lettering.LIQUID.sub("", mail.subject).strip()
    if not mail.subject.strip():
        yield Issue("no_subject", "error", where="mail.subject")
    letters = [letter for letter in subject if letter.isalpha() and letter.isascii()]
    shouts = len(letters) >= _LETTERS and sum(letter.isupper() for letter in letters) > 0.7 * len(letters)
    if shouts or re.search(r"[!！?？]{2,}", subject):
        yield Issue("shouting", "warning", where="mail.subject")
    if _width(subject) > _WIDE_SUBJECT:
        yield Issue("long_subject", "warning", where="mail.subject", detail={"most": _WIDE_SUBJECT})
    if not mail.preheader.strip():
        yield Issue("no_preheader", "hint", where="mail.preheader")


def _of_facts(facts: Facts, *, where: str) -> Iterator[Issue]:
    for name in facts.unsafe:
        yield Issue("unsafe_html", "error", where=where, detail={"name": name})
    if facts.images_without_alt:
        yield Issue("no_alt", "warning", where=where, detail={"count": facts.images_without_alt})
    if facts.images_without_address:
        yield Issue("no_picture", "error", where=where, detail={"count": facts.images_without_address})


def _of_links(urls: Sequence[str], *, where: str) -> Iterator[Issue]:
    for url in dict.fromkeys(urls):
        bare = url.strip()
        if not bare or bare == "#":
            yield Issue("no_link", "error", where=where)
        elif bare.lower().startswith("http://"):
            yield Issue("plain_http", "warning", where=where, detail={"url": bare[:200]})
        elif not bare.startswith("{{") and not bare.lower().startswith(
            ("https://", "mailto:", "tel:", "sms:", "weixin://", "#")
        ):
            yield Issue("bad_link", "error", where=where, detail={"url": bare[:200]})
        if _host(bare) in _SHORTENERS:
            yield Issue("shortener", "warning", where=where, detail={"url": bare[:200]})


def _of_words(text: str, *, where: str) -> Iterator[Issue]:
    lower = text.lower()
    words = [word for word in _SPAM if word in lower]
    if words:
        yield Issue("spam_words", "hint", where=where, detail={"words": ", ".join(words)})


# ---------------------------------------------------------------- other channels
def _of_parts(wording: Wording, about: About | None) -> Iterator[Issue]:
    if not wording.parts:
        yield Issue("empty", "error", where="parts")
    for number, part in enumerate(wording.parts):
        where = f"parts.{number}"
        kind = type(part).__struct_config__.tag
        needed = getattr(part, "kind", kind) if kind == "media" else kind
        if about is not None and needed not in about.capabilities:
            yield Issue("not_carried", "error", where=where, detail={"kind": str(needed)})
        text = getattr(part, "text", "")
        if isinstance(text, str):
            yield from _of_length(text, about, where=where)
            yield from _of_links(re.findall(r"https?://[^\s{}]+", text), where=where)
        yield from (Issue("no_link", "error", where=where) for button in _buttons(part) if not button.value.strip())


def _buttons(part: Any) -> Sequence[Any]:
    found: Sequence[Any] = getattr(part, "buttons", ()) or getattr(part, "options", ())
    return found


def _of_length(text: str, about: About | None, *, where: str) -> Iterator[Issue]:
    length = len(lettering.LIQUID.sub("", text))
    if about is not None and about.text_limit is not None and length > about.text_limit:
        yield Issue("too_long", "error", where=where, detail={"count": length, "most": about.text_limit})


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def find_about(channel: str) -> About | None:
    """What a channel can carry; None where it is not installed."""
    try:
        return registry.find(channel).about
    except UnknownChannelError:
        return None
