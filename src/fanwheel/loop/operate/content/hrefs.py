"""Addresses in what is said: which may stand there, and which are followed up through links of our own.

An address is wrapped into a tag when a version is compiled. What fills a variable elsewhere is text and becomes no
link; and an address whose host a person's trait decides is never given a link of ours, which would lend it the brand's
name.
"""

import html
import re
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Final, TextIO

from liquid.ast import BlockNode, Node
from liquid.context import RenderContext
from liquid.parser import get_parser
from liquid.stream import TokenStream
from liquid.tag import Tag
from liquid.token import TOKEN_EOF, TOKEN_TAG, Token

FOLLOWED: Final = "fw_followed"
DIRECT: Final = "fw_direct"
_LIQUID: Final = r"(?:\{\{.*?\}\}|\{%.*?%\}"
_HREF: Final = re.compile(
    r"(<a\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*?\shref\s*=\s*)(?:\"("
    + _LIQUID
    + r"|[^\"])*)\"|'("
    + _LIQUID
    + r"|[^'])*)')",
    re.DOTALL | re.IGNORECASE,
)
_IN_TEXT: Final = re.compile(r"https?://(?:\{\{.*?\}\}|[^\s{}<>\"'，。！？；、）》】])+", re.IGNORECASE)
_STATIC_HOST: Final = re.compile(r"https?://[^{}/?#\s@]+(?:[/?#].*)?", re.IGNORECASE | re.DOTALL)
_VARIABLE: Final = re.compile(r"\{\{-?\s*([\w-]+)")
_WORD: Final = re.compile(r"https://([0-9a-z]+)\.invalid/(\d+|[a-z]+)/")
_SCHEMES: Final = ("http://", "https://", "mailto:", "tel:", "sms:", "weixin://", "#")
_BRANDS: Final = frozenset({"product", "products", "coupon", "account", "brand"})
_ASSIGNED: Final = re.compile(r"\{%-?\s*(?:assign|capture)\s+([\w-]+)|^\s*(?:assign|capture)\s+([\w-]+)", re.MULTILINE)
_LOOPED: Final = re.compile(r"\bfor\s+([\w-]+)\s+in\s+([\w.-]+)")


class Follower:
    """Takes the addresses of one message and gives words that stand for their links until these are known."""

    def __init__(self, nonce: str) -> None:
        self.urls: list[str] = []
        self._nonce = nonce

    def follow(self, url: str) -> str:
        """The word for a link to ``url``."""
        if url not in self.urls:
            self.urls.append(url)
        return f"https://{self._nonce}.invalid/{self.urls.index(url)}/"

    def mark(self, name: str) -> str:
        """The word for another address of the message, by a name of letters."""
        return f"https://{self._nonce}.invalid/{name}/"

    def settle(self, text: str, links: Mapping[str, str], marks: Mapping[str, str], *, is_html: bool) -> str:
        """The text with links in the place of words; an address that has no link stands there itself."""

        def put(found: re.Match[str]) -> str:
            nonce, name = found.groups()
            if nonce != self._nonce:
                return found[0]
            url = self.urls[int(name)] if name.isdigit() else ""
            address = links.get(url, url) if url else marks.get(name, "")
            return html.escape(address, quote=True) if is_html else address

        return _WORD.sub(put, text)


follower: ContextVar[Follower | None] = ContextVar("follower", default=None)


class _Address(Node):
    def __init__(self, token: Token, block: BlockNode, *, is_followed: bool) -> None:
        super().__init__(token)
        self.block = block
        self.is_followed = is_followed

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        own = context.get_buffer(buffer)
        self.block.render(context, own)
        written = own.getvalue()
        url = (html.unescape(written) if context.autoescape else written).strip()
        taker = follower.get()
        if not url.lower().startswith(_SCHEMES):
            url = "#" if context.autoescape else ""
        elif self.is_followed and taker is not None and url.lower().startswith("http"):
            url = taker.follow(url)
        return buffer.write(html.escape(url, quote=True) if context.autoescape else url)

    def children(self, static_context: RenderContext, *, include_partials: bool = True) -> list[Node]:
        return [self.block]


class Followed(Tag):
    """An address that is followed up."""

    name = FOLLOWED
    end = f"end{FOLLOWED}"

    def parse(self, stream: TokenStream) -> Node:
        """The node for it."""
        token = stream.eat(TOKEN_TAG)
        block = get_parser(self.env).parse_block(stream, frozenset((self.end, TOKEN_EOF)))
        stream.expect(TOKEN_TAG, value=self.end)
        return _Address(token, block, is_followed=self.name == FOLLOWED)


class Direct(Followed):
    """An address that leads where it says."""

    name = DIRECT
    end = f"end{DIRECT}"


def list_trusted(source: str, declared: frozenset[str]) -> frozenset[str]:
    """Names whose values may say where a followed link leads: the brand's own, unless the text gives them others."""
    taken = {found[1] or found[2] for found in _ASSIGNED.finditer(source)}
    taken |= {found[1] for found in _LOOPED.finditer(source) if found[2] != "products"}
    return (_BRANDS | declared) - taken


def wrap(url: str, trusted: frozenset[str] | None) -> str:
    """An address in the tag that it belongs in; ``trusted`` as listed above, None: no link is followed."""
    if not url.strip():
        return url
    tag = FOLLOWED if trusted is not None and _may_follow(url, trusted) else DIRECT
    return f"{{% {tag} %}}{url}{{% end{tag} %}}"


def wrap_html(source: str, trusted: frozenset[str] | None) -> str:
    """HTML with the addresses of its links in tags."""

    def put(found: re.Match[str]) -> str:
        quote = found[0][-1]
        return f"{found[1]}{quote}{wrap(found[0][len(found[1]) + 1 : -1], trusted)}{quote}"

    return _HREF.sub(put, source)


def wrap_text(source: str, trusted: frozenset[str] | None) -> str:
    """Text with the addresses that it spells out in tags; what variables bring in is left as it is."""
    return _IN_TEXT.sub(lambda found: wrap(found[0], trusted), source)


def list_html(source: str) -> list[str]:
    """The addresses of links in HTML, as they are written."""
    return [html.unescape(found[0][len(found[1]) + 1 : -1]) for found in _HREF.finditer(source)]


def _may_follow(url: str, trusted: frozenset[str]) -> bool:
    if _STATIC_HOST.fullmatch(url.strip()):
        return True
    first = _VARIABLE.match(url.strip())
    return first is not None and first[1] in trusted
