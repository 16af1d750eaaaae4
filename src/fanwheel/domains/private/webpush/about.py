"""Web push as the product knows it before an account is opened."""

from typing import Final

from fanwheel.domains.private.channels.adapter import About, Field

ADDRESS: Final = "anonymous_id"

# What push services take is 4,096 bytes, of which the encryption needs 103.
PAYLOAD: Final = 3993
TITLE: Final = 120
BODY: Final = 1000
ACTIONS: Final = 2
ACTION: Final = 30
DAY_S: Final = 86_400

ABOUT: Final = About(
    kind="webpush",
    address=ADDRESS,
    fields=(
        Field("origins", pattern=r"https?://[^\s,/]+(\s*,\s*https?://[^\s,/]+)*"),
        Field("contact", pattern=r"(mailto:.+@.+|https://.+)"),
        Field("title", is_required=False, pattern=r".{1,60}"),
        Field("icon_url", is_required=False, pattern=r"https://.+"),
        Field("vapid_public_key", is_required=False, pattern=r"[A-Za-z0-9_-]{87}"),
        Field("vapid_private_key", is_secret=True, is_required=False, pattern=r"[A-Za-z0-9_-]{43}"),
        Field("push_url", is_required=False, pattern=r"https?://[^\s/]+"),
    ),
    capabilities=frozenset({"text", "card", "native", "receive", "receipts", "idempotent"}),
    per_second=200.0,
    text_limit=BODY,
)
