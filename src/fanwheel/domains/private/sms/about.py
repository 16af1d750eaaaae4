"""Text messages as the product knows them before an account is opened."""

from typing import Final

from fanwheel.domains.private.channels.adapter import About, Field

BASE_URL: Final = "https://api.twilio.com"
ADDRESS: Final = "phone"
TEXT: Final = 1600  # what Twilio joins; other providers take less, see the setting text_limit
OPT_OUT_HINT: Final = "拒收请回复R"
HTTP, TWILIO = "http", "twilio"

ABOUT: Final = About(
    kind="sms",
    address=ADDRESS,
    fields=(
        Field("provider", default=TWILIO, choices=(TWILIO, HTTP)),
        # Twilio, and those who speak as it does.
        Field("account_sid", is_required=False),
        Field("auth_token", is_secret=True, is_required=False),
        Field("sender", is_required=False),
        Field("base_url", is_required=False, default=BASE_URL, pattern=r"https?://.+"),
        # Any other provider: what is asked, and how its answer is read.
        Field("request_url", is_required=False, pattern=r"https?://.+"),
        Field("method", is_required=False, default="POST", choices=("POST", "GET", "PUT")),
        Field("content_type", is_required=False, default="application/json"),
        Field("headers", is_required=False, pattern=r"[\s\S]+"),
        Field("body", is_required=False, pattern=r"[\s\S]+"),
        Field("password", is_secret=True, is_required=False),
        Field("success_path", is_required=False),
        Field("success_value", is_required=False),
        Field("id_path", is_required=False),
        Field("throttled_values", is_required=False),
        Field("gone_values", is_required=False),
        # What any other provider tells us.
        Field("callback_password", is_secret=True, is_required=False),
        Field("list_path", is_required=False),
        Field("from_path", is_required=False),
        Field("text_path", is_required=False),
        Field("report_id_path", is_required=False),
        Field("report_state_path", is_required=False),
        Field("delivered_values", is_required=False),
        # Wording.
        Field("signature", is_required=False, pattern=r"[^【】]{1,20}"),
        Field("opt_out_hint", is_required=False, default=OPT_OUT_HINT, pattern=r".{1,40}"),
        Field("text_limit", is_required=False, pattern=r"\d{2,4}"),
    ),
    capabilities=frozenset({"text", "card", "choices", "receive", "receipts"}),
    per_second=10.0,
    text_limit=TEXT,
)
