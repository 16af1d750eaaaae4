from array import array
from random import Random
from uuid import UUID

import pytest

from fanwheel.cdp.segments import digest
from fanwheel.cdp.segments.digest import EMPTY, Remembered
from fanwheel.cdp.segments.facts import Series

COUNTS, SUMS = 3, 8


def some_events(rng: Random) -> list[Remembered]:
    """Events of two metrics, several at one time, some negative."""
    found = []
    for event_id in {rng.getrandbits(64) - (1 << 63) for _ in range(rng.choice([0, 1, 5, 30]))}:
        at = rng.choice([-5, 0, 5, 1_900_000_000_000_000])
        found.append(Remembered(COUNTS, at, event_id, None))
        if rng.random() < 0.6:
            found.append(Remembered(SUMS, at, event_id, rng.choice([0, -9 * 10**18, 9 * 10**18, 2_500_000])))
    return found


@pytest.mark.parametrize("seed", range(40))
def test_neither_order_nor_duplicates_change_a_digest(seed: int) -> None:
    rng = Random(seed)
    events = some_events(rng)

    at_once = digest.add(EMPTY, events)
    again = EMPTY
    deliveries = rng.choices(events, k=3 * len(events)) + events if events else []
    rng.shuffle(deliveries)
    while deliveries:
        taken = rng.choice([1, 2, 4, 40])
        again, deliveries = digest.add(again, deliveries[:taken]), deliveries[taken:]

    assert again == at_once
    assert digest.encode(digest.decode(at_once)) == at_once


@pytest.mark.parametrize("seed", range(40))
def test_homes_together_remember_what_one_home_would(seed: int) -> None:
    rng = Random(seed)
    homes = [some_events(rng) for _ in range(3)]

    together = digest.merge(digest.add(EMPTY, events) for events in homes)

    assert digest.encode(together) == digest.add(EMPTY, [event for events in homes for event in events])


def test_of_two_events_of_one_id_the_first_in_time_stays_whichever_comes_first() -> None:
    early, late = Remembered(COUNTS, 1, 77, None), Remembered(COUNTS, 2, 77, None)

    assert digest.add(digest.add(EMPTY, [late]), [early]) == digest.add(digest.add(EMPTY, [early]), [late])
    assert digest.decode(digest.add(EMPTY, [late, early]))[COUNTS].times.tolist() == [1]


def test_the_bytes_are_as_the_format_says() -> None:
    packed = digest.add(EMPTY, [Remembered(SUMS, 2, -1, 5), Remembered(COUNTS, 258, 1, None)])

    heads = bytes([1, 2, 0, 0, 0]) + bytes([3, 0, 0, 0, 1, 0, 0, 0, 0]) + bytes([8, 0, 0, 0, 1, 0, 0, 0, 1])
    counts = bytes([2, 1, 0, 0, 0, 0, 0, 0]) + bytes([1, 0, 0, 0, 0, 0, 0, 0])
    sums = bytes([2, 0, 0, 0, 0, 0, 0, 0]) + b"\xff" * 8 + bytes([5, 0, 0, 0, 0, 0, 0, 0])
    assert packed == heads + counts + sums


def test_an_event_takes_sixteen_bytes_and_with_a_number_eight_more() -> None:
    packed = digest.add(EMPTY, [Remembered(COUNTS, at, at, None) for at in range(1_000)])
    summed = digest.add(EMPTY, [Remembered(SUMS, at, at, at) for at in range(1_000)])

    assert len(packed) - len(EMPTY) < 16 * 1_001
    assert len(summed) - len(EMPTY) < 24 * 1_001


def test_what_nobody_asks_for_any_more_is_forgotten() -> None:
    packed = digest.add(EMPTY, [Remembered(SUMS, 2, 1, 5), Remembered(COUNTS, 2, 1, None)])

    assert digest.only(packed, {COUNTS}) == digest.add(EMPTY, [Remembered(COUNTS, 2, 1, None)])
    assert digest.only(packed, ()) == EMPTY


def test_nothing_remembered_is_an_empty_digest() -> None:
    assert digest.add(EMPTY, []) == EMPTY
    assert digest.add(b"", []) == b""
    assert digest.decode(b"") == digest.decode(EMPTY) == {}
    assert digest.encode({COUNTS: Series(array("q"), array("q"))}) == EMPTY


def test_a_digest_of_another_version_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="version 9"):
        digest.decode(b"\x09\x00\x00\x00\x00")


def test_short_ids_are_the_random_half_of_an_event_id() -> None:
    event_id = UUID("01890a5d-ac96-774b-bcce-b302099a8057")

    assert digest.short_id(event_id) == digest.short_id(str(event_id)) == 0xBCCEB302099A8057 - (1 << 64)
    assert digest.short_id("01890a5d-ac96-774b-0000-000000000001") == 1
    assert digest.short_id("01890a5d-ac96-774b-8000-000000000000") == -(1 << 63)
