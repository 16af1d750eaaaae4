"""What an operator does, by hand, in the browser."""

import json
import re

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Visit
from tests.support.product import Product


@pytest.mark.browser
def test_the_cockpit_shows_the_demo_brand_and_every_chart_has_its_table(desk: Visit) -> None:
    page = desk.open("/")

    for heading in ("The aeroplane", "Flows between domains", "Five stages", "Referral tree"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.get_by_text("not proven").first).to_be_visible()
    toggles = page.get_by_role("button", name=re.compile("table", re.IGNORECASE))
    count = toggles.count()
    assert count >= 6
    for index in range(count):
        toggles.nth(index).click()
    assert page.locator("section table").count() >= count


@pytest.mark.browser
def test_the_language_can_be_switched_and_stays(desk: Visit) -> None:
    page = desk.open("/")

    page.get_by_text("中文", exact=True).click()
    expect(page.get_by_role("heading", name="驾驶舱")).to_be_visible()

    page.reload()
    expect(page.get_by_role("heading", name="驾驶舱")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "zh-CN"

    # The account remembers it, and others sign in with it after this.
    with page.expect_response(lambda answer: answer.request.method == "PATCH" and answer.ok):
        page.get_by_text("EN", exact=True).click()
    expect(page.get_by_role("heading", name="Cockpit")).to_be_visible()


@pytest.mark.browser
def test_a_person_is_found_by_identifier_merged_and_taken_apart(desk: Visit, brand: Product) -> None:
    key = brand.command("keys", "create", "--kind", "write", "--workspace", "demo").split()[-1]
    for user in ("walk-one", "walk-two"):
        event = {"type": "identify", "userId": user, "traits": {"name": user.title(), "email": f"{user}@brand.example"}}
        brand.send(event, key=key)

    page = desk.open("/people")
    page.get_by_role("searchbox").or_(page.get_by_placeholder(re.compile("identifier|name|email", re.I))).first.fill(
        "walk-one@brand.example"
    )
    expect(page.get_by_role("link", name=re.compile("Walk-")).or_(page.locator("tbody a"))).to_have_count(1)
    page.get_by_role("link", name="Walk-One").click()
    expect(page.get_by_role("heading", name="Walk-One", level=1)).to_be_visible()

    page.get_by_role("tab", name=re.compile("Identit")).click()
    page.get_by_role("button", name="Merge with another person…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("walk-two")
    dialog.get_by_role("radio").first.check()
    dialog.get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_text("They are one person now")).to_be_visible()
    expect(page.get_by_text("walk-two@brand.example").first).to_be_visible()

    page.get_by_role("tab", name=re.compile("Identit")).click()
    page.get_by_role("button", name="Separate identifiers…").click()
    dialog = page.get_by_role("dialog")
    for identifier in ("walk-two@brand.example", "walk-two"):
        dialog.get_by_role("checkbox", name=re.compile(re.escape(identifier) + "( |$)")).first.check()
    dialog.get_by_role("button", name="Separate", exact=True).click()

    expect(page.get_by_text("There are 2 people now")).to_be_visible()


@pytest.mark.browser
def test_a_refused_event_is_mended_in_the_browser(desk: Visit, brand: Product) -> None:
    key = brand.command("keys", "create", "--kind", "write", "--workspace", "demo").split()[-1]
    brand.send({"type": "track", "event": "Mended By Hand"}, key=key)
    page = desk.open("/ingest")

    page.get_by_role("button", name="Mend and replay").first.click()
    editor = page.get_by_role("dialog").get_by_role("textbox")
    mended = json.loads(editor.input_value()) | {"userId": "mender"}
    editor.fill(json.dumps(mended))
    page.get_by_role("button", name="Send again").click()

    expect(page.get_by_text("The event was taken.")).to_be_visible()
    expect(page.get_by_label("Live tail").get_by_text("Mended By Hand")).to_be_visible()


@pytest.mark.browser
def test_a_key_is_shown_once_and_can_be_revoked(desk: Visit) -> None:
    page = desk.open("/settings/keys")

    page.get_by_role("button", name="New key").click()
    page.get_by_label("Name").fill("Shop in the browser")
    page.get_by_role("button", name="Create key").click()
    secret = page.get_by_role("dialog").locator("pre").inner_text()
    page.get_by_role("button", name="I have copied it").click()

    assert secret.startswith("fw_write_")
    row = page.get_by_role("row", name=re.compile("Shop in the browser"))
    expect(row).to_be_visible()
    assert secret not in page.content()
    row.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(row.get_by_text("revoked")).to_be_visible()


@pytest.mark.browser
def test_an_invited_colleague_joins_by_the_link_and_sees_what_the_role_allows(desk: Visit) -> None:
    page = desk.open("/settings/members")
    page.get_by_role("button", name="Invite").click()
    page.get_by_label("Email").fill("viewer@brand.example")
    page.get_by_role("dialog").get_by_text("Viewer").click()
    page.get_by_role("button", name="Make the invitation").click()
    link = page.get_by_role("dialog").locator("pre").inner_text()

    guest = desk.page.context.browser.new_context(locale="en")
    theirs = guest.new_page()
    theirs.goto(link)
    theirs.locator("input[type=password]").fill("three unrelated words")
    theirs.keyboard.press("Enter")

    expect(theirs.get_by_role("heading", name="Cockpit")).to_be_visible()
    expect(theirs.get_by_role("link", name="People")).to_have_count(0)
    guest.close()


@pytest.mark.browser
def test_an_address_can_be_tried_against_the_rules(desk: Visit) -> None:
    page = desk.open("/settings/sources")

    page.get_by_label("Address of the page").fill("https://shop.example/?utm_source=baidu&utm_medium=cpc")
    page.get_by_role("button", name="Try").click()

    verdict = page.get_by_role("status").filter(has_text="baidu")
    expect(verdict).to_contain_text("Commercial")
