"""Callbacks that are not the platform's, or are broken: refused, and nothing of them is kept or logged."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import structlog
from tests.integration.reach.conftest import TOKEN, Served
from tests.integration.reach.telling import names, secret_of, states, take_in, tell, update
from tests.support.house import Browser

from fanwheel.entrypoints.simulator import Simulator

ACCOUNTS = "/api/channels/accounts"


@pytest.mark.parametrize("proof", [None, "", "wrong", "Wrong" * 20, "密"])
def test_a_forged_callback_is_refused_and_nothing_of_it_is_kept(
    served: Served, workspace: int, bot: dict[str, Any], proof: str | None
) -> None:
    headers = {} if proof is None else {"x-telegram-bot-api-secret-token": proof.encode()}

    refused = httpx.post(bot["callback_url"], headers=headers, json=update(1))  # type: ignore[arg-type]

    assert refused.status_code == 403
    assert states(served, workspace) == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 422),
        (b"[]", 422),
        (b"\xff\xfe", 422),
        (b"[" * 100_000, 422),
        (b"{}", 200),
        (b"x" * (1 << 20) + b"y", 413),
    ],
)
def test_a_body_that_is_none_is_refused(
    served: Served, workspace: int, bot: dict[str, Any], platforms: Simulator, body: bytes, status: int
) -> None:
    headers = {"x-telegram-bot-api-secret-token": secret_of(platforms)}

    assert httpx.post(bot["callback_url"], headers=headers, content=body).status_code == status
    assert states(served, workspace) == []


def test_a_callback_to_nobody_is_not_found_before_it_is_read(served: Served, bot: dict[str, Any]) -> None:
    other_channel = bot["callback_url"].replace("/telegram/", "/webhook/")

    for url in (f"{served.url}/hooks/telegram/nobody", other_channel):
        assert httpx.post(url, content=b"x" * (2 << 20)).status_code == 404


def test_a_deleted_account_is_not_called_back_any_more(
    served: Served, owner: Browser, bot: dict[str, Any], platforms: Simulator
) -> None:
    owner.ask("DELETE", f"{ACCOUNTS}/{bot['account_id']}")
    served.house.app.state.opener._opened.clear()
    headers = {"x-telegram-bot-api-secret-token": secret_of(platforms)}

    assert httpx.post(bot["callback_url"], headers=headers, json=update(1)).status_code == 404


def test_nothing_that_people_write_reaches_the_log(
    served: Served, workspace: int, bot: dict[str, Any], platforms: Simulator
) -> None:
    headers = {"x-telegram-bot-api-secret-token": secret_of(platforms)}
    with structlog.testing.capture_logs() as log:
        tell(platforms, "write", person=987_654_321, text="My secret wish")
        httpx.post(
            bot["callback_url"], headers={"x-telegram-bot-api-secret-token": "x"}, json=update(1, "My secret wish")
        )
        httpx.post(bot["callback_url"], headers=headers, content=b'{"secret wish')
        served.house.rows("UPDATE inbound SET body = '{\"secret wish\": 987654321}' WHERE workspace_id = %s", workspace)
        take_in(served, workspace)

    assert log, "the message that could not be taken in is logged"
    for private in ("secret wish", "987654321", TOKEN):
        assert private not in json.dumps(log, default=str)


def test_half_a_character_costs_no_message(
    served: Served, workspace: int, bot: dict[str, Any], platforms: Simulator
) -> None:
    headers = {"x-telegram-bot-api-secret-token": secret_of(platforms)}
    body = json.dumps(update(1, "cut \ud83d and \0 gone")).encode()

    assert httpx.post(bot["callback_url"], headers=headers, content=body).status_code == 200
    take_in(served, workspace)

    assert [state for state, _ in states(served, workspace)] == ["done"]


# ---------------------------------------------------------------- a channel of one's own
def signed(secret: str, body: bytes, *, at: datetime, key: str = "msg_1") -> dict[str, str]:
    """The headers as the standard asks for them, made by hand."""
    stamp = str(int(at.timestamp()))
    material = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(material, f"{key}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": key,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


@pytest.fixture
def program(owner: Browser) -> tuple[dict[str, Any], str]:
    """An account of a program of one's own, and its secret."""
    secret = "whsec_" + base64.b64encode(bytes(range(32))).decode()
    values = {"target_url": "http://127.0.0.1:9/take", "signing_secret": secret}
    made = owner.post(ACCOUNTS, {"channel": "webhook", "name": "Ours", "values": values})
    assert made.status_code == 201, made.text
    return made.json(), secret


def test_a_program_tells_what_happened_and_signs_it(
    served: Served, workspace: int, program: tuple[dict[str, Any], str]
) -> None:
    account, secret = program
    said = {"type": "message", "key": "a1", "at": "2026-11-01T12:00:00Z", "parts": [{"type": "text", "text": "Hi"}]}
    sender = {"kind": "user_id", "value": "u-77"}
    body = json.dumps({"happenings": [{**said, "sender": sender}]}).encode()

    answer = httpx.post(account["callback_url"], content=body, headers=signed(secret, body, at=datetime.now(UTC)))
    take_in(served, workspace)

    assert answer.status_code == 200
    assert names(served, workspace) == ["Message Received"]


@pytest.mark.parametrize("fault", ["body", "secret", "old", "new", "unsigned"])
def test_what_a_program_did_not_sign_or_signed_long_ago_is_refused(
    served: Served, workspace: int, program: tuple[dict[str, Any], str], fault: str
) -> None:
    account, secret = program
    body = b'{"happenings": []}'
    at = datetime.now(UTC) + {"old": timedelta(minutes=-6), "new": timedelta(minutes=6)}.get(fault, timedelta(0))
    other = "whsec_" + base64.b64encode(b"x" * 32).decode()
    headers = signed(other if fault == "secret" else secret, body, at=at)
    if fault == "unsigned":
        headers = {}

    sent = b'{"happenings": [] }' if fault == "body" else body

    assert httpx.post(account["callback_url"], content=sent, headers=headers).status_code == 403
    assert states(served, workspace) == []
