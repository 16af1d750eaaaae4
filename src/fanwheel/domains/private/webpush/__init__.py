"""Web push: notifications in browsers, for people who allowed them on the brand's site."""

from fanwheel.domains.private.webpush.adapter import WebPush

__all__ = ["WebPush"]
