"""A list from nothing to its people, in the browser."""

import re

import pytest
from playwright.sync_api import FilePayload, expect
from tests.browser.conftest import Visit
from tests.support.browser import violations


@pytest.mark.browser
def test_a_list_is_filled_from_a_file_whose_column_is_chosen_by_hand(desk: Visit) -> None:
    page = desk.open("/lists")
    found = page.request.get(f"{desk.url}/api/people?limit=50").json()["items"]
    emails = [each["value"] for person in found for each in person["identifiers"] if each["kind"] == "email"][:5]
    file = "who,city\n" + "".join(f"{email},Leeds\n" for email in emails) + "nobody@nowhere.example,Bath\n"

    page.get_by_role("button", name="New list").first.click()
    page.get_by_role("dialog").get_by_label("Name").fill("Guests from a file")
    page.get_by_role("button", name="Make the list").click()
    expect(page.get_by_role("heading", name="Guests from a file", level=1)).to_be_visible()
    expect(page.get_by_text("Nobody is on this list yet")).to_be_visible()
    upload: FilePayload = {"name": "guests.csv", "mimeType": "text/csv", "buffer": file.encode()}
    page.set_input_files("input[type=file]", upload)
    expect(page.get_by_text("Which one tells who it is?")).to_be_visible()
    page.get_by_role("button", name="Match by this column").click()

    expect(page.get_by_text("5 of 6 rows matched · 5 new on the list")).to_be_visible()
    expect(page.locator("tbody tr a")).to_have_count(5)
    with page.expect_download() as got:
        page.get_by_role("link", name="download them with the reason").click()
    assert "nobody@nowhere.example" in got.value.path().read_text(encoding="utf-8")

    page.locator("tbody input[type=checkbox]").first.check()
    page.get_by_role("button", name="Remove from this list").click()
    expect(page.get_by_role("heading", name=re.compile("^4 people$"))).to_be_visible()
    page.get_by_role("region", name="What was done").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name=re.compile("^5 people$"))).to_be_visible()
    assert violations(page) == []


@pytest.mark.browser
def test_people_are_filtered_by_a_list_that_was_picked(desk: Visit) -> None:
    ask = desk.page.request
    token = ask.get(f"{desk.url}/api/auth/me").json()["csrf_token"]
    ids = [person["id"] for person in ask.get(f"{desk.url}/api/people?limit=3").json()["items"]]
    made = ask.post(
        f"{desk.url}/api/lists", data={"name": "Picked three", "person_ids": ids}, headers={"X-CSRF-Token": token}
    )
    assert made.ok, made.text()
    page = desk.open("/people")

    page.get_by_role("combobox", name="List").fill("picked")
    page.locator(".ant-select-item-option", has_text="Picked three").click()

    expect(page.locator("search").get_by_role("status")).to_have_text("3 people")
    expect(page.locator("tbody tr a")).to_have_count(3)
    assert f"list_id={made.json()['list_id']}" in page.url
