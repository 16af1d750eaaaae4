"""A world of ``segments_random`` in the real tables: its events in the stream, its people as persons."""

import json
from datetime import timedelta
from random import Random
from typing import Any

from fanwheel.cdp import persons
from fanwheel.cdp.segments.live.judge import to_us
from fanwheel.kernel.domain import Domain, Stage
from tests.support.segments_live import Crowd
from tests.support.segments_random import EPOCH, LISTS, MOMENT_FIELDS, NOON, OTHER_SEGMENTS, SOURCES, random_world
from tests.support.segments_reference import holds
from tests.support.stream import NOON as STREAM_NOON
from tests.support.stream import Event

Json = dict[str, Any]
_US = timedelta(microseconds=1)
_NEVER_EMPTY = ("first_seen_at", "last_seen_at", "introduced_at")
_BASE = [{"type": "tag", "tag": "vip"}, {"type": "trait", "name": "age", "test": {"op": "exists"}}]
_PUT = """
UPDATE person
   SET traits = %(traits)s, tags = %(tags)s, stage = %(stage)s, channels = %(channels)s, list_ids = %(list_ids)s,
       is_inviter = %(is_inviter)s, is_invitee = %(is_invitee)s, first_source_id = %(first_source)s,
       last_source_id = %(last_source)s, first_domain = %(first_domain)s, last_domain = %(last_domain)s,
       event_count = %(event_count)s, order_count = %(order_count)s, revenue_minor = %(revenue_minor)s, is_real = true,
       first_seen_at = %(first_seen_at)s, last_seen_at = %(last_seen_at)s, introduced_at = %(introduced_at)s,
       operated_at = %(operated_at)s, converted_at = %(converted_at)s, shared_at = %(shared_at)s,
       repurchased_at = %(repurchased_at)s, first_touch_at = %(first_touch_at)s, last_touch_at = %(last_touch_at)s
 WHERE workspace_id = %(workspace)s AND person_id = %(person)s
RETURNING 1
"""


class LiveWorld:
    """Random people whose identity changes step by step, whose events come late, and what naive judgement says."""

    def __init__(self, crowd: Crowd, rng: Random) -> None:
        self.crowd, self.rng, self.world = crowd, rng, random_world(rng)
        zone = next(iter(self.world.known.values()))["zone"]
        crowd.rows(
            "UPDATE workspace SET time_zone = %(zone)s WHERE workspace_id = %(workspace)s RETURNING 1", zone=zone.key
        )
        self.real = {home: crowd.home(f"u{home}") for home in sorted(self.world.known)}
        self.sources = {slug: self._new("source", slug) for slug in SOURCES}
        self.lists = {number: self._new("list", f"list {number}") for number in LISTS}
        for person in self.world.known.values():
            person["layers"] = {"stage": person["layers"].get("stage", "introduce")}
            person["fields"] |= {name: person["fields"][name] or NOON for name in _NEVER_EMPTY}
            person["fields"]["order_count"] %= 2**31
        self.waiting = list(self.world.events)
        rng.shuffle(self.waiting)
        self.told: list[Json] = []
        self.groups: list[list[int]] = self.world.steps[0]
        self.base = dict(zip(OTHER_SEGMENTS, [crowd.save(str(rule), rule) for rule in _BASE], strict=True))

    def _new(self, table: str, name: str) -> int:
        columns = {"source": "slug, name, domain", "list": "name, description, created_by"}[table]
        told = self.crowd.rows(
            f"INSERT INTO {table} (workspace_id, {columns}) VALUES (%(workspace)s, %(name)s, %(name)s, 'public')"
            f" RETURNING {table}_id AS id",
            name=name,
        )
        return int(told[0]["id"])

    def really(self, node: Any) -> Any:
        """A rule with the numbers that lists and segments have here."""
        if isinstance(node, list):
            return [self.really(each) for each in node]
        if not isinstance(node, dict):
            return node
        swapped = {"segment_id": self.base, "list_id": self.lists}
        return {key: swapped[key][value] if key in swapped else self.really(value) for key, value in node.items()}

    def step(self, groups: list[list[int]]) -> None:
        """Join homes to persons in another way; homes that are in no group any more are erased."""
        living = {home for homes in groups for home in homes}
        gone = [home for homes in self.groups for home in homes if home not in living]
        for homes in [*groups, *([home] for home in gone)]:
            self.crowd.merge(*(f"u{home}" for home in homes))
        self.crowd.settle()
        for home in gone:
            person = self.real[home]
            self.crowd.act(lambda tx, person=person: persons.erase(tx, person, actor="test"))
        self.groups = groups

    def hear_some(self) -> None:
        """Let some of the events that are still on their way in."""
        some = [self.waiting.pop() for _ in range(self.rng.randint(0, len(self.waiting)))]
        living = {home for homes in self.groups for home in homes}
        some = [event for event in some if event["home_id"] in living]
        if some:
            self.crowd.tell(*(_event(event) for event in some))
        self.told += some

    def show(self) -> None:
        """Write what is known of people into their rows, and have them judged."""
        for homes in self.groups:
            known = self.world.person(homes)
            fields = {
                name: EPOCH + _US * value if name in MOMENT_FIELDS and value is not None else value
                for name, value in known["fields"].items()
            }
            person = self.real[min(homes)]
            self.crowd.rows(
                _PUT,
                person=person,
                traits=json.dumps(known["traits"]),
                tags=known["tags"],
                stage=Stage[known["layers"]["stage"].upper()],
                channels=known["channels"],
                list_ids=[self.lists[number] for number in known["lists"]],
                is_inviter=known["is_inviter"],
                is_invitee=known["is_invitee"],
                **{f"{which}_source": self.sources.get(known[f"{which}_source"], 0) for which in ("first", "last")},
                **{f"{which}_domain": Domain.of(known[f"{which}_domain"]) for which in ("first", "last")},
                **fields,
            )
            self.crowd.rows(
                "INSERT INTO segment_note (workspace_id, person_id) VALUES (%(workspace)s, %(person)s) RETURNING 1",
                person=person,
            )

    def expected(self, rule: Json) -> set[str]:
        """Who is in by the naive reference, at the crowd's clock."""
        now, found = to_us(self.crowd.now), set()
        for homes in self.groups:
            events = [event for event in self.told if event["home_id"] in homes]
            person = self.world.person(homes) | {"person_id": self.real[min(homes)]}
            person["segments"] = [
                number
                for number, base in zip(OTHER_SEGMENTS, _BASE, strict=True)
                if holds({"condition": base}, events, person, now)
            ]
            if holds(rule, events, person, now):
                found.add(f"u{min(homes)}")
        return found


def _event(event: Json) -> Event:
    at = (EPOCH + _US * event["at_us"] - STREAM_NOON).total_seconds()
    return Event(
        name=event["name"], kind=event["kind"], who=f"u{event['home_id']}", at=at, raw=event["properties_text"]
    )
