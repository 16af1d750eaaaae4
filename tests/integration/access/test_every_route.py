"""Every route of the application × every role, without a session, with keys, and from another workspace."""

import secrets
from typing import Any

import httpx
import psycopg
import pytest
from tests.integration.access.bodies import BODIES, WHOLE_BODIES
from tests.integration.access.known import (
    CHANGING_NOTHING,
    MADE_BY_NAME,
    NAMING,
    OPEN,
    PAGES,
    PERSONAL,
    QUESTIONS,
    STEERING,
)
from tests.support import rows
from tests.support.house import Browser, House
from tests.support.routes import Endpoint, endpoints, pages

from fanwheel.entrypoints.http import create_app
from fanwheel.infra import access
from fanwheel.infra.access import Role, rules, service
from fanwheel.infra.settings import Settings
from fanwheel.loop.operate.content.media.files import path_of, received_path_of, write

ENDPOINTS = endpoints(create_app(Settings(), ""))
GUARDED = [endpoint for endpoint in ENDPOINTS if endpoint.permission]
# Theirs is compared again after so many requests.
FEW = 20


@pytest.fixture(scope="module")
def theirs(house: House) -> int:
    return furnish(house)


def furnish(house: House) -> int:
    """A workspace with a row in every table, each text of which says whose it is."""
    workspace = house.workspace("Theirs")
    with psycopg.connect(house.dsn, autocommit=True) as conn:
        list(rows.fill(conn, workspace, "theirs-marker"))
        conn.execute("UPDATE shop_order SET order_id = 'theirs' WHERE workspace_id = %s", [workspace])
        conn.execute("UPDATE order_line SET order_id = 'theirs' WHERE workspace_id = %s", [workspace])
        conn.execute("UPDATE source SET slug = 'theirs-marker' WHERE workspace_id = %s", [workspace])
        conn.execute("UPDATE person SET is_real = true WHERE workspace_id = %s", [workspace])
        # Addresses hashed with a key that is not this installation's would keep it from looking for any.
        conn.execute("DELETE FROM address_key WHERE workspace_id = %s", [workspace])
        # Nor could secrets sealed with another key be opened.
        conn.execute(
            "UPDATE channel_account SET sealed_secrets = NULL, secret_names = '{}' WHERE workspace_id = %s",
            [workspace],
        )
        # The filled member and key refer to a user who does not exist; real ones come with each test.
        conn.execute(
            "INSERT INTO login (user_id, email, name) OVERRIDING SYSTEM VALUE VALUES (%s, %s, 'theirs-marker')"
            " ON CONFLICT DO NOTHING",
            [rows.NUMBER, "theirs-marker@brand.example"],
        )
        files = conn.execute(
            "SELECT digest || '.' || extension, is_received FROM media_file WHERE workspace_id = %s", [workspace]
        ).fetchall()
    for name, is_received in files:
        lies = received_path_of if is_received else path_of
        write(lies(house.settings.home, workspace, name), b"theirs-marker")
    return workspace


@pytest.fixture(scope="module")
def seats(house: House) -> dict[str, tuple[int, int]]:
    """For each role, a workspace of its own and the user who has that role there."""
    return {role: (place := house.workspace(), house.user(place, role)[0]) for role in Role}


def ask(browser: Browser, endpoint: Endpoint) -> httpx.Response:
    body = BODIES.get(str(endpoint), {}) if endpoint.method in ("POST", "PATCH", "PUT") else None
    return say(browser, endpoint, body)


def say(browser: Browser, endpoint: Endpoint, body: Any) -> httpx.Response:
    """Ask with a body of JSON, one made from what is there, or with a file."""
    body = body(browser) if callable(body) else body
    sent = {"content": body} if isinstance(body, bytes) else {"json": body}
    return browser.ask(endpoint.method, endpoint.path, **sent)


def harm(endpoint: Endpoint) -> tuple[int, bool, int]:
    """For an order in which nothing is asked of what is gone: what hangs on other things is put away before them."""
    is_deletion = endpoint.method == "DELETE" or endpoint.template.endswith("/archive")
    rank = ("GET", "PATCH", "POST", "PUT", "DELETE").index(endpoint.method)
    return rank, is_deletion, -endpoint.template.count("/") if is_deletion else 0


class Walk:
    """One visit to every route in turn, with the answers that were not as they should be."""

    def __init__(self) -> None:
        self.offenders: dict[str, str] = {}

    def expect(self, endpoint: Endpoint, answer: httpx.Response, *, holds: bool) -> None:
        """Remember the answer unless ``holds``."""
        if not holds:
            self.offenders[str(endpoint)] = f"{answer.status_code} {answer.text[:300]}"


def is_refused(answer: httpx.Response, code: str) -> bool:
    return answer.status_code == 403 and answer.json()["code"] == code


# ---------------------------------------------------------------- declarations
def test_every_route_declares_what_it_needs() -> None:
    undeclared = [str(endpoint) for endpoint in ENDPOINTS if len(endpoint.declared) != 1]

    assert undeclared == []
    assert len(ENDPOINTS) >= 40


def test_only_what_comes_before_a_session_is_open_to_all() -> None:
    assert {str(endpoint) for endpoint in ENDPOINTS if endpoint.permission is None} == OPEN


def test_nothing_outside_the_api_but_known_pages() -> None:
    assert pages(create_app(Settings(), "")) == PAGES


def test_the_walk_sees_every_path_of_the_api_s_description() -> None:
    described = create_app(Settings(), "").openapi()["paths"]

    assert set(described) == {endpoint.template for endpoint in ENDPOINTS}


def test_every_permission_is_asked_for_somewhere() -> None:
    assert {endpoint.permission for endpoint in GUARDED} == access.PERMISSIONS


def test_reading_needs_a_reading_permission_and_changing_a_writing_one() -> None:
    wrong = [
        str(endpoint)
        for endpoint in GUARDED
        if not str(endpoint.permission).endswith(
            ":read" if endpoint.method in ("GET", "HEAD") else (":write", ":approve")
        )
    ]

    assert set(wrong) <= QUESTIONS


# ---------------------------------------------------------------- who may
def test_nobody_in_particular_is_told_to_sign_in(house: House) -> None:
    walk = Walk()

    for endpoint in GUARDED:
        stranger = house.browser()
        walk.expect(endpoint, answer := ask(stranger, endpoint), holds=answer.status_code == 401)
        stranger.take_session(secrets.token_urlsafe(32), "guess")
        walk.expect(endpoint, answer := ask(stranger, endpoint), holds=answer.status_code == 401)

    assert walk.offenders == {}


@pytest.mark.parametrize("role", list(Role))
def test_a_role_passes_exactly_where_its_table_says(
    house: House, seats: dict[str, tuple[int, int]], role: Role
) -> None:
    walk = Walk()

    for endpoint in GUARDED:
        assert endpoint.permission is not None
        answer = ask(house.session(*seats[role]), endpoint)
        if rules.permits(role, endpoint.permission):
            walk.expect(endpoint, answer, holds=answer.status_code not in (401, 403) and answer.status_code < 500)
        else:
            walk.expect(endpoint, answer, holds=is_refused(answer, "not_allowed"))

    assert walk.offenders == {}


@pytest.mark.parametrize("role", rules.KEY_ROLES)
def test_a_server_key_passes_exactly_where_its_role_does(
    house: House, seats: dict[str, tuple[int, int]], role: Role
) -> None:
    workspace, _ = seats[role]
    walk = Walk()

    async def make() -> str:
        async with house.database.transaction(workspace) as tx:
            return (await service.add_key(tx, "cli", kind="server", name="Walk", role=role))[1]

    browser = house.browser().take_key(house.run(make()))
    for endpoint in GUARDED:
        assert endpoint.permission is not None
        answer = ask(browser, endpoint)
        if rules.permits(role, endpoint.permission, by_key=True):
            walk.expect(endpoint, answer, holds=answer.status_code not in (401, 403))
        else:
            walk.expect(endpoint, answer, holds=is_refused(answer, "not_allowed"))

    assert walk.offenders == {}


def test_a_write_key_opens_nothing_here(house: House, seats: dict[str, tuple[int, int]]) -> None:
    secret = house.run(access.create_key(house.database, seats[Role.OWNER][0], "write", "Walk"))
    browser, walk = house.browser().take_key(secret), Walk()

    for endpoint in GUARDED:
        walk.expect(endpoint, answer := ask(browser, endpoint), holds=is_refused(answer, "write_key_refused"))

    assert walk.offenders == {}


def test_every_change_needs_the_csrf_token(house: House, seats: dict[str, tuple[int, int]]) -> None:
    browser, walk = house.session(*seats[Role.OWNER]), Walk()
    browser.csrf = None

    for endpoint in GUARDED:
        if endpoint.method != "GET":
            walk.expect(endpoint, answer := ask(browser, endpoint), holds=is_refused(answer, "csrf"))

    assert walk.offenders == {}


# ---------------------------------------------------------------- whose
def test_an_owner_elsewhere_sees_and_changes_nothing_of_theirs(
    house: House, seats: dict[str, tuple[int, int]], theirs: int
) -> None:
    walk = Walk()

    with psycopg.connect(house.dsn, autocommit=True) as conn:
        before = rows.fingerprint(conn, theirs)
        for asked, endpoint in enumerate(GUARDED, 1):
            answer = ask(house.session(*seats[Role.OWNER]), endpoint)
            # To repeat a name that was asked for tells nothing.
            is_echo = answer.status_code == 404 and "theirs-marker" in endpoint.path
            tells = "theirs-marker" in answer.text and not is_echo
            is_unknown = answer.status_code == 404 or "{" not in endpoint.template or str(endpoint) in MADE_BY_NAME
            walk.expect(endpoint, answer, holds=is_unknown and not tells)
            if asked % FEW == 0 or asked == len(GUARDED):
                assert rows.fingerprint(conn, theirs) == before, f"one of the {FEW} up to {endpoint}"

    assert walk.offenders == {}


def test_their_own_owner_finds_what_was_not_found(house: House) -> None:
    """Nothing but the workspace hid it: the same requests by its owner find it."""
    workspace = furnish(house)
    owner = house.session(workspace, house.user(workspace, "owner")[0])
    by_harm = sorted(GUARDED, key=harm)

    missing = [str(found) for found in by_harm if "{" in found.template and ask(owner, found).status_code == 404]

    assert missing == []


def test_every_change_is_audited(house: House) -> None:
    workspace = furnish(house)
    owner_id, _ = house.user(workspace, "owner")
    count = "SELECT count(*) FROM audit WHERE actor = %s"  # a new workspace keeps its own log
    changes = [found for found in GUARDED if found.method != "GET" and str(found) not in CHANGING_NOTHING]
    changes.sort(key=lambda found: (harm(found)[1:], str(found)))
    silent, refused = [], {}

    for endpoint in changes:
        browser, before = house.session(workspace, owner_id), house.value(count, f"user:{owner_id}")
        body = WHOLE_BODIES.get(str(endpoint), {}) if endpoint.method != "DELETE" else None
        answer = say(browser, endpoint, body)
        if answer.status_code >= 300:
            refused[str(endpoint)] = answer.text
        elif house.value(count, f"user:{owner_id}") == before:
            silent.append(str(endpoint))

    assert silent == []
    # What the furnished rows do not allow: one person cannot be merged with itself or dealt into two arms, or a shared
    # user reset; a draft for nobody cannot be sent.
    assert set(refused) <= {
        *(f"POST /api/broadcasts/{{broadcast_id}}/{deed}" for deed in STEERING),
        "POST /api/people/{person_id}/merge",
        "POST /api/people/{person_id}/unmerge",
        "POST /api/members/{user_id}/reset",
        "POST /api/experiments",
        "POST /api/opt-ins",
        "POST /api/media/fetch",  # nothing is fetched from this machine
    }, refused


def test_their_own_owner_does_see_it(house: House, theirs: int) -> None:
    """The walk above would notice: where theirs is asked for by its owner, the marker is there."""
    owner = house.session(theirs, house.user(theirs, "owner")[0])

    told = {
        endpoint.template
        for endpoint in GUARDED
        if endpoint.method == "GET" and "theirs-marker" in ask(owner, endpoint).text
    }

    assert {
        "/api/keys",
        "/api/members",
        "/api/audit",
        "/api/sources",
        "/api/source-rules",
        "/api/spend",
        "/api/ingest/live",
        "/api/ingest/rejected",
        "/api/people",
        "/api/people/{person_id}",
        "/api/people/{person_id}/timeline",
        "/api/orders/{order_id}",
        "/api/people/{person_id}/segments",
        "/api/segments",
        "/api/segments/{segment_id}",
        "/api/segments/{segment_id}/schedules",
        "/api/webhooks",
        "/api/webhooks/{webhook_id}/messages",
        "/api/lists",
        "/api/lists/{list_id}",
        "/api/lists/{list_id}/members",
        "/api/lists/{list_id}/export",
        "/api/lists/{list_id}/uploads",
        "/api/lists/{list_id}/uploads/{upload_id}/unmatched",
        "/api/measure/referral",
    } <= told


@pytest.mark.parametrize("role", [role for role in Role if not rules.permits(role, "people:read")])
def test_a_role_without_people_is_told_of_none(house: House, theirs: int, role: Role) -> None:
    with psycopg.connect(house.dsn, autocommit=True) as conn:
        for table in PERSONAL & set(rows.workspace_tables(conn)):
            assert rows.fingerprint(conn, theirs)[table], table
    browser = house.session(theirs, house.user(theirs, role)[0])

    tattlers = [
        str(endpoint)
        for endpoint in GUARDED
        if endpoint.method == "GET"
        and endpoint.template not in NAMING
        and "theirs-marker" in ask(browser, endpoint).text
    ]

    assert tattlers == []
