"""Blocks of a mail as MJML, with Liquid kept out of the compiler's sight until it has run."""

import re
from collections.abc import Callable, Sequence
from html import escape
from typing import Final

from mjml import mjml2html

from fanwheel.loop.operate.content.errors import BadContentError
from fanwheel.loop.operate.content.writing import (
    AnyBlock,
    ButtonBlock,
    ColumnsBlock,
    CouponBlock,
    DividerBlock,
    FooterBlock,
    ImageBlock,
    Mail,
    Product,
    ProductsBlock,
    TextBlock,
    Theme,
)

LIQUID: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_SIZES: Final = {"small": 13, "normal": 15, "large": 18, "title": 26}
_FONTS: Final = (
    "-apple-system, 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Segoe UI', Helvetica, Arial, sans-serif"
)
_COLOR: Final = re.compile(r"#[0-9a-fA-F]{3,8}")
_BOLD: Final = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_ITALIC: Final = re.compile(r"(?<!\*)\*([^*\n]+)\*(?!\*)")
_LINK: Final = re.compile(r"\[([^\]\n]+)\]\(([^)\s]+)\)")
_WORD: Final = re.compile(r"fwq(\d+)qwf")
# Clients that turn light into dark leave alone what says itself how it looks in the dark.
_DARK: Final = (
    "@media (prefers-color-scheme: dark) {"
    " .fw-page, .fw-page > div { background: #14171a !important; }"
    " .fw-card, .fw-card table { background: #1d2226 !important; }"
    " .fw-text div, .fw-text a { color: #e8e8e6 !important; }"
    " .fw-text .fw-code { color: #8fdcc6 !important; border-color: #8fdcc6 !important; } }"
)


class _Hidden:
    """Liquid in the place of which words stand that the compiler leaves alone."""

    def __init__(self) -> None:
        self._kept: list[str] = []

    def hide(self, text: str) -> str:
        """The text with words for its Liquid."""
        return LIQUID.sub(self._keep, _WORD.sub("", text))

    def keep(self, liquid: str) -> str:
        """The word for some Liquid."""
        self._kept.append(liquid)
        return f"fwq{len(self._kept) - 1}qwf"

    def show(self, text: str) -> str:
        """The text with its Liquid back."""
        return _WORD.sub(lambda found: self._kept[int(found[1])], text)

    def _keep(self, found: re.Match[str]) -> str:
        return self.keep(found[0])


def compile_html(mail: Mail, *, title: str, language: str) -> str:
    """The HTML of a mail in blocks, still with its Liquid.

    Raises
    ------
    BadContentError
        If no HTML can be made of it.
    """
    hidden = _Hidden()
    writer = _Writer(mail.theme, hidden)
    body = "".join(writer.section(block) for block in mail.blocks)
    theme = mail.theme
    source = (
        "<mjml><mj-head>"
        f"<mj-title>{escape(hidden.hide(title))}</mj-title><mj-preview>{escape(hidden.hide(mail.preheader))}</mj-preview>"
        f'<mj-attributes><mj-all font-family="{_FONTS}" />'
        f'<mj-text color="{_color(theme.text)}" line-height="1.6" padding="8px 24px" css-class="fw-text" />'
        '<mj-section padding="0" /></mj-attributes>'
        f"<mj-style>{_DARK}</mj-style>"
        '<mj-raw><meta name="color-scheme" content="light dark" /></mj-raw></mj-head>'
        f'<mj-body background-color="{_color(theme.background)}" width="{_within(theme.width, 320, 800)}px"'
        f' css-class="fw-page">{body}</mj-body></mjml>'
    )
    try:
        made: str = mjml2html(source)
    except ValueError as error:
        raise BadContentError("No mail can be made of these blocks.", hint=str(error)[:200]) from error
    return hidden.show(made.replace('lang="und"', f'lang="{escape(language)}"'))


def markdown(text: str, *, hide: Callable[[str], str] = str, accent: str = "") -> str:
    """Light Markdown as HTML; everything else in it is text."""
    safe = escape(hide(text), quote=True)
    style = f' style="color:{accent}"' if accent else ""
    safe = _LINK.sub(lambda found: f'<a href="{found[2]}"{style}>{found[1]}</a>', safe)
    safe = _BOLD.sub(r"<strong>\1</strong>", safe)
    safe = _ITALIC.sub(r"<em>\1</em>", safe)
    return "".join(_paragraph(each) for each in re.split(r"\n\s*\n", safe.strip()))


def _paragraph(text: str) -> str:
    lines = text.split("\n")
    if all(line.startswith("- ") for line in lines):
        items = "".join(f"<li>{line[2:]}</li>" for line in lines)
        return f'<ul style="margin:0 0 8px;padding-left:20px">{items}</ul>'
    return f'<p style="margin:0 0 8px">{"<br />".join(lines)}</p>'


class _Writer:
    """Writes blocks as sections of MJML."""

    def __init__(self, theme: Theme, hidden: _Hidden) -> None:
        self._theme = theme
        self._hide = hidden.hide
        self._keep = hidden.keep

    def section(self, block: AnyBlock) -> str:
        """One block, in a section of its own."""
        if isinstance(block, ColumnsBlock):
            columns = "".join(f"<mj-column>{self._all(each)}</mj-column>" for each in block.columns)
            return self._wrap(columns)
        if isinstance(block, ProductsBlock):
            return self._products(block)
        if isinstance(block, FooterBlock):
            return self._footer(block)
        return self._wrap(f"<mj-column>{self._inner(block)}</mj-column>")

    def _wrap(self, columns: str) -> str:
        return (
            f'<mj-section background-color="{_color(self._theme.surface)}" css-class="fw-card">{columns}</mj-section>'
        )

    def _all(self, blocks: Sequence[TextBlock | ImageBlock | ButtonBlock | DividerBlock]) -> str:
        return "".join(self._inner(each) for each in blocks)

    def _inner(self, block: AnyBlock) -> str:
        match block:
            case TextBlock():
                return self._text(block.text, align=block.align, size=_SIZES[block.size])
            case ImageBlock():
                return self._image(block)
            case ButtonBlock():
                return self._button(block.label, block.url, align=block.align)
            case CouponBlock():
                return self._coupon(block)
            case DividerBlock(is_blank=True):
                return f'<mj-spacer height="{_within(block.height, 0, 200)}px" />'
            case _:
                return '<mj-divider border-width="1px" border-color="#d8dbdd" padding="12px 24px" />'

    def _text(self, text: str, *, align: str, size: int, color: str = "") -> str:
        html = markdown(text, hide=self._hide, accent=_color(self._theme.accent))
        shade = f' color="{color}"' if color else ""
        return f'<mj-text align="{align}" font-size="{size}px"{shade}>{html}</mj-text>'

    def _image(self, block: ImageBlock) -> str:
        width = int(self._theme.width * _within(block.width, 5, 100) / 100)
        link = f' href="{self._attribute(block.link)}"' if block.link else ""
        return (
            f'<mj-image src="{self._attribute(block.url)}" alt="{self._attribute(block.alt)}" width="{width}px"'
            f' padding="0"{link} />'
        )

    def _button(self, label: str, url: str, *, align: str = "center") -> str:
        return (
            f'<mj-button href="{self._attribute(url)}" align="{align}" background-color="{_color(self._theme.accent)}"'
            f' color="#ffffff" border-radius="{_within(self._theme.radius, 0, 40)}px" font-size="15px"'
            f' inner-padding="12px 28px">{escape(self._hide(label))}</mj-button>'
        )

    def _coupon(self, block: CouponBlock) -> str:
        accent = _color(self._theme.accent)
        code = (
            '<mj-text align="center" padding="4px 24px">'
            '<span class="fw-code" style="display:inline-block;padding:10px 22px;'
            f"border:2px dashed {accent};border-radius:6px;font-size:22px;font-weight:700;letter-spacing:2px;"
            f'color:{accent}">{escape(self._hide(block.code))}</span></mj-text>'
        )
        title = self._text(block.title, align="center", size=_SIZES["large"]) if block.title else ""
        text = self._text(block.text, align="center", size=_SIZES["small"]) if block.text else ""
        return title + code + text + (self._button(block.label, block.url) if block.label else "")

    def _products(self, block: ProductsBlock) -> str:
        if block.items:
            wide = _within(block.columns, 1, 4)
            rows = [block.items[begin : begin + wide] for begin in range(0, len(block.items), wide)]
            return "".join(self._wrap("".join(self._product(each, block.label) for each in row)) for row in rows)
        given = Product(
            name="{{ product.name }}", price="{{ product.price }}", image_url="{{ product.image_url }}",
            url="{{ product.url }}",
        )  # fmt: skip
        begin = self._keep(f"{{% for product in products limit: {_within(block.most, 1, 20)} %}}")
        end = self._keep("{% endfor %}")
        one = self._wrap(self._product(given, block.label))
        return f"<mj-raw>{begin}</mj-raw>{one}<mj-raw>{end}</mj-raw>"

    def _product(self, product: Product, label: str) -> str:
        picture = self._image(ImageBlock(url=product.image_url, alt=product.name, link=product.url, width=100))
        if product.image_url.startswith("{{"):  # one that comes with the message may have none
            given = self._keep("{% if product.image_url != blank %}")
            picture = f"<mj-raw>{given}</mj-raw>{picture}<mj-raw>{self._keep('{% endif %}')}</mj-raw>"
        name = self._text(f"**{product.name}**", align="center", size=_SIZES["normal"])
        price = self._text(product.price, align="center", size=_SIZES["normal"]) if product.price else ""
        button = self._button(label, product.url) if label and product.url else ""
        return f"<mj-column>{picture if product.image_url else ''}{name}{price}{button}</mj-column>"

    def _footer(self, block: FooterBlock) -> str:
        links = [f"[{block.unsubscribe}]({{{{ unsubscribe_url }}}})"] if block.unsubscribe else []
        links += [f"[{block.preferences}]({{{{ preferences_url }}}})"] if block.preferences else []
        lines = [each for each in (block.text, "{{ brand.name }} · {{ brand.address }}", " · ".join(links)) if each]
        text = self._text("\n\n".join(lines), align="center", size=12, color="#6b7278")
        return f'<mj-section padding="16px 0 24px"><mj-column>{text}</mj-column></mj-section>'

    def _attribute(self, text: str) -> str:
        return escape(self._hide(text), quote=True)


def _color(text: str) -> str:
    return text if _COLOR.fullmatch(text) else "#444444"


def _within(number: int, low: int, high: int) -> int:
    return max(low, min(number, high))
