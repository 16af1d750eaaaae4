"""TikTok: direct messages with a business account, and the comments that TikTok takes for questions."""

from fanwheel.domains.private.tiktok.adapter import TikTok

__all__ = ["TikTok"]
