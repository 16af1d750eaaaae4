"""What may be said to whom, and channel, purpose and answer as events write them."""

import re
from collections.abc import Mapping
from typing import Any, Final

from fanwheel.cdp.consent.contracts import MARKETING, Refusal, Standing
from fanwheel.cdp.consent.errors import BadConsentError

_SEPARATORS: Final = re.compile(r"[\s\-]+")
_NAME: Final = re.compile(r"\w{1,64}")
_NO: Final = frozenset({False, "false", "no", "0", "denied", "withdrawn"})

# The kinds of identifiers under which people are written to, where an address is nobody's but the person's. On other
# channels the platform itself keeps those who left away, and the ledger does the rest.
ADDRESS_KINDS: Final[Mapping[str, str]] = {"email": "email", "sms": "phone", "whatsapp": "phone"}


def clean_channel(value: object) -> str | None:
    """A channel's name as it is kept ("WeChat OA" -> ``wechat_oa``), or None when it cannot be one."""
    if not isinstance(value, str):
        return None
    name = _SEPARATORS.sub("_", value.strip().lower())
    return name if _NAME.fullmatch(name) else None


def read_channels(properties: Mapping[str, Any]) -> list[str]:
    """The channels that an event names in ``channel`` or ``channels``.

    Raises
    ------
    BadConsentError
        If there is none, or one of them cannot be a channel's name.
    """
    several = properties.get("channels")
    named = several if isinstance(several, list) and several else [properties.get("channel")]
    channels = [clean_channel(value) for value in named]
    found = [channel for channel in channels if channel is not None]
    if len(found) < len(channels):
        raise BadConsentError(
            f"“channel” is {named!r:.80}, which names no channel.", hint="Send a name such as email, sms or wechat_oa."
        )
    return list(dict.fromkeys(found))


def read_purpose(properties: Mapping[str, Any]) -> str:
    """What the consent is for; marketing unless the event says otherwise."""
    return clean_channel(properties.get("purpose")) or MARKETING


def require_evidence(properties: Mapping[str, Any], *, is_granted: bool) -> None:
    """Refuse an imported yes that nothing proves: nobody may be written to for marketing on its strength.

    Raises
    ------
    BadConsentError
        If the event says that it was imported and brings no evidence.
    """
    if is_granted and properties.get("imported") and not properties.get("evidence"):
        raise BadConsentError(
            "An imported consent has no evidence, so it does not count.",
            hint="Send in “evidence” how and when the person agreed, such as the form, its wording and the time.",
        )


def read_flag(value: object) -> bool:
    """Whether ``value`` means yes; only a plain no is a no, because joining a channel is itself a yes."""
    answer = value.strip().lower() if isinstance(value, str) else value
    return not (isinstance(answer, str | bool | int) and answer in _NO)


def refuse(standing: Standing, purpose: str) -> Refusal | None:
    """Why somebody may not be written to for a purpose, or None; whatever is not marketing needs no yes, only no no."""
    if standing.person_id is None:
        return "erased"
    if standing.suppression is not None:
        return "suppressed"
    if standing.consent is None:
        return "no_consent" if purpose == MARKETING else None
    if not standing.consent.is_granted:
        return "withdrawn"
    return "no_evidence" if purpose == MARKETING and not standing.consent.has_evidence else None
