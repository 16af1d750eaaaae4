"""Drafts of answers by an endpoint that is really called: what leaves, what comes back, and what is told when not."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
from tests.support.house import Browser
from tests.support.inbox import Inbox

KEY = "sk-very-secret"


class Endpoint(BaseHTTPRequestHandler):
    """Answers as it was told to, and keeps what it was asked."""

    answer: ClassVar[tuple[int, bytes]] = (200, b"")
    asked: ClassVar[list[tuple[str, str, dict[str, Any]]]] = []

    def do_POST(self) -> None:
        """Keep it, and answer."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).asked.append((self.path, self.headers.get("Authorization", ""), body))
        status, told = type(self).answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - so the library calls it
        """Say nothing."""


def says(text: str) -> tuple[int, bytes]:
    return 200, json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()


@pytest.fixture
def endpoint() -> Iterator[str]:
    Endpoint.answer, Endpoint.asked = says("Hello Ana!"), []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def owner(inbox: Inbox) -> Browser:
    return inbox.house.member(inbox.workspace, "owner")


def switch_on(owner: Browser, url: str, **more: Any) -> Any:
    body = {"is_on": True, "base_url": url, "model": "any", "traits": ["city"], "key": KEY, **more}
    return owner.ask("PUT", "/api/inbox/drafting", json=body)


def draft(browser: Browser, conversation_id: int | None) -> Any:
    return browser.post(f"/api/conversations/{conversation_id}/draft")


def test_nothing_leaves_until_an_owner_says_where_to(inbox: Inbox, owner: Browser, endpoint: str) -> None:
    taken = inbox.write("ana", "Hello?")
    agent, operator = (inbox.house.member(inbox.workspace, role) for role in ("agent", "operator"))

    assert draft(agent, taken.conversation_id).status_code == 409
    assert switch_on(operator, endpoint).status_code == 403
    assert switch_on(owner, endpoint, is_on=False).status_code == 200
    assert draft(agent, taken.conversation_id).status_code == 409
    assert Endpoint.asked == []


def test_a_draft_tells_the_endpoint_what_may_leave_and_is_never_sent(
    inbox: Inbox, owner: Browser, endpoint: str
) -> None:
    taken = inbox.write("ana", "Write to ana@shop.example or +49 170 1234567, about order 20261122001")
    traits = {"city": "Lyon", "income": "secret-income"}
    inbox.house.rows(
        "UPDATE person SET traits = %s::jsonb, display_name = 'Ana Secret' WHERE person_id = %s RETURNING 1",
        json.dumps(traits),
        inbox.fan("ana"),
    )
    owner.post(f"/api/conversations/{taken.conversation_id}/notes", {"text": "secret-note"})
    saved = switch_on(owner, endpoint, instructions="Be brief.")

    drafted = draft(inbox.house.member(inbox.workspace, "agent"), taken.conversation_id)

    assert drafted.json() == {"text": "Hello Ana!"}, drafted.text
    [(path, authorization, body)] = Endpoint.asked
    told = json.dumps(body)
    assert (path, authorization) == ("/v1/chat/completions", f"Bearer {KEY}")
    assert "Lyon" in told
    assert "Be brief." in told
    assert "20261122001" in told
    assert not any(word in told for word in ("secret-income", "Ana Secret", "secret-note", "@shop", "1234567"))
    assert KEY not in saved.text + owner.get("/api/inbox/drafting").text
    assert [kind for kind, _ in inbox.texts(taken.conversation_id)] == ["in", "note"]
    assert inbox.house.rows("SELECT 1 FROM intent WHERE workspace_id = %s", inbox.workspace) == []


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((401, b"{}"), "refused the key"),
        ((200, b"<html>"), "cannot be read"),
        ((200, b"x" * 300_000), "too long"),
        ((302, b""), "302"),
        (says("  "), "said nothing"),
    ],
)
def test_what_is_wrong_with_an_endpoint_is_told(
    inbox: Inbox, owner: Browser, endpoint: str, answer: tuple[int, bytes], told: str
) -> None:
    switch_on(owner, endpoint)
    Endpoint.answer = answer

    checked = owner.post("/api/inbox/drafting/check")

    assert checked.status_code == 503
    assert told in checked.json()["hint"]


def test_the_metadata_of_a_cloud_is_not_called_and_a_key_goes_nowhere_else(
    inbox: Inbox, owner: Browser, endpoint: str
) -> None:
    switch_on(owner, endpoint)

    assert switch_on(owner, "http://127.0.0.1:9/v1", key=None).status_code == 422
    assert switch_on(owner, "ftp://example.com").status_code == 422
    switch_on(owner, "http://169.254.169.254/latest")
    checked = owner.post("/api/inbox/drafting/check")

    assert (checked.status_code, Endpoint.asked) == (503, [])
    assert "not to be called" in checked.json()["hint"]
