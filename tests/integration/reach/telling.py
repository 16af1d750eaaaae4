"""What people do on Telegram, and what the product makes of it."""

from typing import Any

from tests.integration.reach.conftest import TOKEN, Served

from fanwheel.entrypoints.simulator import Simulator
from fanwheel.loop.operate.receiving import Receiver

ANA = 10_001


def tell(platforms: Simulator, verb: str, person: int = ANA, **args: Any) -> int | None:
    status: int | None = platforms.do("telegram", verb, token=TOKEN, person=person, **args)["status"]
    return status


def take_in(served: Served, workspace: int, *, clock: Any = None) -> int:
    """What a worker does until nothing is left, and how many turns that took."""

    async def run() -> int:
        receiver = Receiver(served.house.settings, served.house.database, **({"clock": clock} if clock else {}))
        turns = 0
        while await receiver.take_in(workspace):
            turns += 1
        return turns

    return served.house.run(run())


def facts(served: Served, workspace: int) -> list[tuple[str, dict[str, Any]]]:
    """Names and properties of what is to become events."""
    rows = served.house.rows(
        "SELECT name, properties FROM fact_outbox WHERE workspace_id = %s ORDER BY fact_id", workspace
    )
    return [(row["name"], row["properties"]) for row in rows]


def names(served: Served, workspace: int) -> list[str]:
    return [name for name, _ in facts(served, workspace) if name]


def states(served: Served, workspace: int) -> list[tuple[str, str]]:
    rows = served.house.rows("SELECT state, body FROM inbound WHERE workspace_id = %s ORDER BY inbound_id", workspace)
    return [(row["state"], row["body"]) for row in rows]


def update(number: int, text: str = "Hi", person: int = ANA) -> dict[str, Any]:
    sender = {"id": person, "is_bot": False, "first_name": "Ana", "language_code": "en"}
    message = {"message_id": number, "from": sender, "chat": {"id": person, "type": "private"}, "date": 1_790_000_000}
    return {"update_id": number, "message": {**message, "text": text}}


def secret_of(platforms: Simulator) -> str:
    return str(platforms.platform("telegram")._bots[TOKEN].secret)
