"""WhatsApp as the product knows it before an account is opened."""

from typing import Final

from fanwheel.domains.private.channels.adapter import About, Allowance, Field

BASE_URL: Final = "https://graph.facebook.com"
VERSION: Final = "v21.0"
ADDRESS: Final = "phone"

TEXT: Final = 4096
BODY: Final = 1024  # of a message with buttons or a list, and of a caption
HEADER: Final = 60
FOOTER: Final = 60
BUTTONS: Final = 3
BUTTON: Final = 20
ROWS: Final = 10
ROW: Final = 24
ROW_TEXT: Final = 72
ROW_ID: Final = 200
OPAQUE: Final = 512

ABOUT: Final = About(
    kind="whatsapp",
    address=ADDRESS,
    fields=(
        Field("phone_number_id", pattern=r"\d+"),
        Field("access_token", is_secret=True),
        Field("app_secret", is_secret=True),
        Field("verify_token", is_required=False),
        Field("api_version", is_required=False, default=VERSION, pattern=r"v\d+\.\d+"),
        Field("base_url", is_required=False, default=BASE_URL, pattern=r"https?://.+"),
    ),
    capabilities=frozenset(
        {
            "text",
            "image",
            "voice",
            "video",
            "file",
            "card",
            "choices",
            "template",
            "native",
            "receive",
            "typing",
            "receipts",
        }
    ),
    allowances=(
        Allowance(
            "whatsapp_service",
            opens="message",
            lasts_s=24 * 3600,
            most=None,
            cite="Meta’s Cloud API documentation: customer service window",
            as_of="2026-11",
        ),
        Allowance(
            "whatsapp_template",
            opens="always",
            lasts_s=24 * 3600,
            most=250,
            per="account",
            cite="people in 24 h whom a number may write to first: 250 at first, then 1,000, 10,000, 100,000 or any; "
            "general knowledge, the number’s own tier is in the connection test",
            as_of="2026-11",
            covers="template",
        ),
    ),
    per_second=80.0,
    text_limit=TEXT,
)
