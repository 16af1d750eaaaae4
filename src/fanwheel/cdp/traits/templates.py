"""Traits to begin with, which brands ask for most; the web app has their words by their ids."""

from collections.abc import Sequence
from typing import Final

from fanwheel.cdp.traits import reckoning
from fanwheel.cdp.traits.contracts import Option, Template


def _options(**labels: str) -> tuple[Option, ...]:
    return tuple(Option(value.strip("_"), label) for value, label in labels.items())


_AGES: Final = tuple(Option(band, band) for band in ("under 18", "18-24", "25-34", "35-44", "45-54", "55+"))
_LANGUAGES: Final = (
    Option("en", "English"), Option("zh-CN", "Chinese (simplified)"), Option("zh-TW", "Chinese (traditional)"),
    Option("de", "German"), Option("es", "Spanish"), Option("fr", "French"), Option("ja", "Japanese"),
    Option("ko", "Korean"), Option("pt", "Portuguese"), Option("ru", "Russian"),
)  # fmt: skip

DECLARED: Final = (
    Template("ageBand", "age_band", "option", options=_AGES),
    Template("gender", "gender", "option", options=_options(female="Female", male="Male", other="Other")),
    Template("birthday", "birthday", "date"),
    Template("country", "country", "text"),
    Template("region", "region", "text"),
    Template("city", "city", "text"),
    Template("language", "language", "option", options=_LANGUAGES),
    Template(
        "device",
        "device",
        "option",
        options=_options(ios="iPhone or iPad", android="Android", harmony="HarmonyOS", desktop="Computer"),
    ),
    Template(
        "preferences",
        "preferences",
        "options",
        options=_options(new="New arrivals", sale="Offers", limited="Limited editions", gifts="Gifts", live="Live"),
    ),
    Template(
        "topics",
        "topics",
        "options",
        options=_options(care="Care", style="Style", tech="How it is made", stories="Stories", events="Events"),
    ),
    Template(
        "contactChannel",
        "contact_channel",
        "option",
        options=_options(email="E-mail", sms="SMS", wechat="WeChat", whatsapp="WhatsApp", phone="Phone"),
    ),
    Template(
        "memberLevel",
        "member_level",
        "option",
        options=_options(basic="Basic", silver="Silver", gold="Gold", platinum="Platinum"),
    ),
    Template("occupation", "occupation", "text"),
    Template("company", "company", "text"),
    Template("householdSize", "household_size", "number", "people"),
    Template("hasChildren", "has_children", "bool"),
    Template("budget", "budget", "number"),
    Template("wechatName", "wechat_name", "text"),
)


def every() -> Sequence[Template]:
    """Declared traits, then those that are worked out from events."""
    return [*DECLARED, *reckoning.list_templates()]
