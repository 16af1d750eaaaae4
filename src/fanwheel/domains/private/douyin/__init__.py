"""Douyin: direct messages with a brand's account, and comments below its videos."""

from fanwheel.domains.private.douyin.adapter import Douyin

__all__ = ["Douyin"]
