"""Trying a rule out: who would be in, before anything is saved."""

from typing import Any

from tests.integration.lists.test_lists import ADA, BEA, meet
from tests.integration.lists.test_segments import NEVER_BOUGHT, TAGGED, fill, make, rule
from tests.integration.lists.test_vocabulary import happen
from tests.integration.persons.conftest import World
from tests.support.house import Browser, House


def preview(owner: Browser, *conditions: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = owner.post("/api/segments/preview", {"rule": rule(*conditions), **more})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_rule_is_tried_out_over_events_and_people(world: World, owner: Browser) -> None:
    ada, bea = meet(world, ADA, BEA)
    happen(world, ada, "Live Joined", "{}")
    happen(world, bea, "Live Left", "{}")
    other = make(owner, "Others")
    fill(world, other, [ada, bea])
    world.do("UPDATE person SET is_real = true WHERE workspace_id = %(workspace)s")
    joined = {"type": "event", "event": {"name": "Live Joined"}, "test": {"op": "at_least", "value": 1}}

    found = preview(owner, NEVER_BOUGHT, joined)

    assert (found["people"], found["low"], found["high"], found["everybody"]) == (1, 1, 1, 2)
    assert [item["id"] for item in found["sample"]] == [ada]
    assert {part["path"]: part["people"] for part in found["conditions"]} == {
        "$.condition": 1,
        "$.condition.conditions[0]": 2,
        "$.condition.conditions[1]": 1,
    }
    assert [(each["segment_id"], each["both"], each["share_of_other"]) for each in found["overlap"]] == [
        (other, 1, 0.5)
    ]
    assert found["warnings"] == []
    assert preview(owner, joined, segment_id=other)["overlap"] == []


def test_a_rule_is_looked_back_with_week_by_week(world: World, owner: Browser) -> None:
    (ada,) = meet(world, ADA)
    happen(world, ada, "Live Joined", "{}")
    world.do("UPDATE person SET is_real = true WHERE workspace_id = %(workspace)s")
    joined = {"type": "event", "event": {"name": "Live Joined"}, "test": {"op": "at_least", "value": 1}}

    found = owner.post("/api/segments/preview/trend", {"rule": rule(joined)}).json()

    counts = [(point["people"], point["low"], point["high"]) for point in found["points"]]
    assert (found["is_guess"], len(counts), counts[-1]) == (False, 14, (1, 1, 1))


def test_nothing_is_saved_by_a_preview(owner: Browser) -> None:
    found = preview(owner, sample=0)

    assert (found["people"], found["sample"]) == (0, [])
    assert [caution["code"] for caution in found["warnings"]] == ["everybody"]
    assert owner.get("/api/segments").json()["items"] == []


def test_a_preview_refuses_what_saving_would(owner: Browser) -> None:
    segment_id = make(owner, "Friends", TAGGED)
    wrong = (
        ({"type": "segment", "segment_id": segment_id}, {"segment_id": segment_id}),
        ({"type": "list", "list_id": 2_000_000_000}, {}),
    )

    for condition, more in wrong:
        answer = owner.post("/api/segments/preview", {"rule": rule(condition), **more})
        assert (answer.status_code, answer.json()["path"]) == (422, "$.condition.conditions[0]")


def test_only_who_may_see_people_may_try_rules_out(house: House, world: World) -> None:
    allowed = {
        role: house.member(world.workspace, role).post("/api/segments/preview", {"rule": rule()}).status_code
        for role in ("agent", "analyst", "viewer")
    }

    assert allowed == {"agent": 200, "analyst": 200, "viewer": 403}
