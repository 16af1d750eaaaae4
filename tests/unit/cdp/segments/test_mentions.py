"""Rules that lead to themselves are found, by whatever way."""

from typing import Any

import pytest

from fanwheel.cdp.segments import reading
from fanwheel.cdp.segments.contracts import NamedRule, Purpose
from fanwheel.cdp.segments.errors import BadSegmentError
from fanwheel.cdp.segments.mentions import Web


def inside(segment_id: int) -> dict[str, Any]:
    return {"type": "segment", "segment_id": segment_id}


def tagged(tag: str) -> dict[str, Any]:
    return {"type": "tag", "tag": tag}


def layered(layer: str) -> dict[str, Any]:
    return {"type": "layer", "layer": layer, "classes": ["gold"]}


def ruled(segment_id: int, purpose: Purpose, name: str, condition: dict[str, Any]) -> NamedRule:
    return NamedRule(segment_id, purpose, name, {"version": 1, "condition": condition})


NOT = {"type": "not"}
LOYAL = ruled(1, "segment", "Loyal", tagged("vip"))
PLAIN = ruled(4, "segment", "Plain", {"type": "all", "conditions": []})


@pytest.mark.parametrize(
    ("rules", "itself", "said"),
    [
        ([ruled(1, "segment", "Loyal", inside(4)), ruled(4, "segment", "Plain", inside(1))], 1,
         "The segment mentions itself: “Loyal” → “Plain” → “Loyal”."),
        ([ruled(2, "tag", "vip", tagged("vip"))], 2, "The tag mentions itself: tag “vip” → tag “vip”."),
        ([LOYAL, ruled(2, "tag", "vip", inside(1))], 2, "The tag mentions itself: tag “vip” → “Loyal” → tag “vip”."),
        ([LOYAL, ruled(2, "tag", "vip", inside(1))], 1, "The segment mentions itself: “Loyal” → tag “vip” → “Loyal”."),
        ([ruled(3, "layer", "Level · gold", layered("level"))], 3,
         "The layer mentions itself: layer “Level · gold” → layer “Level · gold”."),
        ([LOYAL, ruled(2, "tag", "vip", layered("level")), ruled(3, "layer", "Level · gold", inside(1))], 3,
         "The layer mentions itself: layer “Level · gold” → “Loyal” → tag “vip” → layer “Level · gold”."),
    ],
)  # fmt: skip
def test_a_rule_that_leads_to_itself_is_refused_with_its_way(rules: list[NamedRule], itself: int, said: str) -> None:
    web = Web(rules, {("tag", "vip"): [2], ("layer", "level"): [3]})
    (rule,) = (each.rule for each in rules if each.segment_id == itself)

    with pytest.raises(BadSegmentError) as caught:
        web.require_no_circle(reading.read_rule(rule), itself=itself)

    assert caught.value.message == said
    assert caught.value.path == "$.condition"


def test_another_tag_of_an_exclusive_group_takes_part_in_a_circle() -> None:
    told = ruled(2, "tag", "gold", {**NOT, "condition": tagged("silver")})
    apart, together = Web([told], {("tag", "gold"): [2]}), Web([told], {("tag", "gold"): [2], ("tag", "silver"): [2]})
    rule = reading.read_rule(told.rule)

    apart.require_no_circle(rule, itself=2)
    with pytest.raises(BadSegmentError, match="tag “gold” → tag “gold”") as caught:
        together.require_no_circle(rule, itself=2)
    assert caught.value.path == "$.condition.condition"


def test_rules_may_lead_to_others_that_meet_again() -> None:
    both = {"type": "any", "conditions": [inside(1), tagged("vip"), layered("unknown")]}
    web = Web(
        [LOYAL, PLAIN, ruled(2, "tag", "vip", inside(4)), ruled(5, "segment", "Both", both)], {("tag", "vip"): [2]}
    )

    web.require_no_circle(reading.read_rule({"condition": both}), itself=5)

    assert web.naming("tag", "vip") == ["“Loyal”", "“Both”"]
    assert web.asking(4) == ["tag “vip”"]
    assert web.segments == {1, 4, 5}
