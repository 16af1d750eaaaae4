"""Many people at once, in the browser: ticked, tagged, and taken back."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Visit
from tests.support.browser import violations


@pytest.mark.browser
def test_people_are_ticked_in_a_row_tagged_and_taken_back(desk: Visit) -> None:
    page = desk.open("/people")
    boxes = page.locator("tbody input[type=checkbox]")

    boxes.nth(1).check()
    boxes.nth(4).click(modifiers=["Shift"])
    bar = page.get_by_role("toolbar", name="Bulk actions")
    expect(bar).to_contain_text("4 people chosen")
    bar.get_by_role("button", name="Tag", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Tags").fill("ticked by hand")
    page.keyboard.press("Enter")
    dialog.get_by_label("Why").fill("to try it")
    dialog.get_by_role("button", name="Tag", exact=True).click()

    told = page.get_by_role("region", name="What was done to many people")
    expect(told).to_contain_text("4 people tagged “ticked by hand”")
    assert violations(page) == []
    tagged = page.locator("tbody [title*='ticked by hand']")
    expect(tagged).to_have_count(4)
    told.get_by_role("button", name="Undo").click()
    expect(told).to_contain_text("Taken back")
    expect(tagged).to_have_count(0)
    assert desk.faults == []


@pytest.mark.browser
def test_everybody_who_matches_goes_on_a_new_list_and_the_history_takes_it_back(desk: Visit) -> None:
    page = desk.open("/people?stage=share")
    expect(page.locator("tbody a").first).to_be_visible()
    total = page.locator("search").get_by_role("status").inner_text()

    page.get_by_role("checkbox", name="Choose everybody who matches").check()
    bar = page.get_by_role("toolbar", name="Bulk actions")
    expect(bar).to_contain_text(f"{total} chosen")
    bar.get_by_role("button", name="Add to list").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("A new list").click()
    dialog.get_by_label("Name of the new list").fill("Sharers of today")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("added to “Sharers of today”")).to_be_visible()

    page.get_by_role("button", name="Bulk actions").click()
    row = page.get_by_role("row", name=re.compile("Sharers of today"))
    row.get_by_role("button", name="Undo").click()
    expect(row).to_contain_text("Taken back")
    assert desk.faults == []


@pytest.mark.browser
def test_the_list_is_thrown_to_its_end_without_fetching_what_lies_between(desk: Visit) -> None:
    page = desk.open("/people")
    expect(page.locator("tbody a").first).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url) if "/api/people?" in sent.url else None)
    table = page.get_by_role("table", name="People")
    last = table.get_attribute("aria-rowcount")

    page.locator("[data-virtual]").evaluate("list => { list.scrollTop = list.scrollHeight }")

    row = page.locator(f"tr[aria-rowindex='{last}']")
    expect(row.get_by_role("link")).to_be_visible()
    assert int(last or 0) > 1_000
    assert len(asked) <= 3
