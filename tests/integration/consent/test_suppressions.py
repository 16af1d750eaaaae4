"""Suppressed addresses over HTTP: added, found, imported, lifted; and what a person said, with the evidence."""

import pytest
from tests.integration.persons.conftest import World
from tests.support.house import Browser, House

MAIL = ("email", "mia@example.com")
PATH = "/api/suppressions"


def load(owner: Browser, content: bytes, **query: str) -> dict[str, object]:
    answer = owner.ask("POST", f"{PATH}/import", content=content, headers={"Content-Type": "text/csv"}, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def listed(owner: Browser, **query: str) -> list[dict[str, str]]:
    items: list[dict[str, str]] = owner.get(PATH, params=query).json()["items"]
    return items


def test_an_address_is_added_found_and_lifted_with_a_reason(owner: Browser) -> None:
    added = owner.post(PATH, {"kind": "email", "address": " Mia@Example.com ", "note": "asked by phone"})
    again = owner.post(PATH, {"kind": "email", "address": "mia@example.com"})
    (found,) = listed(owner, q="MIA@example.com")

    assert (added.status_code, added.json(), again.json()) == (201, {"added": 1}, {"added": 0})
    assert (found["masked"], found["reason"], found["note"]) == ("m***@example.com", "manual", "asked by phone")
    assert listed(owner, q="leo@example.com") == []
    assert listed(owner, q="mia") == []

    path = f"{PATH}/{found['suppression_id']}/lift"
    assert owner.post(path, {"why": " "}).status_code == 422
    assert owner.post(path, {"why": "wrote to us"}).status_code == 204
    assert owner.post(path, {"why": "wrote to us"}).status_code == 404
    assert listed(owner) == []


def test_phones_are_found_as_people_dial_them(owner: Browser) -> None:
    owner.post(PATH, {"kind": "phone", "address": "+86 138 0000 0000", "channel": "sms"})

    (found,) = listed(owner, q="+8613800000000")

    assert (found["masked"], found["channel"]) == ("+86***0000", "sms")


@pytest.mark.parametrize("address", ["mia", "a@b", "<script>", "+++"])
def test_what_is_no_address_is_refused(owner: Browser, address: str) -> None:
    assert owner.post(PATH, {"kind": "email", "address": address}).status_code == 422


def test_a_file_is_taken_with_its_reasons(owner: Browser) -> None:
    content = "﻿Email;Reason;Note\nmia@example.com;spam;\nleo@example.com;Hard Bounce;x\nnonsense;;\n;;\n".encode()

    result = load(owner, content, channel="email")

    assert result == {"rows": 3, "added": 2, "refused": 1, "refused_rows": [{"row": 4, "why": "no_address"}]}
    assert {(item["reason"], item["channel"]) for item in listed(owner)} == {
        ("complaint", "email"),
        ("bounce", "email"),
    }
    counts = owner.get(f"{PATH}/counts").json()["items"]
    assert counts == [{"reason": "bounce", "addresses": 1}, {"reason": "complaint", "addresses": 1}]


def test_a_file_of_one_column_needs_no_names(owner: Browser) -> None:
    result = load(owner, b"mia@example.com\n+8613800000000\nmia@example.com\n")

    assert (result["rows"], result["added"]) == (3, 2)
    assert {item["kind"] for item in listed(owner)} == {"email", "phone"}


@pytest.mark.parametrize("content", [b"", b"\n\n", b"name,age\nMia,3\n", b"\xff\xfe\x00", b"hello\n"])
def test_a_file_without_addresses_is_refused(owner: Browser, content: bytes) -> None:
    answer = owner.ask("POST", f"{PATH}/import", content=content, headers={"Content-Type": "text/csv"})

    assert answer.status_code == 422
    assert answer.json()["code"] == "bad_suppression_file"


def test_the_list_comes_in_pages(owner: Browser) -> None:
    load(owner, b"email\n" + b"".join(b"p%d@example.com\n" % number for number in range(5)))

    first = owner.get(PATH, params={"limit": "3"}).json()
    second = owner.get(PATH, params={"limit": "3", "cursor": first["next_cursor"]}).json()

    ids = [item["suppression_id"] for item in first["items"] + second["items"]]
    assert (len(ids), ids, second["next_cursor"]) == (5, sorted(ids, reverse=True), None)


def test_one_workspace_does_not_see_the_others(house: House, owner: Browser) -> None:
    owner.post(PATH, {"kind": "email", "address": "mia@example.com"})
    other = house.member(house.workspace(), "owner")

    assert listed(other) == []
    assert listed(other, q="mia@example.com") == []


def test_what_a_person_said_is_noted_and_shown_with_its_evidence(world: World, owner: Browser) -> None:
    person = world.say((MAIL,))[MAIL]
    path = f"/api/people/{person}/consents"
    yes = {"channel": "email", "is_granted": True, "evidence": "signed form of 1 May"}

    assert owner.post(path, yes | {"evidence": ""}).status_code == 422
    owner.post(path, yes)
    told = owner.post(path, yes | {"is_granted": False, "evidence": "called on 2 May"}).json()

    assert [(item["is_granted"], item["evidence"]["proof"]) for item in told["items"]] == [
        (False, "called on 2 May"),
        (True, "signed form of 1 May"),
    ]
    assert [item["reason"] for item in told["suppressed"]] == ["unsubscribe"]
    assert owner.get(path).json() == told


def test_the_audit_log_names_no_address(owner: Browser) -> None:
    owner.post(PATH, {"kind": "email", "address": "mia@example.com", "note": "n"})
    load(owner, b"leo@example.com\n")

    log = owner.get("/api/audit").text

    assert "suppression.import" in log
    assert "example.com" not in log
