"""Normal spellings, junk, and keys."""

from uuid import UUID

import pytest

from fanwheel.cdp.persons import identifiers


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("email", "  Ada.Lovelace@Brand.IO ", "ada.lovelace@brand.io"),
        ("email", "ada+wheel@mail.brand.co.uk", "ada+wheel@mail.brand.co.uk"),
        ("email", "test@brand.io", "test@brand.io"),  # a placeholder only at its own domain
        ("email", "jane@example.com", "jane@example.com"),
        ("email", "小明@例子.公司", "小明@例子.公司"),
        ("phone", "(415) 555-2671", "+14155552671"),
        ("phone", "+86 138 0013 8000", "+8613800138000"),
        ("phone", "0086 138 0013 8000", None),  # the international prefix of other countries: not dialable from US
        ("phone", 4155552671, "+14155552671"),
        ("user_id", " U-1 ", "U-1"),  # ids keep their case
        ("user_id", 42, "42"),
        ("user_id", "1", "1"),
        ("openid", "wx12:oAbC", "wx12:oAbC"),
        ("device_id", "6D92078A-8246-4BA4-AE5B-76104861E7DC", "6D92078A-8246-4BA4-AE5B-76104861E7DC"),
    ],
)
def test_normalize_keeps_one_spelling(kind: str, given: object, kept: str | None) -> None:
    assert identifiers.normalize(kind, given, region="US") == kept


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        *(
            ("user_id", word)
            for word in ("", "  ", "null", "NULL", "undefined", "None", "nan", "0", "anonymous", "Guest")
        ),
        *(("anonymous_id", word) for word in ("unknown", "[object Object]", "true", "-1", "(not set)")),
        ("anonymous_id", "00000000-0000-0000-0000-000000000000"),
        ("device_id", "000000000000000"),
        ("device_id", "02:00:00:00:00:00"),
        ("user_id", "x" * 513),
        ("user_id", "a\x00b"),
        ("user_id", None),
        ("user_id", True),
        ("user_id", 1.5),
        ("user_id", ["u1"]),
        ("email", "example@example.com"),
        ("email", "TEST@test.com"),
        ("email", "null@brand.io"),
        ("email", "no at sign"),
        ("email", "a@b@c.io"),
        ("email", "ada@brand"),
        ("email", "ada@brand..io"),
        ("email", "x" * 65 + "@brand.io"),
        ("phone", "12"),
        ("phone", "0000000000"),
        ("phone", "call me"),
        ("gclid", "EAIaIQ"),  # click ids identify nobody
    ],
)
def test_normalize_takes_junk_for_nobody(kind: str, given: object) -> None:
    assert identifiers.normalize(kind, given, region="US") is None


def test_phones_without_a_country_code_are_of_the_workspaces_region() -> None:
    assert identifiers.normalize("phone", "13800138000", region="CN") == "+8613800138000"


def test_the_same_value_of_two_kinds_has_two_keys() -> None:
    assert identifiers.identifier_hash("user_id", "7") != identifiers.identifier_hash("anonymous_id", "7")


def test_keys_never_change() -> None:
    # Stored in every database: a changed hash would split every person.
    assert identifiers.identifier_hash("email", "ada@brand.io") == UUID("d0a19117-a5ae-dddf-7424-23f74fb41620")
