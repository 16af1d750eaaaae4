"""Looking through HTML of one's own: what no mail may hold, and what its pictures lack."""

from html.parser import HTMLParser
from typing import Final, NamedTuple

# What runs, loads or sends something: clients strip it, filters punish it, and in a preview it would run.
_UNSAFE: Final = frozenset(
    {"script", "iframe", "frame", "frameset", "object", "embed", "applet", "form", "input", "button", "textarea",
     "select", "base", "link", "svg", "math", "video", "audio", "portal", "template", "noscript"}
)  # fmt: skip
_REFRESH: Final = "refresh"
_ADDRESSES: Final = frozenset({"href", "src", "action", "background", "poster", "formaction", "xlink:href"})
_NO_SCHEME: Final = ("javascript:", "vbscript:", "data:text", "file:")


class Facts(NamedTuple):
    """What was found: names of what may not be there, and counts."""

    unsafe: tuple[str, ...]
    images: int
    images_without_alt: int
    images_without_address: int


def look(html: str) -> Facts:
    """What HTML holds that it should not, and what it lacks."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Facts(tuple(dict.fromkeys(reader.unsafe)), reader.images, reader.without_alt, reader.without_address)


class _Reader(HTMLParser):
    """Goes through the elements."""

    def __init__(self) -> None:
        super().__init__()
        self.unsafe: list[str] = []
        self.images = 0
        self.without_alt = 0
        self.without_address = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element."""
        found = {name: value or "" for name, value in attrs}
        if tag in _UNSAFE:
            self.unsafe.append(f"<{tag}>")
        if tag == "meta" and found.get("http-equiv", "").lower() == _REFRESH:
            self.unsafe.append("<meta refresh>")
        for name, value in found.items():
            if name.startswith("on"):
                self.unsafe.append(name)
            # Browsers pass over blanks and control characters within a scheme.
            bare = "".join(letter for letter in value.lower() if letter > " ")
            if name in _ADDRESSES and bare.startswith(_NO_SCHEME):
                self.unsafe.append(bare.partition(":")[0] + ":")
        if tag == "img":
            self._picture(found)

    def _picture(self, found: dict[str, str]) -> None:
        self.images += 1
        self.without_alt += not found.get("alt", "").strip()
        self.without_address += not found.get("src", "").strip()
