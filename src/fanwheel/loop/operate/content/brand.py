"""How the brand signs its messages."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate import links
from fanwheel.loop.operate.content.errors import BadContentError
from fanwheel.loop.operate.content.repository import TemplateRepository


async def get(tx: Transaction) -> dict[str, Any]:
    """What was said of it; nothing yet: nothing."""
    profile: dict[str, Any] = (await TemplateRepository(tx).get_brand())["profile"]
    return profile


async def put(tx: Transaction, profile: Mapping[str, Any], *, actor: str) -> None:
    """Say how the brand signs its messages.

    Raises
    ------
    BadContentError
        If an address or a network is none.
    """
    for name in ("website", "link_url"):
        if profile.get(name) and not links.may_lead(str(profile[name])):
            raise BadContentError(f"“{name}” is no whole address.", hint="Begin it with https://.")
    for network in profile.get("machine_networks", ()):
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError as error:
            raise BadContentError(f"“{network}” is no network.", hint="Write it like 203.0.113.0/24.") from error
    await TemplateRepository(tx).put_brand(profile, actor=actor)
