"""Douyin as the product knows it before an account is opened."""

from typing import Final

from fanwheel.domains.private.channels.adapter import About, Allowance, Field

BASE_URL: Final = "https://open.douyin.com"
ADDRESS: Final = "douyin_open_id"
AUTHORIZED: Final = "douyin_authorized"

# Figures that Douyin does not publish for all kinds of account are seeds that operators change, never code.
_IM: Final = "https://developer.open-douyin.com/docs/resource/zh-CN/dop/ability/interaction-management/im"

ABOUT: Final = About(
    kind="douyin",
    address=ADDRESS,
    fields=(
        Field("client_key", pattern=r"[A-Za-z0-9]{6,64}"),
        Field("client_secret", is_secret=True),
        Field("open_id"),
        Field("refresh_token", is_secret=True),
        Field("base_url", is_required=False, default=BASE_URL, pattern=r"https?://.+"),
    ),
    capabilities=frozenset({"text", "image", "card", "template", "native", "receive", "receipts", "comments"}),
    allowances=(
        Allowance(
            "douyin_reply",
            opens="message",
            lasts_s=24 * 3600,
            most=6,
            cite="24 h and 6 messages: secondary sources; not confirmed by Douyin’s page",
            as_of="2026-11",
            covers="free",
        ),
        Allowance(
            "douyin_enter",
            opens="enter",
            lasts_s=30,
            most=3,
            cite="30 s and 3 messages after entering: secondary sources; not confirmed by Douyin’s page",
            as_of="2026-11",
            covers="free",
        ),
        Allowance(AUTHORIZED, opens="grant", lasts_s=24 * 3600, most=3, cite=_IM, as_of="2026-11", covers="template"),
        Allowance(
            "douyin_comment",
            opens="comment",
            lasts_s=30 * 24 * 3600,
            most=1,
            cite="no figure is published: one answer below each comment is our own restraint",
            as_of="2026-11",
            covers="comment",
        ),
    ),
    per_second=10.0,
    text_limit=1000,
)
