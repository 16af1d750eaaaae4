"""What is written once and said to many, in plain values."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from fanwheel.domains.private.channels.contracts import AnyPart

Refusal = Literal["unknown_variable", "too_long", "failed", "unsafe", "empty"]
_NONE: Final[Mapping[str, Any]] = MappingProxyType({})


class Recipient(NamedTuple):
    """One message that is to be worded for one person.

    ``key`` is the message's own (``Outgoing.key``): clicks and opens are found by it, and one whose key is empty has
    links that are not followed up. ``variables`` may hold ``coupon``, ``products`` and whatever else the template
    asks for; names that the product gives (person, account, brand …) cannot be taken by them.
    """

    key: str
    person_id: int
    variables: Mapping[str, Any] = _NONE
    variant: str = ""  # "": by weight, and the same one for a person each time
    language: str = ""  # "": the person's, else the template's own
    step: str = ""  # of the intent: broadcast:12 and so on
    account_id: int | None = None
    unsubscribe_url: str = ""
    preferences_url: str = ""
    is_shared: bool = False  # many are told the same in one message: its links do not say who followed them


class Worded(NamedTuple):
    """What came of it: the parts to send, or why there are none (``refusal``: the gate's content check says no)."""

    parts: tuple[AnyPart, ...]
    variant: str
    language: str
    refusal: Refusal | None = None
    detail: Mapping[str, Any] = _NONE
