"""LINE: an official account's messages."""

from fanwheel.domains.private.line.adapter import Line

__all__ = ["Line"]
