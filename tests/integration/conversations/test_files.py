"""Files of conversations: taken from visitors, shown to those two sides alone, and gone with the conversation."""

from typing import Any

import httpx
import pytest
from tests.integration.conversations.test_composing import PNG
from tests.integration.conversations.test_webchat import Chat, agent_of
from tests.support.inbox import NOON, Inbox

from fanwheel.cdp import persons
from fanwheel.infra import retention
from fanwheel.kernel.clock import utc_now
from fanwheel.loop.operate.content import media
from fanwheel.loop.operate.conversations import visiting_router

PDF = b"%PDF-1.4\n1 0 obj <</OpenAction <</S /JavaScript /JS (app.alert(1))>>>> endobj\n%%EOF"
GIF = b"GIF89a\x01\x00\x01\x00" + bytes(10)


def send(chat: Chat, body: bytes, name: str = "tea.png", key: str = "file-0001", **options: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {chat.token}", **options.pop("headers", {})}
    params = {"message": key, "name": name}
    return chat.browser.ask("POST", f"/chat/{chat.key}/files", content=body, headers=headers, params=params)


def lying(inbox: Inbox) -> list[str]:
    """What lies on the disk of files of the workspace."""
    place = inbox.house.settings.home / "media" / str(inbox.workspace)
    return sorted(str(path.relative_to(place).parent / path.suffix) for path in place.rglob("*.*"))


def sweep(inbox: Inbox) -> int:
    house = inbox.house
    return house.run(media.sweep(house.database, house.settings, inbox.workspace, now=utc_now()))


@pytest.fixture(autouse=True)
def _quick_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody here comes from one address, some dozens of times a minute."""
    monkeypatch.setattr(visiting_router, "_BEGINNING", visiting_router.Throttle(1_000))
    monkeypatch.setattr(visiting_router, "_SENDING", visiting_router.Throttle(1_000))


@pytest.fixture
def chat(inbox: Inbox) -> Chat:
    made = Chat(inbox)
    made.begin()
    return made


def test_a_picture_reaches_the_inbox_and_the_visitor_and_nobody_else(chat: Chat) -> None:
    taken = [send(chat, PNG), send(chat, PNG)]
    chat.hear()
    agent = agent_of(chat)
    [found] = agent.get("/api/conversations").json()["items"]
    [message] = chat.ask("GET", "/messages").json()["items"]
    [part] = message["parts"]
    files = f"/api/conversations/{found['conversation_id']}/files"
    shown = agent.get(f"{files}/{part['media_id']}")
    again = chat.ask("GET", f"/files/{part['media_id']}")
    stranger = Chat.__new__(Chat)
    stranger.__dict__.update(chat.__dict__)
    stranger.begin()

    assert [answer.status_code for answer in taken] == [202, 202]
    assert (message["key"], part["kind"], part["name"], part.get("url")) == ("file-0001", "image", "tea.png", None)
    assert shown.content == again.content == PNG
    assert (shown.headers["content-type"], shown.headers["x-content-type-options"]) == ("image/png", "nosniff")
    assert "sandbox" in shown.headers["content-security-policy"]
    assert again.headers["access-control-allow-origin"] == "*"
    assert stranger.ask("GET", f"/files/{part['media_id']}").status_code == 404
    assert agent.get(f"{files}/{part['media_id'] + 1}").status_code == 404
    [row] = chat.inbox.house.rows("SELECT digest FROM media_file WHERE workspace_id = %s", chat.inbox.workspace)
    assert chat.browser.get(f"/media/{chat.inbox.workspace}/{row['digest']}.png").status_code == 404
    operator = chat.inbox.house.member(chat.inbox.workspace, "operator")
    assert operator.get("/api/media").json()["items"] == []
    assert operator.ask("DELETE", f"/api/media/{part['media_id']}").status_code == 404


def test_a_paper_is_saved_under_a_name_that_says_what_it_is(chat: Chat) -> None:
    send(chat, PDF, name="in\u202evoice/..\x00.html")
    chat.hear()
    [message] = chat.ask("GET", "/messages").json()["items"]

    told = chat.ask("GET", f"/files/{message['parts'][0]['media_id']}")

    assert message["text"] == "invoice ...html"
    assert told.headers["content-type"] == "application/pdf"
    assert told.headers["content-disposition"] == "attachment; filename*=UTF-8''invoice%20...html.pdf"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"<html><script>alert(1)</script>", 422),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 422),
        (b"PK\x03\x04 a program", 422),
        (b"ID3 a song", 422),
        (b"", 422),
        (GIF + bytes(5 * 1024 * 1024), 413),
        (PDF + bytes(8 * 1024 * 1024), 413),
    ],
)
def test_what_is_no_picture_and_no_paper_is_refused_by_what_it_holds(chat: Chat, body: bytes, status: int) -> None:
    assert send(chat, body, name="tea.png").status_code == status
    assert lying(chat.inbox) == []


def test_a_chat_takes_files_only_with_its_secret_on_its_pages_and_so_many(inbox: Inbox) -> None:
    shut = Chat(inbox, files="off", origins="https://shop.example")
    shut.begin()
    assert shut.ask("GET").json()["takes_files"] is False
    assert send(shut, PNG).status_code == 403
    shut.token = "guess"
    assert send(shut, PNG).status_code == 401
    inbox.house.rows(
        "UPDATE channel_account SET settings = %s WHERE account_id = %s RETURNING 1",
        '{"origins": "https://shop.example"}',
        shut.account,
    )
    shut.begin()
    assert send(shut, PNG, headers={"Origin": "https://evil.example"}).status_code == 403
    assert send(shut, PNG, headers={"Origin": "https://shop.example"}).status_code == 202

    sizes = [
        row["size_bytes"]
        for row in inbox.house.rows("SELECT size_bytes FROM media_file WHERE workspace_id = %s", inbox.workspace)
    ]
    inbox.house.rows(
        "UPDATE media_file SET size_bytes = 60 * 1024 * 1024 WHERE workspace_id = %s RETURNING 1", inbox.workspace
    )
    assert sizes == [len(PNG)]
    assert send(shut, GIF, key="file-0002").status_code == 429


def attach(chat: Chat, conversation_id: int, body: bytes) -> int:
    agent = agent_of(chat)
    stored = agent.post("/api/conversations/attachments?name=ours.png", content=body).json()
    part = {"type": "media", "kind": "image", "media_id": stored["media_id"]}
    sent = agent.post(f"/api/conversations/{conversation_id}/replies", {"text": "Here", "parts": [part]})
    assert sent.status_code == 201, sent.text
    return int(stored["media_id"])


def test_an_erased_person_s_files_go_but_for_those_that_others_have(chat: Chat) -> None:
    inbox = chat.inbox
    operator = inbox.house.member(inbox.workspace, "operator")
    shared = operator.post("/api/media?name=shared.gif", content=GIF).json()["media_id"]
    send(chat, PDF, name="id.pdf")
    chat.hear()
    [theirs] = agent_of(chat).get("/api/conversations").json()["items"]
    other = inbox.write("bo", "Hello?").conversation_id
    assert other is not None
    attach(chat, theirs["conversation_id"], PNG)
    both = attach(chat, theirs["conversation_id"], PNG + b"both")
    assert attach(chat, other, PNG + b"both") == both
    attach(chat, theirs["conversation_id"], GIF)
    disclosed = inbox.house.member(inbox.workspace, "owner").get(f"/api/people/{theirs['person_id']}/disclosure").json()
    assert sweep(inbox) == 0
    assert lying(inbox) == [".gif", ".png", ".png", "received/.pdf"]

    inbox.within(lambda tx: persons.erase(tx, theirs["person_id"], actor="user:1"))

    assert sweep(inbox) == 1
    inbox.within(lambda tx: media.forget_erased(tx, inbox.house.settings))
    assert lying(inbox) == [".gif", ".png"]
    left = inbox.house.rows("SELECT media_id FROM media_file WHERE workspace_id = %s ORDER BY 1", inbox.workspace)
    assert {row["media_id"] for row in left} == {shared, both}
    assert sorted(each["content_type"] for each in disclosed["files"]) == [
        "application/pdf", "image/gif", "image/png", "image/png",
    ]  # fmt: skip


def test_files_go_with_a_conversation_that_is_old_and_those_never_sent_after_a_day(chat: Chat) -> None:
    inbox = chat.inbox
    send(chat, PDF)
    chat.hear()
    agent_of(chat).post("/api/conversations/attachments?name=unsent.png", content=PNG)
    inbox.house.rows(
        "UPDATE conversation SET state = 'closed', last_at = %s WHERE workspace_id = %s RETURNING 1",
        NOON.replace(year=2020),
        inbox.workspace,
    )

    inbox.within(lambda tx: retention.put(tx, "conversations", 30, actor="user:1"))
    inbox.house.run(retention.forget(inbox.house.database, inbox.workspace, now=utc_now()))
    assert sweep(inbox) == 1
    assert lying(inbox) == [".png"]
    inbox.house.rows(
        "UPDATE media_file SET taken_at = now() - interval '2 days' WHERE workspace_id = %s RETURNING 1",
        inbox.workspace,
    )

    assert sweep(inbox) == 1
    assert lying(inbox) == []
