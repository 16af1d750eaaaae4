"""Docs cannot lie for long: what they must name is compared with the code."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from fanwheel.infra.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
_LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)")


@pytest.mark.parametrize("name", [item.name for item in fields(Settings)])
def test_every_setting_is_documented_with_its_sentence(name: str) -> None:
    text = (ROOT / "docs/reference/settings.md").read_text()
    sentence = next(item.metadata["doc"] for item in fields(Settings) if item.name == name)

    assert f"| `FANWHEEL_{name.upper()}` |" in text
    assert sentence in text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    links = _LINK.findall(page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []
