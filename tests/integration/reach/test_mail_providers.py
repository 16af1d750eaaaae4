"""Mail providers call back through the product's own door, each signing in its own way."""

from typing import Any

import pytest
from tests.integration.reach.conftest import Served
from tests.integration.reach.telling import states
from tests.support.house import Browser

from fanwheel.domains.private.email.marks import Marks
from fanwheel.entrypoints.simulator import Simulator

PROVIDERS = ("ses", "sendgrid", "mailgun", "postmark")


def connect(owner: Browser, platforms: Simulator, provider: str, secret: str = "brand:s3cret") -> dict[str, Any]:
    """An account whose provider is simulated."""
    values = {
        "provider": provider, "host": "127.0.0.1", "from_address": "a@brand.example",
        "base_url": f"{platforms.url}/mail",
    }  # fmt: skip
    told = platforms.do("mail", "connect", provider=provider, secret=secret, callback_url="")
    values |= {name: value for name, value in told.items() if value}
    made = owner.post("/api/channels/accounts", {"channel": "email", "name": provider, "values": values})
    assert made.status_code == 201, made.text
    account: dict[str, Any] = made.json()
    platforms.do("mail", "connect", provider=provider, secret=secret, callback_url=account["callback_url"])
    return account


def tell(platforms: Simulator, account: dict[str, Any], provider: str, event: str = "bounced") -> int | None:
    mark = Marks(str(account["callback_url"]).rpartition("/")[2]).make("fw-1-42-ab")
    args = {"event": event, "to": "mia@example.com", "message_id": f"<{mark}@brand.example>"}
    status: int | None = platforms.do("mail", "tell", provider=provider, **args)["status"]
    return status


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_a_provider_tells_is_kept(
    served: Served, platforms: Simulator, owner: Browser, workspace: int, provider: str
) -> None:
    account = connect(owner, platforms, provider)

    assert [tell(platforms, account, provider, event) for event in ("delivered", "bounced", "complained")] == [200] * 3
    kinds = [body.partition('"state":"')[2].partition('"')[0] for _, body in states(served, workspace)]
    assert kinds == ["delivered", "bounced", "complained"]


@pytest.mark.parametrize("provider", ["mailgun", "postmark"])
def test_a_provider_with_another_secret_is_refused(
    served: Served, platforms: Simulator, owner: Browser, workspace: int, provider: str
) -> None:
    account = connect(owner, platforms, provider)
    platforms.do("mail", "connect", provider=provider, secret="wrong", callback_url=account["callback_url"])

    assert tell(platforms, account, provider) == 403
    assert states(served, workspace) == []


def test_a_subscription_of_sns_is_confirmed(served: Served, platforms: Simulator, owner: Browser) -> None:
    connect(owner, platforms, "ses")

    assert platforms.do("mail", "subscribe", provider="ses")["status"] == 200
    assert platforms.platform("mail").confirmed == ["t1"]  # type: ignore[attr-defined]


def test_a_callback_told_twice_is_kept_once(
    served: Served, platforms: Simulator, owner: Browser, workspace: int
) -> None:
    account = connect(owner, platforms, "mailgun")
    platforms.set_faults("mail", duplicate=1.0)

    assert tell(platforms, account, "mailgun") == 200
    assert len(states(served, workspace)) == 1
