"""What events say of sharing."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from fanwheel.cdp import profiles
from fanwheel.cdp.events.consumer import Told
from fanwheel.cdp.persons import KINDS
from fanwheel.loop.share.referral.contracts import Acceptance, Sent
from fanwheel.loop.share.referral.errors import InviteRefusedError

MAX_CODE: Final = 200


def share(told: Told) -> Iterator[profiles.Shared]:
    """The person passed something on."""
    yield profiles.Shared(told.event.home_id, told.event.at_us)


def send(told: Told) -> Iterator[profiles.Shared | Sent]:
    """The person invited others; with a code, others may name it instead of the person."""
    yield from share(told)
    code = _text(told.properties.get("code"))
    if code and len(code) <= MAX_CODE:
        yield Sent(told.event.home_id, code, told.event.at_us)


def accept(told: Told) -> Iterator[Acceptance]:
    """The person came because another invited them.

    Raises
    ------
    InviteRefusedError
        If the event names neither the referrer nor a code that can be kept whole.
    """
    named = told.properties.get("referrer_id") or told.properties.get("referrer")
    kind, value = _referrer(named)
    code = _text(told.properties.get("code"))
    if not value and not code:
        raise InviteRefusedError(
            "“referrer_id” and “code” are missing, so nobody can be credited.",
            hint="Send the user id of who sent the invite, or the code of their Invite Sent.",
        )
    if not value and len(code) > MAX_CODE:
        raise InviteRefusedError(f"“code” is longer than {MAX_CODE} characters.", hint="Send “referrer_id” instead.")
    yield Acceptance(told.event.home_id, kind, value, told.event.at_us, code[:MAX_CODE])


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
    """Text without the character that cannot be stored; whole numbers count as text."""
    if isinstance(value, str):
        return value.replace("\0", "").strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
