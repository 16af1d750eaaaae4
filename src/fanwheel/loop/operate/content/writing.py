"""A template as people write it: variants, each in several languages, of a mail or of the parts of a message."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import msgspec

from fanwheel.domains.private.channels.contracts import AnyPart
from fanwheel.loop.operate.content.errors import BadContentError

MAIL: Final = "email"
Align = Literal["left", "center", "right"]


class Block(msgspec.Struct, frozen=True, tag_field="type"):
    """A piece of a mail, below the one before it."""


class TextBlock(Block, frozen=True, tag="text"):
    """Paragraphs in light Markdown: **bold**, *italic*, [words](address), lists with “- ”."""

    text: str
    align: Align = "left"
    size: Literal["small", "normal", "large", "title"] = "normal"


class ImageBlock(Block, frozen=True, tag="image"):
    """A picture of the media library, or at an address."""

    url: str = ""
    media_id: int | None = None
    alt: str = ""
    link: str = ""
    width: int = 100  # percent
    size_bytes: int | None = None


class ButtonBlock(Block, frozen=True, tag="button"):
    """Words to press."""

    label: str
    url: str
    align: Align = "center"


class Product(msgspec.Struct, frozen=True):
    """One thing on offer."""

    name: str
    price: str = ""
    image_url: str = ""
    url: str = ""


class ProductsBlock(Block, frozen=True, tag="products"):
    """Products: those that come with the message, or these."""

    items: tuple[Product, ...] = ()  # none: the variable ``products``
    most: int = 4
    columns: int = 2
    label: str = ""  # on the button below each


class CouponBlock(Block, frozen=True, tag="coupon"):
    """A coupon to cut out."""

    title: str = ""
    code: str = "{{ coupon.code }}"
    text: str = ""
    label: str = ""
    url: str = ""


class DividerBlock(Block, frozen=True, tag="divider"):
    """A line, or just room."""

    is_blank: bool = False
    height: int = 16


class ColumnsBlock(Block, frozen=True, tag="columns"):
    """Blocks beside each other; on a phone below each other."""

    columns: tuple[tuple["TextBlock | ImageBlock | ButtonBlock | DividerBlock", ...], ...]


class FooterBlock(Block, frozen=True, tag="footer"):
    """Who writes, from where, and how to hear no more of it."""

    text: str = ""
    unsubscribe: str = "Unsubscribe"
    preferences: str = ""


AnyBlock = (
    TextBlock | ImageBlock | ButtonBlock | ProductsBlock | CouponBlock | DividerBlock | ColumnsBlock | FooterBlock
)


class Theme(msgspec.Struct, frozen=True):
    """Colors and letters of a mail."""

    background: str = "#f4f4f2"
    surface: str = "#ffffff"
    text: str = "#1f2328"
    accent: str = "#1f6f5c"
    width: int = 600
    radius: int = 6


class Mail(msgspec.Struct, frozen=True):
    """A mail: in blocks, or in HTML of one's own."""

    subject: str = ""
    preheader: str = ""
    reply_to: str = ""
    kind: Literal["blocks", "html"] = "blocks"
    blocks: tuple[AnyBlock, ...] = ()
    theme: Theme = Theme()
    html: str = ""
    text: str | None = None  # nothing: made from the rest


class Wording(msgspec.Struct, frozen=True):
    """What is said in one language: a mail, or the parts of a message."""

    mail: Mail | None = None
    parts: tuple[AnyPart, ...] = ()


class Variant(msgspec.Struct, frozen=True):
    """One of several ways to say it; of two with weights 1 and 3 the second is said to three of four people."""

    key: str
    wordings: dict[str, Wording]
    weight: float = 1


class Variable(msgspec.Struct, frozen=True):
    """A value that comes with the message; ``default`` is taken where none does, ``sample`` in previews."""

    name: str
    label: str = ""
    default: str | None = None
    sample: str = ""


class Utm(msgspec.Struct, frozen=True):
    """What links of a template say of where somebody came from; nothing: as the brand has it."""

    source: str = ""
    medium: str = ""
    campaign: str = ""
    term: str = ""
    content: str = ""


class Content(msgspec.Struct, frozen=True):
    """All of a template that a version keeps."""

    variants: tuple[Variant, ...]
    language: str = "zh-CN"  # who reads none of the others gets this one
    variables: tuple[Variable, ...] = ()
    utm: Utm | None = None
    follows_links: bool = True
    follows_opens: bool = True


_MOST_VARIANTS: Final = 10
_MOST_BLOCKS: Final = 200


def read(raw: Any, channel: str) -> Content:
    """A template as it was sent or kept.

    Raises
    ------
    BadContentError
        If it is no template of that channel.
    """
    try:
        content = msgspec.convert(raw, Content)
    except msgspec.ValidationError as error:
        raise BadContentError(f"{error}.") from error
    _check(content, channel)
    return content


def to_json(content: Content) -> dict[str, Any]:
    """A template as it is kept."""
    made: dict[str, Any] = msgspec.to_builtins(content)
    return made


def new(channel: str, language: str) -> Content:
    """A template with nothing in it yet."""
    wording = Wording(mail=Mail()) if channel == MAIL else Wording()
    return Content(variants=(Variant(key="A", wordings={language: wording}),), language=language)


def choose_language(offered: Mapping[str, Any] | Sequence[str], wanted: Sequence[str], default: str) -> str:
    """The first language wanted that is offered, exactly or but for the region; else ``default``, else any."""
    by_lower = {name.lower().replace("_", "-"): name for name in offered}
    for one in wanted:
        asked = one.lower().replace("_", "-")
        while asked:
            if asked in by_lower:
                return by_lower[asked]
            near = sorted(name for name in by_lower if name.partition("-")[0] == asked)
            if near:
                return by_lower[near[0]]
            asked = asked.rpartition("-")[0]
    return default if default in offered else next(iter(offered), default)


def _check(content: Content, channel: str) -> None:
    keys = [variant.key for variant in content.variants]
    if not keys or len(keys) > _MOST_VARIANTS or len(set(keys)) < len(keys) or not all(keys):
        raise BadContentError(f"A template has one to {_MOST_VARIANTS} variants, each with a key of its own.")
    if not all(0 <= variant.weight <= 1_000_000 for variant in content.variants) or not any(
        variant.weight for variant in content.variants
    ):
        raise BadContentError("Weights of variants are numbers from 0, and one at least is more than 0.")
    for variant in content.variants:
        if content.language not in variant.wordings:
            raise BadContentError(
                f"Variant {variant.key} has no wording in {content.language}.",
                hint="Every variant is written in the template's own language at least.",
            )
        for wording in variant.wordings.values():
            _check_wording(wording, channel)


def _check_wording(wording: Wording, channel: str) -> None:
    if (channel == MAIL) != (wording.mail is not None):
        raise BadContentError("A template for e-mail has a mail, one for another channel has parts.")
    if wording.mail is not None and len(wording.mail.blocks) > _MOST_BLOCKS:
        raise BadContentError(f"A mail has at most {_MOST_BLOCKS} blocks.")
    for block in wording.mail.blocks if wording.mail else ():
        if isinstance(block, ColumnsBlock) and not 1 <= len(block.columns) <= 4:
            raise BadContentError("There are one to four columns.")
