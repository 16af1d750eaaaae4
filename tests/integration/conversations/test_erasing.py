"""What a person may see of themselves, and that nothing of it is left once the person was erased."""

from datetime import timedelta
from typing import Any

from psycopg import sql
from tests.support.inbox import ACCOUNT, NOON, Inbox
from tests.unit.loop.operate.content.test_sniffing import png

from fanwheel.cdp import consent
from fanwheel.cdp.consent import AddressHasher, Choice
from fanwheel.domains.private.channels.contracts import Media, Text
from fanwheel.loop.operate import links, reach
from fanwheel.loop.operate.content import media

MARK = "Zebrafinch"


def tell_all(inbox: Inbox) -> int:
    """Somebody of whom every slice that speaks and listens keeps something."""
    ana = inbox.fan(f"{MARK}-1")
    inbox.write(f"{MARK}-1", f"I live in {MARK} Lane", Media("image", url=f"https://cdn.example/{MARK}.jpg"))
    wish = reach.Wish(
        home_id=ana,  # type: ignore[arg-type]
        step="agent:1",
        channel="webchat",
        account_id=ACCOUNT,
        purpose="service",
        parts=(Text(f"Dear {MARK}"),),
    )
    inbox.within(lambda tx: reach.intend(tx, [wish]))
    yes = Choice(ana, "webchat", "marketing", True, {"proof": f"form of {MARK}"})
    hasher = AddressHasher(inbox.house.settings)
    inbox.within(lambda tx: consent.state(tx, hasher, [yes], actor="test", now=NOON))
    message = links.Message(f"{MARK}-key", ana, 0, "webchat", ACCOUNT, "agent:1", "", "en")
    urls = ["https://shop.example/tea"]
    short = inbox.within(lambda tx: links.shorten(tx, message, urls, site_url="https://w.example", now=NOON))
    inbox.house.browser().get(short[urls[0]].removeprefix("https://w.example"))
    inbox.house.run(links.settle(inbox.house.database, now=NOON + timedelta(days=10_000)))
    return ana


def traces(inbox: Inbox) -> list[str]:
    """Tables with a row of the workspace in which the mark stands."""
    tables = inbox.house.rows(
        "SELECT c.relname FROM pg_class AS c"
        " JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'workspace_id'"
        " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace"
    )
    found = []
    for name in sorted(row["relname"] for row in tables):
        asked = sql.SQL("SELECT 1 FROM {0} WHERE workspace_id = %s AND strpos({0}::text, %s) > 0 LIMIT 1")
        if inbox.house.rows(asked.format(sql.Identifier(name)).as_string(), inbox.workspace, MARK):
            found.append(name)
    return found


def test_a_person_is_given_everything_and_then_forgotten_everywhere(inbox: Inbox) -> None:
    ana = tell_all(inbox)
    owner = inbox.house.member(inbox.workspace, "owner")
    assert {"message", "intent", "consent", "identifier", "link_recipient"} <= set(traces(inbox))

    told = owner.get(f"/api/people/{ana}/disclosure").json()
    erased = owner.ask("DELETE", f"/api/people/{ana}")

    assert [part.get("url", part.get("text")) for part in told["conversations"][0]["parts"]] == [
        f"I live in {MARK} Lane",
        f"https://cdn.example/{MARK}.jpg",
    ]
    assert told["sends"][0]["parts"][0]["text"] == f"Dear {MARK}"
    assert told["visits"][0]["url"] == "https://shop.example/tea"
    assert told["consent"][0]["evidence"]["proof"] == f"form of {MARK}"
    assert erased.status_code == 200
    assert traces(inbox) == []
    # The lake's worker takes it from here: tests/integration/lake/test_erasure.py.
    (asked,) = inbox.house.rows("SELECT home_ids, lake_done_at FROM erasure WHERE workspace_id = %s", inbox.workspace)
    assert asked == {"home_ids": [ana], "lake_done_at": None}


def test_files_of_answers_leave_with_the_person_and_the_brands_own_stay(inbox: Inbox) -> None:
    agent, owner = inbox.house.member(inbox.workspace, "agent"), inbox.house.member(inbox.workspace, "owner")
    fans = [inbox.fan(f"file-{name}") for name in ("ana", "bo")]
    talks = [inbox.write(f"file-{name}", "Hello?").conversation_id for name in ("ana", "bo")]

    def attach(body: bytes, *conversations: int | None) -> dict[str, Any]:
        stored = agent.post("/api/conversations/attachments?name=a.png", content=body).json()
        part = {"type": "media", "kind": "image", "media_id": stored["media_id"]}
        for each in conversations:
            assert agent.post(f"/api/conversations/{each}/replies", {"parts": [part]}).status_code == 201
        return dict(stored)

    def is_there(item: dict[str, Any]) -> bool:
        return inbox.house.browser().get(item["path"]).status_code == 200

    own, shared, brands = attach(png(31, 7), talks[0]), attach(png(32, 7), *talks), attach(png(33, 7), talks[0])
    assert owner.ask("POST", "/api/media?name=logo.png", content=png(33, 7)).status_code == 201
    owner.ask("DELETE", f"/api/people/{fans[0]}")
    first = inbox.within(lambda tx: media.forget_erased(tx, inbox.house.settings))
    left = [is_there(each) for each in (own, shared, brands)]
    owner.ask("DELETE", f"/api/people/{fans[1]}")
    inbox.within(lambda tx: media.forget_erased(tx, inbox.house.settings))

    assert (first, left) == (1, [False, True, True])
    assert [is_there(each) for each in (own, shared, brands)] == [False, False, True]
