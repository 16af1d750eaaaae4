"""Templates are drafted, published as versions that never change, compared, copied and put away."""

from typing import Any

import psycopg
import pytest
from tests.integration.content.conftest import MAIL, Desk
from tests.support.house import Browser


def change(desk: Desk, template: dict[str, Any], mail: dict[str, Any], *, revision: int | None = None) -> Any:
    raw = {"language": "en", "variants": [{"key": "A", "wordings": {"en": {"mail": mail}}}]}
    body = {"content": raw, "revision": revision or template["revision"]}
    return desk.operator.ask("PATCH", f"/api/templates/{template['template_id']}", json=body)


def test_a_draft_becomes_a_version_and_can_be_changed_without_it(desk: Desk) -> None:
    template = desk.template({"mail": MAIL})
    first = desk.publish(template)

    changed = change(desk, template, {**MAIL, "subject": "Autumn"}).json()
    kept = desk.operator.get(f"/api/template-versions/{first}").json()

    assert (changed["published_id"], changed["is_changed"], changed["revision"]) == (first, True, 2)
    assert kept["content"]["variants"][0]["wordings"]["en"]["mail"]["subject"] == MAIL["subject"]


def test_a_version_never_changes(desk: Desk) -> None:
    version = desk.publish(desk.template({"mail": MAIL}))

    with pytest.raises(psycopg.errors.RestrictViolation):
        desk.house.rows("UPDATE template_version SET note = 'other' WHERE version_id = %s", version)


def test_versions_are_compared_with_each_other_and_with_the_draft(desk: Desk) -> None:
    template = desk.template({"mail": MAIL})
    desk.publish(template)
    change(desk, template, {**MAIL, "subject": "Autumn"})
    path = f"/api/templates/{template['template_id']}/diff?before=1"

    to_draft = desk.operator.get(path).json()["items"]
    desk.publish(template)
    to_second = desk.operator.get(f"{path}&after=2").json()["items"]

    expected = [{"path": "variants.A.wordings.en.mail.subject", "before": MAIL["subject"], "after": "Autumn"}]
    assert to_draft == to_second == expected


def test_an_old_version_becomes_the_draft_again(desk: Desk) -> None:
    template = desk.template({"mail": MAIL})
    first = desk.publish(template)
    change(desk, template, {**MAIL, "subject": "Autumn"})

    restored = desk.operator.post(f"/api/template-versions/{first}/restore").json()

    assert restored["content"]["variants"][0]["wordings"]["en"]["mail"]["subject"] == MAIL["subject"]


def test_two_who_change_one_draft_do_not_overwrite_each_other(desk: Desk) -> None:
    template = desk.template({"mail": MAIL})
    change(desk, template, {**MAIL, "subject": "Mine"})

    answer = change(desk, template, {**MAIL, "subject": "Theirs"})

    assert (answer.status_code, answer.json()["code"]) == (409, "template_changed")


def test_mistakes_keep_a_template_from_being_published(desk: Desk) -> None:
    template = desk.template({"mail": {**MAIL, "subject": "{{ persn.name }}"}})

    answer = desk.operator.post(f"/api/templates/{template['template_id']}/publish", {})

    assert template["issues"][0]["detail"] == {"name": "persn", "near": "person"}
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_content")


def test_a_copy_has_a_name_of_its_own_and_nothing_published(desk: Desk) -> None:
    template = desk.template({"mail": MAIL})
    desk.publish(template)

    copies = [desk.operator.post(f"/api/templates/{template['template_id']}/duplicate").json() for _ in range(2)]

    assert [(copy["name"], copy["published_id"]) for copy in copies] == [("Spring 2", None), ("Spring 3", None)]


def test_an_archived_template_frees_its_name_and_is_changed_no_more(desk: Desk) -> None:
    template = desk.template({"mail": MAIL})
    path = f"/api/templates/{template['template_id']}"
    desk.operator.post(f"{path}/archive")

    other = desk.template({"mail": MAIL})
    refused = change(desk, template, MAIL)
    back = desk.operator.post(f"{path}/unarchive")
    listed = desk.operator.get("/api/templates").json()["items"]

    assert (refused.status_code, back.status_code) == (409, 409)
    assert [item["template_id"] for item in listed] == [other["template_id"]]


@pytest.mark.parametrize(
    "raw",
    [
        {"variants": []},
        {"variants": [{"key": "A", "wordings": {}}]},
        {"variants": [{"key": "A", "wordings": {"zh-CN": {"parts": []}}}]},
        {"variants": [{"key": "A", "weight": 0, "wordings": {"zh-CN": {"mail": {}}}}]},
        {"variants": [{"key": "A", "wordings": {"zh-CN": {"mail": {"blocks": [{"type": "script"}]}}}}]},
        {"variants": 7},
    ],
)
def test_what_is_no_template_is_refused(desk: Desk, raw: dict[str, Any]) -> None:
    answer = desk.operator.post("/api/templates", {"channel": "email", "name": "Odd", "content": raw})

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_content")


def test_words_to_use_come_with_examples(desk: Desk) -> None:
    desk.person(1, first_name="Li", favourite_tea="oolong")

    words = {word["path"]: word for word in desk.operator.get("/api/templates/words").json()["items"]}

    assert words["person.favourite_tea"]["samples"] == ["oolong"]
    assert {"person.name", "brand.address", "coupon.code", "unsubscribe_url"} <= words.keys()


def test_who_may_see_no_people_is_shown_no_examples(desk: Desk) -> None:
    viewer: Browser = desk.house.member(desk.workspace, "viewer")

    assert viewer.get("/api/templates/words").status_code == 403
    assert viewer.get("/api/templates").status_code == 200


def test_a_preview_is_worded_for_a_person_and_keeps_nothing(desk: Desk) -> None:
    person = desk.person(1, first_name="Li {{ 7 | times: 6 }} <b>")
    raw = {"language": "en", "variants": [{"key": "A", "wordings": {"en": {"mail": MAIL}}}]}

    answer = desk.operator.post(
        "/api/templates/preview", {"channel": "email", "content": raw, "person_id": person}
    ).json()

    (mail,) = answer["parts"]
    assert mail["subject"] == "Li {{ 7 | times: 6 }} <b>, spring tea"
    assert "Li {{ 7 | times: 6 }} &lt;b&gt;" in mail["html"]
    assert "https://shop.example/tea?x=1" in mail["html"]
    assert desk.house.rows("SELECT FROM link WHERE workspace_id = %s", desk.workspace) == []


def test_a_preview_says_why_nothing_would_be_said(desk: Desk) -> None:
    raw = {
        "language": "en",
        "variants": [{"key": "A", "wordings": {"en": {"mail": {**MAIL, "subject": "{{ gift }}"}}}}],
    }

    answer = desk.operator.post("/api/templates/preview", {"channel": "email", "content": raw}).json()

    assert (answer["refusal"], answer["detail"]) == ("unknown_variable", {"names": ["gift"]})


def test_a_preview_tells_where_a_text_is_broken(desk: Desk) -> None:
    broken = {**MAIL, "preheader": "new\n{% if person.city %}"}
    raw = {"language": "en", "variants": [{"key": "A", "wordings": {"en": {"mail": broken}}}]}

    answer = desk.operator.post("/api/templates/preview", {"channel": "email", "content": raw}).json()

    assert (answer["refusal"], answer["parts"]) == ("unreadable", [])
    assert [each["where"] for each in answer["issues"] if each["code"] == "bad_liquid"] == ["mail.preheader"]


def test_a_template_is_for_a_channel_that_there_is(desk: Desk) -> None:
    refused = desk.operator.ask("POST", "/api/templates", json={"channel": "fax", "name": "By fax"})

    assert refused.status_code == 422
    assert "“fax”" in refused.json()["message"]
    assert "wechat_oa" in refused.json()["hint"]


def test_how_the_brand_signs_is_kept(desk: Desk) -> None:
    profile = {"name": "Mist", "address": "1 Lake Road", "machine_networks": ["203.0.113.0/24"]}

    kept = desk.operator.ask("PUT", "/api/brand", json=profile).json()
    refused = desk.operator.ask("PUT", "/api/brand", json={"machine_networks": ["everywhere"]})

    assert kept["address"] == "1 Lake Road"
    assert refused.status_code == 422
