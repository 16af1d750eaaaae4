"""The words that templates may use, with examples, for whoever writes one."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from fanwheel.cdp import traits
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate.content.repository import TemplateRepository
from fanwheel.loop.operate.content.variables import BRAND, OWN, brand_of

_LOOKED_AT: Final = 300
_MOST_SAMPLES: Final = 3
_LONG: Final = 40


class Word(NamedTuple):
    """Something that can be said: ``path`` is what stands between the braces."""

    path: str
    label: str
    group: str
    type: str
    samples: tuple[str, ...] = ()


async def list_person_names(tx: Transaction) -> set[str]:
    """Names under which anything is known of people."""
    declared = {each.name for each in await traits.list_definitions(tx)}
    seen = await TemplateRepository(tx).sample_people(most=_LOOKED_AT)
    return declared | set(OWN) | {name for person in seen for name in person}


async def list_words(tx: Transaction) -> list[Word]:
    """Every word, those of people first, with examples from the people seen last."""
    templates = TemplateRepository(tx)
    declared = {each.name: each for each in await traits.list_definitions(tx)}
    seen = await templates.sample_people(most=_LOOKED_AT)
    names = dict.fromkeys([*OWN, *declared, *sorted({name for person in seen for name in person})])
    words = []
    for name in names:
        known = declared.get(name)
        kind = known.type if known else "text"
        words.append(Word(_path(name), known.label if known else "", "person", kind, tuple(_samples(name, seen))))
    brand = brand_of(await templates.get_brand()).said
    words += [Word(f"brand.{name}", "", "brand", "text", (str(brand[name]),) if brand[name] else ()) for name in BRAND]
    fixed = (
        ("account.name", "account", ""), ("unsubscribe_url", "links", ""), ("preferences_url", "links", ""),
        ("coupon.code", "coupon", "MIST-2026"), ("coupon.name", "coupon", "¥20"),
        ("coupon.expires_at", "coupon", "2026-12-31"), ("products", "products", ""),
        ('now | date: "%Y-%m-%d"', "date", ""),
    )  # fmt: skip
    return words + [Word(path, "", group, "text", (sample,) if sample else ()) for path, group, sample in fixed]


def _path(name: str) -> str:
    is_plain = name.isidentifier()
    return f"person.{name}" if is_plain else f'person["{name}"]'


def _samples(name: str, seen: Sequence[dict[str, Any]]) -> Iterator[str]:
    found: set[str] = set()
    for person in seen:
        value = person.get(name)
        if value in (None, "", []) or len(found) == _MOST_SAMPLES:
            continue
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        if text not in found and len(text) <= _LONG:
            found.add(text)
            yield text
