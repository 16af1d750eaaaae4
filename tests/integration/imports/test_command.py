"""What the command says and how it ends."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from fanwheel.cdp.imports import Refused, Report
from fanwheel.entrypoints import accounts, cli, cli_import

REFUSED = Refused(2, "names nobody: every identifier is empty", {})


@pytest.mark.parametrize(
    ("report", "code", "said"),
    [
        (Report(rows=3, refused=1, was_done=True, first_refused=[REFUSED]), 0, "was imported before (3 rows)"),
        (Report(rows=3, refused=1, messages=2, accepted=2, first_refused=[REFUSED]), 0, "2 taken"),
        (Report(rows=3, refused=3, first_refused=[REFUSED]), 1, "3 rows refused"),
    ],
)
def test_the_command_fails_only_where_nothing_could_be_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, report: Report, code: int, said: str
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("user_id\nu1\n")
    monkeypatch.setattr(accounts, "with_database", lambda settings, work: report)
    monkeypatch.setattr(cli, "settings", lambda: None)
    app = typer.Typer()
    app.command("other")(lambda: None)
    cli_import.register(app)

    result = CliRunner().invoke(app, ["import", "people", str(path)])

    assert result.exit_code == code
    assert said in result.output
    assert "row 2: names nobody" in result.output
