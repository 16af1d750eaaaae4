"""E-mail: messages over SMTP, signed, and what providers and mailboxes tell of them."""

from fanwheel.domains.private.email.adapter import Mail
from fanwheel.domains.private.email.composing import unsubscribe_headers
from fanwheel.domains.private.email.inbound import read_mail

__all__ = ["Mail", "read_mail", "unsubscribe_headers"]
