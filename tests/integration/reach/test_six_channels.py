"""Channels of other platforms through the whole product: accounts, hooks, what is kept, and sending."""

from typing import Any

import httpx
from tests.integration.reach.conftest import Served
from tests.integration.reach.telling import facts, names, states, take_in
from tests.support.house import Browser

from fanwheel.domains.private.channels.contracts import Address, Card, Outgoing, Reply, Sent, Text
from fanwheel.entrypoints.simulator import Simulator

SITE = "https://shop.example"
ANA = "anonymous-ana"


def an_account(owner: Browser, channel: str, **values: str) -> dict[str, Any]:
    made = owner.post("/api/channels/accounts", {"channel": channel, "name": channel, "values": values})
    assert made.status_code == 201, made.text
    account: dict[str, Any] = made.json()
    return account


def send(served: Served, workspace: int, account: dict[str, Any], message: Outgoing) -> Sent:
    async def run() -> Sent:
        adapter = await served.house.app.state.opener.open(workspace, account["account_id"])
        sent: Sent = await adapter.send(message)
        return sent

    return served.house.run(run())


def a_site(owner: Browser, platforms: Simulator) -> dict[str, Any]:
    account = an_account(owner, "webpush", origins=SITE, contact="mailto:a@b.example", push_url=platforms.url)
    args = {"public_key": account["settings"]["vapid_public_key"], "callback_url": account["callback_url"]}
    assert platforms.do("webpush", "subscribe", person=ANA, origin=SITE, **args)["status"] == 200
    return account


def test_a_browser_that_allowed_it_is_notified(
    served: Served, workspace: int, owner: Browser, platforms: Simulator
) -> None:
    account = a_site(owner, platforms)
    card = Outgoing(key="m1", to=Address("anonymous_id", ANA), parts=(Card("Sale"),), purpose="marketing")

    send(served, workspace, account, card)
    platforms.do("webpush", "click", person=ANA)
    take_in(served, workspace)

    assert platforms.platform("webpush").sent_to(ANA)[0].what["title"] == "Sale"
    assert {state for state, _ in states(served, workspace)} == {"done"}
    joined = dict(facts(served, workspace))["Channel Joined"]
    assert (joined["channel"], joined["account_id"]) == ("webpush", account["account_id"])
    granted = served.house.rows("SELECT channel, is_granted FROM consent WHERE workspace_id = %s", workspace)
    assert [(row["channel"], row["is_granted"]) for row in granted] == [("webpush", True)]


def test_a_subscription_is_kept_sealed_and_goes_with_the_person(
    served: Served, workspace: int, owner: Browser, platforms: Simulator
) -> None:
    a_site(owner, platforms)
    take_in(served, workspace)

    (kept,) = served.house.rows("SELECT * FROM channel_note WHERE workspace_id = %s", workspace)
    (home,) = served.house.rows("SELECT person_id FROM identifier WHERE workspace_id = %s", workspace)
    owner.ask("DELETE", f"/api/people/{home['person_id']}")

    assert b"/push/" not in bytes(kept["sealed_text"])
    assert served.house.rows("SELECT 1 FROM channel_note WHERE workspace_id = %s", workspace) == []


def test_a_site_loads_its_scripts_from_here(served: Served, owner: Browser, platforms: Simulator) -> None:
    account = a_site(owner, platforms)

    answer = httpx.get(f"{account['callback_url']}?file=worker.js")

    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert account["settings"]["vapid_public_key"] in answer.text
    assert httpx.get(f"{account['callback_url']}?file=about.py").status_code == 403


def test_a_refresh_token_that_tiktok_replaced_is_kept_for_all_workers(
    served: Served, workspace: int, owner: Browser, platforms: Simulator
) -> None:
    values = {"app_id": "aw1", "app_secret": "s3cret", "business_id": "biz", "refresh_token": "rft.0"}
    account = an_account(owner, "tiktok", base_url=f"{platforms.url}/tiktok", **values)
    platforms.do("tiktok", "connect", callback_url=account["callback_url"], **values)
    assert owner.post(f"/api/channels/accounts/{account['account_id']}/check").json()["is_fine"]
    platforms.do("tiktok", "write", business_id="biz", person="ana", text="price?")
    take_in(served, workspace)
    platforms.platform("tiktok").expire_tokens()
    served.house.app.state.opener._opened.clear()  # as another worker finds it

    context = {"conversation_id": "conversation-ana"}
    answer = Outgoing(
        key="m1",
        to=Address("tiktok_open_id", "ana"),
        parts=(Text("19"),),
        purpose="service",
        reply=Reply("in", context),
    )
    send(served, workspace, account, answer)

    assert len(platforms.platform("tiktok").sent_to("ana")) == 1
    assert "Message Received" in names(served, workspace)


def test_a_word_that_refuses_withdraws_consent(
    served: Served, workspace: int, owner: Browser, platforms: Simulator
) -> None:
    values = {"account_sid": "AC1", "auth_token": "t0ken", "sender": "+15550100"}
    account = an_account(owner, "sms", base_url=f"{platforms.url}/sms", **values)
    platforms.do("sms", "connect", account="AC1", auth_token="t0ken", callback_url=account["callback_url"])

    told = platforms.do("sms", "write", account="AC1", person="+8613800000000", text="TD")
    take_in(served, workspace)

    assert told["status"] == 200
    (stated,) = served.house.rows("SELECT channel, is_granted FROM consent WHERE workspace_id = %s", workspace)
    assert (stated["channel"], stated["is_granted"]) == ("sms", False)
