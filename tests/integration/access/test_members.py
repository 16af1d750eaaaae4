"""Members: invitations that open one door only, roles, removal, and resets."""

import asyncio
from urllib.parse import parse_qs, urlsplit

import httpx
import psycopg
import pytest
from tests.support.house import PASSWORD, Browser, House

from fanwheel.infra import access
from fanwheel.infra.access import members
from fanwheel.kernel.clock import utc_now

NEW_PASSWORD = "a phrase of her own"


@pytest.fixture
def owner(house: House, workspace: int) -> Browser:
    return house.member(workspace, "owner")


def token_of(answer: httpx.Response) -> str:
    assert answer.status_code == 201, answer.text
    address = urlsplit(answer.json()["link"])
    assert address.path == "/accept"
    return parse_qs(address.query)["token"][0]


def invite(owner: Browser, email: str, role: str = "operator", name: str = "Mei") -> str:
    return token_of(owner.post("/api/members", {"email": email, "role": role, "name": name}))


def accept(house: House, token: str, password: str, **values: str) -> httpx.Response:
    return house.browser().post("/api/auth/accept", {"token": token, "password": password} | values)


def test_an_invited_user_sets_a_password_and_is_in(house: House, workspace: int, owner: Browser) -> None:
    token = invite(owner, "Mei-1@brand.example ", "agent")
    listed = {member["email"]: member for member in owner.get("/api/members").json()["items"]}
    assert listed["mei-1@brand.example"]["pending"] is True
    assert house.browser().post("/api/auth/link", {"token": token}).json() == {
        "purpose": "invite",
        "email": "mei-1@brand.example",
        "workspace_name": "Brand",
        "has_password": False,
    }

    browser = house.browser()
    me = browser.enter(
        browser.post("/api/auth/accept", {"token": token, "password": NEW_PASSWORD, "name": "Han Meimei"})
    )

    assert me["role"] == "agent"
    assert me["workspace"]["id"] == workspace
    assert me["user"]["name"] == "Han Meimei"
    listed = {member["email"]: member for member in owner.get("/api/members").json()["items"]}
    assert listed["mei-1@brand.example"]["pending"] is False
    assert accept(house, token, NEW_PASSWORD).status_code == 404


def test_an_invitation_opens_nothing_before_it_is_taken_up(house: House, workspace: int, owner: Browser) -> None:
    elsewhere = house.workspace()
    user_id, email = house.user(elsewhere, "viewer")
    invite(owner, email)
    browser = house.session(elsewhere, user_id)

    assert [found["id"] for found in browser.get("/api/auth/me").json()["workspaces"]] == [elsewhere]
    assert browser.post("/api/auth/workspace", {"workspace_id": workspace}).status_code == 404


def test_an_invitation_cannot_take_over_an_account(house: House, owner: Browser) -> None:
    _, email = house.user(house.workspace(), "owner")
    token = invite(owner, email)

    taken = accept(house, token, "the inviter's own choice")

    assert taken.status_code == 401
    house.browser().sign_in(email, PASSWORD)
    assert accept(house, token, PASSWORD).status_code == 200


def test_an_invitation_does_not_tell_whether_the_address_is_known_elsewhere(house: House, owner: Browser) -> None:
    _, known = house.user(house.workspace(), "owner")

    answers = [
        owner.post("/api/members", {"email": email, "role": "viewer", "name": "Someone"}).json()
        for email in (known, "unknown-7@brand.example")
    ]

    shapes = [{name: answer[name] for name in ("name", "role", "pending")} for answer in answers]
    assert shapes == [{"name": "Someone", "role": "viewer", "pending": True}] * 2


def test_inviting_again_replaces_role_and_link(house: House, owner: Browser) -> None:
    first = invite(owner, "again@brand.example", "viewer")
    second = invite(owner, "again@brand.example", "analyst")

    assert accept(house, first, NEW_PASSWORD).status_code == 404
    assert accept(house, second, NEW_PASSWORD).json()["role"] == "analyst"
    third = owner.post("/api/members", {"email": "again@brand.example", "role": "viewer"})
    assert third.status_code == 409
    assert third.json()["code"] == "already_member"


def test_a_withdrawn_invitation_opens_nothing(house: House, owner: Browser) -> None:
    invited = owner.post("/api/members", {"email": "gone@brand.example", "role": "viewer"})

    owner.ask("DELETE", f"/api/members/{invited.json()['user_id']}")

    assert accept(house, token_of(invited), NEW_PASSWORD).status_code == 404
    assert house.rows("SELECT 1 FROM login WHERE email = 'gone@brand.example'") == []


def test_a_removed_member_is_out_at_once_but_stays_elsewhere(house: House, workspace: int, owner: Browser) -> None:
    elsewhere = house.workspace()
    user_id, email = house.user(workspace, "operator")
    house.user(elsewhere, "viewer", email)
    here, there = house.session(workspace, user_id), house.session(elsewhere, user_id)

    assert owner.ask("DELETE", f"/api/members/{user_id}").status_code == 204

    assert here.get("/api/auth/me").status_code == 401
    assert there.get("/api/auth/me").status_code == 200
    assert house.browser().sign_in(email)["workspace"]["id"] == elsewhere


def test_a_user_who_belongs_nowhere_any_more_is_forgotten(house: House, workspace: int, owner: Browser) -> None:
    user_id, email = house.user(workspace, "operator")

    owner.ask("DELETE", f"/api/members/{user_id}")

    assert house.rows("SELECT 1 FROM login WHERE user_id = %s", user_id) == []
    assert house.browser().post("/api/auth/login", {"email": email, "password": PASSWORD}).status_code == 401


def test_a_new_role_holds_from_the_next_request(house: House, workspace: int, owner: Browser) -> None:
    user_id, _ = house.user(workspace, "operator")
    browser = house.session(workspace, user_id)
    assert browser.get("/api/members").status_code == 200

    changed = owner.ask("PATCH", f"/api/members/{user_id}", json={"role": "viewer"})

    assert changed.json()["role"] == "viewer"
    assert browser.get("/api/members").status_code == 403


@pytest.mark.parametrize("way", ["demote", "remove"])
def test_the_last_owner_stays(house: House, workspace: int, way: str) -> None:
    user_id, _ = house.user(workspace, "owner")
    owner = house.session(workspace, user_id)
    # An invited owner cannot sign in yet, so does not count.
    invite(owner, f"second-{way}@brand.example", "owner")

    answer = (
        owner.ask("PATCH", f"/api/members/{user_id}", json={"role": "viewer"})
        if way == "demote"
        else owner.ask("DELETE", f"/api/members/{user_id}")
    )

    assert answer.status_code == 409
    assert answer.json()["code"] == "last_owner"
    assert owner.get("/api/auth/me").json()["role"] == "owner"


def test_two_owners_cannot_demote_each_other_at_once(house: House, workspace: int) -> None:
    ids = [house.user(workspace, "owner")[0] for _ in range(2)]

    async def demote_each_other() -> list[object]:
        async def demote(actor: int, target: int) -> None:
            principal = access.Principal(
                workspace_id=workspace, role=access.Role.OWNER, actor=f"user:{actor}", user_id=actor
            )
            async with house.database.transaction(workspace) as tx:
                await members.give_role(tx, principal, user_id=target, role=access.Role.VIEWER)

        both = (demote(ids[0], ids[1]), demote(ids[1], ids[0]))
        return list(await asyncio.gather(*both, return_exceptions=True))

    outcome = house.run(demote_each_other())

    assert [type(found).__name__ for found in outcome if found is not None] == ["LastOwnerError"]
    assert house.value("SELECT count(*) FROM membership WHERE role = 'owner' AND workspace_id = %s", workspace) == 1


def test_a_reset_sets_a_new_password_and_ends_every_session(house: House, workspace: int, owner: Browser) -> None:
    user_id, email = house.user(workspace, "agent")
    signed_in = house.session(workspace, user_id)
    token = token_of(owner.post(f"/api/members/{user_id}/reset"))
    assert house.browser().post("/api/auth/link", {"token": token}).json()["has_password"] is False

    answer = accept(house, token, NEW_PASSWORD)

    assert answer.status_code == 200
    assert answer.json()["role"] == "agent"
    assert signed_in.get("/api/auth/me").status_code == 401
    house.browser().sign_in(email, NEW_PASSWORD)
    assert accept(house, token, "once more, please").status_code == 404


def test_an_owner_cannot_reset_whom_another_workspace_trusts(house: House, workspace: int, owner: Browser) -> None:
    user_id, email = house.user(workspace, "viewer")
    house.user(house.workspace(), "owner", email)

    answer = owner.post(f"/api/members/{user_id}/reset")

    assert answer.status_code == 403
    assert answer.json()["code"] == "shared_account"


def test_whoever_runs_the_server_can_let_any_user_back_in(house: House, workspace: int) -> None:
    user_id, email = house.user(workspace, "owner")

    token = house.run(access.reset_from_server(house.database, email, now=utc_now()))

    assert accept(house, token, NEW_PASSWORD).json()["user"]["id"] == user_id


def test_a_changed_password_spends_the_reset_links(house: House, workspace: int, owner: Browser) -> None:
    user_id, _ = house.user(workspace, "agent")
    token = token_of(owner.post(f"/api/members/{user_id}/reset"))

    house.session(workspace, user_id).post("/api/auth/password", {"current": PASSWORD, "new": NEW_PASSWORD})

    assert accept(house, token, "the link's finder").status_code == 404


def test_a_weak_password_leaves_the_link_whole(house: House, owner: Browser) -> None:
    token = invite(owner, "weak@brand.example")

    assert accept(house, token, "12345678").status_code == 422
    assert accept(house, token, NEW_PASSWORD).status_code == 200


@pytest.mark.parametrize(("email", "role"), [("no address", "viewer"), ("a@b.example", "king")])
def test_a_bad_invitation_names_the_field(owner: Browser, email: str, role: str) -> None:
    answer = owner.post("/api/members", {"email": email, "role": role})

    assert answer.status_code == 422
    assert ("“email”" if role == "viewer" else "“role”") in answer.json()["message"]


def test_every_change_is_in_the_audit_log(house: House, workspace: int) -> None:
    owner_id, _ = house.user(workspace, "owner")
    owner = house.session(workspace, owner_id)
    invited = owner.post("/api/members", {"email": "audited@brand.example", "role": "viewer"}).json()["user_id"]
    owner.ask("PATCH", f"/api/members/{invited}", json={"role": "analyst"})
    owner.ask("DELETE", f"/api/members/{invited}")

    first = owner.get("/api/audit?limit=2").json()
    second = owner.get("/api/audit", params={"limit": 2, "cursor": first["next_cursor"]}).json()

    entries = first["items"] + second["items"]
    assert [entry["action"] for entry in entries] == ["member.remove", "member.change", "member.invite"]
    assert {entry["actor"] for entry in entries} == {f"user:{owner_id}"}
    assert {entry["actor_name"] for entry in entries} == {"Owner"}
    assert {entry["target"] for entry in entries} == {f"user:{invited}"}
    assert entries[1]["detail"] == {"from": "viewer", "to": "analyst"}
    assert second["next_cursor"] is None


def test_the_audit_log_cannot_be_rewritten_by_the_application(house: House, workspace: int, owner: Browser) -> None:
    invite(owner, "written@brand.example")

    async def rewrite(statement: bytes) -> None:
        async with house.database.transaction(workspace) as tx:
            await tx.conn.execute(statement)

    for statement in (b"UPDATE audit SET actor = 'x'", b"DELETE FROM audit"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            house.run(rewrite(statement))
