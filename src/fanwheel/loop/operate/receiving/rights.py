"""What arrivals change about the right to speak: windows of platforms, and consent."""

from collections.abc import Sequence
from typing import Literal

from fanwheel.cdp import consent
from fanwheel.domains.private.channels.contracts import (
    Address,
    Commented,
    Entered,
    Followed,
    Granted,
    Message,
    Tapped,
    Unfollowed,
)
from fanwheel.domains.private.channels.inbound import Arrival
from fanwheel.loop.operate.reach import Opener, Opening

Closing = tuple[int, Address, str | None]  # account, whose, and which allowance: all of them


def openings(arrivals: Sequence[Arrival]) -> list[Opening]:
    """What gives accounts the right to speak to somebody."""
    found = []
    for arrival in arrivals:
        happening, by = arrival.happening, _opens(arrival)
        if by is None or happening.sender is None or arrival.home_id is None:
            continue
        granted = happening if isinstance(happening, Granted) else None
        found.append(
            Opening(
                arrival.account_id,
                happening.sender,
                by,
                happening.at,
                allowance=granted.allowance if granted else "",
                times=granted.count if granted else 1,
                until=granted.until if granted else None,
            )
        )
    return found


def closings(arrivals: Sequence[Arrival]) -> list[Closing]:
    """Who took such a right back: one allowance of it, or (None) all."""
    found: list[Closing] = []
    for arrival in arrivals:
        happening = arrival.happening
        if happening.sender is None or arrival.home_id is None:
            continue
        if isinstance(happening, Unfollowed):
            if happening.context.get("category"):
                continue  # messages of one kind were refused, and what the person asks is still answered
            found.append((arrival.account_id, happening.sender, None))
        elif isinstance(happening, Granted) and not happening.is_granted:
            found.append((arrival.account_id, happening.sender, happening.allowance))
    return found


def choices(arrivals: Sequence[Arrival]) -> list[consent.Choice]:
    """Who agreed to marketing on a channel by joining it, and who left; of several the last."""
    last: dict[tuple[int, str], consent.Choice] = {}
    for arrival in arrivals:
        happening = arrival.happening
        if arrival.home_id is None or not isinstance(happening, Followed | Unfollowed):
            continue
        is_granted = isinstance(happening, Followed)
        evidence = {
            "event": "Channel Joined" if is_granted else "Channel Left",
            "account_id": arrival.account_id,
            "key": happening.key,
            "at": happening.at.isoformat(),
        }
        if proof := happening.context.get("evidence"):
            evidence["proof"] = proof
        choice = consent.Choice(arrival.home_id, arrival.channel, consent.MARKETING, is_granted, evidence)
        last[arrival.home_id, arrival.channel] = choice
    return list(last.values())


def heard(arrivals: Sequence[Arrival]) -> list[consent.Heard]:
    """Who is there, whatever the platform said before: those who blocked us, or had left, are back.

    Of mail it is not believed, for anybody can write an address beneath a letter.
    """
    found = []
    for arrival in arrivals:
        sender = arrival.happening.sender
        if (
            sender is not None
            and sender.kind != "email"
            and arrival.home_id is not None
            and _opens(arrival) is not None
        ):
            found.append(consent.Heard(sender.kind, sender.value, arrival.channel, arrival.received_at))
    return found


def _opens(arrival: Arrival) -> Opener | None:
    match arrival.happening:
        case Message(is_echo=False):
            return "message"
        case Followed():
            return "follow"
        case Tapped(is_view=False):
            return "tap"
        case Entered() as entered:
            return _entered(is_scan=entered.is_scan)
        case Commented():
            return "comment"
        case Granted(is_granted=True):
            return "grant"
        case _:
            return None


def _entered(*, is_scan: bool) -> Literal["scan", "enter"]:
    return "scan" if is_scan else "enter"
