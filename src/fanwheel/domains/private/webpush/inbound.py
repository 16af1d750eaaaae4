"""What browsers tell: that somebody subscribed or left, and what became of a notification."""

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

from fanwheel.domains.private.channels import reading
from fanwheel.domains.private.channels.adapter import Account, Notes
from fanwheel.domains.private.channels.contracts import (
    Address,
    AnyHappening,
    Followed,
    Receipt,
    Request,
    Unfollowed,
)
from fanwheel.domains.private.channels.errors import ForgedError, MalformedError
from fanwheel.domains.private.webpush import subscriptions, vapid
from fanwheel.domains.private.webpush.about import ADDRESS

_LONGEST_ID: Final = 200
_STATES: Final[dict[str, Literal["delivered", "clicked"]]] = {"shown": "delivered", "clicked": "clicked"}


class Told(NamedTuple):
    """One call of a browser."""

    body: Mapping[str, Any]
    request: Request
    account: Account


def require_origin(account: Account, request: Request) -> str:
    """The site that calls.

    Raises
    ------
    ForgedError
        If it is none of the account's: browsers do not let a page lie about it.
    """
    origin = request.headers.get("origin", "").lower()
    allowed = {each.strip().lower().rstrip("/") for each in account.settings.get("origins", "").split(",")}
    if not origin or origin not in allowed:
        raise ForgedError("The call is from no site of this account.")
    return origin


async def read(told: Told, notes: Notes) -> list[AnyHappening]:
    """What the call says.

    Raises
    ------
    ForgedError
        If a receipt carries no seal of ours, or somebody else's subscription is to be given up.
    MalformedError
        If it says nothing that we know.
    """
    verb = reading.text(told.body, "do")
    if verb == "subscribe":
        return await _subscribed(told, notes)
    if verb == "unsubscribe":
        return await _left(told, notes)
    if verb in _STATES:
        return [_receipt(told, _STATES[verb])]
    raise MalformedError("The call says nothing that we know.")


async def _subscribed(told: Told, notes: Notes) -> list[AnyHappening]:
    address = _address(told)
    found = reading.inner(told.body.get("subscription"))
    subscription = subscriptions.read(found, own=told.account.settings.get("push_url", ""))
    await notes.put(address, subscription.as_text())
    return [
        Followed(
            key=f"subscribed:{reading.digest(address.value, subscription.endpoint)}",
            at=told.request.received_at,
            sender=address,
            origin={"site": told.request.headers.get("origin", "")},
            context={"evidence": "browser permission"},
        )
    ]


async def _left(told: Told, notes: Notes) -> list[AnyHappening]:
    """Somebody gives up a subscription; knowing its address is the proof that it is theirs."""
    address, endpoint = _address(told), reading.text(told.body, "endpoint")
    kept = await notes.find(address)
    if kept is None:
        return []
    reading.require_same(endpoint, subscriptions.Subscription.of_text(kept).endpoint)
    await notes.drop(address)
    key = f"left:{reading.digest(address.value, endpoint)}"
    return [Unfollowed(key=key, at=told.request.received_at, sender=address)]


def _receipt(told: Told, state: Literal["delivered", "clicked"]) -> AnyHappening:
    key = reading.text(told.body, "key")
    reading.require_same(reading.text(told.body, "seal"), vapid.seal(told.account.secrets["vapid_private_key"], key))
    return Receipt(
        key=f"{key}:{state}",
        at=told.request.received_at,
        state=state,
        message=key,
        url=reading.text(told.body, "url") if state == "clicked" else "",
    )


def _address(told: Told) -> Address:
    value = reading.text(told.body, "anonymous_id").strip()
    if not value or len(value) > _LONGEST_ID:
        raise MalformedError("The call does not say whose subscription it is.")
    return Address(ADDRESS, value)
