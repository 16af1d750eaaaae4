"""The stage of an ordeal: people whose fates are known, two channels, and a broadcast made as people make it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx
import psycopg

from fanwheel.cdp import consent, persons
from fanwheel.entrypoints.simulator import Simulator
from fanwheel.infra.access import Role, service
from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import utc_now
from tests.support.product import OWNER, PASSWORD, Product

NUMBER: Final = "106540352242922"
TEXTS: Final = "AC0ordeal"
VARIANTS: Final = ("A", "B")
WINNER: Final = "B"
UNIVERSAL, HELD_OUT = 0.05, 0.05  # of everything, and of this broadcast
TRIED: Final = 0.4
_TOKEN, _SECRET = "ordeal-token", "ordeal-secret"
_AT_ONCE: Final = 1_000  # people who are put on a list by one request
# What becomes of people is known beforehand: one in so many of each of the first fates, and of the rest every other one
# may be written to on both channels. The last route, the state and the rule that each may end with:
_ONE_IN: Final = 50
_HEARS: Final = {("sent", None), ("held_out", "holdout")}
FATES: Final[Mapping[str, set[tuple[int, str, str | None]]]] = {
    "silent": {(1, "skipped", "consent")},
    "suppressed": {(1, "skipped", "suppressed")},
    "unreachable": {(1, "skipped", "address")},
    "withdrawn": {(1, state, rule) for state, rule in _HEARS},
    # The quota keeps some of these from the first route; of whose answer was lost before that nobody knows.
    "one way": {*((0, *each) for each in _HEARS), (0, "unclear", "quota"), (1, "skipped", "consent")},
    "two ways": {(place, *each) for place in (0, 1) for each in _HEARS} | {(0, "unclear", "quota")},
}
_TEXTED: Final = ("suppressed", "withdrawn", "two ways")
_CHANNELS: Final = ("whatsapp", "sms")
_CROWD: Final = """
WITH known AS (
    INSERT INTO identifier (workspace_id, identifier_hash, kind, value, home_id, person_id, first_seen_at)
    SELECT %(workspace)s, hash, kind, value, number, number, now() - interval '30 days' FROM given
), living AS (
    INSERT INTO person (workspace_id, person_id, first_seen_at, last_seen_at, introduced_at)
    SELECT %(workspace)s, number, now(), now(), now() FROM given
), further AS (
    SELECT setval('person_home_id', max(number) + 1) FROM given
), said AS (
    INSERT INTO consent (workspace_id, home_id, channel, purpose, is_granted, decided_at, evidence)
    SELECT %(workspace)s, number, channel, 'marketing', channel = 'sms' OR fate <> 'withdrawn',
           now() - interval '1 day', '{"event": "Form Submitted", "proof": "form 1"}'
      FROM given
      JOIN unnest(ARRAY['whatsapp', 'sms']) AS channel
        ON CASE channel WHEN 'sms' THEN fate = ANY (%(texted)s::text[]) ELSE fate <> 'silent' END
)
SELECT count(*) FROM further
"""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How large it is, how fast the platforms take messages, and what is killed, in an order that the seed decides.

    What is killed “amid a portion” dies while a portion of people is handed to the send path.
    """

    people: int
    quota: int  # people whom WhatsApp lets a number write to in a day
    per_second: int  # that WhatsApp takes
    per_minute: int  # people who are handed to the send path
    at_once: int
    kills: tuple[str, ...]
    ends_leases: bool = False  # at once, instead of in a minute
    seed: int = 7
    minutes: int = 12


class Stage:
    """One product with its people, and the platforms that it speaks through."""

    def __init__(self, product: Product, simulator: Simulator, plan: Plan) -> None:
        self._product = product
        self._simulator = simulator
        self._plan = plan
        self.fates = {number: _fate(number) for number in range(1, plan.people + 1)}

    def set(self, workspace: int) -> int:
        """The number of a broadcast to everybody that was launched."""
        self._settle_in(workspace)
        self._product.server_key = asyncio.run(self._introduce(workspace))
        whatsapp, texts = self._connect_whatsapp(), self._connect_texts()
        rules = {"caps": [], "quiet": [], "holdouts": {"universal": UNIVERSAL, "channel": 0}}
        self._product.api("PUT", "/api/reach/rules", json=rules)
        return self._launch({"whatsapp": whatsapp, "sms": texts})

    # ------------------------------------------------------------ people
    def _settle_in(self, workspace: int) -> None:
        with psycopg.connect(self._product.dsn, autocommit=True) as conn:
            conn.execute("CREATE TEMPORARY TABLE given (number bigint, hash uuid, kind text, value text, fate text)")
            with conn.cursor().copy("COPY given FROM STDIN") as copy:
                for number, fate in self.fates.items():
                    kind, value = ("user_id", f"u{number}") if fate == "unreachable" else ("phone", phone(number))
                    copy.write_row([number, persons.identifier_hash(kind, value), kind, value, fate])
            conn.execute(_CROWD.encode(), {"workspace": workspace, "texted": list(_TEXTED)})
            conn.execute("ANALYZE")

    async def _introduce(self, workspace: int) -> str:
        """A key that may do everything; those who want to hear nothing more have said so."""
        refused = [phone(number) for number, fate in self.fates.items() if fate == "suppressed"]
        entries = [consent.Entry("phone", value, channel, "manual") for value in refused for channel in _CHANNELS]
        hasher = consent.AddressHasher(Settings(home=self._product.home))
        async with await Database.open(self._product.dsn, max_size=1) as db, db.transaction(workspace) as tx:
            await consent.suppress(tx, hasher, entries, actor="system", now=utc_now())
            return (await service.add_key(tx, "cli", kind="server", name="Ordeal", role=Role.OWNER))[1]

    # ------------------------------------------------------------ channels
    def _connect_whatsapp(self) -> int:
        values = {"phone_number_id": NUMBER, "access_token": _TOKEN, "app_secret": _SECRET}
        account = self._add_account("whatsapp", values)
        self._simulator.do(
            "whatsapp",
            "connect",
            **values,
            callback_url=account["callback_url"],
            verify_token=account["settings"]["verify_token"],
            templates=[_template(variant) for variant in VARIANTS],
            per_second=self._plan.per_second,
            daily=self._plan.quota,
        )
        api = self._product.api
        allowances = api("GET", "/api/reach/allowances")["items"]
        quota = next(each["allowance_id"] for each in allowances if each["name"] == "whatsapp_template")
        api("PATCH", f"/api/reach/allowances/{quota}", json={"most": self._plan.quota})
        return int(account["account_id"])

    def _connect_texts(self) -> int:
        values = {"account_sid": TEXTS, "auth_token": _TOKEN, "sender": "+15550100"}
        account = self._add_account("sms", values)
        told = {"account": TEXTS, "auth_token": _TOKEN, "callback_url": account["callback_url"]}
        self._simulator.do("sms", "connect", **told)
        return int(account["account_id"])

    def _add_account(self, channel: str, values: Mapping[str, str]) -> dict[str, Any]:
        api = self._product.api
        values = {**values, "base_url": f"{self._simulator.url}/{channel}"}
        account: dict[str, Any] = api(
            "POST", "/api/channels/accounts", json={"channel": channel, "name": channel, "values": values}
        )
        pace = {"per_second": self._plan.per_second, "when_unclear": "twice", "at_once": self._plan.at_once}
        api("PATCH", f"/api/reach/senders/{account['account_id']}", json=pace)
        return account

    # ------------------------------------------------------------ the broadcast
    def _launch(self, accounts: Mapping[str, int]) -> int:
        """Write a broadcast with two routes and a test of variants, let the owner agree to it, and launch it."""
        api = self._product.api
        api("PUT", "/api/broadcasts/settings", json={"approval_above": 100})
        said: dict[str, list[dict[str, Any]]] = {
            "whatsapp": [{"type": "template", "name": _template(variant), "language": "en"} for variant in VARIANTS],
            "sms": [{"type": "text", "text": f"Spring {variant}"} for variant in VARIANTS],
        }
        routes = [
            {"channel": channel, "account_id": accounts[channel], "template_id": self._publish(channel, said[channel])}
            for channel in _CHANNELS
        ]
        found = api("POST", "/api/broadcasts", json={
            "name": "Spring", "audience": {"list_id": self._list_everybody()}, "routes": routes,
            "per_minute": self._plan.per_minute, "holdout_share": HELD_OUT, "expires_hours": 1,
            "experiment": {"share": TRIED, "metric": "replied", "otherwise": "hold"},
        })  # fmt: skip
        path = f"/api/broadcasts/{found['broadcast_id']}"
        found = api("POST", f"{path}/submit", json={"version": found["version"], "note": "To be sent."})
        self._agree(path, version=found["version"])
        found = api("POST", f"{path}/launch", json={"version": found["version"]})
        assert found["people"] == self._plan.people
        return int(found["broadcast_id"])

    def _publish(self, channel: str, parts: Sequence[Mapping[str, Any]]) -> int:
        variants = [
            {"key": variant, "wordings": {"en": {"parts": [part]}}}
            for variant, part in zip(VARIANTS, parts, strict=True)
        ]
        content = {"language": "en", "variants": variants}
        api = self._product.api
        made = api(
            "POST", "/api/templates", json={"channel": channel, "name": f"Spring by {channel}", "content": content}
        )
        api("POST", f"/api/templates/{made['template_id']}/publish", json={})
        return int(made["template_id"])

    def _list_everybody(self) -> int:
        api, everybody = self._product.api, list(self.fates)
        made = api("POST", "/api/lists", json={"name": "Everybody"})
        for first in range(0, len(everybody), _AT_ONCE):
            people = everybody[first : first + _AT_ONCE]
            api("POST", f"/api/lists/{made['list_id']}/members", json={"add": people})
        return int(made["list_id"])

    def _agree(self, path: str, *, version: int) -> None:
        """The owner looks at it and agrees; a key could not."""
        with httpx.Client(base_url=self._product.url, timeout=30) as browser:
            me = browser.post("/api/auth/login", json={"email": OWNER, "password": PASSWORD}).json()
            headers = {"X-CSRF-Token": me["csrf_token"]}
            answer = browser.post(f"{path}/approve", json={"version": version}, headers=headers)
            assert answer.status_code == 200, answer.text


def phone(number: int) -> str:
    """The number by which a person is reached."""
    return f"+86139{12_345_678 + number}"


def person_of(address: str) -> int:
    """Whose number it is."""
    return int(address[-8:]) - 12_345_678


def _template(variant: str) -> str:
    return f"spring_{variant.lower()}"


def _fate(number: int) -> str:
    rare = {0: "silent", 1: "suppressed", 2: "unreachable", 3: "withdrawn"}
    return rare.get(number % _ONE_IN, "one way" if number % 2 else "two ways")
