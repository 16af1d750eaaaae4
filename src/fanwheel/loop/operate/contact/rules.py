"""What events say of contact and consent."""

from collections.abc import Iterator
from typing import Any

from fanwheel.cdp import consent, profiles
from fanwheel.cdp.events.consumer import Told

Effect = profiles.Operated | profiles.Reachable | consent.Statement


def answer(told: Told) -> Iterator[Effect]:
    """The person spoke to the brand."""
    yield profiles.Operated(told.event.home_id, told.event.at_us)


def join_channel(told: Told) -> Iterator[Effect]:
    """The person became reachable on a channel, with consent unless the event says no."""
    yield from answer(told)
    is_granted = consent.read_flag(told.properties.get("consent"))
    yield from _state(told, purpose=consent.MARKETING, is_granted=is_granted)


def leave_channel(told: Told) -> Iterator[Effect]:
    """The person can no longer be reached on a channel."""
    yield from _state(told, purpose=consent.MARKETING, is_granted=False)


def grant(told: Told) -> Iterator[Effect]:
    """The person allowed something on a channel; for marketing that makes a fan."""
    purpose = consent.read_purpose(told.properties)
    if purpose == consent.MARKETING:
        yield from answer(told)
    yield from _state(told, purpose=purpose, is_granted=True)


def withdraw(told: Told) -> Iterator[Effect]:
    """The person took a permission back."""
    yield from _state(told, purpose=consent.read_purpose(told.properties), is_granted=False)


def _state(told: Told, *, purpose: str, is_granted: bool) -> Iterator[Effect]:
    event = told.event
    channels = consent.read_channels(told.properties)
    consent.require_evidence(told.properties, is_granted=is_granted)
    # Decided on a page of ours: it went into the ledger with the decision, and this only tells of it.
    is_recorded = told.properties.get("recorded") is True
    for channel in channels:
        if not is_recorded:
            yield consent.Statement(
                event.home_id, event.event_id, channel, purpose, is_granted, event.at_us, _evidence(told)
            )
        if purpose == consent.MARKETING:
            yield profiles.Reachable(event.home_id, channel, is_granted, event.at_us)


def _evidence(told: Told) -> dict[str, Any]:
    """What can be shown later: the event, and whatever proof it brought along."""
    proof = told.properties.get("evidence")
    shown: dict[str, Any] = {"event": told.event.name, "message_key": told.event.message_key}
    return shown | ({"proof": proof} if isinstance(proof, str | dict) else {})
