"""Every page in both languages and sizes: it shows, it fits, it says nothing wrong, and axe finds nothing."""

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import LANGUAGES, SIZES, Visit
from tests.support.browser import violations
from tests.support.product import Product

PAGES = (
    "/", "/verdict", "/people", "/people/first", "/people/actions", "/lists", "/segments",
    "/segments/new?template=wanting", "/segments/first", "/experiments", "/ingest", "/templates", "/auto-replies",
    "/menus", "/broadcasts", "/links", "/settings/keys", "/settings/channels", "/settings/sending", "/settings/consent",
    "/settings/retention", "/settings/brand", "/settings/sources", "/settings/inbox", "/inbox/report",
    "/settings/webhooks", "/settings/members", "/settings/workspace", "/settings/account",
)  # fmt: skip


# How far the page is wider than its window.
OVERHANG = "document.documentElement.scrollWidth - window.innerWidth"
REPORTS = ("funnel", "retention", "rfm", "clv", "paths", "referral")


def a_segment(visit: Visit) -> int:
    """The id of a segment that has been built; the first visit makes it."""
    ask = visit.page.request
    items = ask.get(f"{visit.url}/api/segments").json()["items"]
    if not items:
        token = ask.get(f"{visit.url}/api/auth/me").json()["csrf_token"]
        rule = {"type": "field", "name": "order_count", "test": {"op": "at_least", "value": 2}}
        body = {"name": "Came back", "rule": {"version": 1, "condition": rule}}
        answer = ask.post(f"{visit.url}/api/segments", data=body, headers={"X-CSRF-Token": token})
        assert answer.ok, answer.text()
        return a_segment(visit)
    path = f"{visit.url}/api/segments/{items[0]['segment_id']}"
    while ask.get(path).json()["status"] == "building":
        visit.page.wait_for_timeout(200)
    return int(items[0]["segment_id"])


def assert_fits_and_is_accessible(page: Page) -> None:
    """The page is not wider than its window, nor than one of another size, and axe finds nothing.

    axe judges the size in which the page was loaded: what it finds lies in one or the other.
    """
    loaded = page.viewport_size
    assert loaded
    assert page.evaluate(OVERHANG) <= 0
    assert violations(page) == []
    (other,) = (size for size in SIZES.values() if size != loaded)
    page.set_viewport_size(other)
    page.wait_for_timeout(300)  # Charts follow the window after a moment; longer on a busy machine.
    page.wait_for_function(f"{OVERHANG} <= 0")
    page.set_viewport_size(loaded)


@pytest.mark.browser
@pytest.mark.parametrize("path", PAGES)
def test_a_page_shows_fits_and_is_accessible(visit: Visit, path: str) -> None:
    if path == "/people/first":
        visit.open("/people")
        path = visit.page.locator("a[href^='/people/']").first.get_attribute("href") or ""

    if path == "/segments/first":
        path = f"/segments/{a_segment(visit)}"

    page = visit.open(path)

    assert_fits_and_is_accessible(page)
    assert visit.faults == []


@pytest.mark.browser
def test_every_report_shows_fits_and_is_accessible(visit: Visit) -> None:
    page = visit.open("/reports")

    for report in REPORTS:
        page.locator(f"a[href='/reports/{report}']").click()
        page.wait_for_url(f"**/reports/{report}*")
        page.wait_for_load_state("networkidle")
        expect(page.locator(".ant-skeleton")).to_have_count(0)
        expect(page.locator("main section")).not_to_have_count(0)

        assert_fits_and_is_accessible(page)
    assert visit.faults == []


@pytest.mark.browser
@pytest.mark.parametrize(("size", "language"), tuple(zip(SIZES, LANGUAGES, strict=True)))
@pytest.mark.parametrize("path", ["/login", "/setup?token=x", "/accept?token=x"])
def test_an_entrance_is_accessible(chromium: Browser, brand: Product, path: str, size: str, language: str) -> None:
    with chromium.new_context(viewport=SIZES[size], locale=language) as stranger:
        page = stranger.new_page()
        page.goto(brand.url + path)
        page.locator("h1").wait_for()
        page.wait_for_load_state("networkidle")

        assert violations(page) == []
