"""WeChat Official Accounts: followers, what may be said to them and when, menus and codes."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from fanwheel.domains.private.tencent import sign
from fanwheel.entrypoints.simulator.platform import Call
from fanwheel.entrypoints.simulator.tencent import App, RefusedError, TencentPlatform

_MESSAGE: Final = (timedelta(hours=48), 5)
_TAP: Final = (timedelta(minutes=1), 3)
_KINDS: Final = frozenset(
    {"text", "image", "voice", "video", "music", "news", "mpnews", "msgmenu", "wxcard", "miniprogrampage"}
)
_FILES: Final = frozenset({"image", "voice", "video"})
_COLUMNS: Final = 3
_ROWS: Final = 5
_NAME_BYTES: Final = 16
_ROW_BYTES: Final = 60


class _Follower:
    """A person as one account sees them."""

    def __init__(self, openid: str) -> None:
        self.openid = openid
        self.unionid = ""
        self.scene = ""
        self.is_following = True
        self.blocks_templates = False
        self.ticks: dict[str, int] = {}
        self._rights: dict[str, tuple[datetime, int]] = {}

    def allow(self, why: str, now: datetime) -> None:
        """Begin a window anew: writing opens the long one, everything else the short one."""
        lasts, most = _MESSAGE if why == "message" else _TAP
        self._rights["message" if why == "message" else "tap"] = (now + lasts, most)

    def use(self, now: datetime) -> None:
        """Take one message of what is allowed, the shorter window first."""
        open_now = {name: right for name, right in self._rights.items() if right[0] > now}
        if not self.is_following or not open_now:
            raise RefusedError(45015, "response out of time limit or subscription is canceled", rule="window")
        for name, (until, left) in sorted(open_now.items(), reverse=True):
            if left:
                self._rights[name] = (until, left - 1)
                return
        raise RefusedError(45047, "out of response count limit", rule="count")


class _Account(App):
    """An Official Account."""

    def __init__(self, args: Mapping[str, Any]) -> None:
        super().__init__(args)
        self.original_id = f"gh_{self.id[-12:]}"
        self.people: dict[str, _Follower] = {}
        self.menu: dict[str, Any] | None = None
        self.personal_menus: list[dict[str, Any]] = []
        self.tickets: dict[str, str] = {}
        self.once: set[str] = set()  # client_msg_id of templates


class Platform(TencentPlatform):
    """WeChat Official Accounts."""

    name: ClassVar[str] = "wechat"
    kind_of_app: ClassVar[type[App]] = _Account
    quotas: ClassVar[Mapping[str, int]] = {
        "/cgi-bin/stable_token": 2_000,
        "/cgi-bin/token": 2_000,
        "/cgi-bin/message/custom/send": 500_000,
        "/cgi-bin/message/template/send": 100_000,
        "/cgi-bin/menu/create": 1_000,
        "/cgi-bin/qrcode/create": 100_000,
        "/cgi-bin/user/info": 5_000_000,
    }

    def methods(self) -> Mapping[str, Callable[[Any, Call], dict[str, Any]]]:
        """The API, as far as it is simulated."""
        base = "/cgi-bin"
        return {
            f"{base}/stable_token": self.issue, f"{base}/token": self.issue, f"{base}/media/upload": self.upload,
            f"{base}/message/custom/send": self._custom, f"{base}/message/custom/typing": self._typing,
            f"{base}/message/template/send": self._template, f"{base}/message/subscribe/bizsend": self._subscribed,
            f"{base}/menu/create": self._create_menu, f"{base}/menu/addconditional": self._add_menu,
            f"{base}/menu/get": self._get_menu, f"{base}/menu/delete": self._delete_menu,
            f"{base}/qrcode/create": self._code, f"{base}/user/info": self._user,
            f"{base}/get_api_domain_ip": lambda _app, _call: {"ip_list": ["127.0.0.1"]},
        }  # fmt: skip

    def credentials(self, call: Call) -> tuple[str, str] | None:
        """What a token is asked for with."""
        if call.path == "/cgi-bin/stable_token":
            asked = call.json()
            return str(asked.get("appid", "")), str(asked.get("secret", ""))
        if call.path == "/cgi-bin/token":
            return call.query.get("appid", ""), call.query.get("secret", "")
        return None

    async def verify(self, app: App) -> bool:
        """Ask the callback to say a word back."""
        timestamp, nonce = self.stamps()
        word = str(secrets.randbelow(10**18))
        query = {"signature": sign(app.word, timestamp, nonce), "timestamp": timestamp, "nonce": nonce, "echostr": word}
        answered = await self.call_back(self.signed_url(app, query), method="GET")
        return answered is not None and answered.status == 200 and answered.body == word.encode()

    async def do(self, verb: str, args: Mapping[str, Any]) -> object:
        """``connect`` (id, secret, token, encoding_aes_key, mode, callback_url), ``expire_token``, ``set_limit``.

        ``know`` (people) are followers from before, of whom nothing is called back; ``settle`` waits for receipts.

        As a person (id, person): ``write`` (text or content), ``follow`` (scene, unionid), ``unfollow``, ``scan``
        (scene), ``tap`` (key), ``view`` (url), ``choose`` (choice, label), ``tick`` (template), ``untick``.
        """
        match verb:
            case "connect":
                return await self.connect(args)
            case "expire_token":
                return self.expire_token(args)
            case "set_limit":
                return self.set_limit(args)
            case "settle":
                return await self.settle()
            case "know":
                return self._know(self._account(args), args)
        account = self._account(args)
        person = account.people.setdefault(str(args["person"]), _Follower(str(args["person"])))
        return await self._tell(account, person, self._deed(verb, person, args))

    # ------------------------------------------------------------ people
    def _know(self, account: _Account, args: Mapping[str, Any]) -> dict[str, Any]:
        for openid in map(str, args["people"]):
            account.people.setdefault(openid, _Follower(openid))
        return {"followers": len(account.people)}

    def _deed(self, verb: str, person: _Follower, args: Mapping[str, Any]) -> dict[str, Any]:
        now = self.clock()
        scene, template = str(args.get("scene", "")), str(args.get("template", ""))
        match verb:
            case "write" | "choose":
                person.allow("message", now)
                return {"MsgType": "text", "MsgId": 24_000_000_000_000_000 + self.next_number(), **_written(args)}
            case "follow":
                person.is_following, person.scene, person.unionid = True, scene, str(args.get("unionid", ""))
                person.allow("follow", now)
                key = {"EventKey": f"qrscene_{scene}", "Ticket": f"ticket_{scene}"} if scene else {"EventKey": ""}
                return _event("subscribe", **key)
            case "unfollow":
                person.is_following = False
                return _event("unsubscribe", EventKey="")
            case "scan":
                person.allow("scan", now)
                return _event("SCAN", EventKey=scene, Ticket=f"ticket_{scene}")
            case "tap":
                person.allow("tap", now)
                return _event("CLICK", EventKey=args["key"])
            case "view":
                return _event("VIEW", EventKey=args["url"], MenuId="1")
            case "tick":
                person.ticks[template] = person.ticks.get(template, 0) + 1
                answer = {"TemplateId": template, "SubscribeStatusString": "accept", "PopupScene": 2}
                return _event("subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": [answer]})
            case "untick":
                person.ticks.pop(template, None)
                answer = {"TemplateId": template, "SubscribeStatusString": "reject"}
                return _event("subscribe_msg_change_event", SubscribeMsgChangeEvent={"List": [answer]})
            case _:
                raise ValueError(f"nobody can {verb} here")

    async def _tell(self, account: _Account, person: _Follower, said: Mapping[str, Any]) -> dict[str, Any]:
        common = {
            "ToUserName": account.original_id,
            "FromUserName": person.openid,
            "CreateTime": int(self.clock().timestamp()),
        }
        outcome = await self.push(account, {**common, **said})
        if (answer := outcome["said"]) and (
            answer.get("ToUserName") != person.openid or answer.get("FromUserName") != account.original_id
        ):
            self.violate("bad_answer")
        elif answer:
            self.take(person.openid, {**answer, "is_passive": True}, platform_id=f"passive{self.next_number()}")
        return outcome

    # ------------------------------------------------------------ what may be said
    def _custom(self, account: _Account, call: Call) -> dict[str, Any]:
        body = call.json()
        person = self._person(account, body)
        kind = str(body.get("msgtype", ""))
        if kind not in _KINDS or not isinstance(body.get(kind), dict):
            raise RefusedError(40008, "invalid message type")
        if kind in _FILES:
            self.require_media(account, body[kind].get("media_id"), kind)
        if kind == "text" and not 1 <= len(str(body["text"].get("content", "")).encode()) <= 2048:
            raise RefusedError(45002, "content size out of limit", rule="length")
        person.use(self.clock())
        self.take(person.openid, body, platform_id=f"custom{self.next_number()}")
        return {}

    def _typing(self, account: _Account, call: Call) -> dict[str, Any]:
        self._person(account, call.json())
        return {}

    def _template(self, account: _Account, call: Call) -> dict[str, Any]:
        body = call.json()
        person = self._person(account, body)
        if not body.get("template_id"):
            raise RefusedError(40037, "invalid template_id")
        if not person.is_following:
            raise RefusedError(43004, "require subscribe", rule="gone")
        number = self.next_number()
        once = f"{person.openid} {body.get('client_msg_id', '')}"
        if body.get("client_msg_id") and once in account.once:
            return {"msgid": number}
        account.once.add(once)
        if not person.blocks_templates:
            self.take(person.openid, body, platform_id=str(number))
        status = "failed:user block" if person.blocks_templates else "success"
        self.later(self._tell(account, person, _event("TEMPLATESENDJOBFINISH", MsgID=number, Status=status)))
        return {"msgid": number}

    def _subscribed(self, account: _Account, call: Call) -> dict[str, Any]:
        body = call.json()
        person = self._person(account, body)
        template = str(body.get("template_id", ""))
        if not person.ticks.get(template):
            raise RefusedError(43101, "user refuse to accept the msg", rule="no_tick")
        person.ticks[template] -= 1
        number = self.next_number()
        self.take(person.openid, body, platform_id=str(number))
        sent = {"TemplateId": template, "MsgID": number, "ErrorCode": 0, "ErrorStatus": "success"}
        self.later(
            self._tell(account, person, _event("subscribe_msg_sent_event", SubscribeMsgSentEvent={"List": [sent]}))
        )
        return {"msgid": number}

    # ------------------------------------------------------------ menus, codes, people
    def _create_menu(self, account: _Account, call: Call) -> dict[str, Any]:
        account.menu = {"button": _checked_menu(call.json())}
        return {}

    def _add_menu(self, account: _Account, call: Call) -> dict[str, Any]:
        if account.menu is None:
            raise RefusedError(65301, "no default menu")
        number = self.next_number()
        body = call.json()
        menu = {"button": _checked_menu(body), "matchrule": body.get("matchrule"), "menuid": number}
        account.personal_menus.append(menu)
        return {"menuid": str(number)}

    def _get_menu(self, account: _Account, _call: Call) -> dict[str, Any]:
        if account.menu is None:
            raise RefusedError(46003, "menu no exist")
        personal = {"conditionalmenu": account.personal_menus} if account.personal_menus else {}
        return {"menu": account.menu, **personal}

    def _delete_menu(self, account: _Account, _call: Call) -> dict[str, Any]:
        account.menu, account.personal_menus = None, []
        return {}

    def _code(self, account: _Account, call: Call) -> dict[str, Any]:
        body = call.json()
        scene = str(body.get("action_info", {}).get("scene", {}).get("scene_str", ""))
        action = body.get("action_name")
        if action not in {"QR_STR_SCENE", "QR_LIMIT_STR_SCENE"} or not 1 <= len(scene) <= 64:
            raise RefusedError(40053, "invalid action info")
        ticket = f"gQ+{self.next_number()}=="
        account.tickets[ticket] = scene
        lasts = {"expire_seconds": int(body.get("expire_seconds", 60))} if action == "QR_STR_SCENE" else {}
        return {"ticket": ticket, "url": f"http://weixin.qq.com/q/{self.next_number()}", **lasts}

    def _user(self, account: _Account, call: Call) -> dict[str, Any]:
        person = self._person(account, {"touser": call.query.get("openid", "")})
        if not person.is_following:
            return {"subscribe": 0, "openid": person.openid}
        told = {
            "subscribe": 1,
            "openid": person.openid,
            "language": "zh_CN",
            "nickname": "",
            "qr_scene_str": person.scene,
        }
        return {**told, **({"unionid": person.unionid} if person.unionid else {})}

    def _person(self, account: _Account, body: Mapping[str, Any]) -> _Follower:
        person = account.people.get(str(body.get("touser", "")))
        if person is None:
            raise RefusedError(40003, "invalid openid")
        return person

    def _account(self, args: Mapping[str, Any]) -> _Account:
        account = self.apps[str(args["id"])]
        assert isinstance(account, _Account)
        return account


def _event(event: str, **values: Any) -> dict[str, Any]:
    return {"MsgType": "event", "Event": event, **values}


def _written(args: Mapping[str, Any]) -> dict[str, Any]:
    """Words, an answer of a menu in the chat, or any kind of message by its own fields."""
    if "choice" in args:
        return {"Content": args["label"], "bizmsgmenuid": args["choice"]}
    return {"Content": args["text"]} if "text" in args else dict(args["content"])


def _checked_menu(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    buttons = body.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= _COLUMNS:
        raise RefusedError(40016, "invalid button size", rule="menu")
    for button in buttons:
        below = button.get("sub_button", [])
        if len(below) > _ROWS:
            raise RefusedError(40023, "invalid sub button size", rule="menu")
        for one in below or [button]:
            if len(str(one.get("key", "")).encode()) > 128:
                raise RefusedError(40019, "invalid button key size", rule="menu")
        if len(str(button.get("name", "")).encode()) > _NAME_BYTES:
            raise RefusedError(40018, "invalid button name size", rule="menu")
        if any(len(str(one.get("name", "")).encode()) > _ROW_BYTES for one in below):
            raise RefusedError(40018, "invalid sub button name size", rule="menu")
    return buttons
