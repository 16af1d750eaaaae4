"""Web chat: our own channel, a small window on the brand's pages."""

from fanwheel.domains.private.webchat.adapter import WebChat

__all__ = ["WebChat"]
