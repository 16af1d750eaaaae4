"""What WeCom asks for, what it can do, and what it allows."""

from typing import Final

from fanwheel.domains.private.channels.adapter import About, Allowance, Field

KIND: Final = "wecom"
BASE_URL: Final = "https://qyapi.weixin.qq.com"
ADDRESS: Final = "wecom_external_userid"
WELCOME_S: Final = 20

_OFFICIAL: Final = "developer.work.weixin.qq.com/document"
_SERVICE: Final = f"{_OFFICIAL}, WeChat customer service"
_GROUP: Final = f"{_OFFICIAL}/path/92135, updated 2025-11-17"
_AS_OF: Final = "2026-11"

ABOUT: Final = About(
    kind=KIND,
    address=ADDRESS,
    fields=(
        Field("corp_id", pattern=r"w[wxm][0-9A-Za-z]{4,40}"),
        Field("secret", is_secret=True, pattern=r"[0-9A-Za-z_-]{8,80}"),
        Field("token", is_secret=True, pattern=r"[0-9A-Za-z]{3,32}"),
        Field("encoding_aes_key", is_secret=True, pattern=r"[0-9A-Za-z+/]{43}"),
        Field("staff", is_required=False, pattern=r"[\w@.,-]+"),
        Field("agent_id", is_required=False, pattern=r"\d{1,12}"),
        Field("base_url", is_required=False, default=BASE_URL, pattern=r"https?://\S+"),
    ),
    capabilities=frozenset(
        {"text", "image", "video", "file", "card", "choices", "native", "receive", "receipts", "tasks", "codes", "tags"}
    ),
    allowances=(
        Allowance("welcome", "follow", WELCOME_S, 1, "person", f"{_OFFICIAL}, welcome", _AS_OF, "free"),
        Allowance("kf_welcome", "enter", WELCOME_S, 1, "person", _SERVICE, _AS_OF, "free"),
        Allowance("kf", "message", 48 * 3600, 5, "person", _SERVICE, _AS_OF, "free"),
        # As many in a month as it has days.
        Allowance("group_message", "always", 30 * 86_400, 30, "person", _GROUP, _AS_OF, "task"),
    ),
    text_limit=1300,
    text_bytes=4000,
)  # fmt: skip
