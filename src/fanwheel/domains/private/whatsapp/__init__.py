"""WhatsApp: a business number on Meta's Cloud API."""

from fanwheel.domains.private.whatsapp.adapter import WhatsApp

__all__ = ["WhatsApp"]
