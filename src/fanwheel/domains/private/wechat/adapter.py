"""WeChat Official Accounts."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar, Final
from urllib.parse import quote

from fanwheel.domains.private.channels import checks, wording
from fanwheel.domains.private.channels.abilities import (
    Code,
    CodeWish,
    EditsMenu,
    Known,
    MakesCodes,
    Recognizes,
    Weighs,
    Weight,
)
from fanwheel.domains.private.channels.adapter import (
    About,
    Account,
    Adapter,
    AnswersInline,
    HasMenu,
    Token,
    Tools,
    Types,
)
from fanwheel.domains.private.channels.contracts import (
    Address,
    Answer,
    Check,
    Outgoing,
    Received,
    Request,
    Sent,
    Template,
)
from fanwheel.domains.private.channels.errors import (
    ForgedError,
    RecipientGoneError,
    RefusedError,
    SendError,
    UnclearError,
)
from fanwheel.domains.private.tencent import Api, Envelope, Node, Nonces, is_signed, read, timestamp_and_nonce, write
from fanwheel.domains.private.wechat import inbound, wire
from fanwheel.domains.private.wechat.about import ABOUT, BASE_URL
from fanwheel.domains.private.wechat.meanings import MEANINGS, NO_MENU

_SHOW_CODE: Final = "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket="
_LONGEST_CODE_S: Final = 2_592_000
_TAKEN: Final = Answer(body=b"success")
_XML: Final = "application/xml; charset=utf-8"


class OfficialAccount(Adapter, AnswersInline, HasMenu, EditsMenu, Types, MakesCodes, Recognizes, Weighs):
    """One Official Account."""

    about: ClassVar[About] = ABOUT

    def __init__(self, account: Account, tools: Tools) -> None:
        self._app_id = account.settings["app_id"]
        self._secret = account.secrets["app_secret"]
        self._token = account.secrets["token"]
        self._is_safe = account.settings.get("mode", "safe") != "plain"
        self._mini_program_id = account.settings.get("mini_program_id", "")
        key = account.secrets.get("encoding_aes_key", "")
        self._envelope = Envelope(token=self._token, encoding_aes_key=key, receive_id=self._app_id) if key else None
        self._tools = tools
        self._nonces = Nonces()
        base_url = account.settings.get("base_url") or BASE_URL
        self._api = Api(tools, base_url, self._fetch_token, owner=self._app_id, meanings=MEANINGS)

    # ------------------------------------------------------------ what is pushed
    async def receive(self, request: Request) -> Received:
        """Read a push, or the question whether this address is ours."""
        if request.method == "GET":
            return Received(self._verified(request))
        push, _ = self._read(request)
        found = inbound.happenings(push, app_id=self._app_id, received_at=request.received_at)
        return Received(_TAKEN, found)

    def answer(self, request: Request, message: Outgoing) -> Answer | None:
        """The message as the answer to a push; encrypted if the push was."""
        said = wire.passive(message)
        push, is_sealed = self._read(request)
        if said is None or request.body.lstrip().startswith(b"{"):
            return None
        now = str(int(self._tools.clock().timestamp()))
        names = {"ToUserName": push.get("FromUserName"), "FromUserName": push.get("ToUserName")}
        body = write("xml", {**names, "CreateTime": int(now), **said})
        if not is_sealed:
            return Answer(body=body.encode(), content_type=_XML)
        sealed = self._require_envelope().seal(body.encode(), timestamp=now, nonce=secrets.token_hex(8))
        outer = {
            "Encrypt": sealed.encrypted,
            "MsgSignature": sealed.signature,
            "TimeStamp": int(now),
            "Nonce": sealed.nonce,
        }
        return Answer(body=write("xml", outer).encode(), content_type=_XML)

    def _verified(self, request: Request) -> Answer:
        timestamp, nonce = timestamp_and_nonce(request)
        if not is_signed(request.query.get("signature", ""), self._token, timestamp, nonce):
            raise ForgedError("The question is not signed with this account's token.")
        return Answer(body=request.query.get("echostr", "").encode())

    def _read(self, request: Request) -> tuple[Node, bool]:
        """The push, proved to be WeChat's, and whether it was encrypted."""
        timestamp, nonce = timestamp_and_nonce(request)
        if request.query.get("encrypt_type") == "aes":
            outer = read(request.body)
            # The plain signature does not cover the body: it proves nothing here.
            signature = request.query.get("msg_signature", "")
            opened = self._require_envelope().open(
                outer.get("Encrypt"), signature=signature, timestamp=timestamp, nonce=nonce
            )
            return read(opened), True
        if self._is_safe:
            raise ForgedError("This account takes encrypted messages only.")
        signature = request.query.get("signature", "")
        if not is_signed(signature, self._token, timestamp, nonce):
            raise ForgedError("The message is not signed with this account's token.")
        self._nonces.check(signature, request.body, now=request.received_at)
        return read(request.body), False

    def _require_envelope(self) -> Envelope:
        if self._envelope is None:
            raise ForgedError("The message is encrypted, and the account has no EncodingAESKey.")
        return self._envelope

    # ------------------------------------------------------------ what is said
    async def send(self, message: Outgoing) -> Sent:
        """Say it as customer service, or as template and subscription messages."""
        openid = self._openid(message.to)
        calls = await wire.calls(message, openid=openid, mini_program_id=self._mini_program_id, upload=self._api.media)
        platform_id = None
        for number, call in enumerate(calls):
            try:
                answer = await self._api.post(call.path, call.body)
            except SendError as error:
                if number == 0:
                    raise
                raise UnclearError(f"{number} of {len(calls)} parts went out.", code=error.platform_code) from error
            platform_id = str(answer["msgid"]) if "msgid" in answer else platform_id
        return Sent(platform_id)

    def weigh(self, message: Outgoing) -> Weight:
        """One message for each part, texts that follow one another together."""
        is_approved = all(isinstance(part, Template) for part in message.parts)
        return Weight(len(wording.joined(message.parts)), "template" if is_approved else "free")

    async def typing(self, message: Outgoing) -> None:
        """Show that somebody is typing."""
        body = {"touser": self._openid(message.to), "command": "Typing"}
        await self._api.post("/cgi-bin/message/custom/typing", body)

    def _openid(self, address: Address) -> str:
        """The openid without the app under which we keep it."""
        app_id, separator, openid = address.value.partition(":")
        if address.kind != ABOUT.address or (separator and app_id != self._app_id):
            raise RecipientGoneError("The person is known to another account, not to this one.")
        return openid if separator else app_id

    # ------------------------------------------------------------ menus, codes, people
    async def publish_menu(self, menu: Mapping[str, Any]) -> None:
        """Show this menu; with a ``matchrule`` only to those whom it names."""
        path = "/cgi-bin/menu/addconditional" if menu.get("matchrule") else "/cgi-bin/menu/create"
        await self._api.post(path, menu)

    async def read_menu(self) -> Mapping[str, Any] | None:
        """The menu that is shown, as ``publish_menu`` takes it, with those for some people only beside it."""
        try:
            found = await self._api.get("/cgi-bin/menu/get")
        except RefusedError as error:
            if error.platform_code == NO_MENU:
                return None
            raise
        personal = found.get("conditionalmenu")
        return {**found.get("menu", {}), **({"conditionalmenu": personal} if personal else {})}

    async def delete_menu(self) -> None:
        """Show no menu, to nobody."""
        await self._api.get("/cgi-bin/menu/delete")

    async def make_code(self, wish: CodeWish) -> Code:
        """A parametric code. Those that last for ever are 100,000 in all, and never given back."""
        if not 1 <= len(wish.scene) <= 64:
            raise RefusedError("A scene has 1 to 64 characters.", code="scene")
        body: dict[str, Any] = {"action_info": {"scene": {"scene_str": wish.scene}}}
        if wish.lasts_s is None:
            body["action_name"] = "QR_LIMIT_STR_SCENE"
        else:
            body |= {"action_name": "QR_STR_SCENE", "expire_seconds": min(max(wish.lasts_s, 60), _LONGEST_CODE_S)}
        answer = await self._api.post("/cgi-bin/qrcode/create", body)
        ticket = str(answer["ticket"])
        lasts_s = answer.get("expire_seconds") if wish.lasts_s is not None else None
        return Code(
            platform_id=ticket,
            scene=wish.scene,
            image_url=_SHOW_CODE + quote(ticket, safe=""),
            url=str(answer.get("url", "")),
            expires_at=self._tools.clock() + timedelta(seconds=int(lasts_s)) if lasts_s else None,
        )

    async def drop_code(self, platform_id: str) -> None:
        """Nothing can be done: an Official Account's codes end by themselves, or never."""
        raise RefusedError("WeChat takes no code back.", code="code")

    async def recognize(self, address: Address) -> Known:
        """The person's unionid, where the account belongs to an Open Platform account, and how they came."""
        found = await self._api.get("/cgi-bin/user/info", openid=self._openid(address), lang="zh_CN")
        others = (Address("unionid", str(found["unionid"])),) if found.get("unionid") else ()
        names = ("subscribe", "subscribe_time", "subscribe_scene", "qr_scene_str", "remark", "language", "tagid_list")
        return Known(others, {name: found[name] for name in names if found.get(name) not in (None, "", [])})

    # ------------------------------------------------------------ the account
    async def check(self) -> Check:
        """Fetch a token and ask something that changes nothing."""
        if self._is_safe and self._envelope is None:
            return Check(is_fine=False, message="Safe mode needs the EncodingAESKey.", code="needs_aes_key")
        try:
            await self._api.get("/cgi-bin/get_api_domain_ip")
        except SendError as error:
            return checks.failed(error)
        return Check(is_fine=True, message="WeChat accepts the account.", facts={"app_id": self._app_id}, code="ready")

    async def close(self) -> None:
        """Nothing is held."""

    async def _fetch_token(self, api: Api) -> Token:
        body = {
            "grant_type": "client_credential", "appid": self._app_id, "secret": self._secret, "force_refresh": False,
        }  # fmt: skip
        answer = await api.ask("POST", "/cgi-bin/stable_token", json=body)
        return Token(str(answer["access_token"]), int(answer.get("expires_in", 7200)))
