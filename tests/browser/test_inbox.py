"""A visitor and an agent talk: one in the window on a shop's page, the other in the inbox."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.conftest import SIZES
from tests.integration.conversations.test_composing import PNG
from tests.support.browser import violations
from tests.support.product import OWNER, PASSWORD, Product


@pytest.fixture(scope="module")
def chat_key(product: Product) -> str:
    """A web chat of the owner's workspace; only owners make accounts."""
    with httpx.Client(base_url=product.url) as owner:
        me = owner.post("/api/auth/login", json={"email": OWNER, "password": PASSWORD}).json()
        made = owner.post(
            "/api/channels/accounts",
            json={"channel": "webchat", "name": "Shop", "values": {}},
            headers={"X-CSRF-Token": me["csrf_token"]},
        ).json()
    return str(made["callback_url"]).rpartition("/")[2]


@pytest.fixture(scope="module")
def shop(product: Product, chat_key: str) -> Iterator[str]:
    """A shop's page with the window on it, at an address of its own; its policy allows the script and nothing more."""
    widget = f'<script src="{product.url}/chat/widget.js" data-key="{chat_key}" async></script>'
    body = f'<!doctype html><html lang="en"><title>Shop</title><main><h1>Shop</h1></main>{widget}</html>'.encode()
    policy = f"default-src 'self'; script-src {product.url}; connect-src {product.url}; style-src 'none'; img-src blob:"

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.fixture
def visitor(chromium: Browser, shop: str) -> Iterator[Page]:
    page = chromium.new_page(locale="en")
    page.goto(shop)
    yield page
    page.close()


@pytest.fixture(params=["desk", "phone"])
def agent(request: pytest.FixtureRequest, chromium: Browser, product: Product) -> Iterator[Page]:
    context: BrowserContext = chromium.new_context(viewport=SIZES[request.param], locale="en")
    page = context.new_page()
    page.goto(f"{product.url}/login?next=%2Finbox")
    page.get_by_label("Email").fill(OWNER)
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Inbox").wait_for()
    yield page
    context.close()


@pytest.mark.browser
def test_a_visitor_and_an_agent_talk_without_loading_anything_again(visitor: Page, agent: Page) -> None:
    question = f"Is it waterproof, on a {agent.viewport_size['width'] if agent.viewport_size else 0} wide screen?"
    visitor.get_by_role("button", name="Open chat").click()
    visitor.get_by_label("Write a message").fill(question)
    visitor.keyboard.press("Enter")

    agent.get_by_role("button", name=question).click()
    agent.get_by_role("textbox", name="Answer").fill("Yes, down to ten meters.")
    agent.keyboard.press("Enter")

    expect(visitor.get_by_role("log").get_by_text("Yes, down to ten meters.")).to_be_visible()
    expect(agent.get_by_role("log").get_by_text("Sent", exact=True)).to_be_visible()
    visitor.get_by_label("Write a message").fill("Thank you!")
    visitor.keyboard.press("Enter")
    expect(agent.get_by_role("log").get_by_text("Thank you!")).to_be_visible()
    assert violations(agent) == []
    assert violations(visitor) == []


@pytest.mark.browser
def test_the_keyboard_writes_notes_and_closes(visitor: Page, agent: Page) -> None:
    question = f"Close me at {agent.viewport_size['width'] if agent.viewport_size else 0}"
    visitor.get_by_role("button", name="Open chat").click()
    visitor.get_by_label("Write a message").fill(question)
    visitor.keyboard.press("Enter")
    agent.get_by_role("button", name=question).click()
    expect(agent.get_by_role("log").get_by_text(question)).to_be_visible()

    agent.get_by_role("log").click()
    agent.keyboard.press("n")
    agent.get_by_role("textbox", name="Note").fill("Only asks")
    agent.keyboard.press("Enter")
    expect(agent.get_by_role("log").get_by_text("Note, for colleagues only")).to_be_visible()
    agent.get_by_role("log").click()
    agent.keyboard.press("e")

    expect(agent.get_by_role("button", name="Open again")).to_be_visible()
    expect(visitor.get_by_role("log").get_by_text("Only asks")).to_have_count(0)


_PASTE = """(field) => {
  const held = new DataTransfer()
  held.items.add(new File(['%PDF-1.4 a list'], 'list.pdf', { type: 'application/pdf' }))
  field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: held, bubbles: true, cancelable: true }))
}"""


@pytest.mark.browser
@pytest.mark.parametrize("agent", ["desk"], indirect=True)
def test_a_visitor_sends_a_picture_and_a_paper_and_nothing_that_runs(visitor: Page, agent: Page) -> None:
    picture = {"name": "tea.png", "mimeType": "image/png", "buffer": PNG}
    program = {"name": "tea.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"}
    visitor.get_by_role("button", name="Open chat").click()
    visitor.get_by_label("Write a message").fill("Which tin is it?")
    visitor.keyboard.press("Enter")
    agent.get_by_role("button", name="Which tin is it?").click()
    chooser = visitor.locator("#fanwheel-chat input[type=file]")

    chooser.set_input_files([program])
    expect(visitor.get_by_role("alert").get_by_text("“tea.exe” cannot be sent: only pictures")).to_be_visible()
    chooser.set_input_files([picture])
    expect(agent.get_by_role("log").get_by_role("img", name="tea.png")).to_be_visible()
    visitor.get_by_label("Write a message").evaluate(_PASTE)

    expect(agent.get_by_role("log").get_by_role("link", name="list.pdf")).to_be_visible()
    assert agent.get_by_role("img", name="tea.png").evaluate("(image) => image.naturalWidth") == 1
    assert violations(visitor) == []
    visitor.reload()
    visitor.get_by_role("button", name="Open chat").click()
    expect(visitor.get_by_role("log").get_by_role("img", name="tea.png")).to_be_visible()
    expect(visitor.get_by_role("log").get_by_text("list.pdf")).to_be_visible()
