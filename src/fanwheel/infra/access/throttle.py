"""Slowing down who guesses passwords: per e-mail address and per place."""

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from fanwheel.infra.access import rules
from fanwheel.infra.access.errors import TooManyTriesError
from fanwheel.infra.access.repository import LoginRepository
from fanwheel.infra.postgres import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to sign in: on whose behalf, and from where."""

    email: bytes
    address: bytes


def attempt(email: str, address: str | None) -> Attempt:
    """The subjects that a try counts against; only their hashes are ever stored."""
    return Attempt(email=_subject("email", email.strip().lower()), address=_subject("address", _place(address)))


async def take_turn(db: Database, what: Attempt, *, now: datetime) -> None:
    """Count a try before it is made, so that many at once cannot slip through together.

    Raises
    ------
    TooManyTriesError
        If the address or the place has used up its tries; such a try does not count.
    """
    async with db.installation() as tx:
        logins = LoginRepository(tx)
        limits = sorted([(what.email, rules.TRIES_PER_EMAIL), (what.address, rules.TRIES_PER_ADDRESS)])
        for subject, limit in limits:
            tries = await logins.list_tries(subject, since=now - rules.THROTTLE_WINDOW)
            wait = ceil(rules.wait_before_try(tries, limit=limit, now=now).total_seconds())
            if wait > 0:
                raise TooManyTriesError(
                    hint=f"Wait {ceil(wait / 60)} min, or ask an owner for a reset link.", retry_after=wait
                )
        for subject, _ in limits:
            await logins.add_try(subject, now=now, forget_before=now - rules.THROTTLE_WINDOW)


async def succeed(logins: LoginRepository, what: Attempt) -> None:
    """The try was right: the e-mail starts afresh, the place gets this one try back.

    The place keeps its other tries, or an attacker could wipe them with an account of their own.
    """
    await logins.forget_tries(what.email)
    await logins.forget_one_try(what.address)


def _place(address: str | None) -> str:
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return address or "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        # One customer of a provider has a whole /64 to choose from.
        return str(parsed.ipv4_mapped or ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))
    return str(parsed)


def _subject(kind: str, value: str) -> bytes:
    return hashlib.sha256(f"{kind}\0{value}".encode()).digest()
