"""Links, the messages that they stand in, and visits, read and written through one transaction."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.loop.operate.links.contracts import Change, Counts, Day, Found, Kind, Link, Mark, Message, Visit
from fanwheel.loop.operate.links.rules import LINK_LENGTH, PROXIES, RECIPIENT_LENGTH, is_machine, new_code

_SQL: Final = sqlfile.load("fanwheel.loop.operate.links")


class LinkRepository:
    """The links of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def put(self, version_id: int, urls: Sequence[str], utm: Mapping[str, str]) -> dict[str, str]:
        """The codes of addresses in a version, by address."""
        given = {
            "urls": list(urls),
            "digests": [_digest(url) for url in urls],
            "codes": [new_code(LINK_LENGTH) for _ in urls],
        }
        said = msgspec.json.encode(utm).decode()
        rows = await self._tx.all(_SQL["put_links"], version_id=version_id, utm=said, **given)
        codes = {row["url"]: row["code"] for row in rows}
        if len(codes) < len(set(urls)):
            more = await self._tx.all(_SQL["list_codes"], version_id=version_id, digests=given["digests"])
            codes |= {row["url"]: row["code"] for row in more}
        return codes

    async def put_messages(self, messages: Sequence[Message], *, now: datetime) -> dict[str, str]:
        """The second halves of codes, by the messages' keys."""
        columns = {
            "codes": [new_code(RECIPIENT_LENGTH) for _ in messages],
            "keys": [each.key for each in messages],
            "persons": [each.person_id for each in messages],
            "versions": [each.version_id for each in messages],
            "channels": [each.channel for each in messages],
            "accounts": [each.account_id for each in messages],
            "steps": [each.step for each in messages],
            "variants": [each.variant for each in messages],
            "languages": [each.language for each in messages],
        }
        rows = await self._tx.all(_SQL["put_recipients"], now=now, **columns)
        return {row["message_key"]: row["code"] for row in rows}

    async def add(self, url: str, *, name: str, has_utm: bool, utm: Mapping[str, str], actor: str) -> int:
        """The number of a link made by hand."""
        # Two made by hand may lead to one address: they are counted apart.
        code = new_code(LINK_LENGTH)
        digest = _digest(f"{code} {url}")
        said = msgspec.json.encode(utm).decode()
        made = await self._tx.value(
            _SQL["add_link"], url=url, digest=digest, code=code, name=name, has_utm=has_utm, utm=said, actor=actor
        )
        return int(made)

    async def change(self, link: Link, wanted: Change) -> None:
        """Write what is to change about a link made by hand."""
        utm = None if wanted.utm is None else msgspec.json.encode(wanted.utm).decode()
        await self._tx.run(
            _SQL["change_link"],
            link_id=link.link_id,
            url=wanted.url,
            digest=None if wanted.url is None else _digest(f"{link.code} {wanted.url}"),
            name=wanted.name,
            has_utm=wanted.has_utm,
            utm=utm,
        )

    async def list_links(
        self,
        *,
        version_id: int | None = None,
        link_id: int | None = None,
        q: str | None = None,
        before: int | None = None,
        most: int = 100,
    ) -> list[Link]:
        """Links, newest first."""
        asked = {"version_id": version_id, "link_id": link_id, "q": q, "before": before, "most": most}
        return [Link(**row) for row in await self._tx.all(_SQL["list_links"], **asked)]

    async def list_days(self, link_id: int, *, since: datetime) -> list[Day]:
        """How often a link was followed, day by day."""
        return [Day(**row) for row in await self._tx.all(_SQL["list_days"], link_id=link_id, since=since)]

    async def find(self, code: str) -> Found | None:
        """Whose link a code is, in whatever workspace."""
        row = await self._tx.one_or_none(_SQL["find_link"], code=code)
        return None if row is None else Found(**row)

    async def find_workspace(self, recipient: str) -> int | None:
        """In which workspace a message's code is known."""
        found: int | None = await self._tx.value(_SQL["find_recipient_workspace"], code=recipient)
        return found

    async def find_message(self, recipient: str) -> Row | None:
        """Channel, step, variant and version of a message."""
        return await self._tx.one_or_none(_SQL["find_recipient"], code=recipient)

    async def get_profile(self) -> dict[str, Any]:
        """What the brand says of its links."""
        profile: dict[str, Any] | None = await self._tx.value(_SQL["get_profile"])
        return profile or {}

    async def add_visit(
        self, kind: Kind, *, link_id: int | None, recipient: str | None, machine: str, now: datetime
    ) -> None:
        """Note a visit."""
        await self._tx.run(_SQL["add_visit"], kind=kind, link_id=link_id, recipient=recipient, machine=machine, now=now)

    async def list_work(self) -> list[int]:
        """Workspaces with visits to decide."""
        return [row["workspace_id"] for row in await self._tx.all(_SQL["list_work"])]

    async def take_unsettled(self, *, until: datetime, most: int) -> list[Visit]:
        """The oldest visits that are not decided."""
        rows = await self._tx.all(_SQL["take_unsettled"], until=until, most=most)
        return [Visit(**row) for row in rows]

    async def list_beside(self, recipients: Collection[str], *, low: datetime, high: datetime) -> list[Visit]:
        """Visits to some messages around a time."""
        rows = await self._tx.all(_SQL["list_beside"], recipients=list(recipients), low=low, high=high)
        return [Visit(**row) for row in rows]

    async def list_recipients(self, codes: Collection[str]) -> dict[str, Row]:
        """Messages with an identifier of the person behind each, by code."""
        rows = await self._tx.all(_SQL["list_recipients"], codes=list(codes))
        return {row["code"]: row for row in rows}

    async def list_names(self, link_ids: Collection[int]) -> dict[int, str]:
        """Codes of links by number."""
        rows = await self._tx.all(_SQL["list_names"], link_ids=list(link_ids))
        return {row["link_id"]: row["code"] for row in rows}

    async def settle(self, decided: Mapping[int, str]) -> None:
        """Write what was decided of visits."""
        await self._tx.run(_SQL["settle"], visits=list(decided), machines=list(decided.values()))

    async def count_steps(self, steps: Sequence[str]) -> dict[tuple[str, str], Counts]:
        """What came of the messages of steps, by step and variant."""
        rows = await self._tx.all(_SQL["count_steps"], steps=list(steps), people=["", *PROXIES])
        return {(row.pop("step"), row.pop("variant")): Counts(**row) for row in rows}

    async def list_marks(self, keys: Collection[str]) -> list[Mark]:
        """What was done with some messages, in order."""
        rows = await self._tx.all(_SQL["list_marks"], keys=list(keys))
        return [
            Mark(
                row["message_key"],
                row["kind"],
                row["visited_at"],
                is_machine(row["machine"]),
                row["machine"],
                row["url"],
            )
            for row in rows
        ]


def _digest(url: str) -> bytes:
    return hashlib.sha256(url.encode()).digest()
