"""Two machines that answer each other are told from people."""

from datetime import UTC, datetime, timedelta

import pytest

from fanwheel.loop.operate.autoreply.contracts import Limits
from fanwheel.loop.operate.autoreply.loops import Turn, judge, keep, print_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def talk(texts: list[str], *, seconds: float, answer: str = "answer") -> str | None:
    """Why a talk is braked, in which each text is answered; None if it is not."""
    recent: tuple[Turn, ...] = ()
    for number, text in enumerate(texts):
        at = round((NOON + timedelta(seconds=number * seconds)).timestamp() * 1_000_000)
        said = Turn(at, print_of(text), is_ours=False)
        if brake := judge(recent, said, Limits(), brakes=0):
            return brake.reason
        reply = text if answer == "{mirror}" else f"{answer} {number}" if answer == "{new}" else answer
        recent = keep(recent, said, Turn(at, print_of(reply), is_ours=True))
    return None


@pytest.mark.parametrize(
    ("texts", "seconds", "reason"),
    [
        ([f"t{number}" for number in range(20)], 2, "rate"),
        (["hello!", "Hello", "hello", "hello"], 20, "same_text"),
        (["a1", "b1", "a1", "b1", "a1", "b1"], 15, "pattern"),
        (["a1", "b1", "c1", "a1", "b1", "c1"], 15, "pattern"),
        ([f"t{number}" for number in range(20)], 60, None),  # a person who asks much
        (["hello", "hello", "hello", "hello"], 400, None),  # the same question on and on through the day
        (["1", "2", "1", "2", "3", "1"], 15, None),
    ],
)
def test_talks_are_braked_or_not(texts: list[str], seconds: float, reason: str | None) -> None:
    assert talk(texts, seconds=seconds) == reason


def test_who_says_back_what_we_say_is_a_machine() -> None:
    recent = (Turn(0, 7, True), Turn(1, 7, False), Turn(2, 9, True))

    brake = judge(recent, Turn(3, 9, False), Limits(), brakes=0)

    assert brake is not None
    assert brake.reason == "mirror"


def test_each_rest_is_longer_than_the_last_up_to_a_day() -> None:
    recent = tuple(Turn(0, number, True) for number in range(8))
    rests = []
    for brakes in range(4):
        brake = judge(recent, Turn(0, 99, False), Limits(), brakes=brakes)
        assert brake is not None
        rests.append(brake.until - datetime(1970, 1, 1, tzinfo=UTC))

    assert rests == [timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1)]
