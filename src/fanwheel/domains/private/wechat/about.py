"""What an Official Account asks for, what it can do, and what it allows."""

from typing import Final

from fanwheel.domains.private.channels.adapter import About, Allowance, Field

KIND: Final = "wechat_oa"
BASE_URL: Final = "https://api.weixin.qq.com"
# Template parts of this prefix are subscription messages, each paid for with one tick of the person.
SUBSCRIPTION: Final = "subscription:"

_QUOTED: Final = "vendor's announcement of 2023-06-12 as quoted by docs.chatalog.ai; older pages say 20 in 48 h"
_OFFICIAL: Final = "developers.weixin.qq.com, /doc/service"
_AS_OF: Final = "2026-11"

ABOUT: Final = About(
    kind=KIND,
    address="openid",
    fields=(
        Field("app_id", pattern=r"wx[0-9A-Za-z]{4,30}"),
        Field("app_secret", is_secret=True, pattern=r"[0-9A-Za-z]{8,64}"),
        Field("token", is_secret=True, pattern=r"[0-9A-Za-z]{3,32}"),
        Field("mode", default="safe", choices=("safe", "plain")),
        Field("encoding_aes_key", is_secret=True, is_required=False, pattern=r"[0-9A-Za-z+/]{43}"),
        Field("passive_reply", is_required=False, default="off", choices=("off", "on")),
        Field("mini_program_id", is_required=False, pattern=r"wx[0-9A-Za-z]{4,30}"),
        Field("base_url", is_required=False, default=BASE_URL, pattern=r"https?://\S+"),
    ),
    capabilities=frozenset(
        {"text", "image", "voice", "video", "card", "choices", "template", "native", "receive", "typing", "receipts",
         "menu", "passive_reply", "codes"}
    ),
    allowances=(
        Allowance("customer_service", "message", 48 * 3600, 5, "person", _QUOTED, _AS_OF, "free"),
        Allowance("customer_service_follow", "follow", 60, 3, "person", _QUOTED, _AS_OF, "free"),
        Allowance("customer_service_tap", "tap", 60, 3, "person", _QUOTED, _AS_OF, "free"),
        Allowance("customer_service_scan", "scan", 60, 3, "person", _QUOTED, _AS_OF, "free"),
        Allowance("subscription", "grant", None, 1, "person", f"{_OFFICIAL}, subscription", _AS_OF, "template"),
        Allowance("customer_service_day", "always", 86_400, 500_000, "account", f"{_OFFICIAL}, quotas", _AS_OF, "free"),
        Allowance("template_day", "always", 86_400, 100_000, "account", "the console shows yours", _AS_OF, "template"),
    ),
    text_limit=600,
    text_bytes=2048,
)  # fmt: skip
