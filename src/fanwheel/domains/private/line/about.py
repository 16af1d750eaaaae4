"""LINE as the product knows it before an account is opened."""

from typing import Final

from fanwheel.domains.private.channels.adapter import About, Allowance, Field

BASE_URL: Final = "https://api.line.me"
DATA_URL: Final = "https://api-data.line.me"
ADDRESS: Final = "line_id"

TEXT: Final = 5000
AT_ONCE: Final = 5
QUICK_REPLIES: Final = 13
LABEL: Final = 20
BUTTONS: Final = 4
TITLE: Final = 40
CARD_TEXT: Final = 160
CARD_TEXT_BELOW: Final = 60  # with a title or a picture
ALTERNATIVE: Final = 1500
POSTBACK: Final = 300

ABOUT: Final = About(
    kind="line",
    address=ADDRESS,
    fields=(
        Field("channel_id", pattern=r"\d+"),
        Field("channel_secret", is_secret=True),
        Field("access_token", is_secret=True, is_required=False),
        Field("base_url", is_required=False, default=BASE_URL, pattern=r"https?://.+"),
        Field("data_url", is_required=False, default=DATA_URL, pattern=r"https?://.+"),
    ),
    capabilities=frozenset(
        {
            *("text", "image", "voice", "video", "card", "choices", "native"),
            *("receive", "typing", "menu", "idempotent"),
        }
    ),
    allowances=(
        Allowance(
            "line_monthly",
            opens="always",
            lasts_s=30 * 24 * 3600,
            most=None,
            per="account",
            cite="messages of a month by the account’s plan, answers with a reply token not counted; "
            "general knowledge, the plan’s own figure is in the connection test",
            as_of="2026-11",
        ),
    ),
    per_second=100.0,
    text_limit=TEXT,
)
