"""Traits in the browser: worked out by a formula, taken back, and said of a person in their place."""

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Visit
from tests.browser.test_pages import assert_fits_and_is_accessible


def first_person(page: Page, url: str) -> str:
    """The path of somebody's page."""
    return f"/people/{page.request.get(f'{url}/api/people?limit=1').json()['items'][0]['id']}"


@pytest.mark.browser
def test_every_page_of_the_portrait_shows_fits_and_is_accessible(visit: Visit) -> None:
    page = visit.open("/portrait")

    for part in ("traits", "tags", "layers"):
        page.locator(f"a[href='/portrait/{part}']").click()
        page.wait_for_url(f"**/portrait/{part}")
        page.wait_for_load_state("networkidle")
        expect(page.locator(".ant-skeleton")).to_have_count(0)
        expect(page.locator("main section")).not_to_have_count(0)

        assert_fits_and_is_accessible(page)
    assert visit.faults == []


@pytest.mark.browser
def test_a_trait_is_worked_out_by_a_formula_with_a_sample_and_its_deletion_is_taken_back(desk: Visit) -> None:
    page = desk.open("/portrait/traits")

    page.get_by_role("button", name="New trait").click()
    page.get_by_role("button", name="Worked out from events").click()
    page.get_by_label("Name", exact=True).fill("Goods seen")
    page.get_by_role("combobox", name="Event", exact=True).fill("Product Viewed")
    expect(page.get_by_title("Product Viewed", exact=True)).to_be_visible()
    page.keyboard.press("Enter")
    sentence = "How many times somebody did “Product Viewed” in the last 90 days."
    expect(page.locator("[data-sentence]")).to_have_text(sentence)
    expect(page.get_by_role("region", name="For example").get_by_role("listitem")).not_to_have_count(0)
    page.get_by_role("button", name="Save trait").click()

    row = page.get_by_role("row").filter(has=page.get_by_role("button", name="Goods seen", exact=True))
    expect(row).to_contain_text(sentence)
    expect(row).to_contain_text("100%", timeout=60_000)  # of nothing a count is 0
    row.get_by_role("button", name="More: Goods seen").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(row).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(row).to_have_count(1)
    assert desk.faults == []


@pytest.mark.browser
def test_a_trait_of_a_person_is_said_in_its_place_checked_and_taken_back(desk: Visit) -> None:
    page = desk.open("/portrait/traits")
    page.get_by_role("button", name="New trait").click()
    page.get_by_role("button", name="Said by people").click()
    page.get_by_label("Name", exact=True).fill("Shoe size")
    expect(page.get_by_label("Key")).to_have_value("shoe_size")
    # By keyboard: a list that is still being put in its place may lose a click.
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        page.get_by_label("Kind of value").press(key)
    expect(page.get_by_label("Unit")).to_be_visible()  # which numbers alone have
    page.get_by_role("button", name="Save trait").click()
    expect(page.get_by_role("button", name="Shoe size", exact=True)).to_be_visible()

    desk.open(first_person(page, desk.url))
    page.get_by_label("Add a trait").fill("Shoe size")
    expect(page.get_by_title("Shoe size", exact=True)).to_be_visible()
    page.keyboard.press("Enter")
    page.get_by_role("spinbutton", name="Shoe size").fill("38.5")
    page.keyboard.press("Enter")

    row = page.locator("[data-trait=shoe_size]")
    expect(row).to_contain_text("38.5")
    page.get_by_role("button", name="Undo").click()
    expect(row).to_have_count(0)
    assert desk.faults == []
