"""Consent and suppressed addresses, taken in from files and given out as one."""

import csv
import io

from tests.integration.persons.conftest import World
from tests.support.house import Browser, House

FILE = b"""email,channel,purpose,evidence,at,consent
mia@example.com,"email,sms",,Form of the fair,2026-01-05 10:00,yes
leo@example.com,email,,,2026-01-05 10:00,yes
kim@example.com,email,,,2026-01-06,no
,email,,Form,,yes
ann@example.com,email,,Form,2999-01-01,yes
"""


def load(owner: Browser, **query: str) -> dict[str, object]:
    answer = owner.ask("POST", "/api/consents/import", content=FILE, headers={"Content-Type": "text/csv"}, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def test_a_file_says_what_people_agreed_to_and_no_yes_without_evidence(
    house: House, world: World, owner: Browser
) -> None:
    trial = load(owner, is_trial="true")
    assert not house.rows("SELECT 1 FROM fact_outbox WHERE workspace_id = %s", world.workspace)

    done = load(owner)

    assert (done["rows"], done["granted"], done["withdrawn"], done["refused"]) == (5, 1, 1, 3)
    assert done["refused_rows"] == [
        {"row": 3, "why": "no_evidence"},
        {"row": 5, "why": "no_person"},
        {"row": 6, "why": "bad_time"},
    ]
    assert trial == done | {"is_trial": True}
    yes, no = house.rows(
        "SELECT key, name, refs, properties FROM fact_outbox WHERE workspace_id = %s ORDER BY fact_id", world.workspace
    )
    assert (yes["name"], yes["refs"], yes["properties"]) == (
        "Consent Granted",
        [["email", "mia@example.com"]],
        {"channels": ["email", "sms"], "purpose": "marketing", "imported": True, "evidence": "Form of the fair"},
    )
    assert no["name"] == "Consent Withdrawn"
    # Those without evidence of their own may share one.
    assert load(owner, evidence="Till receipt with the box ticked")["granted"] == 2
    assert "mia@example.com" not in owner.get("/api/audit").text


def test_suppressed_addresses_come_out_whole_where_somebody_is_known_by_them(world: World, owner: Browser) -> None:
    world.say((("email", "mia@example.com"),))
    for address in ("mia@example.com", "gone@example.com"):
        owner.post("/api/suppressions", {"kind": "email", "address": address, "note": "=1+1"})

    answer = owner.get("/api/suppressions/export")

    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(row["address"], row["masked"], row["reason"], row["note"]) for row in rows] == [
        ("mia@example.com", "m***@example.com", "manual", "'=1+1"),
        ("", "g***@example.com", "manual", "'=1+1"),
    ]
    assert "suppression.export" in owner.get("/api/audit").text
