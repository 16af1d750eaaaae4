"""Debian's Chromium, as Playwright is to start it, and what axe finds on a page."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
]
_AXE = (Path(__file__).resolve().parents[2] / "web/node_modules/axe-core/axe.min.js").read_text
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


def violations(page: Page) -> list[Any]:
    """The rules of WCAG 2.1 A and AA that the page breaks once it is at rest: how often, and the first place."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE())
    if found := _judged(page):
        # What was caught in the middle of a fade has its color by now; a fault is still there.
        page.wait_for_timeout(500)
        found = _judged(page)
    return found


def _judged(page: Page) -> list[Any]:
    found: list[Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules}).then(r => r.violations.map(v =>"
        " [v.id, v.nodes.length, v.nodes[0].html.slice(0, 200)]))",
        _RULES,
    )
    return found
