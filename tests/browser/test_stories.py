"""Every component of `kernel/ui` by itself, in all its states and both languages: it shows, and axe finds nothing."""

import subprocess
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.conftest import LANGUAGES
from tests.support.browser import violations
from tools.build_web import WEB, node_tool


class Quiet(SimpleHTTPRequestHandler):
    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Say nothing of single requests."""


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the stories, built as `npm run stories` shows them."""
    built = tmp_path_factory.mktemp("stories")
    vite = [*node_tool("node"), "node_modules/vite/bin/vite.js", "build", "--mode", "stories", "--logLevel", "error"]
    subprocess.run([*vite, "--outDir", str(built), "--emptyOutDir"], cwd=WEB, check=True)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(built))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/stories.html"
        server.shutdown()


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_story_shows_and_is_accessible(chromium: Browser, stories: str, language: str) -> None:
    books = [path.name.removesuffix(".stories.tsx") for path in (WEB / "src/kernel/ui").rglob("*.stories.tsx")]
    page = chromium.new_context(locale=language, viewport={"width": 1000, "height": 900}).new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)

    page.goto(stories)
    broken = {}
    for book in books:
        page.evaluate("book => { location.hash = book }", book)
        expect(page.locator(f"[data-book='{book}'] [data-story]")).not_to_have_count(0)
        if found := violations(page):
            broken[book] = found

    assert faults == []
    assert broken == {}
    assert page.evaluate("document.documentElement.lang") == language
    page.context.close()
