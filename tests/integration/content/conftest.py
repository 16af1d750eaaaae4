"""One application for the folder; each test has a workspace of its own, with two people in it."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.databases import copied
from tests.support.house import Browser, House

from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate import content

MAIL = {
    "subject": "{{ person.first_name }}, spring tea",
    "preheader": "Just in",
    "blocks": [
        {"type": "text", "text": "Hello **{{ person.first_name | default: 'friend' }}**"},
        {"type": "button", "label": "Shop", "url": "https://shop.example/tea?x=1"},
        {"type": "footer"},
    ],
}


@pytest.fixture(scope="session")
def house(postgres_dsn: str, template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with (
        copied(postgres_dsn, template_database) as dsn,
        House.open(dsn, tmp_path_factory.mktemp("content")) as opened,
    ):
        yield opened


class Desk:
    """A workspace with an operator at work in it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.workspace = house.workspace("Mist")
        self.version = 0  # of a template that tests say again and again
        self.operator: Browser = house.member(self.workspace, "operator")

    def person(self, home: int, **traits: Any) -> int:
        """A person with an e-mail address and some traits."""
        from psycopg.types.json import Jsonb

        self.house.rows(
            "INSERT INTO identifier (workspace_id, identifier_hash, kind, value, home_id, person_id, first_seen_at)"
            " VALUES (%s, gen_random_uuid(), 'email', %s, %s, %s, now())",
            self.workspace, f"p{home}@a.example", home, home,
        )  # fmt: skip
        self.house.rows(
            "INSERT INTO person (workspace_id, person_id, display_name, traits, first_seen_at, last_seen_at,"
            " introduced_at)"
            " VALUES (%s, %s, %s, %s, now(), now(), now())",
            self.workspace, home, str(traits.get("first_name", "")), Jsonb(traits),
        )  # fmt: skip
        return home

    def template(
        self, wording: dict[str, Any], *, channel: str = "email", name: str = "Spring", **more: Any
    ) -> dict[str, Any]:
        """A new template in English, with what is wrong with it."""
        raw = {"language": "en", "variants": [{"key": "A", "wordings": {"en": wording}}], **more}
        answer = self.operator.post("/api/templates", {"channel": channel, "name": name, "content": raw})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def publish(self, template: dict[str, Any]) -> int:
        """The version that a template's draft becomes."""
        answer = self.operator.post(f"/api/templates/{template['template_id']}/publish", {"note": "first"})
        assert answer.status_code == 200, answer.text
        return int(answer.json()["published_id"])

    def word(self, version_id: int, *recipients: content.Recipient) -> list[content.Worded]:
        """What a version says to some people."""

        async def work() -> list[content.Worded]:
            async with self.house.database.transaction(self.workspace) as tx:
                return await content.render(tx, version_id, recipients, site_url="https://wheel.example")

        return self.house.run(work())

    def within(self, work: Any) -> Any:
        """What ``work`` gives within a transaction of the workspace."""

        async def run() -> Any:
            async with self.house.database.transaction(self.workspace) as tx:
                assert isinstance(tx, Transaction)
                return await work(tx)

        return self.house.run(run())


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house)
