"""The list of people, the portraits and the reports say the same of the same events."""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.house import House
from tests.support.ingest import send, with_writer
from tests.support.stream import Event, Stream, seconds

from fanwheel.cdp.events.asgi import Key
from fanwheel.infra.postgres import Database
from fanwheel.loop import wheel

WHENEVER = "from=2026-01-01&to=2035-12-31"


@pytest.fixture(scope="module")
def house(shared_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House.open(shared_dsn, Path(tmp_path_factory.mktemp("home"))) as running:
        yield running


def take_in(stream: Stream, *batches: list[dict[str, Any]]) -> None:
    """Send batches through ingest, one after the other, and let the worker do its part."""

    async def work(writer: Any) -> None:
        for batch in batches:
            await send(writer, Key(stream.workspace, 0), *batch)

    with_writer(stream.dsn, work)
    stream.project()
    asyncio.run(_tidy(stream.dsn))


async def _tidy(dsn: str) -> None:
    async with await Database.open(dsn, max_size=2) as db:
        await wheel.tidy(db)


def seen(user: str, **more: Any) -> dict[str, Any]:
    return {"type": "track", "event": "Product Viewed", "userId": user, **more}


def listed(house: House, stream: Stream, **asked: str) -> tuple[int, list[str | None]]:
    answer = house.member(stream.workspace, "owner").get("/api/people", params=asked).json()
    return answer["total"], sorted(item["name"] for item in answer["items"])


def people_by_stage(house: House, stream: Stream) -> dict[str, int]:
    answer = house.member(stream.workspace, "viewer").get(f"/api/measure/stages?{WHENEVER}").json()
    return {stage["stage"]: stage["people"] for stage in answer["stages"]}


USERS = [f"u{n}" for n in range(7)]
AT_ONE_MAILBOX = [seen(user, context={"traits": {"email": "office@brand.io"}}) for user in USERS]
AT_ONE_KIOSK = [seen(user, anonymousId="kiosk") for user in USERS]


@pytest.mark.parametrize("events", [AT_ONE_MAILBOX, AT_ONE_KIOSK], ids=["mailbox", "kiosk"])
@pytest.mark.parametrize("at_once", [True, False])
def test_an_identifier_of_nobody_is_not_listed_but_found(
    house: House, stream: Stream, events: list[dict[str, Any]], at_once: bool
) -> None:
    take_in(stream, *([events] if at_once else [[event] for event in events]))

    assert listed(house, stream) == (7, USERS)
    assert people_by_stage(house, stream)["introduce"] == 7
    nobody = "office@brand.io" if events is AT_ONE_MAILBOX else "kiosk"
    assert listed(house, stream, q=nobody)[0] == 1

    # It becomes somebody as soon as it does something by itself.
    take_in(stream, [{"type": "page", "anonymousId": "kiosk"}])
    assert listed(house, stream)[0] == 8


def test_an_identifier_split_off_is_found_and_joined_again(house: House, stream: Stream) -> None:
    take_in(stream, [seen("ann", context={"traits": {"email": "ann@brand.io"}})])
    owner = house.member(stream.workspace, "owner")
    (home,) = stream.rows("SELECT home_id FROM identifier WHERE workspace_id = %(workspace)s AND kind = 'email'")
    (ann,) = owner.get("/api/people").json()["items"]

    owner.post(f"/api/people/{ann['id']}/unmerge", {"home_ids": [home["home_id"]]})
    asyncio.run(_tidy(stream.dsn))

    assert listed(house, stream) == (1, ["ann"])
    assert listed(house, stream, q="ann@brand.io") == (1, ["ann***"])
    owner.post(f"/api/people/{ann['id']}/merge", {"person_id": home["home_id"]})
    assert listed(house, stream) == (1, ["ann"])


DAY = 86_400


def says(who: str, name: str, day: int, **properties: Any) -> Event:
    return Event(who=who, name=f"Invite {name}", at=day * DAY, properties=properties)


INVITES = (
    says("u1", "Sent", 2, code="A"),
    says("u2", "Sent", 1, code="A"),  # the code is u2's, whenever that is heard
    says("u3", "Accepted", 5, code="A"),
    says("u3", "Accepted", 3, referrer_id="u4"),  # two invites for one person: the earlier brought them, both shared
    says("u9", "Accepted", 9, referrer_id="u3"),
    says("u2", "Accepted", 6, code="A"),  # nobody brings themselves
    says("u5", "Accepted", 7, code="B"),
    says("u6", "Sent", 8, code="B"),  # told after it was taken up
    says("u7", "Accepted", 4, code="nobody's"),
    says("u8", "Accepted", 6, code=" A ", referrer_id="null"),  # no referrer that could be known: the code counts
)


@pytest.mark.parametrize("merge_at", [None, 0, 1, 2])
@pytest.mark.parametrize("seed", range(2))
def test_invites_say_the_same_everywhere_whatever_is_heard_first(
    house: House, stream: Stream, seed: int, merge_at: int | None
) -> None:
    rng = random.Random(f"{seed} {merge_at}")
    events, cut = rng.sample(INVITES, len(INVITES)), rng.randrange(len(INVITES))
    for who in ("u1", "u2", "u3", "u4", "u6"):
        stream.home(who)

    for step, group in enumerate((events[:cut], events[cut:], [])):
        if merge_at == step:
            stream.merge("u3", "u4")
        if group:
            stream.tell(*group)
    asyncio.run(_tidy(stream.dsn))

    # By hand. Where u3 and u4 are one, u4's invite was one to oneself, and u2's brought them.
    shared = {"u1": 2, "u2": 1, "u3": 9, "u6": 7} | ({"u4": 3} if merge_at is None else {})
    told = {row["value"]: row["shared_at"] for row in stream.rows(SHARED)}
    assert {who: seconds(at) / DAY for who, at in told.items() if at} == shared
    viewer = house.member(stream.workspace, "owner")
    days = viewer.get("/api/measure/stages?from=2026-03-01&to=2026-03-20").json()["days"]
    assert [day["share"] for day in days[:10]] == [list(shared.values()).count(number) for number in range(10)]
    assert viewer.get("/api/people?stage=share").json()["total"] == len(shared)
    tree = viewer.get("/api/measure/referral").json()["tree"]
    who = {stream.home(f"u{number}"): f"u{number}" for number in range(1, 10)}
    brought = {who[member["person_id"]]: who.get(member["parent_id"]) for member in tree if member["parent_id"]}
    assert brought == {"u3": "u4" if merge_at is None else "u2", "u5": "u6", "u8": "u2", "u9": "u3"}


SHARED = """SELECT identifier.value, person.shared_at FROM person JOIN identifier USING (workspace_id, person_id)
             WHERE workspace_id = %(workspace)s AND identifier.home_id = person.person_id"""
