"""Telegram: a bot of the brand's."""

from fanwheel.domains.private.telegram.adapter import Telegram

__all__ = ["Telegram"]
