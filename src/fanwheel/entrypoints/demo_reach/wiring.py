"""The demo brand's accounts, and the simulated platforms behind them."""

import asyncio
import base64
import secrets
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final, NamedTuple

from fanwheel.domains.private.channels import accounts
from fanwheel.domains.private.channels.accounts import AccountRow, Opener
from fanwheel.entrypoints.simulator import Platform, Simulator
from fanwheel.infra.postgres import Database
from fanwheel.infra.sealing import Seal
from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.errors import FanwheelError
from fanwheel.loop.operate import menus
from fanwheel.loop.operate.menus import publishing
from fanwheel.measure.world import brand

_HERE: Final = "127.0.0.1"
_ACTOR: Final = "demo"
NAMES: Final = {
    "wechat_oa": "雾杉公众号 Mistwood Official Account",
    "wecom": "雾杉茶艺顾问 Mistwood Advisers",
    "douyin": "雾杉抖音号 Mistwood on Douyin",
    "telegram": "Mistwood Bot 雾杉电报",
    "webchat": "Mistwood shop chat 官网在线客服",
    "email": "Mistwood letters 雾杉来信",
}
# Where a platform's simulator stands, and what it calls an account.
PLATFORMS: Final = {"wechat_oa": "wechat", "wecom": "wecom", "douyin": "douyin", "telegram": "telegram"}


class Wired(NamedTuple):
    """An account of ours, and by what the simulator knows it."""

    account_id: int
    url: str  # of its callback
    key: str
    secret: str  # of its callback, where a caller has to say one
    known_as: Mapping[str, Any]


async def wire(
    db: Database, seal: Seal, opener: Opener, *, workspace: int, url: str, simulator: Simulator, mail_port: int,
    is_first: bool,
) -> dict[str, Wired]:  # fmt: skip
    """Point every account of ours at the platforms as they stand now; the first time, make those that are missing."""
    wired: dict[str, Wired] = {}
    for channel in NAMES:
        values = _values(channel, f"{simulator.url}/{PLATFORMS.get(channel, '')}", mail_port)
        row = await _put(db, seal, workspace, channel=channel, values=values, is_first=is_first)
        if row is None:
            continue
        callback = f"{url}/hooks/{channel}/{row.key}"
        known_as = await _connect(simulator, channel, values, callback=callback)
        wired[channel] = Wired(row.account_id, callback, row.key, values.get("webhook_secret", ""), known_as)
        found = await accounts.check(db, opener, workspace, row.account_id, now=utc_now())
        if not found.is_fine:  # it asked with what the platform of another life gave, which is worth nothing here
            await (await opener.look(workspace, row.account_id)).tools.forget("access")
            await accounts.check(db, opener, workspace, row.account_id, now=utc_now())
    return wired


async def show_menu(db: Database, opener: Opener, wired: Mapping[str, Wired], *, workspace: int) -> None:
    """Publish the brand's first menu wherever it fits; where it does not, the account shows none."""
    async with db.transaction(workspace) as tx:
        menu = next(iter(await menus.list_menus(tx)), None)
    if menu is None:
        return
    for account in wired.values():
        place = publishing.Place(menu.menu_id, menu.version, account.account_id)
        with suppress(FanwheelError):
            await publishing.publish(db, opener, workspace, place, actor=_ACTOR, now=utc_now())


async def _put(
    db: Database, seal: Seal, workspace: int, *, channel: str, values: Mapping[str, str], is_first: bool
) -> AccountRow | None:
    async with db.transaction(workspace) as tx:
        found = next((row for row in await accounts.list_accounts(tx) if _is_ours(row, channel)), None)
        if found is not None:
            return await accounts.change(tx, seal, found.account_id, name=None, values=values)
        if not is_first:
            return None  # somebody took it away, or made it a real one
        return await accounts.add(tx, seal, channel=channel, name=NAMES[channel], values=values, actor=_ACTOR)


def _is_ours(row: AccountRow, channel: str) -> bool:
    if row.channel != channel:
        return False
    if channel == "webchat":
        return row.name == NAMES[channel]
    at = row.settings.get("host", "") if channel == "email" else row.settings.get("base_url", "")
    return at == _HERE or at.startswith(f"http://{_HERE}:")


def _values(channel: str, base_url: str, mail_port: int) -> dict[str, str]:
    """What an account is told; its secrets are new at every start."""
    secret, word = secrets.token_hex(16), secrets.token_hex(12)
    aes_key = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    match channel:
        case "wechat_oa":
            told = {"app_id": brand.OPENID_APP, "app_secret": secret, "token": word, "encoding_aes_key": aes_key}
        case "wecom":
            told = {"corp_id": "wwmistwood", "secret": secret, "token": word, "encoding_aes_key": aes_key}
        case "douyin":
            told = {"client_key": "awmistwood", "client_secret": secret, "open_id": "mistwood", "refresh_token": word}
        case "telegram":
            told = {"bot_token": f"7401852963:{secret}"}
        case "email":
            return {
                "host": _HERE, "port": str(mail_port), "security": "plain", "from_address": "hello@mistwood.example",
                "from_name": "Mistwood 雾杉", "webhook_secret": secret,
            }  # fmt: skip
        case _:
            return {"title": "Mistwood 雾杉", "color": "#2f6b4f", "greeting": "How can we help? 请问有什么可以帮您？"}
    return {**told, "base_url": base_url}


async def _connect(simulator: Simulator, channel: str, values: Mapping[str, str], *, callback: str) -> dict[str, Any]:
    """Enter the account with its platform; by what it is named there."""
    match channel:
        case "wechat_oa" | "wecom":
            names = {"app_id": "id", "corp_id": "id", "app_secret": "secret"}
            told = {names.get(name, name): value for name, value in values.items()}
            known_as = {"id": told["id"]}
        case "douyin":
            told, known_as = dict(values), {"client_key": values["client_key"]}
        case "telegram":
            return {"token": values["bot_token"]}  # the adapter itself says where it is called back
        case _:
            return {}
    platform: Platform = simulator.platform(PLATFORMS[channel])
    connecting = platform.do("connect", {**told, "callback_url": callback})
    await asyncio.to_thread(lambda: simulator.run(connecting))
    return known_as
