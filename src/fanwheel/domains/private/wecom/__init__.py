"""WeCom (企业微信): staff and their customers."""

from fanwheel.domains.private.wecom.adapter import WeCom

__all__ = ["WeCom"]
