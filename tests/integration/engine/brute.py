"""The same reports by plain loops over plain rows: slow, and with nothing in common with the statements."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.integration.engine.worlds import SOURCES, WORKSPACE, Row, World

from fanwheel.kernel.semantics import HELD_OUT_KIND, NO_TOUCH
from fanwheel.measure.reports.cubes import Period

STAGES = ("introduce", "operate", "convert", "share", "repurchase")
CONTACT = {"Message Received", "Live Joined", "Comment Posted", "Form Submitted", "Lead Submitted", "Channel Joined"}
SHARE = {"Invite Sent", "Content Shared"}
DOMAINS = {1: "public", 2: "commercial", 3: "private"}


class Brute:
    """Reports of one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.zone = ZoneInfo(world.zone)
        person_of = world.person_of()
        erased = {row["home_id"] for row in world.tables["erased"]}
        self.events: dict[int, list[Row]] = defaultdict(list)
        for event in world.events:
            happened = event["kind"] != HELD_OUT_KIND
            if happened and event["workspace_id"] == WORKSPACE and event["person_id"] not in erased:
                self.events[person_of.get(event["person_id"], event["person_id"])].append(event)
        self.orders: dict[int, list[Row]] = defaultdict(list)
        for order in sorted(world.tables["home_order"], key=lambda row: row["placed_at"]):
            if order["status"] == "paid":
                person = person_of.get(order["home_id"], order["home_id"])
                self.orders[person].append({**order, "person_id": person})
        self.consents: dict[int, list[Row]] = defaultdict(list)
        for row in sorted(world.tables["home_consent"], key=lambda row: (row["decided_at"], row["consent_id"])):
            self.consents[person_of.get(row["home_id"], row["home_id"])].append(row)
        self.invites = []
        for row in world.tables["home_invite"]:
            referee, referrer = (person_of.get(row[end], row[end]) for end in ("referee_home", "referrer_home"))
            if referee != referrer:
                self.invites.append({"referee_id": referee, "referrer_id": referrer, "accepted_at": row["accepted_at"]})
        referrers = {row["referrer_id"] for row in self.invites}
        self.people = {*self.events, *self.orders, *referrers}
        self.people |= {person for person, rows in self.consents.items() if any(row["is_granted"] for row in rows)}
        self.first = {person: self._first(person) for person in self.people}

    def day(self, when: datetime) -> date:
        return when.astimezone(self.zone).date()

    def touches(self, person: int) -> list[Row]:
        mine = [event for event in self.events[person] if event["source_id"] and event["name"] not in NO_TOUCH]
        return sorted(mine, key=lambda event: (event["occurred_at"], event["source_id"]))

    def _first(self, person: int) -> dict[str, date | None]:
        events, orders = self.events[person], self.orders[person]
        tracked = [event for event in events if event["kind"] == 1]
        operated = [event["occurred_at"] for event in tracked if event["name"] in CONTACT]
        operated += [row["decided_at"] for row in self.consents[person] if row["is_granted"]]
        shared = [event["occurred_at"] for event in tracked if event["name"] in SHARE]
        shared += [row["accepted_at"] for row in self.invites if row["referrer_id"] == person]
        placed = [order["placed_at"] for order in orders]
        seen = [event["occurred_at"] for event in events] or [*operated, *shared, *placed]
        instants = (min(seen), _least(operated), _least(placed), _least(shared), (placed[1:2] or [None])[0])
        return {stage: when and self.day(when) for stage, when in zip(STAGES, instants, strict=True)}

    # ------------------------------------------------ reports
    def stages(self, period: Period) -> dict[str, Any]:
        before = period.before()
        counts = []
        for stage, after in zip(STAGES, (*STAGES[1:], None), strict=True):
            days = {p: f[stage] for p, f in self.first.items() if f[stage] and f[stage] <= period.last}
            onward = [p for p in days if after and self.first[p][after] and self.first[p][after] <= period.last]
            counts.append(
                {
                    "stage": stage,
                    "people": len(days),
                    "entered": sum(period.first <= day for day in days.values()),
                    "entered_before": sum(before.first <= day <= before.last for day in days.values()),
                    "rate_to_next": len(onward) / len(days) if after and days else None,
                }
            )
        per_day = [
            {"day": day} | {stage: sum(f[stage] == day for f in self.first.values()) for stage in STAGES}
            for day in period
        ]
        return {"stages": counts, "days": per_day}

    def flows(self, period: Period) -> dict[str, Any]:
        touched: Counter[int] = Counter()
        toucher: dict[int, set[int]] = defaultdict(set)
        crossed: Counter[tuple[int, int]] = Counter()
        crosser: dict[tuple[int, int], set[int]] = defaultdict(set)
        for person in self.people:
            previous = 0
            for touch in self.touches(person):
                domain = touch["domain"]
                if period.first <= self.day(touch["occurred_at"]) <= period.last:
                    touched[domain] += 1
                    toucher[domain].add(person)
                    if previous and domain and previous != domain:
                        crossed[previous, domain] += 1
                        crosser[previous, domain].add(person)
                previous = domain
        return {
            "domains": [
                {"domain": name, "people": len(toucher[number]), "touches": touched[number]}
                for number, name in DOMAINS.items()
            ],
            "flows": [
                {"from": DOMAINS[a], "to": DOMAINS[b], "people": len(crosser[a, b]), "crossings": crossed[a, b]}
                for a in DOMAINS
                for b in DOMAINS
                if a != b
            ],
        }

    def links(self, period: Period) -> Counter[tuple[int, str, str]]:
        """People introduced in the period by first source, first channel, outcome."""
        counts: Counter[tuple[int, str, str]] = Counter()
        for person, first in self.first.items():
            if first["introduce"] and period.first <= first["introduce"] <= period.last:
                touches = self.touches(person)
                granted = [row["channel"] for row in self.consents[person] if row["is_granted"]]
                outcome = ("none", "convert", "repurchase")[min(len(self.orders[person]), 2)]
                counts[touches[0]["source_id"] if touches else 0, granted[0] if granted else "", outcome] += 1
        return counts

    def fans(self, last: date) -> tuple[int, int]:
        """Fans at the end of a day, and people who had stated anything by then."""
        fans = asked = 0
        for rows in self.consents.values():
            newest: dict[str, bool] = {}
            for row in rows:
                if self.day(row["decided_at"]) <= last:
                    newest[row["channel"]] = row["is_granted"]
            fans += any(newest.values())
            asked += bool(newest)
        return fans, asked

    def boarded(self, period: Period) -> int:
        count = 0
        for rows in self.consents.values():
            newest: dict[str, bool] = {}
            for row in rows:
                was_fan = any(newest.values())
                newest[row["channel"]] = row["is_granted"]
                is_new = not was_fan and any(newest.values())
                count += is_new and period.first <= self.day(row["decided_at"]) <= period.last
        return count

    def spent(self, period: Period) -> Counter[int]:
        spent: Counter[int] = Counter()
        for row in self.world.tables["spend"]:
            if period.first <= row["spent_on"] <= period.last:
                spent[row["source_id"]] += row["amount_minor"] or 0
        return spent

    def ordered(self, period: Period) -> list[Row]:
        every = [order for orders in self.orders.values() for order in orders]
        return [order for order in every if period.first <= self.day(order["placed_at"]) <= period.last]

    def attribution(self, period: Period) -> dict[int, tuple[int, int, int, int]]:
        """By source: spend, revenue, orders, people."""
        revenue: Counter[int] = Counter()
        orders: Counter[int] = Counter()
        people: dict[int, set[int]] = defaultdict(set)
        for order in self.ordered(period):
            person, placed = order["person_id"], order["placed_at"]
            seen = [touch for touch in self.touches(person) if touch["occurred_at"] <= placed]
            last = seen[-1] if seen and seen[-1]["occurred_at"] >= placed - timedelta(days=30) else None
            source = last["source_id"] if last else 0
            revenue[source] += order["net_minor"] or 0
            orders[source] += 1
            people[source].add(person)
        spent = self.spent(period)
        return {s: (spent[s], revenue[s], orders[s], len(people[s])) for s in {*spent, *orders}}

    def cohorts(self, grain: str) -> dict[date, dict[int, tuple[int, int]]]:
        """By cohort and periods since: people and revenue."""
        people: dict[tuple[date, int], set[int]] = defaultdict(set)
        revenue: Counter[tuple[date, int]] = Counter()
        for person, orders in self.orders.items():
            days = [self.day(order["placed_at"]) for order in orders]
            for day, order in zip(days, orders, strict=True):
                if grain == "month":
                    cohort = days[0].replace(day=1)
                    since = (day.year - cohort.year) * 12 + day.month - cohort.month
                else:
                    cohort = days[0] - timedelta(days=days[0].weekday())
                    since = (day - cohort).days // 7
                people[cohort, since].add(person)
                revenue[cohort, since] += order["net_minor"] or 0
        result: dict[date, dict[int, tuple[int, int]]] = defaultdict(dict)
        for (cohort, since), who in people.items():
            result[cohort][since] = (len(who), revenue[cohort, since])
        return result

    def referral(self) -> dict[str, Any]:
        sent = sum(
            event["kind"] == 1 and event["name"] == "Invite Sent" for rows in self.events.values() for event in rows
        )
        parent: dict[int, int] = {}
        for row in sorted(self.invites, key=lambda row: (row["accepted_at"], row["referrer_id"])):
            parent.setdefault(row["referee_id"], row["referrer_id"])
        members = sum(first["operate"] is not None for first in self.first.values())
        return {
            "invites": sent,
            "accepted_invites": len(parent),
            "members": members,
            "parents": parent,
            "people": {*parent, *parent.values()},
        }


def _least(instants: list[datetime]) -> datetime | None:
    return min(instants, default=None)


def name_of(source_id: int) -> str:
    return SOURCES[source_id]["slug"] if source_id in SOURCES else "none"
