"""What arrivals become in the stream of events; contact data stands in none but what people said of themselves."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from fanwheel.domains.private.channels.contracts import (
    Commented,
    Entered,
    Followed,
    Granted,
    InGroup,
    Lead,
    Message,
    Receipt,
    Tapped,
    Unfollowed,
)
from fanwheel.domains.private.channels.inbound import Arrival
from fanwheel.infra.outbox import Fact

# What is said in words of ours where a platform or a form calls it otherwise.
_TRAITS: Final = {"nickname": "name", "telephone": "phone", "mobile": "phone", "mail": "email"}


def facts(arrivals: Sequence[Arrival]) -> list[Fact]:
    """The facts of arrivals, in their order; none of those that are about nobody."""
    return [fact for arrival in arrivals if arrival.home_id is not None for fact in _facts(arrival)]


def _facts(arrival: Arrival) -> Iterator[Fact]:
    happening = arrival.happening
    if happening.profile and (arrival.is_first or isinstance(happening, Followed)):
        yield _told(arrival, "profile", "", happening.profile, kind="identify")
    named = _named(arrival)
    if named is None:
        return
    name, properties = named
    about = {"channel": arrival.channel, "account_id": arrival.account_id}
    origin = {"origin": happening.origin} if happening.origin else {}
    yield _told(arrival, "fact", name, {**about, **properties, **origin})
    if isinstance(happening, Lead):
        traits = {_TRAITS.get(name.lower(), name): value for name, value in happening.fields.items() if value}
        yield _told(arrival, "lead", "", traits, kind="identify")


def _named(arrival: Arrival) -> tuple[str, Mapping[str, Any]] | None:
    """The name of the event and what it says, or None where it is none."""
    match arrival.happening:
        case Message(is_echo=False):
            return "Message Received", {}
        case Tapped() as tapped:
            return "Menu Tapped" if tapped.surface == "menu" else "Button Tapped", {"value": tapped.value}
        case Entered() as entered:
            return "Conversation Opened", _said(scene=entered.scene, is_scan=entered.is_scan)
        case Followed() as followed:
            # The ledger of consent has it already.
            return "Channel Joined", {**_said(scene=followed.scene), "recorded": True}
        case Unfollowed():
            return "Channel Left", {"recorded": True}
        case InGroup() as group:
            return "Group Joined" if group.is_member else "Group Left", _said(chat=group.chat, scene=group.scene)
        case Commented() as comment:
            return "Comment Posted", _said(content_id=comment.content)
        case Lead() as lead:
            return "Lead Submitted", _said(card=lead.card)
        case Message() | Granted() | Receipt():
            # An echo is the brand's own; a platform's grant is a right to speak, not consent; of messages reach tells.
            return None


def _said(**values: object) -> dict[str, object]:
    return {name: value for name, value in values.items() if value}


def _told(arrival: Arrival, what: str, name: str, properties: Mapping[str, Any], **more: Any) -> Fact:
    happening = arrival.happening
    assert happening.sender is not None
    refs = [(happening.sender.kind, happening.sender.value), *((other.kind, other.value) for other in happening.others)]
    key = f"inbound:{arrival.account_id}:{what}:{happening.key}"
    return Fact(key=key, name=name, at=happening.at, refs=refs, properties=properties, **more)
