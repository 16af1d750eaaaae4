"""Roles, throttling, sessions, passwords and origins, without a database."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanwheel.infra.access import rules
from fanwheel.infra.access.rules import GRANTS, PERMISSIONS, Permission, Role

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DOC = Path(__file__).parents[4] / "docs/reference/roles.md"


# ---------------------------------------------------------------- roles
def test_the_page_on_roles_says_what_the_table_says() -> None:
    header, *lines = re.findall(r"^\| (.+) \|$", DOC.read_text(encoding="utf-8").split("\n## ")[0], re.MULTILINE)
    roles = [Role(cell.strip()) for cell in header.split("|")[2:]]

    said = {
        (cells[0].strip(" `"), role)
        for cells in (line.split("|") for line in lines if line.startswith("`"))
        for role, mark in zip(roles, cells[2:], strict=True)
        if mark.strip() == "✓"
    }

    assert said == {(permission, role) for role in Role for permission in GRANTS[role]}


def test_every_permission_reads_noun_and_deed() -> None:
    assert all(re.fullmatch(r"[a-z]+:(read|write|approve)", permission) for permission in PERMISSIONS)


def test_an_owner_may_do_everything_and_nobody_more() -> None:
    assert GRANTS[Role.OWNER] == PERMISSIONS
    assert set(GRANTS) == set(Role)


@pytest.mark.parametrize("permission", ["people:read", "people:write", "orders:read", "events:read", "erasure:write"])
def test_a_viewer_sees_no_person(permission: Permission) -> None:
    assert not rules.permits(Role.VIEWER, permission)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
@pytest.mark.parametrize(
    "permission", ["members:write", "keys:write", "workspace:write", "workspaces:write", "erasure:write"]
)
def test_only_an_owner_lets_others_in_or_erases(role: Role, permission: Permission) -> None:
    assert not rules.permits(role, permission)


@pytest.mark.parametrize("role", list(Role))
def test_whoever_writes_also_reads(role: Role) -> None:
    for permission in GRANTS[role]:
        read = permission.replace(":write", ":read")
        assert read in GRANTS[role] or read not in PERMISSIONS


@pytest.mark.parametrize("role", list(Role))
def test_a_key_has_no_account(role: Role) -> None:
    assert rules.permits(role, "me:read")
    assert not rules.permits(role, "me:read", by_key=True)
    assert not rules.permits(role, "me:write", by_key=True)


# ---------------------------------------------------------------- owners
@pytest.mark.parametrize(
    ("owners", "role_after", "orphans"),
    [
        ([7], None, True),
        ([7], Role.VIEWER, True),
        ([7], Role.OWNER, False),
        ([7, 8], None, False),
        ([8], None, False),  # not an owner: no loss
        ([], None, False),  # a demo that nobody owns yet
    ],
)
def test_a_workspace_keeps_an_owner(owners: list[int], role_after: Role | None, orphans: bool) -> None:
    assert rules.would_orphan(owners, user_id=7, role_after=role_after) is orphans


# ---------------------------------------------------------------- throttle
@pytest.mark.parametrize(
    ("minutes_ago", "wait_min"),
    [
        ([], 0),
        ([1, 1], 0),
        ([1, 2, 3], 12),  # the oldest of the three leaves the window of 15 in 12
        ([15, 2, 3], 0),  # exactly one window old: it no longer counts
        ([1, 2, 3, 4], 12),  # over the limit: the second oldest must leave too
    ],
)
def test_wait_before_try(minutes_ago: list[int], wait_min: int) -> None:
    tries = [NOON - timedelta(minutes=minutes) for minutes in minutes_ago]

    assert rules.wait_before_try(tries, limit=3, now=NOON) == timedelta(minutes=wait_min)


@given(
    st.lists(st.integers(min_value=0, max_value=3600), max_size=30),
    st.integers(min_value=1, max_value=10),
)
def test_after_the_wait_a_try_fits_and_not_before(seconds_ago: list[int], limit: int) -> None:
    tries = [NOON - timedelta(seconds=seconds) for seconds in seconds_ago]
    wait = rules.wait_before_try(tries, limit=limit, now=NOON)

    assert rules.wait_before_try(tries, limit=limit, now=NOON + wait) == timedelta(0)
    if wait:
        almost = NOON + wait - timedelta(seconds=1)
        assert rules.wait_before_try(tries, limit=limit, now=almost) == timedelta(seconds=1)


@pytest.mark.parametrize(("days_left", "slides"), [(14, False), (13.1, False), (12.9, True), (0.1, True)])
def test_a_session_slides_at_most_once_a_day(days_left: float, slides: bool) -> None:
    assert rules.must_slide(NOON + timedelta(days=days_left), now=NOON) is slides


# ---------------------------------------------------------------- what may be typed
@pytest.mark.parametrize(
    ("typed", "email"),
    [
        ("  Ana@Brand.Example ", "ana@brand.example"),
        ("owner@localhost", "owner@localhost"),  # machines of one's own have such names
        ("李雷@例子.中国", "李雷@例子.中国"),
        ("no address", None),
        ("a@b@c", None),
        ("@brand.example", None),
        ("ana@", None),
        ("a b@brand.example", None),
        ("a" * 65 + "@brand.example", None),
    ],
)
def test_clean_email(typed: str, email: str | None) -> None:
    assert rules.clean_email(typed) == email


@pytest.mark.parametrize(
    ("password", "is_weak"),
    [
        ("correct horse", False),
        ("8 chars.", False),
        ("密码很长但是没有英文字", False),
        ("7 chars", True),
        ("x" * 257, True),
        ("12345678", True),
        ("PassWord1", True),
        ("abababab", True),
        ("ana@brand.example", True),
        ("ANA@brand.example", True),
    ],
)
def test_password_flaw(password: str, is_weak: bool) -> None:
    flaw = rules.password_flaw(password, email="ana@brand.example")

    assert (flaw is not None) is is_weak
    if flaw:
        assert flaw.message
        assert flaw.remedy


@pytest.mark.parametrize("password", sorted(rules._WORN_OUT))
def test_the_list_of_first_guesses_holds_only_what_the_length_lets_through(password: str) -> None:
    assert len(password) >= 8


@pytest.mark.parametrize(
    ("name", "slug"),
    [("My brand", "my-brand"), ("  Ana's Teas! ", "ana-s-teas"), ("茶", "workspace"), ("x" * 50, "x" * 40)],
)
def test_slug_of(name: str, slug: str) -> None:
    assert rules.slug_of(name) == slug


@given(st.text(max_size=100))
def test_every_name_gives_a_usable_slug(name: str) -> None:
    assert rules.is_slug(rules.slug_of(name))


@pytest.mark.parametrize("slug", ["", "-a", "a-", "A", "a b", "a" * 41, "茶", "a\n"])
def test_a_bad_slug_is_none(slug: str) -> None:
    assert not rules.is_slug(slug)


# ---------------------------------------------------------------- origins
@pytest.mark.parametrize(
    ("fetch_site", "origin", "passes"),
    [
        ("same-origin", None, True),
        ("none", None, True),  # typed or bookmarked
        ("same-site", None, False),
        ("cross-site", None, False),
        ("same-origin", "https://rewritten-by-a-proxy.example", True),
        ("cross-site", "https://wheel.example", False),
        (None, "https://wheel.example", True),
        (None, "https://WHEEL.example", True),
        (None, "https://wheel.example.evil.example", False),
        (None, "https://wheel.example:8443", False),
        (None, "null", False),
        (None, "", False),
        (None, None, True),  # no browser
    ],
)
def test_is_from_here(fetch_site: str | None, origin: str | None, passes: bool) -> None:
    assert rules.is_from_here(fetch_site=fetch_site, origin=origin, host="wheel.example") is passes


def test_without_a_host_no_origin_is_ours() -> None:
    assert not rules.is_from_here(fetch_site=None, origin="https://wheel.example", host=None)
