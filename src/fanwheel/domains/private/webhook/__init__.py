"""A channel of one's own: any program that takes signed webhooks, and may send them."""

from fanwheel.domains.private.webhook.adapter import SignedWebhook

__all__ = ["SignedWebhook"]
