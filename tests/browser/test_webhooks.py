"""Webhooks in the browser: set up, tried, switched off and on."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Visit
from tests.support.browser import violations


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(500 if self.path == "/refuses" else 204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing of single requests."""


@pytest.fixture
def receiver() -> Iterator[str]:
    """The address of a program that takes messages, except at /refuses."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.browser
def test_a_webhook_is_added_tried_mended_and_switched_off(desk: Visit, receiver: str) -> None:
    page = desk.open("/settings/webhooks")

    page.get_by_role("button", name="Add webhook").click()
    page.get_by_role("dialog").get_by_label("Address").fill(f"{receiver}/refuses")
    page.get_by_role("dialog").get_by_role("button", name="Add webhook").click()
    secret = page.get_by_role("dialog").locator("pre").inner_text()
    page.get_by_role("button", name="I have copied it").click()
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("It was not taken: answered 500")).to_be_visible()
    log = page.get_by_role("region", name="Deliveries")
    expect(log.get_by_text("Given up")).to_be_visible()

    page.get_by_role("button", name="Change").click()
    page.get_by_role("dialog").get_by_label("Address").fill(receiver)
    page.get_by_role("button", name="Save").click()
    log.get_by_role("button", name="Send again now").click()
    expect(log.get_by_text("Delivered")).to_be_visible()
    page.get_by_role("switch").click()
    expect(page.get_by_text("This webhook is off")).to_be_visible()
    expect(page.get_by_role("button", name="Send a test")).to_be_disabled()

    assert secret.startswith("whsec_")
    assert secret not in page.content()
    assert violations(page) == []
    assert desk.faults == []
