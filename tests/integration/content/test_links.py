"""A link leads where the brand wrote and counts who came; machines are counted apart."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.integration.content.conftest import MAIL, Desk
from tests.integration.content.test_rendering import LINK, mail_of, to

from fanwheel.kernel.clock import utc_now
from fanwheel.loop.operate import links

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
)


class Letter:
    """A mail with a link, sent a minute ago."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        home = desk.person(1, first_name="Li")
        version = desk.publish(desk.template({"mail": MAIL}))
        self.key = f"message-{desk.workspace}"
        self.html = mail_of(desk.word(version, to(home, self.key, step="broadcast:7", account_id=9))[0]).html
        self.link = LINK.search(self.html)[0].removeprefix("https://wheel.example")  # type: ignore[index]
        self.recipient = self.link[-10:]
        desk.house.rows(
            "UPDATE link_recipient SET made_at = now() - interval '1 minute' WHERE workspace_id = %s", desk.workspace
        )

    def visit(self, path: str, agent: str = CHROME, method: str = "GET", **headers: str) -> httpx.Response:
        return self.desk.house.browser().ask(method, path, headers={"User-Agent": agent, **headers})

    def settle(self) -> list[dict[str, Any]]:
        """What was told of the visits."""
        self.desk.house.run(links.settle(self.desk.house.database, now=utc_now() + timedelta(minutes=1)))
        return [
            {"name": row["name"], **row["properties"]}
            for row in self.desk.house.rows(
                "SELECT name, properties FROM fact_outbox WHERE workspace_id = %s AND key LIKE %s ORDER BY fact_id",
                self.desk.workspace, "link:%",
            )
        ]  # fmt: skip


@pytest.fixture
def letter(desk: Desk) -> Letter:
    return Letter(desk)


def test_a_click_leads_on_with_where_it_comes_from_and_is_told_once(letter: Letter) -> None:
    answer = letter.visit(letter.link)
    told = letter.settle()

    assert answer.status_code == 302
    assert answer.headers["location"] == (
        "https://shop.example/tea?x=1&utm_source=email&utm_medium=email&utm_campaign=broadcast-7&utm_content=A"
    )
    assert answer.headers["cache-control"].startswith("no-store")
    assert letter.settle() == told
    (fact,) = told
    assert (fact["name"], fact["channel"], fact["step"], fact["is_machine"]) == (
        "Message Clicked", "email", "broadcast:7", False,
    )  # fmt: skip
    assert "example" not in str(fact)


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"method": "HEAD"}, "head"),
        ({"agent": "curl/8.5"}, "crawler"),
        ({"agent": ""}, "no_agent"),
        ({"Sec-Purpose": "prefetch"}, "prefetch"),
    ],
)
def test_a_machine_is_led_on_and_counted_apart(letter: Letter, how: dict[str, str], reason: str) -> None:
    assert letter.visit(letter.link, **how).status_code == 302

    (fact,) = letter.settle()
    assert (fact["is_machine"], fact["reason"]) == (True, reason)


def test_who_finds_the_trap_is_a_machine_in_everything_around_it(letter: Letter) -> None:
    letter.visit(letter.link)
    trap = letter.visit(f"/l/x{letter.recipient}")

    assert f"/l/x{letter.recipient}" in letter.html
    assert trap.status_code == 404
    (fact,) = letter.settle()
    assert (fact["is_machine"], fact["reason"]) == (True, "trap")


def test_the_first_click_within_moments_of_sending_is_a_machine_s(letter: Letter) -> None:
    letter.desk.house.rows("UPDATE link_recipient SET made_at = now() WHERE workspace_id = %s", letter.desk.workspace)
    letter.visit(letter.link)

    assert letter.settle()[0]["reason"] == "too_fast"


def test_openings_are_told_with_who_loaded_the_picture(letter: Letter) -> None:
    for agent in (CHROME, "Mozilla/5.0", "Mozilla/5.0 (via ggpht.com GoogleImageProxy)"):
        picture = letter.visit(f"/o/{letter.recipient}.gif", agent)
        assert (picture.status_code, picture.headers["content-type"]) == (200, "image/gif")

    told = [(fact["name"], fact["is_machine"], fact.get("reason", "")) for fact in letter.settle()]
    assert told == [
        ("Message Opened", False, ""),
        ("Message Opened", True, "apple_privacy"),
        ("Message Opened", False, "gmail_proxy"),
    ]  # fmt: skip


def test_raw_and_clean_figures_stand_side_by_side(letter: Letter) -> None:
    for agent in (CHROME, "curl/8.5"):
        letter.visit(letter.link, agent)
        letter.visit(f"/o/{letter.recipient}.gif", agent)
    letter.settle()

    counted = letter.desk.within(lambda tx: links.count_steps(tx, ["broadcast:7"]))
    marks = letter.desk.within(lambda tx: links.list_marks(tx, [letter.key]))

    assert counted == {("broadcast:7", "A"): links.Counts(2, 1, 2, 1, 1, 1)}
    assert [(mark.kind, mark.is_machine) for mark in marks] == [
        ("click", False), ("open", False), ("click", True), ("open", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "path", ["/l/nothere", "/l/Ab3dE5g", "/l/x0123456789", "/l/https:evil", "/l/Ab3dE5g?url=https://evil.example"]
)
def test_a_code_that_nobody_made_leads_nowhere(desk: Desk, path: str) -> None:
    assert desk.house.browser().get(path).status_code == 404


def test_nothing_in_the_address_changes_where_a_link_leads(letter: Letter) -> None:
    answer = letter.visit(f"{letter.link}?url=https://evil.example&next=//evil.example")

    assert "evil" not in answer.headers["location"]


def test_a_message_of_another_brand_is_not_told_of(letter: Letter, house: Any) -> None:
    other = Letter(Desk(house))
    mixed = letter.link[: -len(letter.recipient)] + other.recipient

    assert letter.visit(mixed).status_code == 302
    assert letter.settle() == []
    assert other.settle() == []


def test_a_link_made_by_hand_is_counted_without_anybody_s_name(desk: Desk) -> None:
    made = desk.operator.post(
        "/api/links", {"url": "https://shop.example/bio", "name": "Bio", "utm": {"source": "douyin"}}
    )
    link = made.json()
    path = "/l/" + link["code"]

    answer = desk.house.browser().get(path, headers={"User-Agent": CHROME})
    desk.house.run(links.settle(desk.house.database, now=utc_now() + timedelta(minutes=1)))
    counted = desk.operator.get("/api/links?version_id=0").json()["items"]

    assert answer.headers["location"] == "https://shop.example/bio?utm_source=douyin&utm_medium=link"
    assert [(each["visits"], each["clean_visits"], each["people"]) for each in counted] == [(1, 1, 0)]


def test_a_link_by_hand_is_changed_and_keeps_its_address_and_its_counts(desk: Desk) -> None:
    owner = desk.house.member(desk.workspace, "owner")
    made = owner.post("/api/links", {"url": "https://shop.example/old", "name": "Bio"}).json()
    path = "/l/" + made["code"]
    desk.house.browser().get(path, headers={"User-Agent": CHROME})
    desk.house.run(links.settle(desk.house.database, now=utc_now() + timedelta(minutes=1)))

    changed = desk.operator.ask(
        "PATCH", f"/api/links/{made['link_id']}", json={"url": "https://shop.example/new", "utm": {"source": "douyin"}}
    )
    followed = desk.house.browser().get(path, headers={"User-Agent": CHROME})
    refused = desk.operator.ask("PATCH", f"/api/links/{made['link_id']}", json={"url": "javascript:alert(1)"})

    assert changed.status_code == 200, changed.text
    now = changed.json()
    assert (now["short_url"], now["name"], now["clean_visits"]) == (made["short_url"], "Bio", 1)
    assert followed.headers["location"] == "https://shop.example/new?utm_source=douyin&utm_medium=link"
    assert refused.status_code == 422
    [entry] = [each for each in owner.get("/api/audit").json()["items"] if each["action"] == "link.change"]
    assert entry["detail"] == {
        "url": ["https://shop.example/old", "https://shop.example/new"],
        "utm": [{}, {"source": "douyin"}],
    }


def test_a_link_of_a_template_is_changed_in_the_template(letter: Letter) -> None:
    [link] = letter.desk.operator.get("/api/links").json()["items"]

    refused = letter.desk.operator.ask("PATCH", f"/api/links/{link['link_id']}", json={"url": "https://evil.example/"})

    assert refused.status_code == 409
    assert not link["is_by_hand"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example", "https://a@b.example"])
def test_a_link_that_leads_to_no_address_is_not_made(desk: Desk, url: str) -> None:
    assert desk.operator.post("/api/links", {"url": url}).status_code == 422


def test_who_was_erased_is_in_no_visit(letter: Letter) -> None:
    from fanwheel.cdp import persons

    letter.visit(letter.link)
    letter.desk.within(lambda tx: persons.erase(tx, 1, actor="user:1"))

    left = letter.desk.house.rows(
        "SELECT FROM link_recipient WHERE workspace_id = %s UNION ALL SELECT FROM link_visit WHERE workspace_id = %s",
        letter.desk.workspace, letter.desk.workspace,
    )  # fmt: skip
    assert left == []
    assert letter.visit(letter.link).status_code == 302


def test_a_link_by_hand_is_found_and_says_where_it_leads_and_by_day_how_often(desk: Desk, letter: Letter) -> None:
    owner = desk.house.member(desk.workspace, "owner")
    owner.ask("PUT", "/api/brand", json={"link_url": "https://go.brand.example/", "utm": {"source": "brand"}})
    made = owner.post("/api/links", {"url": "https://shop.example/fair", "name": "Fair", "utm": {"medium": "poster"}})
    path = made.json()["short_url"].removeprefix("https://go.brand.example")
    for agent in (CHROME, CHROME, "curl/8.5"):
        letter.visit(path, agent)
    letter.settle()

    found = owner.get("/api/links", params={"q": "fair"}).json()["items"]
    told = owner.get(f"/api/links/{found[0]['link_id']}").json()

    assert [(link["name"], link["visits"], link["clean_visits"]) for link in found] == [("Fair", 3, 2)]
    assert told["leads_to"] == "https://shop.example/fair?utm_source=brand&utm_medium=poster"
    assert [(day["visits"], day["clean_visits"]) for day in told["days"]] == [(3, 2)]
    assert [link["template"] != "" for link in owner.get("/api/links").json()["items"]] == [False, True]
