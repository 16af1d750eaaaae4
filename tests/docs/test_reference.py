"""Reference pages name everything there is, and nothing else."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from tools import api_doc, channel_doc, cli_doc

import fanwheel
from fanwheel.cdp.events import wire

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = sorted(page for page in DOCS.glob("*/*.md"))


def test_the_list_of_routes_is_current() -> None:
    page = (DOCS / "reference/api.md").read_text()

    assert api_doc.insert(page, api_doc.render()) == page, "run: python tools/api_doc.py"


def test_the_list_of_commands_is_current() -> None:
    page = (DOCS / "reference/cli.md").read_text()

    assert cli_doc.insert(page, cli_doc.render()) == page, "run: python tools/cli_doc.py"


def test_what_channels_can_do_is_current() -> None:
    page = (DOCS / "reference/channels.md").read_text()

    assert channel_doc.insert(page, channel_doc.render()) == page, "run: python tools/channel_doc.py"


def test_the_limits_of_ingest_are_stated_as_they_are() -> None:
    page = (DOCS / "reference/api.md").read_text()

    megabytes, kilobytes = wire.MAX_BODY_BYTES >> 20, wire.MAX_EVENT_BYTES >> 10

    assert f"At most {megabytes} MB unpacked, {wire.MAX_BATCH:,} events, {kilobytes} KB an event." in page


def test_every_metric_is_documented_and_no_other() -> None:
    for module in pkgutil.walk_packages(fanwheel.__path__, "fanwheel."):
        if ".infra." in module.name or ".cdp." in module.name or ".loop." in module.name:
            importlib.import_module(module.name)
    families = [family for family in REGISTRY.collect() if family.name.startswith("fanwheel_")]
    exported = {f"{family.name}_total" if family.type == "counter" else family.name for family in families}

    documented = set(re.findall(r"^\| `(fanwheel_\w+)` \|", (DOCS / "reference/metrics.md").read_text(), re.MULTILINE))

    assert documented == exported


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_the_index_names_every_page(page: Path) -> None:
    assert f"]({page.relative_to(DOCS)})" in (DOCS / "README.md").read_text()
