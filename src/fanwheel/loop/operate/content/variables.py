"""What a template may speak of: the person, the brand, the account, and what comes with the message."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from fanwheel.infra.postgres.pool import Row
from fanwheel.kernel.domain import Stage
from fanwheel.loop.operate.content.contracts import Recipient
from fanwheel.loop.operate.content.writing import Content

GIVEN: Final = frozenset({"person", "account", "brand", "now", "unsubscribe_url", "preferences_url"})
OPEN: Final = frozenset({"coupon", "products", "product"})
# Names of a person that are there without anybody having declared them.
OWN: Final = ("id", "name", "first_name", "tags", "stage", "order_count")
BRAND: Final = ("name", "address", "website", "phone", "email", "logo_url")
_LANGUAGES: Final = ("language", "locale", "lang", "preferred_language")
_FIRST: Final = ("first_name", "firstName", "nickname", "nickName")


class Brand(NamedTuple):
    """The brand as it signs its messages."""

    said: Mapping[str, Any]
    accounts: Mapping[str, str]
    time_zone: str
    profile: Mapping[str, Any]


def brand_of(row: Row) -> Brand:
    """The brand from what is kept of it."""
    profile = row["profile"]
    said = {name: profile.get(name) or "" for name in BRAND} | {"name": profile.get("name") or row["name"]}
    return Brand(said, row["accounts"], row["time_zone"], profile)


def of_person(row: Row | None) -> dict[str, Any]:
    """What is known of a person, by name; of nobody nothing."""
    if row is None:
        return {}
    traits: dict[str, Any] = row["traits"]
    first = next((traits[name] for name in _FIRST if traits.get(name)), None)
    own = {
        "id": row["person_id"],
        "name": row["display_name"],
        "tags": list(row["tags"]),
        "stage": Stage(row["stage"]).label,
        "order_count": row["order_count"],
    }
    return {**own, **row["layers"], **({"first_name": first} if first else {}), **traits}


def languages_of(row: Row | None) -> list[str]:
    """The languages that a person said to read, as far as anybody knows."""
    traits = row["traits"] if row is not None else {}
    return [traits[name] for name in _LANGUAGES if isinstance(traits.get(name), str)]


def of_recipient(
    recipient: Recipient, row: Row | None, brand: Brand, defaults: Mapping[str, str], *, site_url: str
) -> dict[str, Any]:
    """Everything that fills in one message; names that the product gives cannot be taken by what comes with it."""
    given: dict[str, Any] = {**defaults, **recipient.variables}
    given |= {
        "person": of_person(row),
        "brand": {**brand.said, "logo_url": _absolute(str(brand.said["logo_url"]), site_url)},
        "account": {"name": brand.accounts.get(str(recipient.account_id), "")},
        "now": "now",
        "fw_site": site_url,
    }
    links = {"unsubscribe_url": recipient.unsubscribe_url, "preferences_url": recipient.preferences_url}
    for name, url in links.items():
        given.pop(name, None)
        if url:
            given[name] = url
    return given


def _absolute(url: str, site_url: str) -> str:
    """A file of the media library as mailboxes find it."""
    return f"{site_url}{url}" if url.startswith("/media/") else url


def samples(content: Content) -> dict[str, Any]:
    """Values for a preview of what would come with a message."""
    own = {each.name: each.sample or each.default or f"[{each.label or each.name}]" for each in content.variables}
    product = {"name": "Cloud tea 云雾茶", "price": "¥98", "image_url": "", "url": "https://example.com/tea"}
    return {
        "coupon": {"code": "MIST-2026", "name": "¥20", "expires_at": "2026-12-31"},
        "products": [product, product | {"name": "Rain cup 听雨杯", "price": "¥128"}],
        **own,
    }
