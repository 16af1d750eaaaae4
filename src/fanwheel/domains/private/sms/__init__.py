"""Text messages: through Twilio's interface, or any provider that takes an HTTP request."""

from fanwheel.domains.private.sms.adapter import Sms

__all__ = ["Sms"]
