"""Tags given by hand: groups of which one counts, an end, a reason, and all of it taken back."""

from datetime import timedelta

import msgspec
import pytest
from tests.support.portraits_live import Portraits
from tests.support.stream import Event

from fanwheel.cdp import carrying, persons, tags
from fanwheel.cdp.tags import service
from fanwheel.cdp.tags.errors import ExclusiveTagsError


@pytest.fixture(autouse=True)
def people(crowd: Portraits) -> None:
    crowd.hear(Event(name="Looked", who="u1"), Event(name="Looked", who="u2"), Event(name="Looked", who="u3"))


def test_of_an_exclusive_group_the_tag_given_last_remains(crowd: Portraits) -> None:
    crowd.group("Price", "cheap", "dear")
    crowd.group("Likes", "tea", "cake", is_exclusive=False)

    crowd.give("u1", "cheap", "tea", "loud")
    crowd.give("u1", "dear", "cake")

    assert crowd.tags("u1") == ["cake", "dear", "loud", "tea"]
    assert ("cheap", "off", "group") in crowd.log("u1")
    assert ("cheap", True, None) in crowd.told("u1", "tag")
    with pytest.raises(ExclusiveTagsError, match="“cheap” and “dear” exclude each other"):
        crowd.give("u2", "dear", "cheap")


def test_a_merge_brings_two_exclusive_tags_and_an_unmerge_gives_them_back(crowd: Portraits) -> None:
    crowd.group("Price", "cheap", "dear")
    crowd.give("u1", "dear", now=crowd.now + timedelta(seconds=1))
    crowd.give("u2", "cheap")
    one, other = sorted([crowd.home("u1"), crowd.home("u2")])

    crowd.act(lambda tx: persons.merge(tx, one, other, actor="user:1", now=crowd.now))
    assert crowd.tags("u1") == ["dear"]

    crowd.act(lambda tx: persons.unmerge(tx, one, [other], actor="user:1"))
    assert (crowd.tags("u1"), crowd.tags("u2")) == (["dear"], ["cheap"])


def test_a_group_that_becomes_exclusive_leaves_everybody_one_tag(crowd: Portraits) -> None:
    group = crowd.group("Likes", "tea", "cake", is_exclusive=False)
    crowd.give("u1", "cake")
    crowd.give("u1", "tea", now=crowd.now + timedelta(seconds=1))

    crowd.act(lambda tx: service.change_group(tx, group, is_exclusive=True))
    crowd.settle()
    assert crowd.tags("u1") == ["tea"]

    crowd.act(lambda tx: service.delete_group(tx, group))
    crowd.settle()
    assert crowd.tags("u1") == ["cake", "tea"]


def test_a_tag_goes_at_the_second_at_which_it_expires(crowd: Portraits) -> None:
    crowd.define("guest", expires_after_s=3_600)
    crowd.give("u1", "guest")
    crowd.give("u2", "visitor", expires_at=crowd.now + timedelta(seconds=90))

    crowd.pass_time(seconds=89)
    assert (crowd.tags("u1"), crowd.tags("u2")) == (["guest"], ["visitor"])
    crowd.pass_time(seconds=1)
    assert (crowd.tags("u1"), crowd.tags("u2")) == (["guest"], [])
    crowd.give("u1", "guest")  # again, so it lasts another hour from now
    crowd.pass_time(hours=1, seconds=-1)
    assert crowd.tags("u1") == ["guest"]
    crowd.pass_time(seconds=1)

    assert crowd.tags("u1") == []
    assert crowd.log("u2") == [("visitor", "on", "user"), ("visitor", "off", "expiry")]
    assert crowd.told("u2", "tag") == [("visitor", None, True), ("visitor", True, None)]


def test_a_worker_looks_for_what_expires_and_finds_nothing_before(crowd: Portraits) -> None:
    follower = carrying.Follower(clock=lambda: crowd.now)
    crowd.give("u1", "visitor", expires_at=crowd.now + timedelta(seconds=90))
    crowd.settle()

    assert crowd.workspace not in crowd.run(follower.run_once)
    crowd.now += timedelta(seconds=90)
    follower.wake()

    assert crowd.workspace in crowd.run(follower.run_once)
    assert crowd.tags("u1") == []


def test_many_are_tagged_at_once_and_all_of_it_is_taken_back(crowd: Portraits) -> None:
    crowd.group("Price", "cheap", "dear")
    crowd.give("u1", "dear")
    crowd.give("u2", "cheap")
    homes = [crowd.home(who) for who in ("u1", "u2", "u3")]

    done = crowd.act(
        lambda tx: tags.give(tx, [*homes, 10**9], ["cheap"], origin="bulk", by="user:2", now=crowd.now, reason="sale")
    )
    assert [crowd.tags(who) for who in ("u1", "u2", "u3")] == [["cheap"]] * 3
    assert [each.home_id for each in done.given] == [homes[0], homes[2]]  # one had it already
    assert [(each.home_id, each.tag) for each in done.taken] == [(homes[0], "dear")]
    crowd.give("u3", "cheap", now=crowd.now + timedelta(seconds=5), expires_at=crowd.now + timedelta(days=1))

    kept = msgspec.json.decode(msgspec.json.encode(done), type=tags.Outcome)
    back = crowd.act(lambda tx: tags.undo(tx, kept, by="user:2", now=crowd.now))

    assert [crowd.tags(who) for who in ("u1", "u2", "u3")] == [["dear"], ["cheap"], ["cheap"]]  # given anew since
    assert back == {homes[0]}
    assert crowd.log("u1")[-2:] == [("cheap", "off", "undo"), ("dear", "on", "undo")]


def test_erasure_deletes_tags_and_who_gave_them(crowd: Portraits) -> None:
    crowd.give("u1", "vip", reason="asked in DM for Ada")
    crowd.give("u2", "vip")

    crowd.act(lambda tx: persons.erase(tx, crowd.home("u1"), actor="user:1"))

    for table in ("person_tag", "tag_log"):
        rows = crowd.rows(f"SELECT home_id FROM {table} WHERE workspace_id = %(workspace)s")
        assert [row["home_id"] for row in rows] == [crowd.home("u2")]
    assert crowd.give("u1", "vip").given == []  # nobody has that home any more
