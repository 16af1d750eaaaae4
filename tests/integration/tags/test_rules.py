"""Tags and layers that rules keep: on and off by events and by time, up and down, and never in circles."""

import json
from typing import Any

import pytest
from tests.support.portraits_live import Portraits
from tests.support.segments_live import bought, days
from tests.support.stream import Event

from fanwheel.cdp import persons
from fanwheel.cdp.layers import service as layers
from fanwheel.cdp.layers.errors import LayerBuiltInError, LayerExistsError, LayerMentionedError
from fanwheel.cdp.segments import service as segments
from fanwheel.cdp.segments import telling
from fanwheel.cdp.segments.errors import BadSegmentError, SegmentMentionedError, SegmentNotFoundError
from fanwheel.cdp.tags import service
from fanwheel.cdp.tags.errors import TagMentionedError

DAY = 86_400


def tagged(tag: str) -> dict[str, Any]:
    return {"type": "tag", "tag": tag}


def layered(layer: str, *classes: str) -> dict[str, Any]:
    return {"type": "layer", "layer": layer, "classes": list(classes)}


def test_an_event_puts_a_rules_tag_on_and_another_rule_takes_it_off(crowd: Portraits) -> None:
    crowd.hear(Event(name="Bought", who="u1"), Event(name="Looked", who="u2"))
    crowd.define("buyer", bought())
    assert crowd.wearers("buyer") == {"u1"}

    crowd.hear(Event(name="Bought", who="u2", at=1))
    assert crowd.wearers("buyer") == {"u1", "u2"}
    values = {"rule": {"condition": bought(at_least=2)}}
    crowd.act(lambda tx: service.redefine(tx, "buyer", values, actor="user:1", now=crowd.now))
    crowd.settle()
    assert crowd.wearers("buyer") == set()
    crowd.hear(Event(name="Bought", who="u2", at=2))

    assert crowd.wearers("buyer") == {"u2"}
    assert crowd.log("u2") == [("buyer", "on", "rule"), ("buyer", "off", "rule"), ("buyer", "on", "rule")]
    assert crowd.told("u2", "tag") == [("buyer", None, True), ("buyer", True, None), ("buyer", None, True)]


def test_a_rule_that_could_not_be_built_is_tried_again_when_it_is_saved_again(crowd: Portraits) -> None:
    crowd.hear(Event(name="Bought", who="u1"))
    values = {"rule": {"condition": bought()}}
    crowd.act(lambda tx: service.define(tx, "buyer", values, actor="user:1", now=crowd.now))
    crowd.rows("UPDATE segment SET status = 'failed', error = 'no room' WHERE workspace_id = %(workspace)s RETURNING 1")
    crowd.settle()
    (failed,) = crowd.act(service.list_tags)
    assert (failed.status, failed.error, failed.people) == ("failed", "no room", 0)

    crowd.act(lambda tx: service.redefine(tx, "buyer", values, actor="user:1", now=crowd.now))
    crowd.settle()

    (ready,) = crowd.act(service.list_tags)
    assert (ready.status, ready.error, ready.people) == ("ready", None, 1)


def test_time_alone_takes_a_rules_tag_off_at_its_second(crowd: Portraits) -> None:
    crowd.define("recent", bought(within=days(2)))
    crowd.hear(Event(name="Bought", who="u1"))

    crowd.pass_time(days=1, seconds=-1)
    assert crowd.tags("u1") == ["recent"]
    crowd.pass_time(seconds=1)
    assert crowd.tags("u1") == []


def test_a_tag_may_stay_after_its_rule_and_expire_then(crowd: Portraits) -> None:
    crowd.define("warm", bought(within=days(2)), keeps_after_exit=True, expires_after_s=600)
    crowd.hear(Event(name="Bought", who="u1"), Event(name="Bought", who="u2"))

    crowd.pass_time(days=1)
    assert crowd.wearers("warm") == {"u1", "u2"}
    crowd.hear(Event(name="Bought", who="u2", at=2 * DAY))  # the rule holds of them again, so it stays
    crowd.pass_time(seconds=599)
    assert crowd.wearers("warm") == {"u1", "u2"}
    crowd.pass_time(seconds=1)
    assert crowd.wearers("warm") == {"u2"}


def test_what_is_given_by_hand_outlasts_the_rule(crowd: Portraits) -> None:
    crowd.define("recent", bought(within=days(2)))
    crowd.hear(Event(name="Bought", who="u1"), Event(name="Bought", who="u2"))
    crowd.give("u1", "recent")
    crowd.take("u2", "recent")
    assert crowd.wearers("recent") == {"u1"}

    crowd.pass_time(days=5)
    assert crowd.wearers("recent") == {"u1"}
    crowd.hear(Event(name="Bought", who="u2", at=6 * DAY - 1))
    assert crowd.wearers("recent") == {"u1", "u2"}  # meets the rule anew


def test_of_exclusive_rules_the_newest_counts_while_it_holds(crowd: Portraits) -> None:
    group = crowd.group("Activity")
    crowd.define("buyer", bought(), group_id=group)
    crowd.define("fresh", bought(within=days(2)), group_id=group)
    crowd.hear(Event(name="Bought", who="u1"))
    crowd.pass_time(days=5)
    assert crowd.tags("u1") == ["buyer"]

    crowd.hear(Event(name="Bought", who="u1", at=6 * DAY))
    assert crowd.tags("u1") == ["fresh"]
    crowd.pass_time(days=9)

    assert crowd.tags("u1") == ["buyer"]
    assert crowd.told("u1", "tag")[-2:] == [("buyer", None, True), ("fresh", True, None)]


def test_a_merge_moves_rules_tags_and_an_unmerge_moves_them_back(crowd: Portraits) -> None:
    crowd.define("twice", bought(at_least=2))
    crowd.layer("level", low=bought(), high=bought(at_least=2))
    crowd.hear(Event(name="Bought", who="u1"), Event(name="Bought", who="u2"))
    one, other = sorted([crowd.home("u1"), crowd.home("u2")])

    crowd.act(lambda tx: persons.merge(tx, one, other, actor="user:1", now=crowd.now))
    crowd.settle()
    assert (crowd.tags("u1"), crowd.classes("u1")) == (["twice"], {"level": "high"})
    crowd.act(lambda tx: persons.unmerge(tx, one, [other], actor="user:1"))
    crowd.settle()

    assert [crowd.tags(who) for who in ("u1", "u2")] == [[], []]
    assert [crowd.classes(who) for who in ("u1", "u2")] == [{"level": "low"}, {"level": "low"}]


def test_people_rise_through_a_layer_and_fall(crowd: Portraits) -> None:
    crowd.layer("level", low=bought(within=days(20)), high=bought(at_least=2, within=days(3)))
    crowd.layer("best", may_fall=False, low=bought(within=days(20)), high=bought(at_least=2, within=days(3)))

    crowd.hear(Event(name="Bought", who="u1"))
    assert crowd.classes("u1") == {"level": "low", "best": "low"}
    crowd.hear(Event(name="Bought", who="u1", at=60))
    assert crowd.classes("u1") == {"level": "high", "best": "high"}
    crowd.pass_time(days=4)
    assert crowd.classes("u1") == {"level": "low", "best": "high"}
    crowd.pass_time(days=30)
    assert crowd.classes("u1") == {"best": "high"}

    assert [fact for fact in crowd.told("u1", "layer") if fact[0] == "level"] == [
        ("level", None, "low"), ("level", "low", "high"), ("level", "high", "low"), ("level", "low", None),
    ]  # fmt: skip
    assert [fact for fact in crowd.told("u1", "layer") if fact[0] == "best"] == [
        ("best", None, "low"), ("best", "low", "high"),
    ]  # fmt: skip


def test_a_layer_that_is_changed_moves_whom_it_concerns(crowd: Portraits) -> None:
    crowd.layer("level", low=bought(), high=bought(at_least=2))
    crowd.hear(Event(name="Bought", who="u1"), Event(name="Bought", who="u2"), Event(name="Bought", who="u2", at=1))
    assert (crowd.inside("level", "low"), crowd.inside("level", "high")) == ({"u1"}, {"u2"})

    crowd.layer("level", is_new=False, high=bought(at_least=2), low=bought())  # low is above high now
    assert (crowd.inside("level", "low"), crowd.inside("level", "high")) == ({"u1", "u2"}, set())
    crowd.layer("level", is_new=False, high=bought(at_least=2))
    assert (crowd.inside("level", "low"), crowd.inside("level", "high")) == (set(), {"u2"})

    crowd.act(lambda tx: layers.delete(tx, "level"))
    crowd.settle()
    assert crowd.classes("u2") == {}
    assert crowd.rows("SELECT 1 FROM segment WHERE workspace_id = %(workspace)s") == []


def test_segments_follow_rules_tags_and_layers(crowd: Portraits) -> None:
    crowd.define("buyer", bought())
    crowd.layer("level", low=tagged("buyer"), high=bought(at_least=2))
    seen = crowd.make("Seen", {"type": "any", "conditions": [tagged("buyer"), layered("level", "high")]})
    high = crowd.make("High", layered("level", "high"))

    crowd.hear(Event(name="Bought", who="u1"), Event(name="Bought", who="u2"), Event(name="Bought", who="u2", at=1))

    assert crowd.members(seen) == {"u1", "u2"}
    assert crowd.members(high) == {"u2"}
    assert crowd.inside("level", "low") == {"u1"}


def test_hidden_segments_are_nowhere_to_be_seen(crowd: Portraits) -> None:
    crowd.define("buyer", bought())
    crowd.layer("level", low=bought())
    crowd.hear(Event(name="Bought", who="u1"))
    shown = crowd.make("buyer", bought())  # a name is free though a tag has it

    (hidden, *_) = crowd.rows("SELECT segment_id FROM segment WHERE purpose <> 'segment' ORDER BY segment_id")
    assert [each.segment_id for each in crowd.act(segments.list_segments)] == [shown]
    assert [each.segment_id for each in crowd.act(lambda tx: segments.of_person(tx, crowd.home("u1")))] == [shown]
    with pytest.raises(SegmentNotFoundError):
        crowd.act(lambda tx: segments.get(tx, hidden["segment_id"]))
    with pytest.raises(BadSegmentError, match="There is no segment"):
        crowd.make("Through", {"type": "segment", "segment_id": hidden["segment_id"]})


def test_webhooks_are_told_of_segments_that_are_seen_only(crowd: Portraits) -> None:
    crowd.define("buyer", bought())
    shown = crowd.make("Buyers", bought())
    crowd.layer("level", low=bought())
    crowd.rows(
        "INSERT INTO webhook (workspace_id, url, topics, sealed_secret, created_by) VALUES"
        " (%(workspace)s, 'https://x.example/', ARRAY['segment.entered'], '', 'user:1') RETURNING 1"
    )

    crowd.hear(Event(name="Bought", who="u1"))
    crowd.act(telling.tell)

    (told,) = crowd.rows("SELECT body FROM webhook_message WHERE workspace_id = %(workspace)s")
    assert json.loads(told["body"])["data"]["segment_id"] == shown
    (webhook,) = crowd.rows("SELECT told_to FROM webhook WHERE workspace_id = %(workspace)s")
    last = crowd.rows("SELECT max(change_id) AS last FROM segment_change WHERE workspace_id = %(workspace)s")
    assert webhook["told_to"] == last[0]["last"]


def test_circles_are_refused_with_their_way_and_nothing_is_saved(crowd: Portraits) -> None:
    loyal = crowd.make("Loyal", tagged("vip"))
    group = crowd.group("Metal", "silver")

    with pytest.raises(BadSegmentError, match="tag “vip” → tag “vip”"):
        crowd.define("vip", tagged("vip"))
    with pytest.raises(BadSegmentError, match="tag “vip” → “Loyal” → tag “vip”"):
        crowd.define("vip", {"type": "segment", "segment_id": loyal})
    with pytest.raises(BadSegmentError, match="tag “gold” → tag “gold”"):
        crowd.define("gold", tagged("silver"), group_id=group)
    crowd.define("vip", bought())
    crowd.layer("level", low=tagged("vip"))
    crowd.change(loyal, layered("level", "low"))
    values = {"rule": {"condition": {"type": "segment", "segment_id": loyal}}}
    with pytest.raises(BadSegmentError, match="tag “vip” → “Loyal” → layer “Level · Low” → tag “vip”"):
        crowd.act(lambda tx: service.redefine(tx, "vip", values, actor="user:1", now=crowd.now))
    with pytest.raises(BadSegmentError, match="layer “Level · Low” → “Loyal” → layer “Level · Low”"):
        crowd.layer("level", is_new=False, low={"type": "segment", "segment_id": loyal})

    assert [each.tag for each in crowd.act(service.list_tags) if each.rule] == ["vip"]


def test_a_tag_is_renamed_in_rules_and_kept_while_they_mention_it(crowd: Portraits) -> None:
    crowd.hear(Event(name="Bought", who="u1"), Event(name="Looked", who="u2"))
    crowd.define("buyer", bought(), label="Buyer")
    crowd.give("u2", "friend")
    seen = crowd.make("Seen", {"type": "not", "condition": {"type": "not", "condition": tagged("buyer")}})
    facts = crowd.facts(seen)

    crowd.act(lambda tx: service.rename(tx, "buyer", "customer", actor="user:1", now=crowd.now))
    crowd.settle()
    assert (crowd.wearers("customer"), crowd.members(seen), crowd.facts(seen)) == ({"u1"}, {"u1"}, facts)
    crowd.hear(Event(name="Bought", who="u2", at=1))
    assert (crowd.tags("u2"), crowd.members(seen)) == (["customer", "friend"], {"u1", "u2"})

    with pytest.raises(TagMentionedError, match="“Seen”"):
        crowd.act(lambda tx: service.delete(tx, "customer", actor="user:1", now=crowd.now))
    with pytest.raises(TagMentionedError, match="“Seen”"):
        crowd.act(lambda tx: service.rename(tx, "customer", "friend", actor="user:1", now=crowd.now))
    crowd.act(lambda tx: service.rename(tx, "friend", "customer", actor="user:1", now=crowd.now))
    crowd.settle()
    assert crowd.tags("u2") == ["customer"]
    assert ("customer", "on", "user") in crowd.log("u2")

    crowd.act(lambda tx: segments.delete(tx, seen))
    crowd.act(lambda tx: service.delete(tx, "customer", actor="user:1", now=crowd.now))
    crowd.settle()
    assert (crowd.tags("u1"), crowd.tags("u2")) == ([], [])
    assert crowd.act(service.list_tags) == []


def test_what_others_need_is_not_deleted(crowd: Portraits) -> None:
    loyal = crowd.make("Loyal", bought())
    crowd.define("vip", {"type": "segment", "segment_id": loyal})
    crowd.layer("level", low=bought(), high=bought(at_least=2))
    crowd.make("High", layered("level", "high"))

    with pytest.raises(SegmentMentionedError, match="tag “vip”"):
        crowd.act(lambda tx: segments.delete(tx, loyal))
    with pytest.raises(LayerMentionedError, match="“High”"):
        crowd.act(lambda tx: layers.delete(tx, "level"))
    with pytest.raises(LayerMentionedError, match="“High”"):
        crowd.layer("level", is_new=False, low=bought())
    with pytest.raises(LayerBuiltInError):
        crowd.act(lambda tx: layers.delete(tx, "stage"))
    with pytest.raises(LayerExistsError):
        crowd.layer("rfm_tier", low=bought())


def test_erasure_takes_rules_tags_and_classes_along(crowd: Portraits) -> None:
    crowd.define("buyer", bought())
    crowd.layer("level", low=bought())
    crowd.hear(Event(name="Bought", who="u1"), Event(name="Bought", who="u2"))
    crowd.tell(Event(name="Bought", who="u3"))
    crowd.run(lambda db: crowd.judge().judge(db, crowd.workspace))

    crowd.act(lambda tx: persons.erase(tx, crowd.home("u1"), actor="user:1"))
    crowd.act(lambda tx: persons.erase(tx, crowd.home("u3"), actor="user:1"))  # entered, but nothing has followed yet
    crowd.settle()

    for table in ("person_tag", "tag_log", "person_layer"):
        rows = crowd.rows(f"SELECT home_id FROM {table} WHERE workspace_id = %(workspace)s")
        assert [row["home_id"] for row in rows] == [crowd.home("u2")], table
