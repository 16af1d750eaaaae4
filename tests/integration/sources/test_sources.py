"""Sources, rules and spend, kept and changed over HTTP."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.house import Browser, House
from tests.support.stream import Stream

from fanwheel.cdp import sources
from fanwheel.infra.postgres import Transaction
from fanwheel.kernel.domain import Domain


@pytest.fixture(scope="module")
def house(shared_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House.open(shared_dsn, Path(tmp_path_factory.mktemp("home"))) as running:
        yield running


@pytest.fixture
def seeded(house: House, stream: Stream) -> Stream:
    async def seed() -> None:
        async with house.database.transaction(stream.workspace) as tx:
            await sources.seed_defaults(tx)

    house.run(seed())
    return stream


@pytest.fixture
def operator(house: House, seeded: Stream) -> Browser:
    return house.member(seeded.workspace, "operator")


def put(browser: Browser, path: str, body: Any) -> Any:
    return browser.ask("PUT", path, json=body)


def test_a_new_workspace_begins_with_the_default_rules(operator: Browser) -> None:
    items = operator.get("/api/source-rules").json()["items"]

    assert len(items) == len(sources.DEFAULT_RULES)
    assert [item["position"] for item in items] == sorted(item["position"] for item in items)
    assert all(item["is_builtin"] for item in items)


def test_rules_that_are_put_back_unchanged_stay_builtin(operator: Browser) -> None:
    before = operator.get("/api/source-rules").json()
    mine = {
        "conditions": [{"field": "query.from", "op": "equals", "value": "Poster-7"}],
        "source_slug": "poster",
        "domain": "public",
    }

    after = put(operator, "/api/source-rules", {"items": [mine, *before["items"]]}).json()["items"]

    assert (after[0]["source_slug"], after[0]["is_builtin"], after[0]["position"]) == ("poster", False, 10)
    assert [item["source_slug"] for item in after[1:]] == [item["source_slug"] for item in before["items"]]
    assert all(item["is_builtin"] for item in after[1:])
    tried = operator.post("/api/sources/classify", {"url": "https://shop.example/?from=poster-7&gclid=1"}).json()
    assert (tried["source_slug"], tried["domain"], tried["rule_position"]) == ("poster", "public", 10)


@pytest.mark.parametrize(
    "conditions",
    [
        [],
        [{"field": "color", "op": "equals", "value": "red"}],
        [{"field": "click_id.", "op": "present"}],
        [{"field": "utm_source", "op": "sounds_like", "value": "x"}],
        [{"field": "utm_source", "op": "equals"}],
        [{"field": "utm_source", "op": "equals", "value": ["a", "b"]}],
        [{"field": "referrer", "op": "regex", "value": "(a+)+$"}],
        [{"field": "referrer", "op": "regex", "value": "(x|xx)*y"}],
        [{"field": "referrer", "op": "regex", "value": ".*a.*b.*c"}],
        [{"field": "referrer", "op": "regex", "value": r"(a)\1"}],
        [{"field": "referrer", "op": "regex", "value": "("}],
        [{"field": "referrer", "op": "regex", "value": "a" * 201}],
    ],
)
def test_a_rule_that_cannot_be_used_or_could_take_long_is_refused_by_number(
    operator: Browser, conditions: list[Any]
) -> None:
    fine = {"conditions": [{"field": "link", "op": "present"}], "source_slug": "link", "domain": "public"}

    answer = put(
        operator,
        "/api/source-rules",
        {"items": [fine, {"conditions": conditions, "source_slug": "x", "domain": "public"}]},
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_rule")
    assert answer.json()["message"].startswith("Rule 2: ")
    assert len(operator.get("/api/source-rules").json()["items"]) == len(sources.DEFAULT_RULES)


def test_a_source_keeps_the_domain_that_the_registry_gives_it(operator: Browser) -> None:
    made = operator.post("/api/sources", {"slug": "Google/Organic", "name": "Google", "domain": "commercial"}).json()
    evidence = {"referrer": "https://www.google.com/"}
    assert made["slug"] == "google/organic"
    assert operator.post("/api/sources/classify", evidence).json()["domain"] == "commercial"

    operator.ask("PATCH", f"/api/sources/{made['id']}", json={"domain": "private"})

    assert operator.post("/api/sources/classify", evidence).json()["domain"] == "private"
    assert operator.post("/api/sources", {"slug": "google/organic", "domain": "public"}).status_code == 409
    assert operator.ask("PATCH", "/api/sources/999999", json={"name": "x"}).status_code == 404
    assert operator.post("/api/sources", {"slug": "!!", "domain": "public"}).status_code == 422


def test_an_event_may_name_a_source_of_the_registry_and_no_other(operator: Browser) -> None:
    operator.post("/api/sources", {"slug": "poster", "domain": "public"})
    operator.post("/api/sources", {"slug": "link/ab12", "domain": "commercial"})

    def slug(**properties: str) -> Any:
        return operator.post("/api/sources/classify", {"properties": properties}).json()["source_slug"]

    assert slug(source="Poster") == "poster"
    assert slug(link="AB12") == "link/ab12"
    assert slug(source="recommendations") is None
    assert slug(link="homepage") is None


def test_sources_are_added_once_and_a_full_registry_gathers_the_rest(
    house: House, seeded: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fanwheel.cdp.sources.service.MAX_SOURCES", 3)

    def ensure(*slugs: str) -> dict[str, int]:
        matches = [sources.Match(slug, Domain.PUBLIC, "", {}, 10) for slug in slugs]

        async def run(tx: Transaction) -> dict[str, int]:
            return {slug: int(number) for slug, number in (await sources.ensure_sources(tx, matches)).items()}

        async def transact() -> dict[str, int]:
            async with house.database.transaction(seeded.workspace) as tx:
                return await run(tx)

        return house.run(transact())

    first = ensure("a", "b")
    second = ensure("b", "c", "d", "e")

    assert second["b"] == first["b"]
    assert second["d"] == second["e"]
    names = {row["slug"] for row in seeded.rows("SELECT slug FROM source WHERE workspace_id = %(workspace)s")}
    assert names == {"a", "b", "c", "other-public"}


def test_spend_sent_again_replaces_and_new_sources_get_a_domain(operator: Browser) -> None:
    def send(*items: dict[str, Any]) -> Any:
        return operator.post("/api/spend", {"items": list(items)}).json()

    day = {"spent_on": "2026-03-01"}
    send({"source": "douyin/cpc", **day, "amount": 100}, {"source": "Newspaper", **day, "amount": "80.5"})
    result = send(
        {"source": "douyin/cpc", **day, "amount": 120},
        {"source": "email", "domain": "private", **day, "amount": 3, "campaign": "May"},
        {"source": "weibo/social", **day, "amount": 4},
    )

    answer = operator.get("/api/spend?from=2026-03-01&to=2026-03-01").json()
    assert result == {"stored": 3, "refused": []}
    assert {item["source"]: (item["domain"], item["amount_minor"]) for item in answer["items"]} == {
        "douyin/cpc": ("commercial", 12_000),
        "newspaper": ("commercial", 8_050),  # nothing is known of it, and money was spent
        "email": ("private", 300),
        "weibo/social": ("public", 400),
    }
    assert (answer["total_minor"], answer["currency"], answer["warning"]) == (20_750, "USD", None)
    assert operator.get("/api/spend?from=2026-03-02").json()["items"] == []


def test_spend_without_a_rate_is_shown_apart_and_never_taken_one_to_one(operator: Browser, seeded: Stream) -> None:
    seeded.conn.execute(
        """INSERT INTO currency_rate (workspace_id, currency, valid_from, rate)
           VALUES (%(w)s, 'CNY', '2026-03-01', 0.14), (%(w)s, 'CNY', '2026-03-03', 0.20)""",
        {"w": seeded.workspace},
    )
    rows = [("CNY", "2026-03-02", 100), ("CNY", "2026-03-03", 100), ("CHF", "2026-03-02", 7), ("CHF", "2026-03-03", 5)]
    operator.post(
        "/api/spend",
        {"items": [{"source": "ads", "spent_on": on, "currency": code, "amount": n} for code, on, n in rows]},
    )

    answer = operator.get("/api/spend").json()

    assert answer["total_minor"] == 1_400 + 2_000
    assert answer["unconverted"] == [{"currency": "CHF", "amount_minor": 1_200}]
    assert "CHF" in answer["warning"]


def test_a_row_of_spend_that_cannot_be_used_costs_no_other(operator: Browser) -> None:
    day = {"spent_on": "2026-03-01"}
    items: list[dict[str, Any]] = [
        {"source": "a", **day, "amount": 1},
        {"source": "b", **day, "amount": -1},
        {"source": "c", **day, "amount": 1, "currency": "RMB"},
        {"source": "??", **day, "amount": 1},
        {"source": "A", **day, "amount": 5},
    ]

    result = operator.post("/api/spend", {"items": items}).json()

    assert result["stored"] == 1
    assert [refused["row"] for refused in result["refused"]] == [1, 2, 3, 4]
    assert [item["amount_minor"] for item in operator.get("/api/spend").json()["items"]] == [100]
