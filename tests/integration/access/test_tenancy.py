"""Every table of the schema, tried across workspaces by every role that the product runs under."""

import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import Error, ForeignKeyViolation, InsufficientPrivilege
from tests.support import rows
from tests.support.rows import Connection

from fanwheel.infra.postgres import dsn_for_role
from fanwheel.infra.postgres.pool import EMBEDDED

DOC = (Path(__file__).parents[3] / "docs/explanation/tenancy.md").read_text(encoding="utf-8")
ROLES = ("fanwheel_app", "fanwheel_ingest", "fanwheel_export")
FENCE = "workspace_id = (NULLIF(current_setting('fanwheel.workspace'::text, true), ''::text))::integer"
EXPORTED = {"event", "erasure"}  # the lake's exporter reads these of every workspace: that is its work


def documented(heading: str) -> set[str]:
    """The names in the first column of the table under a heading of the page on tenancy."""
    section = DOC.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `(\w+)", section, re.MULTILINE))


@dataclass(frozen=True)
class Estate:
    """Two workspaces with a row in every table."""

    dsn: str
    owner: Connection
    ours: int
    theirs: int

    def session(self, role: str, workspace: int | None) -> Connection:
        settings = {} if workspace is None else {"fanwheel__workspace": workspace}
        return psycopg.connect(dsn_for_role(self.dsn, role, **settings), autocommit=True)

    def may(self, role: str, table: str, what: str) -> bool:
        # A right on single columns is a right that the fence must hold too.
        asked = "has_table_privilege" if what == "DELETE" else "has_any_column_privilege"
        return bool(self.owner.execute(f"SELECT {asked}(%s, %s, %s)".encode(), [role, table, what]).fetchone()[0])  # type: ignore[index]

    def count(self, table: str, workspace: int) -> int:
        statement = sql.SQL("SELECT count(*) FROM {} WHERE workspace_id = %s").format(sql.Identifier(table))
        return int(self.owner.execute(statement, [workspace]).fetchone()[0])  # type: ignore[index]


@pytest.fixture(scope="module")
def estate(postgres_dsn: str, template_database: str) -> Iterator[Estate]:
    with psycopg.connect(postgres_dsn, autocommit=True) as server:
        name = f"fw_estate_{secrets.token_hex(4)}"
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template_database}".encode())
        dsn = psycopg.conninfo.make_conninfo(postgres_dsn, dbname=name)
        with psycopg.connect(dsn, autocommit=True) as owner:
            ids = [
                int(
                    owner.execute(
                        "INSERT INTO workspace (slug, name) VALUES (%s, %s) RETURNING workspace_id", [slug, slug]
                    ).fetchone()[0]
                )  # type: ignore[index]
                for slug in ("ours", "theirs")
            ]
            for workspace, marker in zip(ids, ("ours", "theirs"), strict=True):
                list(rows.fill(owner, workspace, marker))
            # The fence is tried alone: what a trigger refuses would otherwise hide that no fence stands there.
            for table in rows.workspace_tables(owner):
                owner.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
            yield Estate(dsn, owner, *ids)
        server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(autouse=True)
def their_rows_stay_as_they_are(estate: Estate) -> Iterator[None]:
    before = rows.fingerprint(estate.owner, estate.theirs)
    yield
    assert rows.fingerprint(estate.owner, estate.theirs) == before


def fenced_tables(estate: Estate) -> list[str]:
    return [name for name in rows.workspace_tables(estate.owner) if name not in documented("Installation tables")]


def each(estate: Estate, role: str, what: str, *, leaving_out: set[str] = frozenset()) -> list[str]:  # type: ignore[assignment]
    """Fenced tables on which the role has that right."""
    return [name for name in fenced_tables(estate) if name not in leaving_out and estate.may(role, name, what)]


# ---------------------------------------------------------------- the fence stands
def test_every_table_is_fenced_or_documented_as_the_installation_s(estate: Estate) -> None:
    relations = estate.owner.execute(
        """SELECT c.relname, c.relkind::text, c.relrowsecurity, c.relispartition,
                  pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid),
                  coalesce('security_invoker=true' = ANY (c.reloptions), false)
             FROM pg_class AS c LEFT JOIN pg_policy AS p ON p.polrelid = c.oid AND p.polname = 'workspace_fence'
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r','p','v','m','f')"""
    ).fetchall()
    fenced, open_to_all, strange = set(), set(), set()
    for name, kind, is_on, is_partition, using, check, is_invoked in relations:
        if kind == "v" and is_invoked:
            continue  # it looks at tables as whoever asks, so their fences hold
        if kind not in ("r", "p"):
            strange.add(name)  # other views run as their owner, whom no fence binds
        elif is_on and f"({FENCE})" == using == check:
            fenced.add(name)
        elif not is_partition:
            open_to_all.add(name)

    assert strange == set()
    assert open_to_all == documented("Installation tables")
    assert len(fenced) > 20


def test_no_other_policy_widens_the_fence(estate: Estate) -> None:
    others = estate.owner.execute(
        """SELECT polrelid::regclass::text, polname::text,
                  ARRAY(SELECT rolname::text FROM pg_roles WHERE oid = ANY (polroles))
             FROM pg_policy WHERE polname <> 'workspace_fence' AND polrelid <> 'workspace'::regclass"""
    ).fetchall()

    assert {table for table, _, _ in others} == EXPORTED
    assert {role for _, _, roles in others for role in roles} == {"fanwheel_export"}


@pytest.mark.parametrize("role", ROLES)
def test_no_role_stands_above_the_fence(estate: Estate, role: str) -> None:
    with estate.session(role, None) as session:
        assert session.execute(
            """SELECT current_user::text, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication
                 FROM pg_roles WHERE rolname = current_user"""
        ).fetchone() == (role, False, False, False, False, False)
        owned = session.execute("SELECT relname FROM pg_class WHERE relowner = current_user::regrole").fetchall()
        # A member of another role could put that one on.
        others = session.execute("SELECT roleid FROM pg_auth_members WHERE member = current_user::regrole").fetchall()

    assert owned == others == []


# ---------------------------------------------------------------- rows of others
@pytest.mark.parametrize("role", ["fanwheel_app", "fanwheel_ingest"])
def test_no_table_shows_another_workspace_s_rows(estate: Estate, role: str) -> None:
    tables = each(estate, role, "SELECT")
    assert len(tables) > (20 if role == "fanwheel_app" else 5)

    for table in tables:
        seen = sql.SQL("SELECT workspace_id FROM {}").format(sql.Identifier(table))
        with estate.session(role, estate.ours) as session:
            assert {found for (found,) in session.execute(seen)} == {estate.ours}, table
        with estate.session(role, None) as session:
            assert session.execute(seen).fetchall() == [], table


@pytest.mark.parametrize("role", ["fanwheel_app", "fanwheel_ingest"])
def test_no_table_takes_a_row_for_another_workspace(estate: Estate, role: str) -> None:
    for table in each(estate, role, "INSERT"):
        row = rows.make_row(estate.owner, table, estate.theirs, "smuggled")
        for workspace in (estate.ours, None):
            with estate.session(role, workspace) as session, pytest.raises(InsufficientPrivilege) as refused:
                session.execute(*rows.insert(table, row))
            assert "row-level security" in str(refused.value), table


@pytest.mark.parametrize("role", ["fanwheel_app", "fanwheel_ingest"])
def test_no_table_lets_another_workspace_s_rows_be_changed(estate: Estate, role: str) -> None:
    tables = each(estate, role, "UPDATE")
    assert tables

    for table in tables:
        names = {"table": sql.Identifier(table)}
        change = sql.SQL("UPDATE {table} SET workspace_id = workspace_id").format(**names)
        give_away = sql.SQL("UPDATE {table} SET workspace_id = %s").format(**names)
        with estate.session(role, estate.ours) as session:
            with session.transaction(force_rollback=True):
                assert session.execute(change).rowcount == estate.count(table, estate.ours), table
            with pytest.raises(InsufficientPrivilege):
                session.execute(give_away, [estate.theirs])
        with estate.session(role, None) as session:
            assert session.execute(change).rowcount == 0, table


@pytest.mark.parametrize("role", ["fanwheel_app", "fanwheel_ingest"])
def test_no_table_lets_another_workspace_s_rows_be_deleted(estate: Estate, role: str) -> None:
    tables = each(estate, role, "DELETE")
    assert tables

    for table in tables:
        delete = sql.SQL("DELETE FROM {}").format(sql.Identifier(table))
        session = estate.session(role, estate.ours)
        # Rows that refer to ours may forbid it; theirs are compared after every test.
        with session, suppress(ForeignKeyViolation), session.transaction(force_rollback=True):
            assert session.execute(delete).rowcount == estate.count(table, estate.ours), table
        with estate.session(role, None) as session:
            assert session.execute(delete).rowcount == 0, table


def test_the_exporter_reads_what_it_exports_and_nothing_else(estate: Estate) -> None:
    readable = set(each(estate, "fanwheel_export", "SELECT"))
    writable = {
        (table, what) for what in ("INSERT", "UPDATE", "DELETE") for table in each(estate, "fanwheel_export", what)
    }

    assert readable == EXPORTED
    assert writable == {("erasure", "UPDATE")}
    with estate.session("fanwheel_export", None) as session, pytest.raises(InsufficientPrivilege):
        session.execute("UPDATE erasure SET home_ids = '{}'")


# ---------------------------------------------------------------- ways round
@pytest.mark.parametrize("role", ["fanwheel_app", "fanwheel_export"])
def test_partitions_cannot_be_reached_past_the_fence(estate: Estate, role: str) -> None:
    found = rows.partitions(estate.owner)
    assert found

    with estate.session(role, estate.ours) as session:
        for name in found:
            for statement in ("SELECT FROM {}", "DELETE FROM {}", "TRUNCATE {}", "INSERT INTO {} DEFAULT VALUES"):
                with pytest.raises(InsufficientPrivilege):
                    session.execute(sql.SQL(statement).format(sql.Identifier(name)))


def test_ingest_sees_no_more_of_a_partition_than_the_dedupe_key(estate: Estate) -> None:
    """COPY refuses fenced tables, so ingest appends to partitions; see the page on tenancy."""
    columns = estate.owner.execute(
        """SELECT c.relname, a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
            WHERE c.relispartition AND c.relkind = 'r' AND a.attnum > 0
              AND has_column_privilege('fanwheel_ingest', c.oid, a.attnum, 'SELECT')"""
    ).fetchall()

    assert {name for _, name in columns} == {"workspace_id", "message_key"}
    for table in rows.partitions(estate.owner):
        for what in ("UPDATE", "DELETE", "TRUNCATE"):
            asked = "SELECT has_table_privilege('fanwheel_ingest', %s, %s)"
            assert estate.owner.execute(asked, [table, what]).fetchone() == (False,)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_put_off_is_put_on_again(estate: Estate, role: str) -> None:
    with estate.session(role, estate.ours) as session:
        session.execute("RESET ROLE")

        assert session.execute("SELECT current_user::text").fetchone() == (role,)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "attempt",
    [
        "SET ROLE NONE",
        "SET ROLE {owner}",
        "SET ROLE {other}",
        "SET SESSION AUTHORIZATION DEFAULT",
        "SET SESSION AUTHORIZATION {owner}",
        "RESET SESSION AUTHORIZATION",
        "SET session_replication_role = replica",
        "SET row_security = off",
        "ALTER ROLE {role} BYPASSRLS",
        "GRANT {owner} TO {role}",
    ],
)
def test_on_our_own_server_no_statement_leads_out_of_the_role(estate: Estate, role: str, attempt: str) -> None:
    if f"application_name={EMBEDDED}" not in estate.dsn:
        pytest.skip("on a server of someone else the session belongs to its owner: see the page on tenancy")
    owner = estate.owner.info.user
    other = next(name for name in ROLES if name != role)
    statement = attempt.format(owner=owner, other=other, role=role)

    with estate.session(role, estate.ours) as session:
        with suppress(Error):
            session.execute(statement.encode())
        assert session.execute("SELECT current_user::text, session_user::text").fetchone() == (role, role)
        if role == "fanwheel_app":
            try:
                seen = {found for (found,) in session.execute("SELECT workspace_id FROM person")}
            except InsufficientPrivilege:  # row_security = off: refused instead of filtered
                seen = {estate.ours}
            assert seen == {estate.ours}


@pytest.mark.parametrize(
    "attempt",
    [
        "ALTER TABLE person DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE person NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY workspace_fence ON person",
        "CREATE POLICY wide_open ON person USING (true)",
        "TRUNCATE person",
        "TRUNCATE workspace CASCADE",
        "DELETE FROM workspace",
        "DELETE FROM login",
        "CREATE TABLE public.mine (n integer)",
        "CREATE FUNCTION public.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "COPY person TO PROGRAM 'true'",
        "COPY person FROM '/etc/passwd'",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT setval('person_home_id', 1)",
    ],
)
@pytest.mark.parametrize("role", ROLES)
def test_no_role_can_take_the_fence_down(estate: Estate, role: str, attempt: str) -> None:
    with estate.session(role, estate.ours) as session, pytest.raises(InsufficientPrivilege):
        session.execute(attempt.encode())


def test_only_the_workspace_in_hand_can_be_changed(estate: Estate) -> None:
    with estate.session("fanwheel_app", estate.ours) as session:
        with session.transaction(force_rollback=True):
            assert session.execute("UPDATE workspace SET name = 'x'").rowcount == 1
        assert session.execute("UPDATE workspace SET name = 'x' WHERE workspace_id = %s", [estate.theirs]).rowcount == 0


# ---------------------------------------------------------------- functions
def definers(estate: Estate) -> list[tuple[str, str, list[str], list[str]]]:
    return estate.owner.execute(
        """SELECT p.proname::text, p.oid::regprocedure::text, coalesce(p.proconfig, '{}'),
                  ARRAY(SELECT coalesce(r.rolname::text, 'PUBLIC')
                          FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
                          LEFT JOIN pg_roles AS r ON r.oid = a.grantee WHERE a.grantee <> p.proowner)
             FROM pg_proc AS p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef ORDER BY 1"""
    ).fetchall()


def test_every_function_that_runs_as_the_owner_is_documented_and_closed_to_strangers(estate: Estate) -> None:
    found = definers(estate)

    assert {name for name, *_ in found} == documented("Functions that look over the fence")
    for name, _, settings, grantees in found:
        assert "search_path=public, pg_temp" in settings, name
        assert set(grantees) <= set(ROLES), name


def test_a_key_is_found_by_its_secret_alone(estate: Estate) -> None:
    with estate.session("fanwheel_app", estate.ours) as session:
        ask = "SELECT workspace_id, role FROM find_api_key(%s)"

        assert session.execute(ask, [f"ours-{estate.ours}".encode()]).fetchall() == [(estate.ours, "viewer")]
        assert session.execute(ask, [b"guess"]).fetchall() == []


def test_consent_is_erased_in_the_workspace_in_hand_only(estate: Estate) -> None:
    with estate.session("fanwheel_app", estate.ours) as session, session.transaction(force_rollback=True):
        session.execute("SELECT erase_consent(ARRAY[%s]::bigint[])", [rows.NUMBER])

        assert session.execute("SELECT count(*) FROM consent").fetchone() == (0,)
    # Theirs has the same home id; the fixture compares it after the test.


def test_a_login_is_forgotten_only_when_no_workspace_names_it(estate: Estate) -> None:
    add = "INSERT INTO login (email, name) VALUES (%s, '') RETURNING user_id"
    kept, free = (estate.owner.execute(add, [f"{name}@brand.example"]).fetchone()[0] for name in ("kept", "free"))  # type: ignore[index]
    estate.owner.execute(
        "INSERT INTO membership (workspace_id, user_id, role) VALUES (%s, %s, 'viewer')", [estate.ours, kept]
    )

    with estate.session("fanwheel_app", estate.theirs) as session:
        for user_id in (kept, free):
            session.execute("SELECT forget_login(%s)", [user_id])

    left = estate.owner.execute("SELECT user_id FROM login WHERE user_id IN (%s, %s)", [kept, free]).fetchall()
    assert left == [(kept,)]


def test_the_catalog_of_rows_covers_every_fenced_table(estate: Estate) -> None:
    for table in fenced_tables(estate):
        for workspace in (estate.ours, estate.theirs):
            assert estate.count(table, workspace) >= 1, table
