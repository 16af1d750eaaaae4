"""Worlds whose truth is known are scored alike, whether the library reads arrays or the product reads events."""

import json
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import pytest
from tools import score

from fanwheel.measure.verdicts import scoring

SIZE = ("--seeds", "1", "--people", "1000", "--truth-worlds", "1", "--processes", "1")
Claims = dict[str, dict[str, scoring.Claim]]


def claims_through(way: str) -> Claims:
    options = score.read_options([*SIZE, "--through", way])
    with ProcessPoolExecutor(1) as pool:
        (said,) = score.claimed(pool, options, [1])
    return {method: {claim.channel: claim for claim in claims} for method, claims in said.items()}


@pytest.fixture(scope="module")
def arrays() -> Claims:
    return claims_through("arrays")


@pytest.fixture(scope="module")
def ingest() -> Claims:
    return claims_through("ingest")


@pytest.mark.once
def test_the_product_says_of_events_what_the_library_says_of_tables(arrays: Claims, ingest: Claims) -> None:
    assert ingest.keys() == {"verdict", "last touch", "markov"}
    for method, told in ingest.items():
        assert told.keys() == arrays[method].keys()
        for channel, claim in told.items():
            known = arrays[method][channel]
            assert claim.spend == pytest.approx(known.spend, rel=1e-4)
            assert claim.state is known.state
            # Some people come with a second device that they never sign in on.
            assert claim.revenue == pytest.approx(known.revenue, abs=scale(arrays, channel))


def scale(arrays: Claims, channel: str) -> float:
    """A tenth of the reach of the interval: what makes no difference to a verdict."""
    bounds = arrays["verdict"][channel].always_valid
    return 0.1 * (bounds[1] - bounds[0]) / 2 if bounds else 0.1 * arrays["last touch"][channel].revenue


@pytest.mark.once
def test_intervals_come_through_with_their_bounds(arrays: Claims, ingest: Claims) -> None:
    bounded = [c for c in ingest["verdict"].values() if c.always_valid is not None]

    assert len(bounded) >= 5
    for claim in bounded:
        assert claim.interval is None  # the API tells only the interval that holds at every look
        low, high = claim.always_valid or (0.0, 0.0)
        assert low < claim.revenue < high


def test_the_command_prints_a_line_for_each_method(capsys: pytest.CaptureFixture[str]) -> None:
    assert score.main([*SIZE, "--world", "nothing"]) == 0

    lines: list[dict[str, Any]] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["method"] for line in lines] == [
        "verdict", "last touch", "markov", "holdout ITT", "holdout ITT + CUPED"
    ]  # fmt: skip
    for line in lines:
        assert (line["world"], line["worlds"], line["people"], line["through"]) == ("nothing", 1, 1000, "arrays")
        assert line["wasted_share_of_spend"] == 1.0
    assert lines[0]["channels_working"] == 0.0
