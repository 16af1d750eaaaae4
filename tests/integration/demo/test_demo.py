"""The demo brand arrives whole, once, and its reports tell what the world knows of itself."""

import json
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from tests.support.product import FANWHEEL, Product

from fanwheel.entrypoints.demo_tags import TAGS
from fanwheel.entrypoints.demo_traits import TRAITS
from fanwheel.measure import world

SMALL = ("--people", "700", "--weeks", "8", "--seed", "5")
OTHER = ("--people", "1000", "--weeks", "26", "--seed", "6")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product with the small demo brand in it; its server key is one of the demo's workspace."""
    with Product.started(tmp_path_factory.mktemp("demo")) as product:
        product.command("demo", *SMALL)
        product.server_key = product.command("keys", "create", "--kind", "server", "--workspace", "demo").split()[-1]
        product.write_key = product.command("keys", "create", "--kind", "write", "--workspace", "demo").split()[-1]
        yield product


@pytest.fixture(scope="module")
def made() -> world.World:
    until = datetime.now(UTC).date() - timedelta(days=1)
    return world.World(world.default_config(until, people=700, weeks=8, seed=5))


def period(made: world.World) -> dict[str, str]:
    # Days of reports are those of Shanghai, which end earlier than the world's.
    first = made.config.until - timedelta(weeks=made.config.weeks)
    return {"from": first.isoformat(), "to": (made.config.until + timedelta(days=1)).isoformat()}


def accepted(product: Product) -> int:
    found: int = product.get("/api/ingest/stats", minutes=1440)["totals"]["accepted"]
    return found


def test_its_inbox_has_a_team_promises_replies_and_products_to_show(demo: Product) -> None:
    setup = demo.get("/api/inbox")

    assert (len(setup["teams"]), len(setup["policies"]), len(demo.get("/api/inbox/canned")["items"])) == (1, 2, 4)
    assert demo.get("/api/products")["items"][0]["url"].startswith("https://shop.example/")


def test_every_message_is_taken_and_none_refused(demo: Product, made: world.World) -> None:
    totals = demo.get("/api/ingest/stats", minutes=1440)["totals"]

    assert totals == {"accepted": sum(1 for _ in made.messages()), "rejected": 0, "duplicate": 0}


def test_reports_show_the_revenue_orders_and_spend_that_the_world_knows(demo: Product, made: world.World) -> None:
    truth = made.truth()
    rates = made.config.rates
    spend = sum(row.amount_minor * rates[row.currency] for row in made.spend())

    shown = demo.eventually("/api/measure/readouts", lambda answer: answer["orders"] > 0, seconds=60, **period(made))
    shown = demo.eventually(
        "/api/measure/readouts",
        lambda answer: abs(answer["revenue_minor"] - truth.revenue_minor) < 100 and answer["spend_minor"] > 0,
        seconds=60,
        **period(made),
    )

    # Each order in dollars is rounded once to minor units of the reporting currency.
    assert shown["revenue_minor"] == pytest.approx(truth.revenue_minor, abs=100)
    assert shown["spend_minor"] == pytest.approx(spend, rel=1e-4)
    assert shown["unconverted_orders"] == 0


def test_the_verdict_is_told_alike_by_command_and_api_and_knows_the_truth(demo: Product, made: world.World) -> None:
    # From a day of one's own choice on: without one, the history that is written meanwhile narrows the intervals.
    first, to = made.tables.start.isoformat(), made.config.until.isoformat()
    told = demo.eventually(
        "/api/measure/verdict",
        lambda answer: answer["totals"]["credited_last_touch_minor"] > 0,
        seconds=60,
        **{"from": first, "to": to},
    )

    said = json.loads(demo.command("verdict", "--workspace", "demo", "--from", first, "--to", to, "--json"))

    assert said | {"as_of": "", "history": []} == told | {"as_of": "", "history": []}
    paid = {
        channel.source for channel in made.config.channels if channel.source in {r["channel"] for r in said["rows"]}
    }
    known = {row["channel"]: row["truth"] for row in said["rows"] if row["truth"]}
    assert known.keys() == paid - {"invite/referral"}
    assert known["brand_search/cpc"]["state"] == "wasted"
    assert "proven wasted" in demo.command("verdict", "--workspace", "demo", "--to", to)


def test_every_event_with_an_origin_stands_under_a_source_of_the_world(demo: Product, made: world.World) -> None:
    sources = {item["slug"]: item["domain"] for item in demo.get("/api/sources")["items"]}

    assert sources == {channel.source: channel.domain.value for channel in made.config.channels}


def test_traits_are_worked_out_of_what_the_world_did(demo: Product, made: world.World) -> None:
    deadline = time.monotonic() + 60
    while any(trait["status"] != "ready" for trait in demo.get("/api/traits")["items"]):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    formula = demo.get("/api/traits/orders")["formula"]
    tried = demo.api("POST", "/api/traits/preview", json={"formula": formula, "limit": 100})

    known = {trait["name"]: trait for trait in demo.get("/api/traits")["items"] if trait["origin"] == "computed"}
    assert known.keys() == {trait["name"] for trait in TRAITS}
    assert all(trait["people"] > 0 for trait in known.values())
    assert known["last_purchase"]["people"] == known["favorite_category"]["people"] < known["orders"]["people"]
    for each in tried["sample"][:5]:
        (told,) = [
            trait for trait in demo.get(f"/api/people/{each['person_id']}/traits")["items"] if trait["name"] == "orders"
        ]
        assert told["value"] == each["value"]


def test_rules_tag_and_rank_the_people_of_the_brand(demo: Product) -> None:
    tags = demo.eventually(
        "/api/tags", lambda page: all(each["status"] == "ready" for each in page["items"]), seconds=60
    )
    layers = demo.eventually("/api/layers", lambda page: page["items"][-1]["status"] == "ready", seconds=60)["items"]

    assert {each["tag"] for each in tags["items"]} == {each["tag"] for each in TAGS}
    people = {each["tag"]: each["people"] for each in tags["items"]}
    assert all(count > 0 for tag, count in people.items() if tag != "wrote to us")
    assert (layers[-1]["key"], [each["key"] for each in layers[-1]["classes"]]) == (
        "engagement", ["quiet", "awake", "active", "devoted"],
    )  # fmt: skip
    everybody = sum(each["people"] for each in layers[0]["classes"])
    assert sum(each["people"] for each in layers[-1]["classes"]) == everybody  # the lowest class takes everybody in


def test_sending_it_again_changes_nothing(demo: Product, made: world.World) -> None:
    before = accepted(demo)

    said = demo.command("demo", *SMALL)
    demo.command("demo", *SMALL, "--url", demo.url, "--write-key", demo.write_key, "--server-key", demo.server_key)

    assert "loaded already" in said
    assert "held people out" not in said  # this one does
    assert accepted(demo) == before
    assert demo.get("/api/ingest/stats", minutes=1440)["totals"]["duplicate"] == before


@pytest.mark.once
def test_a_killed_load_goes_on_and_loses_nothing(own_product: Product) -> None:
    loading = subprocess.Popen([FANWHEEL, "demo", *OTHER], env=own_product.environment, stdout=subprocess.DEVNULL)
    wait_for_events(own_product, 12_000)
    loading.kill()
    loading.wait()

    said = own_product.command("demo", *OTHER)

    until = date.fromisoformat(said.split()[-1].rstrip("."))
    expected = world.World(world.default_config(until, people=1000, weeks=26, seed=6))
    own_product.server_key = own_product.command("keys", "create", "--kind", "server", "--workspace", "demo").split()[
        -1
    ]
    assert accepted(own_product) == sum(1 for _ in expected.messages())


def test_a_server_that_is_not_there_and_a_missing_key_are_said_in_words(tmp_path: Path) -> None:
    for words, said in (
        (("--url", "http://127.0.0.1:9", "--write-key", "k", "--server-key", "s"), "No server answers at"),
        (("--url", "http://127.0.0.1:9"), "--url needs --write-key"),
    ):
        done = subprocess.run(
            [FANWHEEL, "demo", *SMALL, *words], capture_output=True, text=True, check=False, cwd=tmp_path
        )
        assert done.returncode == 1
        assert said in done.stderr
        assert "Traceback" not in done.stderr


def wait_for_events(product: Product, count: int) -> None:
    """Wait until the server has taken that many events."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        text = httpx.get(f"{product.url}/metrics", timeout=10).text
        for line in text.splitlines():
            if line.startswith("fanwheel_ingest_events") and 'accepted"' in line and float(line.split()[-1]) >= count:
                return
        time.sleep(0.05)
    raise AssertionError(f"{count} events did not arrive")
