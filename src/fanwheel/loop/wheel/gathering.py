"""From events to their effects: computed in memory, without input or output."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec
import structlog

from fanwheel.cdp import consent, profiles
from fanwheel.cdp.events.consumer import StreamEvent, Told
from fanwheel.kernel.errors import FanwheelError
from fanwheel.kernel.ids import HomeId
from fanwheel.kernel.semantics import HELD_OUT_KIND, NO_TOUCH
from fanwheel.loop.convert import orders
from fanwheel.loop.introduce import arrivals
from fanwheel.loop.share import referral
from fanwheel.loop.wheel.contracts import Gathered, Refusal
from fanwheel.loop.wheel.turns import ORDER_TURNS, TURNS, PlainEffect

_log: Final = structlog.get_logger()
_TRACK: Final = 1
_IDENTIFY: Final = 2
_USER_ID: Final = "user_id"
_MAX_TRAIT_NAME: Final = 200
_told: Final = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)
# Out of range for a float is infinite, which JSON writes as null: one odd number costs no other trait.
_traits: Final = msgspec.json.Decoder(dict[str, Any], float_hook=float)


def gather(
    events: Iterable[StreamEvent], *, identifier_of: Mapping[int, tuple[str, str]], reporting_currency: str
) -> Gathered:
    """What ``events`` of one workspace amount to; those of homes that ``identifier_of`` lacks were erased."""
    gathered = Gathered()
    for event in events:
        if event.home_id not in identifier_of:
            continue
        if event.kind == HELD_OUT_KIND:
            # Kept for experiments, it tells nothing about the person; of whom nothing else is known is nobody yet.
            gathered.held_out.add(event.home_id)
            continue
        part = gathered.parts.get(event.home_id) or part_of(gathered, event.home_id)
        part.saw(event.at_us)
        if event.source_id and event.name not in NO_TOUCH:
            arrival = arrivals.read_arrival(event)
            part.touched(arrival.touch)
            gathered.clicks += arrival.clicks
            gathered.told.add(event.home_id)
        if event.kind == _IDENTIFY:
            _learn(part, event)
            gathered.told.add(event.home_id)
        elif event.kind == _TRACK and (event.name in TURNS or event.name in ORDER_TURNS):
            gathered.told.add(event.home_id)
            is_known = identifier_of[event.home_id][0] == _USER_ID
            _turn(gathered, event, is_known=is_known, reporting_currency=reporting_currency)
    return gathered


def part_of(gathered: Gathered, home_id: HomeId) -> profiles.Part:
    """The part of that home, begun if it is new."""
    part = gathered.parts.get(home_id)
    if part is None:
        part = gathered.parts[home_id] = profiles.Part(home_id)
    return part


def take(gathered: Gathered, effect: PlainEffect) -> None:
    """Note one effect of an event."""
    gathered.told.add(effect.referee_home if isinstance(effect, referral.Acceptance) else effect.home_id)
    if isinstance(effect, profiles.Operated):
        part_of(gathered, effect.home_id).operated_at(effect.at_us)
    elif isinstance(effect, profiles.Shared):
        part_of(gathered, effect.home_id).shared_at(effect.at_us)
    elif isinstance(effect, profiles.Reachable):
        part = part_of(gathered, effect.home_id)
        part.reachable(effect.channel, effect.at_us, is_granted=effect.is_granted)
    elif isinstance(effect, consent.Statement):
        gathered.consents.append(effect)
    elif isinstance(effect, referral.Sent):
        gathered.codes.append(effect)
    else:
        gathered.acceptances.append(effect)


def _learn(part: profiles.Part, event: StreamEvent) -> None:
    try:
        traits = _traits.decode(event.properties)
    except msgspec.DecodeError:
        return
    for name, value in traits.items():
        if len(name) <= _MAX_TRAIT_NAME:
            part.said(name, value, event.at_us)


def _turn(gathered: Gathered, event: StreamEvent, *, is_known: bool, reporting_currency: str) -> None:
    """Let a semantic event turn its stage; what cannot be understood is refused, with the reason."""
    try:
        properties = _told.decode(event.properties)
    except msgspec.DecodeError:
        properties = {}
    try:
        if event.name in TURNS:
            for effect in list(TURNS[event.name](Told(event, properties))):
                take(gathered, effect)
        else:
            speaker = orders.Speaker(event.home_id, is_known, event.at_us, event.message_key, reporting_currency)
            statement = ORDER_TURNS[event.name](properties, speaker)
            gathered.said_of_orders += [statement] if statement else []
    except FanwheelError as error:
        message = f"{event.name}: {error.message} {error.hint or ''}".strip()
        gathered.refusals.append(Refusal(event, error.code, message))
    except Exception as error:  # noqa: BLE001 - one event that nobody foresaw must not stop the stream for ever
        _log.error("an event could not be understood", name=event.name, error=type(error).__name__)
        message = f"{event.name}: its properties could not be understood ({type(error).__name__})."
        gathered.refusals.append(Refusal(event, "not_understood", message))
