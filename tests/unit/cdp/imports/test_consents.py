"""What files of people say of consent."""

from datetime import UTC, datetime
from pathlib import Path

from tests.unit.cdp.imports.test_imports import body, read


def test_consent_of_a_row_counts_with_what_shows_it_and_never_without(tmp_path: Path) -> None:
    path = tmp_path / "fans.csv"
    path.write_text(
        "email,consent,consent_channel,consent_purpose,consent_evidence,consent_at,city\n"
        "ana@x.example,yes,\"email, SMS\",,Form of the spring fair,2026-01-05T10:00:00Z,Rome\n"
        "ben@x.example,yes,email,marketing,,2026-01-05T10:00:00Z,Oslo\n"
        "cem@x.example,no,email,,,2026-01-06T10:00:00Z,Bonn\n"
        "dua@x.example,,email,,Form,,Lima\n"
        "eve@x.example,yes,!!,,Form,,Bern\n",
    )  # fmt: skip

    drafts, refused = read(path, "people")

    said = [(draft.name, draft.contacts["email"], body(draft)) for draft in drafts if draft.type == "track"]
    assert [draft.first_row for draft in drafts if draft.type == "identify"] == [1, 3, 4]
    assert said == [
        (
            "Consent Granted",
            "ana@x.example",
            {
                "channels": ["email", "sms"],
                "purpose": "marketing",
                "imported": True,
                "evidence": "Form of the spring fair",
            },
        ),
        ("Consent Withdrawn", "cem@x.example", {"channels": ["email"], "purpose": "marketing", "imported": True}),
    ]
    assert drafts[1].timestamp == datetime(2026, 1, 5, 10, tzinfo=UTC)
    assert [(row.row, row.reason.split()[0]) for row in refused] == [(2, "agrees"), (5, "“consent_channel”")]
    assert body(drafts[0]) == {"email": "ana@x.example", "city": "Rome"}
    again, _ = read(path, "people")
    assert [draft.key for draft in again] == [draft.key for draft in drafts]


def test_a_column_that_is_merely_called_consent_stays_a_trait(tmp_path: Path) -> None:
    path = tmp_path / "fans.csv"
    path.write_text("email,consent\nana@x.example,parents\n")

    drafts, refused = read(path, "people")

    assert [body(draft) for draft in drafts] == [{"email": "ana@x.example", "consent": "parents"}]
    assert not refused
