"""Which half, and the reports: what a marketer does on their pages."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Visit
from tests.support.product import OWNER, PASSWORD, Product


@pytest.mark.browser
def test_the_verdict_says_which_half_and_shows_its_evidence(desk: Visit) -> None:
    page = desk.open("/verdict")

    expect(page.get_by_label("The verdict in short").locator("p").first).to_contain_text("spent")
    expect(page.get_by_text("by a Markov chain: credited, not proven")).to_be_visible()
    expect(page.get_by_text("This world knows the truth")).to_be_visible()
    ledger = page.get_by_role("table", name="Ledger")
    assert ledger.get_by_role("row").count() > 3
    button = ledger.get_by_role("button").first
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("tooltip").get_by_text("Evidence for")).to_be_visible()


@pytest.mark.browser
def test_every_figure_of_the_verdict_has_its_table(desk: Visit) -> None:
    page = desk.open("/verdict")

    toggles = page.get_by_role("button", name="Show as table")
    count = toggles.count()
    for index in range(count):
        toggles.nth(index).click()

    assert count >= 2
    expect(page.locator("section table")).to_have_count(count + 1)  # and the ledger


@pytest.mark.browser
def test_the_ledger_can_be_split_and_a_link_keeps_the_split(desk: Visit) -> None:
    page = desk.open("/verdict")

    page.get_by_text("Segment", exact=True).click()
    page.wait_for_url("**by=segment*")
    page.reload()

    expect(page.get_by_role("radio", name="Segment")).to_be_checked()


@pytest.mark.browser
def test_another_margin_demands_another_return(desk: Visit) -> None:
    page = desk.open("/verdict")
    page.get_by_role("link", name="Change the margin").click()

    page.get_by_label("Margin").fill("25")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Saved").first).to_be_visible()
    desk.open("/verdict")

    expect(page.get_by_text("At a margin of 25% a channel pays for itself once it causes 4 of revenue")).to_be_visible()


@pytest.mark.browser
def test_a_brand_without_holdouts_is_told_how_to_begin(desk: Visit, brand: Product) -> None:
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    spend = {"source": "flyers", "spent_on": yesterday, "amount": "120", "currency": "USD"}
    brand.api("POST", "/api/spend", json={"items": [spend]})

    page = in_own_workspace(desk, brand)
    page.goto(f"{brand.url}/verdict")

    expect(page.get_by_role("heading", name="Nobody to compare with yet")).to_be_visible()
    expect(page.get_by_text("docs/measure/how-many-people-must-i-hold-out.md")).to_be_visible()
    expect(page.get_by_text("nothing is proven yet")).to_be_visible()
    page.context.close()


@pytest.mark.browser
def test_a_funnel_is_built_step_by_step(desk: Visit) -> None:
    page = desk.open("/reports/funnel")
    steps = page.get_by_role("combobox", name=re.compile("Event of step"))
    before = steps.count()

    page.get_by_role("button", name="Add a step").click()
    expect(steps).to_have_count(before + 1)
    page.get_by_role("button", name=f"Move step {before + 1} up").click()
    page.get_by_role("button", name="Remove step 1").click()
    expect(steps).to_have_count(before)
    page.get_by_role("button", name="Show as table").click()

    people = [int(text.replace(",", "")) for text in page.locator("tbody tr td:nth-child(2)").all_inner_texts()]
    assert len(people) == before
    assert people == sorted(people, reverse=True)


@pytest.mark.browser
def test_the_reports_show_the_demo_brand(desk: Visit) -> None:
    for path, label in {
        "retention": "Revenue a buyer by cohort; the table has the figures",
        "rfm": "Buyers by recency and frequency; the table has the figures",
        "clv": "Buyers by expected value; the table has the figures",
        "referral": "K by month; the table has the figures",
    }.items():
        page = desk.open(f"/reports/{path}")
        expect(page.get_by_role("img", name=label)).to_be_visible()

    page = desk.open("/reports/paths")
    assert page.get_by_role("table", name="Ways to an order").get_by_role("row").count() > 5


def in_own_workspace(desk: Visit, brand: Product) -> Page:
    """A page of another session, in the workspace that is not the demo."""
    context = desk.page.context.browser.new_context(locale="en")
    page = context.new_page()
    page.goto(f"{brand.url}/login")
    page.get_by_label("Email").fill(OWNER)
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Cockpit").wait_for()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name=re.compile("Workspace")).click()
    page.get_by_role("menuitem", name="My brand").click()
    expect(page.get_by_text("Demo data")).to_have_count(0)
    return page
