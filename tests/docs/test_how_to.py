"""Examples of the how-to pages are run."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.docs import pages
from tests.support.product import Product


def test_every_python_sdk_works_as_written(product: Product, tmp_path: Path) -> None:
    shell = pages.Shell(product, tmp_path, URL=product.url, WRITE_KEY=product.write_key)

    pages.run("how-to/connect-an-sdk.md", shell)

    for user in ("u-4", "u-5", "u-6"):
        found = product.eventually("/api/people", lambda page: page["items"], q=f"{user}@brand.example")
        known = {item["value"] for item in found["items"][0]["identifiers"]}
        assert {user, user.replace("u", "a")} <= known


def test_own_source_rules_work_as_written(product: Product, tmp_path: Path) -> None:
    shell = pages.Shell(product, tmp_path, URL=product.url, SERVER_KEY=product.server_key)

    pages.run("how-to/write-your-own-source-rules.md", shell)

    assert product.get("/api/source-rules")["items"][0]["source_slug"] == "sampling/{utm_campaign}"


def test_rules_tag_and_rank_people_as_written(product: Product, tmp_path: Path) -> None:
    shell = pages.Shell(product, tmp_path, URL=product.url, SERVER_KEY=product.server_key)

    pages.run("how-to/tag-people-by-rule.md", shell)
    bought = {"order_id": "tagged-1", "total": 5, "currency": "USD"}
    product.send({"type": "track", "userId": "tagged", "event": "Order Completed", "properties": bought})

    found = product.eventually("/api/tags", lambda page: any(_is_worn(item) for item in page["items"]))
    assert {"Price"} == {group["name"] for group in found["groups"] if group["is_exclusive"]}
    ladder = product.eventually("/api/layers", lambda page: page["items"][-1]["status"] == "ready")["items"][-1]
    assert [each["key"] for each in ladder["classes"]] == ["quiet", "awake", "devoted"]
    assert sum(each["people"] for each in ladder["classes"]) > 0


def _is_worn(item: dict[str, Any]) -> bool:
    return bool(item["tag"] == "bought lately" and item["people"])


def test_queries_of_the_lake_count_every_order(product: Product, tmp_path: Path) -> None:
    product.send(*[_order(number) for number in range(30)])  # nobody else in the product has as many
    _wait_for_files(product.home / "lake" / "event")
    script = "".join(body for kind, body in pages.fences("how-to/query-the-lake.md") if kind == "python")

    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=pages.environment(product), capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    assert "375.00" in done.stdout, done.stdout  # 30 orders of 12.50


def _order(number: int) -> dict[str, Any]:
    properties = {"order_id": f"lake-{number}", "total": 12.5, "currency": "USD"}
    return {"type": "track", "userId": "lake-reader", "event": "Order Completed", "properties": properties}


def _wait_for_files(table: Path) -> None:
    deadline = time.monotonic() + 60
    while not any(table.glob("month=*/*/*.parquet")):
        assert time.monotonic() < deadline, "nothing was exported"
        time.sleep(0.2)


def test_the_simulated_wechat_starts_as_written(product: Product, tmp_path: Path) -> None:
    assert pages.run("how-to/connect-a-wechat-official-account.md", pages.Shell(product, tmp_path)) > 0


def test_the_simulated_douyin_starts_as_written(product: Product, tmp_path: Path) -> None:
    assert pages.run("how-to/connect-douyin-and-tiktok.md", pages.Shell(product, tmp_path)) > 0
