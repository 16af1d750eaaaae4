"""TikTok as the product knows it before an account is opened."""

from typing import Final

from fanwheel.domains.private.channels.adapter import About, Allowance, Field

BASE_URL: Final = "https://business-api.tiktok.com"
ADDRESS: Final = "tiktok_open_id"

TEXT: Final = 6000
COMMENT: Final = 150
CARD_TITLE: Final = 40
CARD_BUTTONS: Final = 3
BUTTON: Final = 20
LINK_BUTTON: Final = 40
BUTTON_ID: Final = 40
PICTURE_BYTES: Final = 3 * 1024 * 1024

_CITE: Final = "Business Messaging API v1.3, cached documentation; not in the EEA, Switzerland and the UK"

ABOUT: Final = About(
    kind="tiktok",
    address=ADDRESS,
    fields=(
        Field("app_id"),
        Field("app_secret", is_secret=True),
        Field("business_id"),
        Field("refresh_token", is_secret=True),
        Field("base_url", is_required=False, default=BASE_URL, pattern=r"https?://.+"),
    ),
    capabilities=frozenset(
        {"text", "image", "card", "choices", "native", "receive", "typing", "receipts", "comments", "menu"}
    ),
    allowances=(
        Allowance(
            "tiktok_reply", opens="message", lasts_s=48 * 3600, most=10, cite=_CITE, as_of="2026-11", covers="free"
        ),
        Allowance(
            "tiktok_comment", opens="comment", lasts_s=48 * 3600, most=1, cite=_CITE, as_of="2026-11", covers="comment"
        ),
    ),
    per_second=10.0,
    text_limit=TEXT,
)
