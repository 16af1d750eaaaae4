"""Words: what an event says at a path, as values that can be counted and told again."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final, NamedTuple

import msgspec

from fanwheel.cdp.segments.rules import filters, values

Scalar = str | int | float | bool
LONGEST: Final = 200
_PRODUCTS: Final = "products"
# Whole numbers up to here are told without a point, whichever way they were sent.
_EXACT: Final = 1 << 53
_encode: Final = msgspec.json.Encoder().encode


class Word(NamedTuple):
    """A value with the 64 bits, signed, by which digests name it."""

    key: int
    value: Scalar


class Place(NamedTuple):
    """Where words stand: at ``path`` in the event or, with ``is_of_products``, in each product of its list.

    An event without a list of products is its own product, as in filters.
    """

    is_of_products: bool
    path: filters.Path


def place_of(path: str) -> Place:
    """The place that a path means."""
    steps = filters.split_path(path)
    if steps[0] == _PRODUCTS and len(steps) > 1:
        return Place(True, steps[1:])
    return Place(False, steps)


def compile_words(path: str) -> Callable[[Mapping[str, Any]], list[Word]]:
    """The words that the properties of an event have at a path, each once."""
    is_of_products, steps = place_of(path)

    def read(told: Mapping[str, Any]) -> list[Word]:
        products = told.get(_PRODUCTS) if is_of_products else None
        return (
            spread([filters.look_up(told, steps)]) if not isinstance(products, list) else of_products(products, steps)
        )

    return read


def of_products(products: Iterable[Any], path: filters.Path) -> list[Word]:
    """The words at a path of each product, each once."""
    return spread(filters.look_up(product, path) for product in products)


def spread(found: Iterable[Any]) -> list[Word]:
    """Every word among values and in lists that are values, each once."""
    words: dict[int, Word] = {}
    for value in found:
        for each in value if isinstance(value, list) else (value,):
            if (word := word_of(each)) is not None:
                words[word.key] = word
    return list(words.values())


def word_of(value: Any) -> Word | None:
    """The word that a value is: a text, cut and without blanks around it, a number, true or false; None for others."""
    if type(value) is str:
        return _word_of_text(value)
    if type(value) is bool:
        return _word(value)
    exact = values.number(value)
    if exact is None or not -values.LARGEST <= exact <= values.LARGEST:
        return None
    return _word(int(exact) if exact.is_integer() and abs(exact) < _EXACT else exact)


@lru_cache(maxsize=16_384)
def _word_of_text(text: str) -> Word | None:
    # What is no character, or none that PostgreSQL keeps, is left out.
    kept = text.encode("utf-8", "ignore").decode().replace("\0", "").strip()[:LONGEST].rstrip()
    return _word(kept) if kept else None


def _word(value: Scalar) -> Word:
    return Word(int.from_bytes(blake2b(_encode(value), digest_size=8).digest(), "little", signed=True), value)
