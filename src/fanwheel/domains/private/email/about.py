"""What an e-mail account is made of."""

from typing import Final

from fanwheel.domains.private.channels.adapter import About, Field

PROVIDERS: Final = ("smtp", "ses", "sendgrid", "mailgun", "postmark")
_HOST: Final = r"[A-Za-z0-9](?:[A-Za-z0-9.\-]{0,252}[A-Za-z0-9])?|\[?[0-9A-Fa-f:.]+\]?"
_DOMAIN: Final = r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9\-]{2,63}"
_ADDRESS: Final = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~\-]{1,64}@" + _DOMAIN
_ANYTHING: Final = r"[\s\S]+"

ABOUT: Final = About(
    kind="email",
    address="email",
    fields=(
        Field("provider", default="smtp", choices=PROVIDERS),
        Field("host", pattern=_HOST),
        Field("port", default="587", pattern=r"\d{1,5}"),
        Field("security", default="starttls", choices=("starttls", "tls", "plain")),
        Field("username", is_required=False),
        Field("password", is_secret=True, is_required=False),
        Field("from_address", pattern=_ADDRESS),
        Field("from_name", is_required=False, pattern=r"[^\x00-\x1f\x7f]{1,100}"),
        Field("reply_to", is_required=False, pattern=_ADDRESS),
        # Its mailbox takes what comes back: see docs/how-to/send-mail.md.
        Field("bounce_domain", is_required=False, pattern=_DOMAIN),
        Field("dkim_domain", is_required=False, pattern=_DOMAIN),
        Field("dkim_selector", is_required=False, pattern=r"[A-Za-z0-9](?:[A-Za-z0-9.\-]{0,61}[A-Za-z0-9])?"),
        Field("dkim_key", is_secret=True, is_required=False, pattern=_ANYTHING),
        # The provider's key, or the user and password of its callback: what proves that it is the provider who calls.
        Field("webhook_secret", is_secret=True, is_required=False, pattern=_ANYTHING),
        Field("topic_arn", is_required=False, pattern=r"arn:aws[a-z\-]*:sns:[a-z0-9\-]+:\d+:[A-Za-z0-9_\-]+"),
        Field("base_url", is_required=False, pattern=r"https?://\S+"),
        Field("connections", default="4", pattern=r"[1-9]\d?"),
    ),
    capabilities=frozenset({"text", "image", "file", "card", "choices", "email", "receive", "receipts"}),
)
