"""A segment built from all events is the one that is kept event by event, and the one that plain reading gives."""

from random import Random

import pytest
from tests.support.segments_agreement import Judged, judge

SEEDS = range(12)
RULES = 50


@pytest.fixture(scope="module", params=SEEDS)
def judged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Judged:
    return judge(request.param, tmp_path_factory.mktemp("world"), homes=9, rules=RULES)


def test_statements_evaluator_and_reference_agree(judged: Judged) -> None:
    assert judged.differences == []


def test_nobody_changes_before_they_are_due(judged: Judged) -> None:
    assert judged.changed_early(Random(1)) == []


def test_the_rules_are_worth_comparing(judged: Judged) -> None:
    everybody = len(judged.people)

    assert sum(0 < len(plain) < everybody for plain in judged.plain) >= RULES // 4
