"""People write to the demo brand: once, through the same doors as everybody."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Final

import httpx

from fanwheel.entrypoints.demo_reach.talks import CHINESE, DEEDS, WESTERN, Deed
from fanwheel.entrypoints.demo_reach.wiring import PLATFORMS, Wired
from fanwheel.entrypoints.simulator import Platform, Simulator
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction

_SQL: Final = sqlfile.load("fanwheel.entrypoints.demo_reach")
_KINDS: Final = {
    "wechat_oa": "openid", "wecom": "wecom_external_userid", "douyin": "douyin_open_id", "email": "email",
    "webchat": "anonymous_id",
}  # fmt: skip
_MOST: Final = 10
_FIRST_TELEGRAM: Final = 740_185_296
_ROOM: Final = 100  # numbers that a platform may use up between two deeds
_TIMEOUT_S: Final = 30.0

People = Mapping[str, Sequence[str]]


async def list_people(tx: Transaction) -> People:
    """People of the demo brand whom a channel can know, by kind of identifier."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in await tx.all(_SQL["list_people"], chinese=list(CHINESE), western=list(WESTERN), most=_MOST):
        found[row["kind"]].append(row["value"].rpartition(":")[2] if row["kind"] == "openid" else row["value"])
    return found


class Teller:
    """Lets people do what they do, in order; ``begun_ms`` is when the first of them did, and numbers everything."""

    def __init__(self, simulator: Simulator, wired: Mapping[str, Wired], people: People, *, begun_ms: int) -> None:
        self._simulator, self._wired, self._people = simulator, wired, people
        self._begun_ms = begun_ms

    async def remember(self, count: int) -> None:
        """Let the platforms know what was done before they were started anew: nobody is told of it again."""
        clock, self._simulator.clock = self._simulator.clock, lambda: datetime.fromtimestamp(self._begun_ms / 1000, UTC)
        self._simulator.is_mute = True
        for number, deed in enumerate(DEEDS[:count]):
            if deed.channel in PLATFORMS:
                await self.tell(number, deed)
        self._simulator.is_mute = False
        self._simulator.clock = clock

    async def tell(self, number: int, deed: Deed) -> None:
        """Do one thing; nothing, where there is no such account any more."""
        wired, person = self._wired.get(deed.channel), self._who(deed)
        if wired is None:
            return
        if deed.channel == "webchat":
            await self._chat(wired, person, deed, key=f"demo-{self._begun_ms}-{number}")
        elif deed.channel == "email":
            await self._mail(wired, person, deed, key=f"{self._begun_ms}.{number}@example.com")
        else:
            name = PLATFORMS[deed.channel]
            platform: Platform = self._simulator.platform(name)
            platform.count_from(self._begun_ms + number * _ROOM)
            args = {**wired.known_as, **deed.args, "person": person}
            await asyncio.to_thread(lambda: self._simulator.run(platform.do(deed.verb, args)))

    def _who(self, deed: Deed) -> str:
        """Somebody of the brand's people; a stranger on Telegram, and where the world is too small."""
        if deed.channel == "telegram":
            return str(_FIRST_TELEGRAM + deed.person)
        known = self._people.get(_KINDS[deed.channel], ())
        stranger = f"stranger{deed.person}" + ("@example.com" if deed.channel == "email" else "")
        return known[deed.person] if deed.person < len(known) else stranger

    async def _chat(self, wired: Wired, person: str, deed: Deed, *, key: str) -> None:
        door = wired.url.replace("/hooks/webchat/", "/chat/")
        async with httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False) as http:
            begun = await http.post(f"{door}/visitors", json={"anonymous_id": person, "language": "en"})
            headers = {"Authorization": f"Bearer {begun.raise_for_status().json()['token']}"}
            body = {"key": key, "text": deed.args["text"], "page": "https://shop.mistwood.example/"}
            (await http.post(f"{door}/messages", json=body, headers=headers)).raise_for_status()

    async def _mail(self, wired: Wired, person: str, deed: Deed, *, key: str) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = person, "hello@mistwood.example", deed.args["subject"]
        mail["Message-ID"] = f"<{key}>"
        mail.set_content(deed.args["text"])
        async with httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False) as http:
            answer = await http.post(
                wired.url,
                content=mail.as_bytes(),
                headers={"Content-Type": "message/rfc822", "Authorization": f"Bearer {wired.secret}"},
            )
            answer.raise_for_status()
