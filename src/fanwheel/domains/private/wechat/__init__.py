"""WeChat Official Accounts: what they push, and what may be said through them."""

from fanwheel.domains.private.wechat.adapter import OfficialAccount

__all__ = ["OfficialAccount"]
