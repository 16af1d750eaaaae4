"""``fanwheel import list``: matched as the API matches, with the report beside the file."""

import csv
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from click.testing import Result
from tests.integration.lists.test_lists import ADA, BEA, meet, members
from tests.integration.persons.conftest import World
from tests.support.house import Browser, House
from typer.testing import CliRunner

from fanwheel.entrypoints import accounts, cli, cli_import
from fanwheel.infra.postgres import Database
from fanwheel.kernel.errors import FanwheelError


@pytest.fixture
def run(house: House, world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command, on the house's database and in the world's workspace."""

    def with_database(_: object, work: Callable[[Database], Awaitable[Any]]) -> Any:
        async def opened() -> Any:
            return await work(house.database)

        return house.run(opened())

    monkeypatch.setattr(accounts, "with_database", with_database)
    monkeypatch.setattr(cli, "settings", lambda: None)
    (place,) = world.rows("SELECT slug FROM workspace WHERE workspace_id = %(workspace)s")
    app = typer.Typer()
    app.command("other")(lambda: None)
    cli_import.register(app)

    def called(file: Path, *options: str) -> Result:
        return CliRunner().invoke(app, ["import", "list", str(file), "--workspace", place["slug"], *options])

    return called


def test_a_file_fills_a_list_and_what_matches_nobody_stands_beside_it(
    world: World, owner: Browser, run: Callable[..., Result], tmp_path: Path
) -> None:
    ada, bea = meet(world, ADA, BEA)
    file = tmp_path / "fans.csv"
    file.write_text("email,note\nADA@brand.io,first\nnobody@brand.io,second\n")

    result = run(file, "--list", " Fans ")

    assert result.exit_code == 0, result.output
    assert "2 rows, 1 matched, 1 put on “Fans”" in result.output
    (made,) = owner.get("/api/lists").json()["items"]
    assert (made["name"], members(owner, made["list_id"])) == ("Fans", [ada])
    (row,) = csv.DictReader((tmp_path / "fans.csv.unmatched.csv").open(encoding="utf-8"))
    assert (row["note"], row["_row"], row["_reason"]) == ("second", "2", "no person has this")

    file.write_text("who\nu-bea\n")
    assert run(file, "--list", "Fans", "--column", "who", "--kind", "user_id").exit_code == 0
    assert members(owner, made["list_id"]) == [ada, bea]


def test_a_dry_run_tells_who_matches_and_writes_nothing(
    world: World, owner: Browser, run: Callable[..., Result], tmp_path: Path
) -> None:
    meet(world, ADA)
    file = tmp_path / "fans.csv"
    file.write_text("email\nada@brand.io\n")

    result = run(file, "--list", "Fans", "--dry-run")

    assert "1 matched, nothing was written" in result.output
    assert owner.get("/api/lists").json()["items"] == []


def test_a_file_that_names_nobody_fails(world: World, run: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "fans.csv"
    file.write_text("email\nnobody@brand.io\n")

    assert run(file, "--list", "Fans").exit_code == 1


@pytest.mark.parametrize(
    ("options", "says"), [((), "no name"), (("--list", "Fans", "--kind", "shoe"), "no kind of identifier")]
)
def test_what_is_missing_is_said(
    run: Callable[..., Result], tmp_path: Path, options: tuple[str, ...], says: str
) -> None:
    file = tmp_path / "fans.csv"
    file.write_text("email\nnobody@brand.io\n")

    result = run(file, *options)

    assert isinstance(result.exception, FanwheelError)
    assert says in result.exception.message
