"""A segment from a template to its people, in the browser."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Visit


@pytest.mark.browser
def test_a_segment_is_made_from_a_template_counted_saved_and_shows_its_people(desk: Visit) -> None:
    page = desk.open("/segments")

    page.get_by_role("button", name=re.compile("Regulars")).click()
    sentence = page.locator("[data-sentence]")
    expect(sentence).to_contain_text("number of orders is at least 3")
    row = page.locator("[data-type=field]").first
    row.get_by_role("spinbutton", name="Number").fill("2")
    expect(sentence).to_contain_text("number of orders is at least 2")
    counted = page.locator("[data-count][data-old=false]")
    expect(counted).not_to_have_attribute("data-count", "0")
    expect(row.get_by_text(re.compile("people$"))).to_be_visible()

    page.get_by_role("button", name="Undo").click()
    expect(sentence).to_contain_text("number of orders is at least 3")
    page.get_by_role("button", name="Redo").click()
    page.get_by_role("textbox", name="Name").fill("Buyers of late")
    page.get_by_role("button", name="Save segment").click()

    expect(page.get_by_role("heading", name="Buyers of late", level=1)).to_be_visible()
    expect(page.get_by_text("right within a second").first).to_be_visible()
    members = page.get_by_role("region", name="Members")
    expect(members.locator("tbody a").first).to_be_visible()
    members.locator("tbody a").first.click()
    expect(page.get_by_role("link", name="Buyers of late")).to_be_visible()
    expect(page.get_by_text("who have").or_(page.get_by_text("whose number of orders")).first).to_be_visible()
    assert desk.faults == []


@pytest.mark.browser
def test_conditions_are_moved_and_grouped_by_the_keyboard_alone(desk: Visit) -> None:
    page = desk.open("/segments/new")
    sentence = page.locator("[data-sentence]")

    for kind in ("Tag", "Can be reached"):
        page.get_by_role("button", name="Add condition").focus()
        page.keyboard.press("Enter")
        page.get_by_role("menuitem", name=kind, exact=True).focus()
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Move up: Can be reached").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="Move up: Can be reached")).to_be_focused()
    expect(sentence).to_have_text(re.compile("whom marketing may reach on some channel, and who have the tag"))
    page.get_by_role("button", name="Save segment").click()
    expect(page.get_by_text("Choose a tag.")).to_be_visible()
    expect(page.get_by_text("Give it a name.")).to_be_visible()
