"""The plain text of a mail, made from its blocks or its HTML."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Final

from fanwheel.loop.operate.content.writing import (
    AnyBlock,
    ButtonBlock,
    ColumnsBlock,
    CouponBlock,
    DividerBlock,
    FooterBlock,
    ImageBlock,
    Mail,
    ProductsBlock,
    TextBlock,
)

_LINK: Final = re.compile(r"\[([^\]\n]+)\]\(((?:\{\{.*?\}\}|[^)\s])+)\)")
_SKIPPED: Final = frozenset({"style", "script", "head", "title"})
_BREAKING: Final = frozenset({"p", "div", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "section"})


def of_mail(mail: Mail) -> str:
    """The plain text as it was written, else made from the rest; still with its Liquid."""
    if mail.text is not None:
        return mail.text
    return of_html(mail.html) if mail.kind == "html" else of_blocks(mail.blocks)


def of_blocks(blocks: Sequence[AnyBlock]) -> str:
    """Blocks as text."""
    return _tidy("\n\n".join(filter(None, (_block(each) for each in blocks))))


def of_html(html: str) -> str:
    """HTML as text: its words, and the addresses of its links in brackets."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return _tidy("".join(reader.said))


def _block(block: AnyBlock) -> str:
    match block:
        case TextBlock():
            return _unmark(block.text)
        case ImageBlock():
            return f"[{block.alt}]" if block.alt and not block.link else f"{block.alt} {block.link}".strip()
        case ButtonBlock():
            return f"{block.label}: {block.url}"
        case ProductsBlock():
            return _products(block)
        case CouponBlock():
            link = f"{block.label}: {block.url}" if block.label and block.url else ""
            return "\n".join(filter(None, (_unmark(block.title), block.code, _unmark(block.text), link)))
        case DividerBlock():
            return "" if block.is_blank else "--------"
        case ColumnsBlock():
            return "\n\n".join(of_blocks(each) for each in block.columns)
        case FooterBlock():
            links = [f"{block.unsubscribe}: {{{{ unsubscribe_url }}}}"] if block.unsubscribe else []
            links += [f"{block.preferences}: {{{{ preferences_url }}}}"] if block.preferences else []
            return "\n".join(
                filter(None, ("--", _unmark(block.text), "{{ brand.name }} · {{ brand.address }}", *links))
            )


def _products(block: ProductsBlock) -> str:
    if block.items:
        return "\n".join(" ".join(filter(None, ("-", each.name, each.price, each.url))) for each in block.items)
    return (
        f"{{% for product in products limit: {max(1, min(block.most, 20))} %}}- {{{{ product.name }}}} "
        "{{ product.price }} {{ product.url }}\n{% endfor %}"
    )


def _unmark(text: str) -> str:
    return _LINK.sub(r"\1: \2", text.replace("**", ""))


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in text.replace("\u00a0", " ").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    """Takes the words out of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._skipping = 0
        self._href = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """The beginning of an element."""
        found = dict(attrs)
        if tag in _SKIPPED:
            self._skipping += 1
        elif tag == "br":
            self.said.append("\n")
        elif tag == "li":
            self.said.append("\n- ")
        elif tag == "img" and found.get("alt"):
            self.said.append(f"[{found['alt']}]")
        elif tag == "a":
            self._href = found.get("href") or ""
        elif tag in _BREAKING:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """The end of one."""
        if tag in _SKIPPED:
            self._skipping = max(0, self._skipping - 1)
        elif tag == "a" and self._href:
            self.said.append(f" ({self._href})")
            self._href = ""
        elif tag in _BREAKING:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        """Words."""
        if not self._skipping:
            self.said.append(re.sub(r"[ \t\r\n]+", " ", data))
