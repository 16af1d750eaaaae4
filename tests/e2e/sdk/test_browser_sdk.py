"""Segment's browser SDK, unmodified, in Chromium on a shop's page."""

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from tests.support.browser import CHROMIUM, FLAGS
from tests.support.events import names_of
from tests.support.product import Product

SDK = Path(__file__).resolve().parents[2] / "sdk"
PAGE = """<!doctype html><title>Shop</title>
<script src="/node_modules/@segment/analytics-next/dist/umd/index.js"></script>
<script>
  const [analytics] = [AnalyticsNext.AnalyticsBrowser.load(
    { writeKey: '%(key)s', cdnURL: '%(url)s' },
    { integrations: { 'Segment.io': { apiHost: '%(host)s/v1', protocol: 'http' } } })]
  analytics.page('Home')
  analytics.identify('browser-user', { email: 'browser-user@brand.example' })
  Promise.all([...Array(12).keys()].map((n) => analytics.track('browser ' + n, { n })))
    .then(() => { document.title = 'sent' })
</script>"""


@pytest.fixture
def shop(product: Product, tmp_path: Path, node: list[str]) -> Iterator[str]:
    """A shop's own web server, on an origin that is not the product's."""
    (tmp_path / "node_modules").symlink_to(SDK / "node_modules")
    (tmp_path / "index.html").write_text(
        PAGE % {"key": product.write_key, "url": product.url, "host": product.url.removeprefix("http://")}
    )
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/?utm_source=douyin&utm_medium=video"
        server.shutdown()


@pytest.mark.browser
def test_every_event_of_the_browser_sdk_arrives_once_with_its_source(product: Product, shop: str) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.goto(shop)
        page.wait_for_function("document.title === 'sent'", timeout=30_000)
        browser.close()

    assert sorted(names_of(product, "browser", at_least=12)) == sorted(f"browser {n}" for n in range(12))
    found = product.eventually(
        "/api/people",
        lambda answer: answer["items"] and answer["items"][0]["first_touch"],
        q="browser-user@brand.example",
    )
    assert found["items"][0]["first_touch"]["domain"] == "public"
