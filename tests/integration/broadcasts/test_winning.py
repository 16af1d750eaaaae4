"""The rest of a broadcast hears the variant that is proven the best, or what was asked for when the time is over."""

from datetime import timedelta

import pytest
from tests.support.broadcasts import Square

from fanwheel.entrypoints import deciding
from fanwheel.loop.operate import broadcasts
from fanwheel.loop.operate.broadcasts import reporting
from fanwheel.loop.operate.broadcasts.reporting_schemas import BroadcastReport

HOUR = timedelta(hours=1)
PEOPLE = 140


def begin(square: Square, otherwise: str) -> int:
    asked = {"share": 0.8, "metric": "clicked", "max_hours": 24, "otherwise": otherwise}
    found = square.begin(square.people(PEOPLE), variants=("A", "B"), experiment=asked)
    square.go(found)
    return found


def click(square: Square, found: int, variant: str, *, most: int, is_machine: bool = False) -> None:
    """Let some of those who got a variant click."""
    square.rows(
        """INSERT INTO receipt (workspace_id, intent_id, key, state, is_machine, happened_at)
           SELECT workspace_id, intent_id, 'click', 'clicked', %s, now()
             FROM intent
            WHERE workspace_id = %s AND step = %s AND proof ->> 'variant' = %s
            ORDER BY intent_id
            LIMIT %s""",
        is_machine,
        square.workspace,
        f"broadcast:{found}",
        variant,
        most,
    )


def look(square: Square, *, after: timedelta) -> None:
    square.runner.run(deciding.decide_tests(square.database, now=square.now + after))
    square.now += after


def heard(square: Square, found: int, variant: str) -> int:
    rows = square.do(lambda tx: reporting.report(tx, found, now=square.now))["by_variant"]
    return next(int(row["sent"]) for row in rows if row["variant"] == variant)


def test_a_proven_winner_goes_to_the_rest_before_the_time_is_over(square: Square) -> None:
    found = begin(square, "hold")
    tried = heard(square, found, "A")
    # What machines click proves nothing.
    click(square, found, "A", most=PEOPLE, is_machine=True)
    look(square, after=HOUR)
    early = square.do(lambda tx: reporting.report(tx, found, now=square.now))["experiment"]
    click(square, found, "B", most=PEOPLE)
    look(square, after=HOUR)
    square.go(found)
    square.now += HOUR

    told = square.do(lambda tx: reporting.report(tx, found, now=square.now))["experiment"]
    assert (early["state"], early["winner"], early["p"]) == ("testing", None, 1.0)
    assert (told["state"], told["winner"], told["decided_by"], told["leader"]) == ("decided", "B", "test", "B")
    assert told["p"] <= told["alpha"] == 0.05
    assert (heard(square, found, "A"), heard(square, found, "B")) == (tried, PEOPLE - tried)
    assert square.get(found).state == "done"


@pytest.mark.parametrize(
    ("otherwise", "winner", "by", "state"),
    [("best", "B", "deadline", "decided"), ("first", "A", "deadline", "decided"), ("hold", None, None, "waiting")],
)
def test_when_the_time_is_over_without_proof_what_was_asked_for_happens(
    square: Square, otherwise: str, winner: str | None, by: str | None, state: str
) -> None:
    found = begin(square, otherwise)
    click(square, found, "A", most=2)
    click(square, found, "B", most=4)

    look(square, after=23 * HOUR)
    before = square.get(found).winner
    look(square, after=2 * HOUR)

    told = square.do(lambda tx: reporting.report(tx, found, now=square.now))["experiment"]
    assert before is None
    assert (told["winner"], told["decided_by"], told["state"]) == (winner, by, state)
    assert [row["successes"] for row in told["variants"]] == [2, 4]
    assert 0.05 < told["p"] <= 1


def test_somebody_may_decide_before_and_the_report_says_who(square: Square) -> None:
    found = begin(square, "hold")
    click(square, found, "B", most=3)
    look(square, after=HOUR)
    evidence = {"actor": "user:1"}
    square.do(lambda tx: broadcasts.decide(tx, found, "A", evidence=evidence, by="operator", now=square.now))

    told = BroadcastReport.model_validate(square.do(lambda tx: reporting.report(tx, found, now=square.now))).experiment

    assert told is not None
    assert (told.state, told.winner, told.decided_by, told.actor) == ("decided", "A", "hand", "user:1")
    assert [row.successes for row in told.variants] == [0, 3]
