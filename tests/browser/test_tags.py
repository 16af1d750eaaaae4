"""Tags and layers in the browser: given with a reason, taken off and put back, and a ladder that people climb."""

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Visit
from tests.browser.test_traits import first_person


@pytest.mark.browser
def test_of_an_exclusive_group_a_person_has_one_tag_and_one_taken_off_is_put_back(desk: Visit) -> None:
    page = desk.open("/portrait/tags")
    page.get_by_role("button", name="New group").click()
    page.get_by_label("Name").fill("Intent")
    page.get_by_label("Only one of them at a time").check()
    page.get_by_role("button", name="Save group").click()
    for tag in ("hot", "cold"):
        page.get_by_role("button", name="New tag in Intent").click()
        page.get_by_label("Tag", exact=True).fill(tag)
        page.get_by_role("button", name="Save tag").click()
        expect(page.get_by_role("region", name="Intent").get_by_role("button", name=tag, exact=True)).to_be_visible()

    desk.open(first_person(page, desk.url))
    tags = page.get_by_role("region", name="Tags")
    for tag in ("cold", "hot"):
        tags.get_by_role("button", name="Add a tag").click()
        page.get_by_label("Tag", exact=True).fill(tag)
        page.get_by_label("Why (optional)").fill("asked in a message")
        page.get_by_label("Why (optional)").press("Enter")
        expect(tags.get_by_role("button", name=f"Take off the tag {tag}")).to_be_visible()

    expect(tags.get_by_role("button", name="Take off the tag cold")).to_have_count(0)
    tags.get_by_role("button", name="Take off the tag hot").click()
    expect(tags.get_by_role("button", name="Take off the tag hot")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(tags.get_by_role("button", name="Take off the tag hot")).to_be_visible()
    tags.get_by_role("button", name="Who gave and took tags").click()
    expect(page.get_by_role("dialog").get_by_text("asked in a message").first).to_be_visible()
    assert desk.faults == []


@pytest.mark.browser
def test_a_layer_is_built_rung_by_rung_and_people_are_placed(desk: Visit) -> None:
    page = desk.open("/portrait/layers/new")

    page.get_by_label("Name", exact=True).fill("Buyers")
    page.get_by_label("Name of the rung").fill("First order")
    page.get_by_role("button", name="Save layer").click()
    expect(page.get_by_role("alert")).to_contain_text("Complete the rule of every rung.")
    page.get_by_role("button", name="Add condition").click()
    page.get_by_role("menuitem", name="Figure or moment").click()
    expect(page.locator("[data-sentence]")).to_have_text("People who have ordered.")
    page.get_by_role("button", name="Save layer").click()

    ladder = page.get_by_role("region", name="Buyers", exact=True).get_by_role("listitem")
    expect(ladder).to_contain_text("First order")
    expect(ladder).not_to_contain_text("0 people", timeout=60_000)
    assert desk.faults == []
