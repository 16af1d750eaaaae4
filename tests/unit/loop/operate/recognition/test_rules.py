"""When a platform is asked again who somebody is, and what its answer says in words of ours."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fanwheel.domains.private.channels.contracts import Address
from fanwheel.loop.operate.recognition import rules
from fanwheel.loop.operate.recognition.contracts import Question

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
ANA = Question(7, NOON, 1, "openid", "wx1:oAna")
UNION = (Address("unionid", "oUnion"),)


@pytest.mark.parametrize(
    ("attempts", "retry_after_s", "minutes"),
    [
        (1, None, 1),
        (2, None, 2),
        (5, None, 16),
        (1, 3600.0, 60),  # the platform knows better
        (9, 60.0, 256),  # but cannot have the waits grow less
        (13, None, 720),  # never longer than half a day
        (1, 1e6, 1440),  # whatever the platform says, a day is enough
    ],
)
def test_waits_grow(attempts: int, retry_after_s: float | None, minutes: int) -> None:
    assert rules.wait(attempts, retry_after_s) == timedelta(minutes=minutes)


def test_questions_end_after_almost_three_days() -> None:
    waits = [rules.wait(attempts) for attempts in range(1, 14)]

    assert sum((wait for wait in waits if wait is not None), timedelta()) == timedelta(minutes=1023 + 3 * 720)
    assert rules.wait(14, 60.0) is None


@pytest.mark.parametrize(
    ("profile", "traits"),
    [
        ({"name": " 小安 ", "gender": 2, "corp_name": "腾讯"}, {"name": "小安", "gender": "female", "company": "腾讯"}),
        ({"nickname": "", "gender": 0, "language": "zh_CN"}, {"language": "zh-CN"}),
        # What the platform keeps for itself is no trait, nor is anything that has another shape than it should have.
        ({"subscribe": 1, "remark": "vip", "followed_by": [{"userid": "li"}], "name": ["x"], "gender": "2"}, {}),
    ],
)
def test_profile_is_said_in_words_of_ours(profile: dict[str, Any], traits: dict[str, str]) -> None:
    assert rules.traits(profile) == traits


def test_traits_that_somebody_has_are_not_told_again() -> None:
    told = rules.fact(3, ANA, UNION, {"name": "小安", "language": "zh-CN"}, had={"name"})

    assert told is not None
    assert told.refs == [("openid", "wx1:oAna"), ("unionid", "oUnion")]
    assert (told.properties, told.at, told.kind) == ({"language": "zh-CN"}, NOON, "identify")


def test_nothing_new_is_not_told() -> None:
    assert rules.fact(3, ANA, (), {"name": "小安"}, had={"name"}) is None
