"""Idempotency-Key: a repeat gets the first answer and creates nothing twice."""

import asyncio
import secrets

import httpx
import pytest
from tests.support.house import Browser, House

BODY = {"kind": "write", "name": "Shop"}


@pytest.fixture
def owner(house: House, workspace: int) -> Browser:
    return house.member(workspace, "owner")


@pytest.fixture
def key() -> str:
    return secrets.token_hex(8)


def create(browser: Browser, key: str, body: object = None, path: str = "/api/keys") -> httpx.Response:
    return browser.post(path, BODY if body is None else body, headers={"Idempotency-Key": key})


def count(house: House, workspace: int) -> int:
    return int(house.value("SELECT count(*) FROM api_key WHERE workspace_id = %s", workspace))


def test_a_repeat_gets_the_first_answer(house: House, workspace: int, owner: Browser, key: str) -> None:
    first, again = create(owner, key), create(owner, key)

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert "secret" in again.json()
    assert again.headers["content-type"] == first.headers["content-type"]
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert count(house, workspace) == 1


def test_requests_without_a_key_are_each_their_own(house: House, workspace: int, owner: Browser) -> None:
    for _ in range(2):
        owner.post("/api/keys", BODY)

    assert count(house, workspace) == 2


@pytest.mark.parametrize("other", ["body", "path"])
def test_the_same_key_for_another_request_is_refused(
    house: House, workspace: int, owner: Browser, key: str, other: str
) -> None:
    create(owner, key)

    answer = (
        create(owner, key, {"kind": "write", "name": "Else"})
        if other == "body"
        else create(owner, key, path="/api/workspaces")
    )

    assert answer.status_code == 409
    assert answer.json()["code"] == "idempotency_key_reused"
    assert count(house, workspace) == 1


def test_everyone_has_keys_of_their_own(house: House, workspace: int, owner: Browser, key: str) -> None:
    other = house.member(workspace, "owner")

    ids = {create(browser, key).json()["id"] for browser in (owner, other)}

    assert len(ids) == 2


def test_requests_at_once_create_one(house: House, workspace: int, owner: Browser, key: str) -> None:
    headers = {"Idempotency-Key": key, "X-CSRF-Token": owner.csrf or ""}

    async def together() -> list[httpx.Response]:
        client = owner._client
        return list(await asyncio.gather(*(client.post("/api/keys", json=BODY, headers=headers) for _ in range(8))))

    answers = house.run(together())

    assert count(house, workspace) == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"still_running"}
    assert create(owner, key).status_code == 201


def test_a_request_that_failed_may_be_tried_again(house: House, workspace: int, owner: Browser, key: str) -> None:
    refused = create(owner, key, {"kind": "write", "name": ""})

    mended = create(owner, key)

    assert refused.status_code == 422
    assert mended.status_code == 201
    assert count(house, workspace) == 1


def test_an_answer_is_kept_for_a_day(house: House, workspace: int, owner: Browser, key: str) -> None:
    first = create(owner, key)
    house.rows("UPDATE idempotency SET started_at = now() - interval '25 hours' WHERE workspace_id = %s", workspace)

    later = create(owner, key)

    assert later.json()["id"] != first.json()["id"]
    assert count(house, workspace) == 2


def test_a_request_whose_server_died_may_be_sent_again_after_a_while(
    house: House, workspace: int, owner: Browser, key: str
) -> None:
    create(owner, key)
    house.rows("UPDATE idempotency SET status = NULL, sealed_body = NULL WHERE workspace_id = %s", workspace)
    running = create(owner, key)
    house.rows("UPDATE idempotency SET started_at = now() - interval '11 minutes' WHERE workspace_id = %s", workspace)

    again = create(owner, key)

    assert running.status_code == 409
    assert running.json()["code"] == "still_running"
    assert again.status_code == 201


def test_the_database_cannot_tell_a_kept_secret(house: House, workspace: int, owner: Browser, key: str) -> None:
    secret = create(owner, key).json()["secret"]

    kept = house.rows(
        "SELECT sealed_body, idempotency::text AS row FROM idempotency WHERE workspace_id = %s", workspace
    )

    assert len(kept) == 1
    assert secret.encode() not in bytes(kept[0]["sealed_body"])
    assert b"secret" not in bytes(kept[0]["sealed_body"])
    assert key not in kept[0]["row"]


def test_another_session_of_the_user_cannot_open_the_answer(house: House, workspace: int, key: str) -> None:
    user_id, _ = house.user(workspace, "owner")
    create(house.session(workspace, user_id), key)

    answer = create(house.session(workspace, user_id), key)

    assert answer.status_code == 409
    assert "secret" not in answer.text
    assert count(house, workspace) == 1


def test_a_lost_role_gets_no_kept_answer(house: House, workspace: int, key: str) -> None:
    user_id, _ = house.user(workspace, "owner")
    browser = house.session(workspace, user_id)
    create(browser, key)
    house.rows("UPDATE membership SET role = 'viewer' WHERE user_id = %s", user_id)

    answer = create(browser, key)

    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_a_kept_answer_needs_the_csrf_token_like_the_first(house: House, owner: Browser, key: str) -> None:
    create(owner, key)

    answer = owner.post("/api/keys", BODY, headers={"Idempotency-Key": key, "X-CSRF-Token": "wrong"})

    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_nobody_in_particular_is_told_to_sign_in(house: House, key: str) -> None:
    answer = create(house.browser(), key)

    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"


@pytest.mark.parametrize("key_value", ["", "x" * 256])
def test_a_key_without_a_usable_length_is_refused(owner: Browser, key_value: str) -> None:
    answer = create(owner, key_value)

    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json()["message"]
