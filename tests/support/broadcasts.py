"""A town that broadcasts are sent to: accounts on two channels, templates, lists, and workers that may die."""

import asyncio
import json
import secrets
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from fanwheel.domains.private.channels.contracts import Text
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate import broadcasts, reach
from fanwheel.loop.operate.broadcasts import lifecycle, service
from tests.support.reach import ACCOUNT, Town

SECOND = 8
ANA, BEN = "user:1", "user:2"


class CrashError(Exception):
    """The worker died before its portion was committed."""


class Square(Town):
    """A town with accounts, templates and lists as broadcasts need them; ``second`` is a channel beside mail."""

    def __init__(self, dsn: str, home: Path) -> None:
        super().__init__(dsn, home)
        self.add_account(SECOND, kind="webhook")
        for account_id, channel in ((ACCOUNT, "email"), (SECOND, "webhook")):
            self.rows(
                """INSERT INTO channel_account (workspace_id, account_id, channel, key, name, created_by)
                   OVERRIDING SYSTEM VALUE VALUES (%s, %s, %s, %s, %s, 'test')""",
                self.workspace,
                account_id,
                channel,
                secrets.token_hex(8),
                channel,
            )

    def template(self, channel: str = "email", variants: Sequence[str] = ("A",)) -> int:
        """A published template."""
        template_id = self.value(
            """INSERT INTO template (workspace_id, channel, name, draft, is_changed, created_by, updated_by)
               VALUES (%s, %s, %s, '{}', false, 'test', 'test') RETURNING template_id""",
            self.workspace,
            channel,
            secrets.token_hex(4),
        )
        self.publish(int(template_id), channel, variants)
        return int(template_id)

    def publish(self, template_id: int, channel: str = "email", variants: Sequence[str] = ("A",)) -> None:
        """Another version of a template."""
        self.rows(
            """WITH made AS (
                   INSERT INTO template_version
                          (workspace_id, template_id, number, channel, content, compiled, published_by)
                   SELECT %s, %s, count(*) + 1, %s, %s, '{}', 'test' FROM template_version RETURNING version_id)
               UPDATE template SET published_id = version_id FROM made WHERE workspace_id = %s AND template_id = %s""",
            self.workspace,
            template_id,
            channel,
            json.dumps({"variants": [{"key": key, "wordings": {}} for key in variants]}),
            self.workspace,
            template_id,
        )

    def list_of(self, homes: Sequence[int]) -> int:
        """A list with some people on it."""
        list_id = int(
            self.value(
                "INSERT INTO list (workspace_id, name, size, created_by) VALUES (%s, %s, %s, 't') RETURNING list_id",
                self.workspace,
                secrets.token_hex(4),
                len(homes),
            )
        )
        sql = "INSERT INTO person_list (workspace_id, list_id, home_id) SELECT %s, %s, unnest(%s::bigint[])"
        self.rows(sql, self.workspace, list_id, list(homes))
        return list_id

    def allow_second(self, homes: Sequence[int]) -> None:
        """Let people be written to on the second channel."""
        self.rows(
            """INSERT INTO consent (workspace_id, home_id, channel, purpose, is_granted, decided_at, evidence)
               SELECT %s, unnest(%s::bigint[]), 'webhook', 'marketing', true, %s,
                      '{"event": "x", "proof": "form 1"}'""",
            self.workspace,
            list(homes),
            self.now,
        )

    def draft(
        self, homes: Sequence[int], *, fallback: bool = False, variants: Sequence[str] = ("A",), **more: Any
    ) -> int:
        """A broadcast by mail to some people, else by the second channel."""
        routes = [{"channel": "email", "account_id": ACCOUNT, "template_id": self.template(variants=variants)}]
        if fallback:
            second = {"channel": "webhook", "account_id": SECOND, "template_id": self.template("webhook")}
            routes.append(second)
        values = {
            "name": "Tea",
            "purpose": "marketing",
            "audience": {"list_id": self.list_of(homes), "without": []},
            "routes": routes,
            "schedule": {"kind": "now"},
            "per_minute": None,
            "experiment": None,
            "holdout_share": 0,
            "seed_list_id": None,
            "expires_hours": 24,
        }
        return self.do(lambda tx: service.create(tx, values | more, actor=ANA))

    def launch(self, broadcast_id: int) -> int:
        self.do(lambda tx: lifecycle.launch(tx, broadcast_id, version=None, actor=ANA, now=self.now))
        return broadcast_id

    def begin(self, homes: Sequence[int], **more: Any) -> int:
        return self.launch(self.draft(homes, **more))

    def release(self, broadcast_id: int, *, crashes: bool = False) -> int:
        """Go on until there is nothing more to do now; with ``crashes`` each portion is lost once before it counts."""
        portions = 0
        while True:
            if crashes:
                with pytest.raises(CrashError):
                    self.do(lambda tx: self._die(tx, broadcast_id))
            portions += 1
            if not self.do(lambda tx: broadcasts.go_on(tx, broadcast_id, now=self.now)):
                return portions

    async def _die(self, tx: Transaction, broadcast_id: int) -> None:
        await broadcasts.go_on(tx, broadcast_id, now=self.now)
        raise CrashError

    def release_beside_each_other(self, workers: int) -> None:
        """Go on with whatever is under way, by several workers at once."""

        async def work() -> None:
            while await broadcasts.run_once(self.database, lambda: self.now):
                pass

        async def all_work() -> None:
            await asyncio.gather(*(work() for _ in range(workers)))

        self.runner.run(all_work())

    def go(self, broadcast_id: int, *, crashes: bool = False) -> None:
        """Release and send, back and forth, until the broadcast is over or waits for something."""
        for _ in range(6):
            self.release(broadcast_id, crashes=crashes)
            self.send(say)

    def heard(self) -> Counter[int]:
        """How often each person was written to."""
        rows = self.rows("SELECT intent_id, home_id FROM intent WHERE workspace_id = %s", self.workspace)
        homes = {int(intent): int(home) for intent, home in rows}
        return Counter(homes[int(key.split("-")[2])] for key in self.sink.taken.elements())

    def get(self, broadcast_id: int) -> broadcasts.Broadcast:
        return self.do(lambda tx: broadcasts.get(tx, broadcast_id))


async def say(_: Transaction, writings: Sequence[reach.Writing]) -> list[reach.Written]:
    """Words of a template: the variant that was asked for."""
    return [reach.Written((Text(each.variant or "by weight"),), note={"variant": each.variant}) for each in writings]
