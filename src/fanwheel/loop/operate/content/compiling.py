"""From what people wrote to what is filled in: done once for each version."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import msgspec
from liquid.template import BoundTemplate

from fanwheel.loop.operate.content import hrefs, lettering, plain, sandbox
from fanwheel.loop.operate.content.writing import Content, Mail, Wording

PIXEL: Final = "fw_pixel_url"
TRAP: Final = "fw_trap_url"
# Where parts of a message hold addresses, by the kind of part and the names on the way.
_URLS: Final = frozenset({"url"})
_TEXTS: Final = frozenset({"text"})
# Addresses of the media library are written without the host, which may change.
_SITE: Final = "{{ fw_site }}"
_OWN_MEDIA: Final = re.compile(r"""((?:src|href|background)=["'])/media/""")
_NOT_LIQUID: Final = frozenset({"type", "action", "kind", "about", "media_id", "platform_id"})


class Sheet(msgspec.Struct, frozen=True):
    """One wording, still with its Liquid: of a mail, or the parts of a message as they are kept."""

    mail: dict[str, str] | None = None
    parts: list[dict[str, Any]] = []


class Compiled(msgspec.Struct, frozen=True):
    """A version as it is kept to be filled in: sheets by variant and language."""

    language: str
    weights: dict[str, float]
    sheets: dict[str, dict[str, Sheet]]
    defaults: dict[str, str]
    utm: dict[str, str]
    follows_links: bool
    follows_opens: bool


class Ready(NamedTuple):
    """One wording, parsed: its templates by where they stand."""

    mail: Mapping[str, BoundTemplate] | None
    parts: list[Any]


def compile_content(content: Content, *, title: str) -> Compiled:
    """A template, ready to be kept as a version.

    Raises
    ------
    BadContentError, BadLiquidError
        If something in it cannot be said.
    """
    sheets = {
        variant.key: {
            language: _sheet(wording, content, language=language, title=title)
            for language, wording in variant.wordings.items()
        }
        for variant in content.variants
    }
    for sheet in (sheet for by_language in sheets.values() for sheet in by_language.values()):
        make_ready(sheet)
    return Compiled(
        language=content.language,
        weights={variant.key: variant.weight for variant in content.variants},
        sheets=sheets,
        defaults={each.name: each.default for each in content.variables if each.default is not None},
        utm=msgspec.to_builtins(content.utm) if content.utm else {},
        follows_links=content.follows_links,
        follows_opens=content.follows_opens,
    )


def make_ready(sheet: Sheet) -> Ready:
    """A wording with its Liquid parsed; raises ``BadLiquidError``."""
    mail = None
    if sheet.mail is not None:
        mail = {name: sandbox.parse(text, is_html=name == "html") for name, text in sheet.mail.items()}
    return Ready(mail, [_parsed(part) for part in sheet.parts])


def list_texts(wording: Wording) -> Iterator[tuple[str, str]]:
    """Every text of a wording that may hold Liquid, and where it stands."""
    built = msgspec.to_builtins(wording)
    yield from _texts(built.get("mail") or {}, "mail")
    for number, part in enumerate(built.get("parts", ())):
        yield from _texts(part, f"parts.{number}")


def _sheet(wording: Wording, content: Content, *, language: str, title: str) -> Sheet:
    source = "\n".join(text for _, text in list_texts(wording))
    declared = frozenset(each.name for each in content.variables)
    trusted = hrefs.list_trusted(source, declared) if content.follows_links else None
    if wording.mail is not None:
        return Sheet(mail=_mail(wording.mail, content, trusted, language=language, title=title))
    return Sheet(parts=[_followed(part, trusted) for part in msgspec.to_builtins(wording.parts)])


def _mail(mail: Mail, content: Content, trusted: frozenset[str] | None, *, language: str, title: str) -> dict[str, str]:
    html = mail.html
    if mail.kind == "blocks":
        html = lettering.compile_html(mail, title=mail.subject or title, language=language)
    html = hrefs.wrap_html(_OWN_MEDIA.sub(rf"\1{_SITE}/media/", html), trusted)
    return {
        "subject": mail.subject,
        "preheader": mail.preheader,
        "reply_to": mail.reply_to,
        "html": _marked(html, content),
        "text": hrefs.wrap_text(plain.of_mail(mail), trusted),
    }


def _marked(html: str, content: Content) -> str:
    """HTML with the picture that tells of an opening, and a link that nobody but a machine finds."""
    marks = ""
    if content.follows_links:
        marks += (
            f'{{% if {TRAP} %}}<a href="{{{{ {TRAP} }}}}" rel="nofollow" tabindex="-1" aria-hidden="true"'
            ' style="display:none;font-size:0;line-height:0;max-height:0;overflow:hidden"></a>{% endif %}'
        )
    if content.follows_opens:
        marks += (
            f'{{% if {PIXEL} %}}<img src="{{{{ {PIXEL} }}}}" width="1" height="1" alt=""'
            ' style="display:block;border:0;width:1px;height:1px" />{% endif %}'
        )
    before, end, after = html.rpartition("</body>")
    return f"{before}{marks}{end}{after}" if end else html + marks


def _followed(value: Any, trusted: frozenset[str] | None, name: str = "") -> Any:
    """Parts with the addresses in them in tags."""
    if isinstance(value, dict):
        is_address = value.get("action") == "url"
        return {
            key: _followed(each, trusted, "url" if is_address and key == "value" else key)
            for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [_followed(each, trusted, name) for each in value]
    if isinstance(value, str) and value.startswith("/media/"):
        return f"{_SITE}{value}"
    if isinstance(value, str) and name in _URLS:
        return hrefs.wrap(value, trusted)
    return hrefs.wrap_text(value, trusted) if isinstance(value, str) and name in _TEXTS else value


def _parsed(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _parsed(each, key) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_parsed(each, name) for each in value]
    if isinstance(value, str) and name not in _NOT_LIQUID and ("{{" in value or "{%" in value):
        return sandbox.parse(value, is_html=False)
    return value


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, each in value.items():
            if key not in _NOT_LIQUID:
                yield from _texts(each, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value):
            yield from _texts(each, f"{path}.{number}")
    elif isinstance(value, str):
        yield path, value
