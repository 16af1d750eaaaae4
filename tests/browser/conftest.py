"""A running product with a small demo brand, and Chromium signed in to it."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import (
    APIRequestContext,
    Browser,
    BrowserContext,
    Page,
    Playwright,
    expect,
    sync_playwright,
)
from tests.support.browser import CHROMIUM, FLAGS
from tests.support.product import OWNER, PASSWORD, Product

expect.set_options(timeout=30_000)  # a busy machine is slow, not wrong
JUDGING_MS = 120_000  # the first verdict of a workspace is worked out while its page waits
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
LANGUAGES = ("en", "zh-CN")


KEPT = pytest.StashKey[ExitStack]()


# An idle product takes its share of the processor from all tests that follow, and Playwright keeps an event loop in
# this thread, where other tests need their own.
@pytest.fixture(scope="session")
def kept(request: pytest.FixtureRequest) -> Iterator[ExitStack]:
    """What the browser's tests share: it ends with the last of them."""
    with ExitStack() as stack:
        request.session.stash[KEPT] = stack
        yield stack


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """End what is kept when no test of a browser follows."""
    stack = item.session.stash.get(KEPT, None)
    if stack and (nextitem is None or not nextitem.nodeid.startswith("tests/browser/")):
        stack.close()


@pytest.fixture(scope="session")
def brand(kept: ExitStack, tmp_path_factory: pytest.TempPathFactory) -> Product:
    """A product whose demo workspace holds a brand of 2,500 people."""
    product = kept.enter_context(Product.started(tmp_path_factory.mktemp("brand")))
    product.command("demo", "--people", "2500", "--weeks", "20")
    return product


@pytest.fixture(scope="session")
def play(kept: ExitStack) -> Playwright:
    return kept.enter_context(sync_playwright())


@pytest.fixture(scope="session")
def chromium(kept: ExitStack, play: Playwright) -> Browser:
    return kept.enter_context(play.chromium.launch(executable_path=CHROMIUM, args=FLAGS))


@pytest.fixture(scope="session")
def signed_in(chromium: Browser, brand: Product, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session to be used by every test instead of signing in again."""
    file = tmp_path_factory.mktemp("session") / "state.json"
    with chromium.new_context(locale="en") as context:
        page = context.new_page()
        page.goto(f"{brand.url}/login")
        page.get_by_label("Email").fill(OWNER)
        page.locator("input[type=password]").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Cockpit").wait_for(timeout=JUDGING_MS)
        context.storage_state(path=file)
    return file


@pytest.fixture(scope="module")
def session(play: Playwright, signed_in: Path, brand: Product) -> Path:
    """The session in the brand's workspace, all of which is worked out, whatever another file did with it."""
    ask = play.request.new_context(storage_state=signed_in)
    _enter_demo(ask, brand.url)
    _let_it_settle(ask, brand.url)
    ask.dispose()
    return signed_in


def _enter_demo(ask: APIRequestContext, url: str) -> None:
    """Signing in leads to the workspace that was used last, which another test may have chosen."""
    me = ask.get(f"{url}/api/auth/me").json()
    demo = next(found["id"] for found in me["workspaces"] if found["slug"] == "demo")
    answer = ask.post(
        f"{url}/api/auth/workspace", data={"workspace_id": demo}, headers={"X-CSRF-Token": me["csrf_token"]}
    )
    assert answer.ok, answer.text()


def _let_it_settle(ask: APIRequestContext, url: str) -> None:
    """Wait until what the new brand defines has been worked out of everybody."""
    for _ in range(600):
        answers = [ask.get(f"{url}/api/{kind}").json()["items"] for kind in ("traits", "tags", "layers")]
        if not any(item.get("status") == "building" for items in answers for item in items):
            return
        time.sleep(0.2)
    raise AssertionError("Traits, tags or layers of the demo brand are still being built.")


class Visit:
    """A page of the product, watched for errors of its own."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)

    def open(self, path: str) -> Page:
        """Go to a page and wait until it has shown its data."""
        self.page.goto(self.url + path)
        self.page.locator("h1").wait_for()
        self.page.wait_for_load_state("networkidle", timeout=JUDGING_MS)
        expect(self.page.locator(".ant-skeleton")).to_have_count(0, timeout=JUDGING_MS)
        return self.page


@pytest.fixture(scope="module", params=[f"{size}-{language}" for size, language in zip(SIZES, LANGUAGES, strict=True)])
def window(request: pytest.FixtureRequest, chromium: Browser, session: Path) -> Iterator[BrowserContext]:
    """A window of each size, one in each language, which remembers what it has loaded from one test to the next."""
    size, _, language = request.param.partition("-")
    context = chromium.new_context(viewport=SIZES[size], locale=language, storage_state=session)
    context.add_init_script(f"localStorage.setItem('fanwheel.locale', '{language}')")
    yield context
    context.close()


@pytest.fixture
def visit(window: BrowserContext, brand: Product) -> Iterator[Visit]:
    """A visit in each size, one in each language."""
    page = window.new_page()
    yield Visit(page, brand.url)
    page.close()


@pytest.fixture
def desk(chromium: Browser, brand: Product, session: Path) -> Iterator[Visit]:
    """A visit in English on a desk."""
    context = chromium.new_context(viewport=SIZES["desk"], locale="en", storage_state=session)
    yield Visit(context.new_page(), brand.url)
    context.close()
