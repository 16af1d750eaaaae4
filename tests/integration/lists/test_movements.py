"""How many more are in each segment than a week ago."""

from tests.integration.lists.test_segments import make
from tests.integration.persons.conftest import World
from tests.support.house import Browser


def test_the_list_tells_entries_less_exits_of_seven_days(owner: Browser, world: World) -> None:
    moved = make(owner, "Moved")
    make(owner, "Still")
    for person, is_entry, days_ago in ((1, True, 8), (2, True, 6), (3, True, 1), (4, True, 0), (2, False, 0)):
        world.do(
            "INSERT INTO segment_change (workspace_id, segment_id, person_id, is_entry, changed_at, cause)"
            " VALUES (%(workspace)s, %(segment)s, %(person)s, %(entry)s, now() - make_interval(days => %(ago)s),"
            " 'change')",
            segment=moved, person=person, entry=is_entry, ago=days_ago,
        )  # fmt: skip

    items = owner.get("/api/segments").json()["items"]

    assert {item["name"]: item["change_7d"] for item in items} == {"Moved": 2, "Still": 0}
