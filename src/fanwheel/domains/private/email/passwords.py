"""The password with which a callback proves who calls, where the caller signs nothing."""

import base64
import binascii
import hmac

from fanwheel.domains.private.channels.adapter import Account
from fanwheel.domains.private.channels.contracts import Request
from fanwheel.domains.private.channels.errors import ForgedError


def require_password(request: Request, account: Account) -> None:
    """Refuse a caller who does not know the callback's password.

    Raises
    ------
    ForgedError
        If there is none, or it is another one.
    """
    secret = account.secrets.get("webhook_secret", "")
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            given = ""
    if not secret or not hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode()):
        raise ForgedError("The callback does not know the account's password.")
