"""What events say of sharing."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from fanwheel.cdp import profiles
from fanwheel.cdp.events.consumer import Told
from fanwheel.cdp.persons import KINDS
from fanwheel.loop.share.referral.contracts import Acceptance
from fanwheel.loop.share.referral.errors import InviteRefusedError

_MAX_CODE: Final = 200


def share(told: Told) -> Iterator[profiles.Shared]:
    """The person passed something on."""
    yield profiles.Shared(told.event.home_id, told.event.at_us)


def accept(told: Told) -> Iterator[Acceptance]:
    """The person came because another invited them.

    Raises
    ------
    InviteRefusedError
        If the event does not name the referrer.
    """
    named = told.properties.get("referrer_id") or told.properties.get("referrer")
    kind, value = _referrer(named)
    if not value:
        raise InviteRefusedError(
            "“referrer_id” is missing, so nobody can be credited.", hint="Send the user id of who sent the invite."
        )
    code = told.properties.get("code")
    text = code[:_MAX_CODE] if isinstance(code, str) else ""
    yield Acceptance(told.event.home_id, kind, value, told.event.at_us, text)


def _referrer(named: object) -> tuple[str, str]:
    """Kind and value: a user id, or an object that says of which kind it is."""
    if isinstance(named, Mapping):
        fields: Mapping[str, Any] = named
        kind = fields.get("kind", "user_id")
        if isinstance(kind, str) and kind in KINDS:
            return kind, _text(fields.get("value"))
        return "user_id", ""
    return "user_id", _text(named)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
