"""The words of a mail that has only HTML: what somebody wrote, without what they quote and what nobody sees.

Nothing of it is ever shown as HTML. The standard library's parser takes quadratic time over tags that never end, so it
is given only whole ones of a bounded length.
"""

import re
from html.parser import HTMLParser
from typing import Final

_MOST: Final = 300_000
_LONGEST_TAG: Final = 4_000  # pictures that stand in the text itself are longer
_DEEPEST: Final = 300
_LONGEST_HREF: Final = 300
_TAG: Final = re.compile(r"<[a-zA-Z/!?][^<>]*>|<")
_NAMED: Final = re.compile(r"</?[a-zA-Z]")
# fmt: off
_VOID: Final = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
))
_UNSEEN: Final = frozenset((
    "head", "style", "script", "title", "template", "noscript", "svg", "object", "select", "textarea",
))
_BREAKING: Final = frozenset((
    "p", "div", "tr", "table", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article",
    "blockquote", "pre", "hr", "center", "address",
))
# fmt: on
_HIDING: Final = re.compile(r"display:none|visibility:hidden|mso-hide:all|font-size:0(?:px|pt|em)?(?:;|$)")
# How mail programs mark what they quote: Gmail, Yahoo, Thunderbird, Proton, Zoho, QQ, NetEase.
_QUOTING: Final = re.compile(
    r"gmail_quote|gmail_extra|yahoo_quoted|moz-cite-prefix|protonmail_quote|zmail_extra|qm_replymail|isreplycontent"
    r"|ntes-mailmaster-quote"
)
# From here on everything is quoted: Outlook in its forms.
_ENDING: Final = re.compile(r"divrplyfwdmsg|appendonsend|mail-editor-reference-message-container|reference-message")


def read(html: str) -> tuple[str, str]:
    """What was written without what it quotes, and with it."""
    whole = _whole(_without_comments(html[:_MOST]))
    own, all_of_it = _Reader(quotes=False), _Reader(quotes=True)
    for reader in (own, all_of_it):
        reader.feed(whole)
        reader.close()
    return own.text(), all_of_it.text()


def _without_comments(html: str) -> str:
    kept, at = [], 0
    while (begin := html.find("<!--", at)) >= 0:
        kept.append(html[at:begin])
        end = html.find("-->", begin + 4)
        if end < 0:
            return "".join(kept)
        at = end + 3
    return "".join(kept) + html[at:]


def _whole(html: str) -> str:
    """HTML in which every “<” begins a tag that ends, and none is long."""

    def tag(found: re.Match[str]) -> str:
        said = found[0]
        if said == "<":
            return "&lt;"
        return said if _NAMED.match(said) and len(said) <= _LONGEST_TAG else ""

    return _TAG.sub(tag, html)


class _Reader(HTMLParser):
    """Takes the words out of HTML."""

    def __init__(self, *, quotes: bool) -> None:
        super().__init__()
        self._quotes = quotes
        self._said: list[str] = []
        self._open: list[str] = []
        self._skipped_from: int | None = None  # how deep the element stands that is left out
        self._has_ended = False
        self._href, self._label_from = "", 0

    def text(self) -> str:
        """What was read, line by line."""
        lines = [re.sub(r"[ \t\u00a0\u200b\ufeff]+", " ", line).strip() for line in "".join(self._said).split("\n")]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """The beginning of an element."""
        if tag == "body":  # whatever of the head was left open
            self._open.clear()
            self._skipped_from = None
        if tag not in _VOID and len(self._open) < _DEEPEST:
            self._open.append(tag)
            if self._skipped_from is None and self._is_left_out(tag, {name: value or "" for name, value in attrs}):
                self._skipped_from = len(self._open)
        if self._is_silent():
            return
        if tag == "br":
            self._said.append("\n")
        elif tag in _BREAKING:
            self._break()
            self._said += ["- "] if tag == "li" else []
        elif tag in {"td", "th"}:
            self._said.append(" ")
        elif tag == "a":
            self._href, self._label_from = str(dict(attrs).get("href") or "").strip(), len(self._said)

    def handle_endtag(self, tag: str) -> None:
        """The end of one."""
        if tag == "a" and not self._is_silent():
            self._end_link()
        if tag in self._open:
            while self._open.pop() != tag:
                pass
            if self._skipped_from is not None and len(self._open) < self._skipped_from:
                self._skipped_from = None
        if tag in _BREAKING and not self._is_silent():
            self._break()

    def handle_data(self, data: str) -> None:
        """Words."""
        said = re.sub(r"[ \t\r\n]+", " ", data)
        is_at_beginning = not self._said or self._said[-1].endswith("\n")
        if not self._is_silent() and not (said == " " and is_at_beginning):
            self._said.append(said)

    def _break(self) -> None:
        """Begin a line, if this is none yet."""
        if self._said and not self._said[-1].endswith("\n"):
            self._said.append("\n")

    def _is_silent(self) -> bool:
        return self._has_ended or self._skipped_from is not None

    def _is_left_out(self, tag: str, attrs: dict[str, str]) -> bool:
        if tag in _UNSEEN or "hidden" in attrs or _HIDING.search(attrs.get("style", "").replace(" ", "").lower()):
            return True
        if self._quotes:
            return False
        marks = f"{attrs.get('id', '')} {attrs.get('class', '')}".lower()
        if _ENDING.search(marks):
            self._has_ended = True
        return tag in {"blockquote", "includetail"} or _QUOTING.search(marks) is not None

    def _end_link(self) -> None:
        """Say where a link leads whose words do not."""
        label = "".join(self._said[self._label_from :]).strip()
        href, self._href = self._href, ""
        if href.startswith(("http://", "https://")) and len(href) <= _LONGEST_HREF and label and label not in href:
            self._said.append(f" ({href})")
