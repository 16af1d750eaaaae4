"""Whom a broadcast would reach if it went out now: the gate's questions about people, asked of all or of some."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from fanwheel.cdp import consent
from fanwheel.domains.private.channels import registry
from fanwheel.domains.private.channels.adapter import About
from fanwheel.domains.private.channels.errors import UnknownChannelError
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate import reach
from fanwheel.loop.operate.broadcasts import crowds, timing
from fanwheel.loop.operate.broadcasts.contracts import Broadcast, Forecast, Reachable, Route
from fanwheel.loop.operate.broadcasts.repository import BroadcastRepository

ASKED: Final = 2_000
_SEED: Final = 20_260
NOBODY: Final = Forecast(
    people=0, held_out=0, by_route=[], unreachable=0, is_estimate=False, first_at=None, last_at=None
)


class _Asked(NamedTuple):
    """What came of asking for some people, by the route that would reach each."""

    reached: Sequence[set[int]]
    why_not: Sequence[Counter[str]]


async def forecast(tx: Transaction, found: Broadcast, hasher: consent.AddressHasher, *, now: datetime) -> Forecast:
    """Whom a broadcast would reach; windows, caps and quiet hours are the gate's business when the time has come."""
    crowd = await crowds.gather(tx, found.audience, seed_list_id=found.seed_list_id)
    people = crowds.size(crowd)
    some = crowds.draw(crowd, ASKED, seed=_SEED)
    routes = [route for route in found.routes if route.account_id is not None]
    asked = await _ask(tx, found, routes, some, hasher)
    reached: set[int] = set().union(*asked.reached)
    held_out = 0
    for route, got in zip(routes, asked.reached, strict=True):
        share = found.holdout_share
        kept = await reach.list_kept_from(tx, found.step, sorted(got), channel=route.channel, share=share)
        held_out += len(kept)
    scale = people / len(some) if some else 0
    first_at = last_at = None
    if timing.is_complete(found.schedule) and people:
        first_at = timing.starts_at(found.schedule, now=now)
        last_at = _last_at(found, people, now=now)
    return Forecast(
        people=people,
        held_out=round(held_out * scale) if found.purpose == "marketing" else 0,
        by_route=[
            Reachable(route.channel, round(len(got) * scale), {rule: round(n * scale) for rule, n in why.items()})
            for route, got, why in zip(routes, asked.reached, asked.why_not, strict=True)
        ],
        unreachable=round((len(some) - len(reached)) * scale),
        is_estimate=len(some) < people,
        first_at=first_at,
        last_at=last_at,
    )


async def _ask(
    tx: Transaction, found: Broadcast, routes: Sequence[Route], people: Sequence[int], hasher: consent.AddressHasher
) -> _Asked:
    broadcasts = BroadcastRepository(tx)
    accounts = await broadcasts.list_accounts()
    reached: list[set[int]] = []
    why_not: list[Counter[str]] = []
    left = list(people)
    for route in routes:
        account = accounts.get(route.account_id or 0)
        about = _about(route.channel)
        got: set[int] = set()
        why: Counter[str] = Counter()
        if account is not None and about is not None and left:
            app_id = account["settings"].get("app_id") if about.address == "openid" else None
            prefix = f"{app_id}:" if app_id else ""
            ways = await broadcasts.list_ways(left, kind=about.address, prefix=prefix)
            asks = [consent.Ask(person, route.channel, found.purpose, *ways.get(person, ("", ""))) for person in left]
            for person, standing in zip(left, await consent.look_up(tx, asks, hasher), strict=True):
                rule = _rule(consent.refuse(standing, found.purpose), has_address=person in ways)
                if rule is None:
                    got.add(person)
                else:
                    why[rule] += 1
        reached.append(got)
        why_not.append(why)
        left = [person for person in left if person not in got]
    return _Asked(reached, why_not)


def _about(channel: str) -> About | None:
    try:
        return registry.find(channel).about
    except UnknownChannelError:
        return None


def _rule(refusal: str | None, *, has_address: bool) -> str | None:
    """The rule of the gate that would say no first."""
    if refusal == "erased":
        return "erased"
    if not has_address:
        return "address"
    return None if refusal is None else ("suppressed" if refusal == "suppressed" else "consent")


def _last_at(found: Broadcast, people: int, *, now: datetime) -> datetime:
    """When the last one would be handed to the send path: by its own time, or at the pace, whichever is later."""
    last = timing.ends_at(found.schedule, now=now)
    if found.per_minute is None:
        return last
    return max(last, timing.starts_at(found.schedule, now=now) + timedelta(minutes=people / found.per_minute))
