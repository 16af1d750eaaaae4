"""The check finds whoever is in the wrong place, and the doctor says so."""

import asyncio
from pathlib import Path

import pytest
from tests.support.segments_live import Crowd, bought
from tests.support.stream import Event

from fanwheel.cdp.segments.live import wholesale
from fanwheel.cdp.segments.live.checking import Difference, check
from fanwheel.entrypoints import cli_segments
from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings


def look(crowd: Crowd) -> list[Difference]:
    return crowd.run(lambda db: check(crowd.settings, db, crowd.workspace, clock=lambda: crowd.now, patience_s=0))


@pytest.mark.parametrize("spoil", ["UPDATE segment_person SET members = '{}'", "DELETE FROM segment_bitmap"])
def test_whoever_is_in_the_wrong_place_is_found(crowd: Crowd, spoil: str) -> None:
    crowd.hear(Event(name="Bought", who="u1"), Event(name="Bought", who="u2"), Event(name="Looked", who="u3"))
    once = crowd.make("Once", bought())
    assert look(crowd) == []

    crowd.rows(f"{spoil} WHERE workspace_id = %(workspace)s RETURNING 1")

    (found,) = look(crowd)
    assert (found.segment_id, found.missing, found.extra) == (once, 2, 0)
    assert found.people == sorted([crowd.home("u1"), crowd.home("u2")])


def test_the_doctor_looks_at_segments(crowd: Crowd, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    crowd.hear(Event(name="Bought", who="u1"))
    crowd.make("Once", bought())
    crowd.rows("DELETE FROM segment_bitmap WHERE workspace_id = %(workspace)s RETURNING 1")
    monkeypatch.setattr("fanwheel.cdp.segments.live.checking._PATIENCE_S", 0)

    findings = cli_segments.examine(Settings(home=tmp_path, database_url=crowd.dsn))

    spoilt = [each for each in findings if f"workspace {crowd.workspace}:" in each.detail]
    assert [(each.check, each.state) for each in spoilt] == [("segments", "failure")]


def test_whoever_changes_while_everybody_is_worked_out_is_judged_again(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd.wholesale_from = 1
    crowd.hear(*(Event(name="Bought", who=f"u{n}") for n in range(5)))
    other = crowd.make("Lookers", bought() | {"event": {"name": "Looked"}})
    work_out = wholesale._work_out

    def interrupted(*args: object) -> object:
        found = work_out(*args)  # type: ignore[arg-type]
        asyncio.run(meanwhile())
        return found

    async def meanwhile() -> None:
        crowd.put(Event(name="Bought", who="u0", at=9), *(Event(name="Bought", who="new", at=at) for at in (1, 2)))
        async with await Database.open(crowd.dsn, max_size=2) as db:
            await crowd.read(db)
            await crowd.judge().judge(db, crowd.workspace)

    monkeypatch.setattr(wholesale, "_work_out", interrupted)
    twice = crowd.make("Twice", bought(at_least=2))

    assert crowd.members(twice) == {"u0", "new"}
    assert (crowd.members(other), crowd.facts(twice)) == (set(), [])
    crowd.hear(Event(name="Bought", who="u1", at=10))
    assert crowd.facts(twice) == [("u1", "in", "change")]
