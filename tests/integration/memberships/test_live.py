"""Whoever does something, changes, or merely lets time pass is in the right segments at once."""

from datetime import timedelta

from tests.support.segments_live import Crowd, bought, days
from tests.support.stream import NOON, Event

DAY = 86_400


def test_an_event_brings_a_person_in_and_tells_of_it_once(crowd: Crowd) -> None:
    crowd.hear(Event(name="Bought", who="early"))
    buyers = crowd.make("Buyers", bought())
    assert (crowd.members(buyers), crowd.facts(buyers)) == ({"early"}, [])

    crowd.hear(Event(name="Bought", who="late"), Event(name="Looked", who="looker"))
    crowd.hear(Event(name="Bought", who="late", at=5))

    assert crowd.members(buyers) == {"early", "late"}
    assert crowd.facts(buyers) == [("late", "in", "change")]


def test_events_count_from_the_moment_at_which_they_occurred(crowd: Crowd) -> None:
    twice = crowd.make("Twice within two days", bought(at_least=2, within=days(2)))

    crowd.hear(Event(name="Bought", who="u1", at=DAY - 60), Event(name="Bought", who="u1", at=DAY + 3600))
    assert crowd.members(twice) == set()  # the second is yet to come
    crowd.pass_time(hours=1, seconds=-1)
    assert crowd.members(twice) == set()
    crowd.pass_time(seconds=1)
    assert crowd.members(twice) == {"u1"}

    crowd.hear(Event(name="Bought", who="u2", at=-10 * DAY), Event(name="Bought", who="u2", at=DAY))
    assert crowd.members(twice) == {"u1"}  # one of those is too old
    crowd.now = NOON + timedelta(days=3, seconds=-61)
    crowd.settle()
    assert crowd.members(twice) == {"u1"}
    crowd.pass_time(seconds=1)
    assert crowd.members(twice) == set()
    assert crowd.facts(twice) == [("u1", "in", "time"), ("u1", "out", "time")]
