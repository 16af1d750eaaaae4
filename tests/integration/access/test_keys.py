"""API keys: shown once, stored hashed, refused where they do not belong, dead soon after they are revoked."""

import asyncio
import hashlib
import re

import pytest
from tests.support.house import Browser, House

from fanwheel.infra import access
from fanwheel.infra.access.lookups import REMEMBERED_SECONDS, KeyCache
from fanwheel.infra.postgres import Database


@pytest.fixture
def owner(house: House, workspace: int) -> Browser:
    return house.member(workspace, "owner")


def make(owner: Browser, kind: str = "server", **values: str) -> dict[str, str]:
    answer = owner.post("/api/keys", {"kind": kind, "name": "Shop"} | values)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def find(house: House, secret: str) -> access.KeyInfo | None:
    return house.run(access.find_write_key(house.database, secret))


@pytest.mark.parametrize("kind", ["write", "server"])
def test_a_key_is_shown_once_and_stored_hashed(house: House, workspace: int, owner: Browser, kind: str) -> None:
    made = make(owner, kind)

    assert re.fullmatch(rf"fw_{kind}_[0-9A-Za-z]{{27}}", made["secret"])
    assert made["secret"].startswith(made["prefix"])
    listed = owner.get("/api/keys")
    assert made["secret"] not in listed.text
    assert listed.json()["items"][0]["prefix"] == made["prefix"]
    stored = house.rows("SELECT api_key::text AS row, secret_hash FROM api_key WHERE api_key_id = %s", made["id"])[0]
    assert stored["secret_hash"] == hashlib.sha256(made["secret"].encode()).digest()
    assert made["secret"] not in stored["row"]


def test_a_server_key_acts_in_its_workspace_with_its_role(house: House, workspace: int, owner: Browser) -> None:
    browser = house.browser().take_key(make(owner, role="analyst")["secret"])

    assert browser.get("/api/workspace").json()["id"] == workspace
    assert browser.ask("PUT", "/api/currency-rates", json={"items": []}).status_code == 403


def test_a_server_key_needs_no_csrf_token(house: House, owner: Browser) -> None:
    browser = house.browser().take_key(make(owner)["secret"])

    assert browser.ask("PUT", "/api/currency-rates", json={"items": []}).status_code == 200


def test_a_key_has_no_account_of_its_own(house: House, owner: Browser) -> None:
    answer = house.browser().take_key(make(owner)["secret"]).get("/api/auth/me")

    assert answer.status_code == 403
    assert answer.json()["message"] == "A key has no account of its own."


def test_a_write_key_is_refused_here_with_the_remedy(house: House, owner: Browser) -> None:
    answer = house.browser().take_key(make(owner, "write")["secret"]).get("/api/workspace")

    assert answer.status_code == 403
    assert answer.json()["code"] == "write_key_refused"
    assert "fanwheel keys create --kind server" in answer.json()["hint"]


def test_no_key_can_be_an_owner(owner: Browser) -> None:
    answer = owner.post("/api/keys", {"kind": "server", "name": "Root", "role": "owner"})

    assert answer.status_code == 422
    assert "“role”" in answer.json()["message"]


@pytest.mark.parametrize("secret", ["fw_server_" + "A" * 27, "fw_server_short", "nonsense", "é", ""])
def test_an_unknown_key_is_refused(house: House, secret: str) -> None:
    headers = {"Authorization": f"Bearer {secret}".encode()}

    answer = house.browser().get("/api/workspace", headers=headers)

    assert answer.status_code == 401
    assert answer.json()["code"] == "unknown_key"


def test_a_key_beside_a_cookie_decides(house: House, workspace: int, owner: Browser) -> None:
    other = house.workspace()
    secret = make(house.member(other, "owner"))["secret"]

    assert owner.get("/api/workspace", headers={"Authorization": f"Bearer {secret}"}).json()["id"] == other


def test_a_revoked_key_is_dead_here_at_once(house: House, owner: Browser) -> None:
    made = make(owner)
    browser = house.browser().take_key(made["secret"])
    assert browser.get("/api/workspace").status_code == 200

    assert owner.ask("DELETE", f"/api/keys/{made['id']}").status_code == 204

    assert browser.get("/api/workspace").status_code == 401
    assert find(house, made["secret"]) is None
    assert owner.ask("DELETE", f"/api/keys/{made['id']}").status_code == 404
    revoked = owner.get("/api/keys").json()["items"][0]
    assert revoked["id"] == made["id"]
    assert revoked["revoked_at"] is not None


def test_another_process_believes_a_revoked_key_for_five_seconds_only(house: House, owner: Browser) -> None:
    made = make(owner, "write")
    secret_hash = hashlib.sha256(made["secret"].encode()).digest()
    now = 1000.0
    elsewhere = KeyCache(clock=lambda: now)
    assert house.run(elsewhere.find(house.database, secret_hash)) is not None
    house.rows("UPDATE api_key SET revoked_at = now() WHERE api_key_id = %s", made["id"])

    now += REMEMBERED_SECONDS - 0.001
    assert house.run(elsewhere.find(house.database, secret_hash)) is not None
    now += 0.001
    assert house.run(elsewhere.find(house.database, secret_hash)) is None
    assert REMEMBERED_SECONDS <= 5


def test_requests_that_ask_together_share_one_query(house: House, owner: Browser) -> None:
    secret_hash = hashlib.sha256(make(owner, "write")["secret"].encode()).digest()
    cache = KeyCache()
    asked = 0

    class Counting:
        def installation(self):
            nonlocal asked
            asked += 1
            return house.database.installation()

    async def ask_together() -> list[access.KeyInfo | None]:
        database: Database = Counting()  # type: ignore[assignment]
        return list(await asyncio.gather(*(cache.find(database, secret_hash) for _ in range(50))))

    found = house.run(ask_together())

    assert asked == 1
    assert len({id(info) for info in found}) == 1
    assert found[0] is not None


def test_ingest_takes_keys_of_both_kinds(house: House, workspace: int, owner: Browser) -> None:
    for kind in ("write", "server"):
        made = make(owner, kind)

        info = find(house, made["secret"])

        assert info is not None
        assert (info.workspace_id, info.api_key_id, info.kind) == (workspace, made["id"], kind)


def test_a_key_tells_when_it_was_last_used_to_the_minute(house: House, owner: Browser) -> None:
    made = make(owner, "write")
    secret_hash = hashlib.sha256(made["secret"].encode()).digest()
    used = "SELECT last_used_at FROM api_key WHERE api_key_id = %s"
    assert house.value(used, made["id"]) is None

    house.run(KeyCache().find(house.database, secret_hash))
    first = house.value(used, made["id"])
    house.run(KeyCache().find(house.database, secret_hash))
    second = house.value(used, made["id"])
    house.rows("UPDATE api_key SET last_used_at = now() - interval '61 seconds' WHERE api_key_id = %s", made["id"])
    house.run(KeyCache().find(house.database, secret_hash))

    assert first is not None
    assert second == first
    assert house.value(used, made["id"]) > first


def test_the_command_line_makes_keys_too(house: House, workspace: int) -> None:
    secret = house.run(access.create_key(house.database, workspace, "server", "CLI"))

    assert house.browser().take_key(secret).get("/api/workspace").json()["id"] == workspace
    audited = house.rows("SELECT actor, action, detail FROM audit WHERE workspace_id = %s", workspace)[-1]
    assert audited == {
        "actor": "cli",
        "action": "key.create",
        "detail": {"kind": "server", "name": "CLI", "role": "operator"},
    }
