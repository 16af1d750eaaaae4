"""An experiment in the browser: from a segment to lots that are drawn, and back."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Visit
from tests.browser.test_pages import a_segment, assert_fits_and_is_accessible


@pytest.mark.browser
def test_the_people_of_a_segment_are_dealt_and_the_plan_is_told_first(desk: Visit) -> None:
    page = desk.open(f"/segments/{a_segment(desk)}")
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Experiment with these people").click()

    form = page.get_by_role("dialog")
    expect(form.get_by_role("status")).to_contain_text(re.compile(r"an effect of \d+% or more"))
    assert_fits_and_is_accessible(page)
    form.get_by_label("Name").fill("A call")
    form.get_by_role("button", name="Draw lots and start").click()

    panel = page.get_by_role("region", name="A call")
    expect(panel).to_contain_text("day 1 of 28")
    expect(panel).to_contain_text("Too early to say")
    assert_fits_and_is_accessible(page)
    with page.expect_download() as taken:
        panel.get_by_role("link", name="The people to treat").click()
    assert taken.value.path().read_text(encoding="utf-8-sig").count("\n") > 100

    panel.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No experiment yet")).to_be_visible()
