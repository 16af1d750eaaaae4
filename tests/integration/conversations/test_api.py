"""What agents do over HTTP, and what becomes of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.support.house import Browser
from tests.support.inbox import ACCOUNT, Inbox

from fanwheel.domains.private.channels.contracts import Address
from fanwheel.loop.operate import conversations, reach


@pytest.fixture
def agent(inbox: Inbox) -> Browser:
    return inbox.house.member(inbox.workspace, "agent")


def me(browser: Browser) -> int:
    return int(browser.get("/api/auth/me").json()["user"]["id"])


def listed(browser: Browser, **asked: Any) -> list[str]:
    answer = browser.get("/api/conversations", params=asked)
    assert answer.status_code == 200, answer.text
    return [each["preview"] for each in answer.json()["items"]]


def thread(browser: Browser, conversation_id: int | None) -> dict[str, Any]:
    answer = browser.get(f"/api/conversations/{conversation_id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


# ---------------------------------------------------------------- answering
def test_an_answer_stands_in_the_thread_and_in_the_ledger_once(inbox: Inbox, agent: Browser) -> None:
    taken = inbox.write("ana", "Hello?", context={"ref": "x"})
    path = f"/api/conversations/{taken.conversation_id}/replies"
    key = {"Idempotency-Key": "one"}

    first = agent.post(path, {"text": "Hi Ana"}, headers=key)
    again = agent.post(path, {"text": "Hi Ana"}, headers=key)

    assert first.status_code == again.status_code == 201, first.text
    [message] = [each for each in thread(agent, taken.conversation_id)["messages"] if each["kind"] == "out"]
    assert (message["body"], message["state"], message["author"]) == ("Hi Ana", "waiting", f"user:{me(agent)}")
    intents = inbox.house.rows("SELECT step, purpose FROM intent WHERE workspace_id = %s", inbox.workspace)
    assert intents == [{"step": f"agent:{message['message_id']}", "purpose": "service"}]


def test_who_answers_first_has_the_conversation(inbox: Inbox, agent: Browser) -> None:
    taken = inbox.write("ana", "Hello?")

    agent.post(f"/api/conversations/{taken.conversation_id}/replies", {"text": "Hi Ana"})

    found = thread(agent, taken.conversation_id)["conversation"]
    assert found["assignee_id"] == me(agent)
    assert found["waiting_since"] is None
    assert found["answered_at"] is not None


@pytest.mark.parametrize("body", [{}, {"text": "  "}, {"parts": [{"type": "spell", "text": "x"}]}])
def test_an_answer_must_say_something_that_can_be_sent(inbox: Inbox, agent: Browser, body: dict[str, Any]) -> None:
    taken = inbox.write("ana", "Hello?")

    assert agent.post(f"/api/conversations/{taken.conversation_id}/replies", body).status_code == 422
    assert inbox.texts(taken.conversation_id) == [("in", "Hello?")]


def test_an_analyst_reads_and_does_not_answer(inbox: Inbox) -> None:
    taken = inbox.write("ana", "Hello?")
    analyst = inbox.house.member(inbox.workspace, "analyst")

    assert listed(analyst) == ["Hello?"]
    assert analyst.post(f"/api/conversations/{taken.conversation_id}/replies", {"text": "Hi"}).status_code == 403


# ---------------------------------------------------------------- lists
def test_views_hold_what_they_say(inbox: Inbox, agent: Browser) -> None:
    mine = inbox.write("ana", "mine", minute=1)
    inbox.write("bo", "nobody's", minute=2)
    agent.ask("PATCH", f"/api/conversations/{mine.conversation_id}", json={"assignee_id": me(agent)})

    assert listed(agent, view="mine") == ["mine"]
    assert listed(agent, view="unassigned") == ["nobody's"]
    assert listed(agent) == ["nobody's", "mine"]
    assert listed(agent, sort="waiting") == ["mine", "nobody's"]
    counts = agent.get("/api/conversations/counts").json()
    assert (counts["mine"], counts["unassigned"], counts["all"]) == (1, 1, 2)


def test_filters_keep_to_what_is_asked(inbox: Inbox, agent: Browser) -> None:
    tagged = inbox.write("ana", "tagged", minute=1)
    inbox.write("bo", "elsewhere", minute=2, account=2)
    agent.post(f"/api/conversations/{tagged.conversation_id}/tags", {"add": ["退货"]})
    agent.ask("PATCH", f"/api/conversations/{tagged.conversation_id}", json={"priority": 2})

    assert listed(agent, tag="退货") == listed(agent, priority=2) == listed(agent, account_id=ACCOUNT) == ["tagged"]
    assert listed(agent, account_id=2) == ["elsewhere"]
    assert listed(agent, channel="telegram") == []


@pytest.mark.parametrize("sort", ["newest", "waiting"])
def test_a_view_and_a_filter_hold_together(inbox: Inbox, agent: Browser, sort: str) -> None:
    for minute, (name, tag, owner) in enumerate([("mine", "a", True), ("plain", "", True), ("other", "a", False)]):
        number = inbox.write(name, name, minute=minute).conversation_id
        agent.post(f"/api/conversations/{number}/tags", {"add": [tag] if tag else []})
        agent.ask("PATCH", f"/api/conversations/{number}", json={"assignee_id": me(agent) if owner else None})

    assert listed(agent, sort=sort, tag="a", view="mine") == ["mine"]
    assert listed(agent, sort=sort, tag="a", view="unassigned") == ["other"]
    assert listed(agent, sort=sort, tag="a", assignee_id=me(agent)) == ["mine"]
    assert sorted(listed(agent, sort=sort, tag="a")) == ["mine", "other"]


def test_a_list_goes_on_page_by_page(inbox: Inbox, agent: Browser) -> None:
    for number in range(5):
        inbox.write(f"fan{number}", f"word {number}", minute=number)

    first = agent.get("/api/conversations", params={"limit": 3}).json()
    rest = agent.get("/api/conversations", params={"limit": 3, "cursor": first["next_cursor"]}).json()

    shown = [each["preview"] for each in first["items"] + rest["items"]]
    assert shown == [f"word {number}" for number in (4, 3, 2, 1, 0)]
    assert rest["next_cursor"] is None


def test_a_person_s_conversations_are_found_by_the_person(inbox: Inbox, agent: Browser) -> None:
    inbox.write("ana", "ours")
    inbox.write("bo", "not asked for")

    assert listed(agent, person_id=inbox.fan("ana")) == ["ours"]


# ---------------------------------------------------------------- notes and mentions
def test_a_colleague_who_is_mentioned_finds_the_note_and_the_person_never_does(inbox: Inbox, agent: Browser) -> None:
    taken = inbox.write("ana", "Hello?")
    colleague = inbox.house.member(inbox.workspace, "agent")

    note = {"text": "@you please look", "mentions": [me(colleague)]}
    agent.post(f"/api/conversations/{taken.conversation_id}/notes", note)

    assert listed(colleague, view="mentioned") == ["Hello?"]
    assert listed(agent, view="mentioned") == []
    assert colleague.get("/api/conversations/counts").json()["mentioned"] == 1
    assert inbox.house.rows("SELECT FROM intent WHERE workspace_id = %s", inbox.workspace) == []


def test_looking_at_a_conversation_reads_it_and_warns_the_others(inbox: Inbox, agent: Browser) -> None:
    taken = inbox.write("ana", "Hello?")
    colleague = inbox.house.member(inbox.workspace, "agent")
    seen = {"seen_message_id": taken.message_id, "is_typing": True}

    assert thread(agent, taken.conversation_id)["conversation"]["is_unread"]
    agent.ask("PUT", f"/api/conversations/{taken.conversation_id}/watch", json=seen)

    assert not thread(agent, taken.conversation_id)["conversation"]["is_unread"]
    [watcher] = thread(colleague, taken.conversation_id)["conversation"]["watchers"]
    assert (watcher["user_id"], watcher["is_typing"]) == (me(agent), True)


# ---------------------------------------------------------------- states
def test_a_snoozed_conversation_comes_back_when_the_person_writes(inbox: Inbox, agent: Browser) -> None:
    taken = inbox.write("ana", "Hello?")
    until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    agent.post(f"/api/conversations/{taken.conversation_id}/snooze", {"until": until})
    assert listed(agent) == []
    assert listed(agent, state="snoozed") == ["Hello?"]

    inbox.write("ana", "Still there?", minute=1)

    assert listed(agent) == ["Still there?"]


def test_a_snoozed_conversation_comes_back_when_its_time_has_come(inbox: Inbox, agent: Browser) -> None:
    taken = inbox.write("ana", "Hello?")
    until = datetime.now(UTC) + timedelta(days=1)
    agent.post(f"/api/conversations/{taken.conversation_id}/snooze", {"until": until.isoformat()})
    inbox.house.rows("UPDATE conversation SET snoozed_until = now() WHERE conversation_id = %s", taken.conversation_id)

    assert inbox.house.run(conversations.wake_due(inbox.house.database, now=until))
    assert listed(agent) == ["Hello?"]
    assert not inbox.house.run(conversations.wake_due(inbox.house.database, now=until))


def test_nothing_is_snoozed_into_the_past(inbox: Inbox, agent: Browser) -> None:
    taken = inbox.write("ana", "Hello?")

    answer = agent.post(f"/api/conversations/{taken.conversation_id}/snooze", {"until": "2020-01-01T00:00:00Z"})

    assert answer.json()["code"] == "snoozed_into_the_past"


def test_a_closed_conversation_opens_again_for_a_new_round(inbox: Inbox, agent: Browser) -> None:
    taken = inbox.write("ana", "Hello?")
    path = f"/api/conversations/{taken.conversation_id}"
    agent.post(f"{path}/replies", {"text": "Done"})
    agent.post(f"{path}/close")
    assert listed(agent, state="closed") == ["Done"]

    again = inbox.write("ana", "One more thing", minute=99)

    assert again.is_opened
    assert not again.is_new
    assert thread(agent, taken.conversation_id)["conversation"]["round"] == 2


# ---------------------------------------------------------------- set-up
def test_canned_replies_are_filled_in_for_the_person(inbox: Inbox, agent: Browser) -> None:
    taken = inbox.write("ana", "Hello?", profile={"nickname": "Ana"})
    body = "Hi {{ name }}, this is {{ agent }}. {{ person.city | default: 'Hello' }}!"
    made = agent.post("/api/inbox/canned", {"shortcut": "hi", "title": "Greeting", "body": body}).json()

    worded = agent.post(
        f"/api/inbox/canned/{made['canned_id']}/wording", {"conversation_id": taken.conversation_id}
    ).json()

    assert worded["text"] == "Hi Ana, this is Agent. Hello!"
    assert agent.get("/api/inbox/canned").json()["items"][0]["uses"] == 1


def test_a_shortcut_stands_for_one_reply(inbox: Inbox, agent: Browser) -> None:
    body = {"shortcut": "hi", "title": "Greeting", "body": "Hi"}
    agent.post("/api/inbox/canned", body)

    assert agent.post("/api/inbox/canned", {**body, "shortcut": "HI"}).json()["code"] == "shortcut_taken"


def team(inbox: Inbox, *agents: Browser, assigns: str, **more: Any) -> int:
    owner = inbox.house.member(inbox.workspace, "owner")
    users = [me(agent) for agent in agents]
    made = owner.post("/api/inbox/teams", {"name": assigns, "assigns": assigns, "user_ids": users, **more}).json()
    owner.ask("PUT", "/api/inbox/routes", json={"items": [{"account_id": 0, "team_id": made["team_id"]}]})
    return int(made["team_id"])


def assignees(inbox: Inbox, *names: str) -> list[int | None]:
    return [inbox.row(taken.conversation_id)["assignee_id"] for taken in (inbox.write(name, "Hello") for name in names)]


def test_a_slip_of_the_pen_in_the_setup_changes_nothing(inbox: Inbox) -> None:
    owner, stranger = inbox.house.member(inbox.workspace, "owner"), inbox.house.member(inbox.workspace, "analyst")
    owner.ask("PUT", "/api/inbox/policies", json={"items": [{"name": "Fast", "first_response_s": 300}]})

    slip = owner.ask("PUT", "/api/inbox/policies", json={"items": [{"name": "Fast", "first_respons_s": 60}]})
    team = owner.post("/api/inbox/teams", {"name": "Tea", "user_ids": [me(stranger)]})

    assert (slip.status_code, team.status_code) == (422, 422)
    assert "first_respons_s" in slip.json()["message"]
    assert (team.json()["code"], str(me(stranger)) in team.json()["message"]) == ("not_an_agent", True)
    kept = owner.get("/api/inbox").json()
    assert ([each["first_response_s"] for each in kept["policies"]], kept["teams"]) == ([300], [])


def test_in_turn_everybody_of_a_team_gets_one(inbox: Inbox, agent: Browser) -> None:
    colleague = inbox.house.member(inbox.workspace, "agent")
    team(inbox, agent, colleague, assigns="round_robin")

    one, other = sorted([me(agent), me(colleague)])
    assert assignees(inbox, "a", "b", "c") == [one, other, one]


def test_whoever_has_least_gets_the_next_and_nobody_too_many(inbox: Inbox, agent: Browser) -> None:
    colleague = inbox.house.member(inbox.workspace, "agent")
    team(inbox, agent, colleague, assigns="load", most_open=1)

    one, other = sorted([me(agent), me(colleague)])
    assert assignees(inbox, "a", "b", "c") == [one, other, None]


def test_whoever_is_away_gets_none(inbox: Inbox, agent: Browser) -> None:
    colleague = inbox.house.member(inbox.workspace, "agent")
    team(inbox, agent, colleague, assigns="round_robin")
    agent.ask("PUT", "/api/inbox/away", json={"is_away": True})

    assert assignees(inbox, "a", "b") == [me(colleague), me(colleague)]


def test_a_fan_s_owner_gets_the_fan_s_conversations(inbox: Inbox, agent: Browser) -> None:
    colleague = inbox.house.member(inbox.workspace, "agent")
    before = inbox.write("ana", "Hello", account=7)
    owner = sorted([agent, colleague], key=me)[1]
    agent.ask("PUT", f"/api/conversations/{before.conversation_id}/owner", json={"user_id": me(owner)})
    team(inbox, agent, colleague, assigns="owner")

    assert assignees(inbox, "ana") == [me(owner)]


def test_promises_are_kept_in_view_and_in_the_report(inbox: Inbox, agent: Browser) -> None:
    owner = inbox.house.member(inbox.workspace, "owner")
    policy = {"name": "Fast", "first_response_s": 300, "is_in_hours": False}
    owner.ask("PUT", "/api/inbox/policies", json={"items": [policy]})
    taken = inbox.write("ana", "Hello?")
    due = thread(agent, taken.conversation_id)["conversation"]
    assert due["due_at"] == "2026-11-02T12:05:00Z"
    assert due["due_for"] == "first"

    agent.post(f"/api/conversations/{taken.conversation_id}/replies", {"text": "Hi"})
    agent.post(f"/api/conversations/{taken.conversation_id}/close")

    asked = {"since": "2026-11-01T00:00:00Z", "until": "2026-11-03T00:00:00Z", "group_by": "agent"}
    [row] = agent.get("/api/inbox/report", params=asked).json()["items"]
    assert row["group_key"] == str(me(agent))
    assert (row["opened"], row["answered"], row["closed"], row["late_responses"]) == (1, 1, 1, 1)


def test_a_number_answers_how_it_was_and_opens_nothing(inbox: Inbox, agent: Browser) -> None:
    owner = inbox.house.member(inbox.workspace, "owner")
    owner.ask("PUT", "/api/inbox/routes", json={"items": [{"account_id": 0, "has_survey": True}]})
    taken = inbox.write("ana", "Hello?")
    agent.post(f"/api/conversations/{taken.conversation_id}/replies", {"text": "Hi"})
    agent.post(f"/api/conversations/{taken.conversation_id}/close")

    late = (datetime.now(UTC) - datetime(2026, 11, 2, 12, tzinfo=UTC)) / timedelta(minutes=1)
    inbox.write("ana", " 5 ", minute=late)

    row = inbox.row(taken.conversation_id)
    assert row["state"] == "closed"
    assert inbox.house.value("SELECT score FROM rating WHERE conversation_id = %s", taken.conversation_id) == 5


# ---------------------------------------------------------------- what may be said
def test_the_countdown_shows_the_right_that_the_person_gave_and_nothing_once_it_has_ended(
    inbox: Inbox, agent: Browser
) -> None:
    taken = inbox.write("ana", "Hello?")
    assert thread(agent, taken.conversation_id)["rights"] is None
    inbox.house.rows(
        "INSERT INTO allowance (workspace_id, channel, name, opens, lasts_s, most, per, covers, changed_by)"
        " VALUES (%s, 'webchat', 'answer', 'message', 3600, 5, 'person', 'any', 'user:1')",
        inbox.workspace,
    )
    opened = datetime.now(UTC)
    address = Address("anonymous_id", "ana")
    inbox.within(lambda tx: reach.open_windows(tx, [reach.Opening(ACCOUNT, address, "message", opened)]))

    [right] = thread(agent, taken.conversation_id)["rights"]
    inbox.house.rows("UPDATE contact_window SET opened_at = opened_at - interval '2 hours'")

    assert (right["allowance"], right["left"]) == ("answer", 5)
    assert datetime.fromisoformat(right["until"]) == opened + timedelta(hours=1)
    assert thread(agent, taken.conversation_id)["rights"] == []


# ---------------------------------------------------------------- live
def test_changes_are_told_once_they_are_committed_and_from_where_one_left(inbox: Inbox, agent: Browser) -> None:
    began = agent.get("/api/conversations/stream").json()
    taken = inbox.write("ana", "Hello?")

    changed = agent.get("/api/conversations/stream", params={"since": began["next"]}).json()
    after = agent.get("/api/conversations/stream", params={"since": changed["next"]}).json()

    assert began["items"] == after["items"] == []
    assert [each["conversation_id"] for each in changed["items"]] == [taken.conversation_id]
