"""WeCom: staff and their customers, welcomes in twenty seconds, tasks that staff confirm, customer service."""

import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from fanwheel.entrypoints.simulator.platform import Call
from fanwheel.entrypoints.simulator.tencent import App, RefusedError, TencentPlatform
from fanwheel.entrypoints.simulator.wecom_tasks import Task, letter_of

_WELCOME: Final = timedelta(seconds=20)
_SERVICE: Final = timedelta(hours=48)
_SERVICE_MOST: Final = 5
_REMINDERS: Final = 3
_PAGE: Final = 1000
_CONTACTS: Final = "/cgi-bin/externalcontact"


class _Customer:
    """A customer as the corp knows them."""

    def __init__(self, person: str) -> None:
        self.person = person
        self.unionid = ""
        self.name = f"客户{person[-4:]}"
        self.staff: dict[str, dict[str, Any]] = {}
        self.sent_in: Counter[str] = Counter()  # group messages by month
        self.may_be_served: tuple[datetime, int] | None = None


class _Corp(App):
    """A corp's app."""

    def __init__(self, args: Mapping[str, Any]) -> None:
        super().__init__(args)
        self.staff: list[str] = list(args.get("staff", ["zhangsan"]))
        self.customers: dict[str, _Customer] = {}
        self.welcomes: dict[str, tuple[str, datetime]] = {}
        self.greetings: dict[str, tuple[str, datetime]] = {}
        self.ways: dict[str, dict[str, Any]] = {}
        self.tag_groups: dict[str, dict[str, Any]] = {}
        self.tasks: dict[str, Task] = {}
        self.talks: list[dict[str, Any]] = []
        self.served: set[str] = set()  # ids that we gave to messages of customer service


class Platform(TencentPlatform):
    """WeCom."""

    name: ClassVar[str] = "wecom"
    kind_of_app: ClassVar[type[App]] = _Corp

    def methods(self) -> Mapping[str, Callable[[Any, Call], dict[str, Any]]]:
        """The API, as far as it is simulated."""
        return {
            "/cgi-bin/gettoken": self.issue, "/cgi-bin/media/upload": self.upload,
            f"{_CONTACTS}/get_follow_user_list": lambda corp, _call: {"follow_user": corp.staff},
            f"{_CONTACTS}/send_welcome_msg": self._welcome, f"{_CONTACTS}/get": self._get,
            f"{_CONTACTS}/add_contact_way": self._add_way, f"{_CONTACTS}/del_contact_way": self._drop_way,
            f"{_CONTACTS}/get_corp_tag_list": lambda corp, _call: {"tag_group": list(corp.tag_groups.values())},
            f"{_CONTACTS}/add_corp_tag": self._add_tags, f"{_CONTACTS}/mark_tag": self._mark,
            f"{_CONTACTS}/add_msg_template": self._make_task, f"{_CONTACTS}/get_groupmsg_task": self._task_staff,
            f"{_CONTACTS}/get_groupmsg_send_result": self._task_results,
            f"{_CONTACTS}/remind_groupmsg_send": self._remind,
            "/cgi-bin/idconvert/unionid_to_external_userid": self._by_unionid,
            "/cgi-bin/kf/send_msg": self._serve, "/cgi-bin/kf/send_msg_on_event": self._greet,
            "/cgi-bin/kf/sync_msg": self._sync,
        }  # fmt: skip

    def credentials(self, call: Call) -> tuple[str, str] | None:
        """What a token is asked for with."""
        if call.path != "/cgi-bin/gettoken":
            return None
        return call.query.get("corpid", ""), call.query.get("corpsecret", "")

    def bad_secret(self) -> RefusedError:
        """How a wrong secret is refused."""
        return RefusedError(40001, "invalid credential")

    async def verify(self, app: App) -> bool:
        """Ask the callback to open a sealed word and say it back."""
        assert app.envelope is not None
        timestamp, nonce = self.stamps()
        word = str(secrets.randbelow(10**18))
        sealed = app.envelope.seal(word.encode(), timestamp=timestamp, nonce=nonce)
        echo = sealed.encrypted.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
        query = {"msg_signature": sealed.signature, "timestamp": timestamp, "nonce": nonce, "echostr": echo}
        answered = await self.call_back(self.signed_url(app, query), method="GET")
        return answered is not None and answered.status == 200 and answered.body == word.encode()

    async def do(self, verb: str, args: Mapping[str, Any]) -> object:
        """``connect`` (id, secret, token, encoding_aes_key, staff, callback_url), ``expire_token``, ``set_limit``.

        ``know`` (people, staff) are customers from before, of whom nothing is called back.

        As a person (id, person): ``add`` (staff; state or config_id; is_half; has_no_welcome; unionid), ``leave``
        (staff), ``join_group`` and ``leave_group`` (chat), ``enter`` and ``write`` (text, choice) to customer service.
        As staff (id, staff): ``remove`` (person), ``confirm`` (task), ``answer`` (person, text) in customer service.
        """
        match verb:
            case "connect":
                return await self.connect(args)
            case "expire_token":
                return self.expire_token(args)
            case "set_limit":
                return self.set_limit(args)
            case "know":
                return self._know(self._corp(args), args)
            case "confirm":
                return self._confirm(self._corp(args), str(args["task"]), str(args["staff"]))
        corp = self._corp(args)
        person = corp.customers.setdefault(str(args["person"]), _Customer(str(args["person"])))
        if verb in {"enter", "write", "answer", "refuse"}:
            return await self._talk(corp, person, verb, args)
        return await self.push(corp, {**self._head(corp), **self._deed(verb, corp, person, args)})

    # ------------------------------------------------------------ customers
    def _know(self, corp: _Corp, args: Mapping[str, Any]) -> dict[str, Any]:
        staff = str(args.get("staff", corp.staff[0]))
        for person in map(str, args["people"]):
            known = corp.customers.setdefault(person, _Customer(person))
            known.staff[staff] = {"userid": staff, "state": "", "add_way": 0, "tags": []}
        return {"customers": len(corp.customers)}

    def _deed(self, verb: str, corp: _Corp, person: _Customer, args: Mapping[str, Any]) -> dict[str, Any]:
        staff = str(args.get("staff", corp.staff[0]))
        event = {"MsgType": "event", "Event": "change_external_contact"}
        both = {"UserID": staff, "ExternalUserID": person.person}
        match verb:
            case "add":
                state = corp.ways[args["config_id"]]["state"] if "config_id" in args else str(args.get("state", ""))
                person.unionid = str(args.get("unionid", person.unionid))
                person.staff[staff] = {"userid": staff, "state": state, "add_way": 1, "tags": []}
                change = "add_half_external_contact" if args.get("is_half") else "add_external_contact"
                welcome = {} if args.get("has_no_welcome") else {"WelcomeCode": self._welcome_code(corp, person)}
                return {**event, "ChangeType": change, **both, **({"State": state} if state else {}), **welcome}
            case "leave":
                person.staff.pop(staff, None)
                return {**event, "ChangeType": "del_follow_user", **both}
            case "remove":
                person.staff.pop(staff, None)
                return {**event, "ChangeType": "del_external_contact", **both, "Source": "DELETE_BY_TRANSFER"}
            case "join_group" | "leave_group":
                detail = {"join_group": "add_member", "leave_group": "del_member"}[verb]
                changed = {"ChangeType": "update", "UpdateDetail": detail, "MemChangeList": {"Item": [person.person]}}
                return {**event, "Event": "change_external_chat", "ChatId": args["chat"], "JoinScene": 3, **changed}
            case _:
                raise ValueError(f"nobody can {verb} here")

    def _welcome_code(self, corp: _Corp, person: _Customer) -> str:
        code = f"welcome{self.next_number()}"
        corp.welcomes[code] = (person.person, self.clock() + _WELCOME)
        return code

    def _welcome(self, corp: _Corp, call: Call) -> dict[str, Any]:
        body = call.json()
        letter_of(body, lambda media, kind: self.require_media(corp, media, kind))
        person, until = corp.welcomes.pop(str(body.get("welcome_code")), ("", None))
        if until is None:
            raise RefusedError(41051, "externaluser has started chatting", rule="welcome_twice")
        if until < self.clock():
            raise RefusedError(41050, "invalid welcome code", rule="welcome_late")
        self.take(person, body, platform_id=f"welcome{self.next_number()}")
        return {}

    def _get(self, corp: _Corp, call: Call) -> dict[str, Any]:
        person = self._person(corp, call.query.get("external_userid"))
        told = {"external_userid": person.person, "name": person.name, "type": 1, "gender": 0}
        union = {"unionid": person.unionid} if person.unionid else {}
        return {"external_contact": {**told, **union}, "follow_user": list(person.staff.values())}

    def _by_unionid(self, corp: _Corp, call: Call) -> dict[str, Any]:
        wanted = call.json().get("unionid")
        found = next((one.person for one in corp.customers.values() if wanted and one.unionid == wanted), None)
        return {"external_userid": found} if found else {"external_userid": ""}

    # ------------------------------------------------------------ codes and tags
    def _add_way(self, corp: _Corp, call: Call) -> dict[str, Any]:
        body = call.json()
        users = body.get("user") or []
        if len(str(body.get("state", "")).encode()) > 30 or not users or not set(users) <= set(corp.staff):
            raise RefusedError(40058, "invalid parameter")
        config_id = secrets.token_hex(16)
        corp.ways[config_id] = body
        return {"config_id": config_id, "qr_code": f"{self.url}/qr/{config_id}"}

    def _drop_way(self, corp: _Corp, call: Call) -> dict[str, Any]:
        if corp.ways.pop(str(call.json().get("config_id")), None) is None:
            raise RefusedError(41054, "invalid config id")
        return {}

    def _add_tags(self, corp: _Corp, call: Call) -> dict[str, Any]:
        body = call.json()
        name = str(body.get("group_name", ""))
        group = corp.tag_groups.setdefault(
            name, {"group_id": f"group{self.next_number()}", "group_name": name, "tag": []}
        )  # fmt: skip
        made = [{"id": f"tag{self.next_number()}", "name": tag["name"]} for tag in body.get("tag", [])]
        group["tag"] += made
        return {"tag_group": {**group, "tag": made}}

    def _mark(self, corp: _Corp, call: Call) -> dict[str, Any]:
        body = call.json()
        followed = self._person(corp, body.get("external_userid")).staff.get(str(body.get("userid")))
        if followed is None:
            raise RefusedError(84061, "not external contact")
        known = {tag["id"]: tag["name"] for group in corp.tag_groups.values() for tag in group["tag"]}
        wanted = list(body.get("add_tag", []))
        if not set(wanted) <= set(known):
            raise RefusedError(40068, "invalid tag")
        gone = {*body.get("remove_tag", []), *wanted}
        kept = [tag for tag in followed["tags"] if tag["tag_id"] not in gone]
        followed["tags"] = kept + [{"tag_id": tag, "tag_name": known[tag]} for tag in wanted]
        return {}

    # ------------------------------------------------------------ tasks
    def _make_task(self, corp: _Corp, call: Call) -> dict[str, Any]:
        body = call.json()
        letter_of(body, lambda media, kind: self.require_media(corp, media, kind))
        people = list(body.get("external_userid") or [])
        if len(people) > 10_000 or not people:
            raise RefusedError(40058, "invalid external_userid size", rule="task_size")
        sender = str(body.get("sender") or "")
        staff_of: dict[str, str] = {}
        for person in people:
            known = corp.customers.get(person)
            staff = next(iter(known.staff), "") if known else ""
            if sender:
                staff = sender if known and sender in known.staff else ""
            if staff:
                staff_of[person] = staff
        failed = [person for person in people if person not in staff_of]
        if not staff_of:
            raise RefusedError(41048, "no customer to send")
        task = f"msg{self.next_number()}"
        corp.tasks[task] = Task(body, staff_of)
        return {"msgid": task, "fail_list": failed}

    def _confirm(self, corp: _Corp, task: str, staff: str) -> dict[str, Any]:
        """A member of staff lets a task go out; whoever had their month's messages gets none."""
        now = self.clock()
        for person in corp.tasks[task].confirm(staff, now):
            known = corp.customers[person]
            month = now.strftime("%Y-%m")
            if staff not in known.staff:
                corp.tasks[task].results[person] = (2, now)
            elif known.sent_in[month] >= _days_in_month(now):
                corp.tasks[task].results[person] = (3, now)
                self.violate("group_message_quota")
            else:
                known.sent_in[month] += 1
                corp.tasks[task].results[person] = (1, now)
                self.take(person, corp.tasks[task].body, platform_id=f"{task}/{person}")
        return {"sent": sum(1 for status, _ in corp.tasks[task].results.values() if status == 1)}

    def _task(self, corp: _Corp, body: Mapping[str, Any]) -> Task:
        task = corp.tasks.get(str(body.get("msgid")))
        if task is None:
            raise RefusedError(40058, "invalid msgid")
        return task

    def _task_staff(self, corp: _Corp, call: Call) -> dict[str, Any]:
        return {"task_list": self._task(corp, call.json()).staff_list()}

    def _task_results(self, corp: _Corp, call: Call) -> dict[str, Any]:
        body = call.json()
        return self._task(corp, body).page(str(body.get("userid")), cursor=str(body.get("cursor", "")), most=_PAGE)

    def _remind(self, corp: _Corp, call: Call) -> dict[str, Any]:
        task = self._task(corp, call.json())
        task.reminders += 1
        if task.reminders > _REMINDERS:
            raise RefusedError(45009, "remind too often", rule="reminders")
        return {}

    # ------------------------------------------------------------ customer service
    async def _talk(self, corp: _Corp, person: _Customer, verb: str, args: Mapping[str, Any]) -> dict[str, Any]:
        account = str(args.get("open_kfid", "wksim"))
        now = self.clock()
        common = {"msgid": f"kf{self.next_number()}", "open_kfid": account, "external_userid": person.person}
        said: dict[str, Any] = {**common, "send_time": int(now.timestamp()), "origin": 3, "msgtype": "text"}
        if verb == "enter":
            code = f"event{self.next_number()}"
            corp.greetings[code] = (person.person, now + _WELCOME)
            event = {"event_type": "enter_session", **common, "scene": args.get("scene", ""), "welcome_code": code}
            said |= {"msgtype": "event", "origin": 4, "event": event}
        elif verb == "refuse":
            event = {"event_type": "msg_send_fail", **common, "fail_msgid": args["message"], "fail_type": 10}
            said |= {"msgtype": "event", "origin": 4, "event": event}
        else:
            menu = {"menu_id": args["choice"]} if "choice" in args else {}
            said["text"] = {"content": args["text"], **menu}
            if verb == "answer":
                said |= {"origin": 5, "servicer_userid": args["staff"]}
            else:
                person.may_be_served = (now + _SERVICE, _SERVICE_MOST)
        corp.talks.append(said)
        event = {
            "MsgType": "event",
            "Event": "kf_msg_or_event",
            "Token": f"pull{self.next_number()}",
            "OpenKfId": account,
        }
        return await self.push(corp, {**self._head(corp), **event})

    def _sync(self, corp: _Corp, call: Call) -> dict[str, Any]:
        body = call.json()
        begin = int(body.get("cursor") or 0)
        most = min(int(body.get("limit", _PAGE)), _PAGE)
        oldest = (self.clock() - timedelta(days=3)).timestamp()
        page = corp.talks[begin : begin + most]
        asked = body.get("open_kfid")
        found = [one for one in page if one["open_kfid"] == asked and one["send_time"] >= oldest]
        end = begin + len(page)
        return {"msg_list": found, "next_cursor": str(end), "has_more": int(end < len(corp.talks))}

    def _serve(self, corp: _Corp, call: Call) -> dict[str, Any]:
        body = call.json()
        person = self._person(corp, body.get("touser"))
        kind = str(body.get("msgtype"))
        if kind in {"image", "voice", "video", "file"}:
            self.require_media(corp, body[kind].get("media_id"), kind)
        if person.may_be_served is None or person.may_be_served[0] <= self.clock():
            raise RefusedError(95002, "send msg out of time", rule="window")
        until, left = person.may_be_served
        given = str(body.get("msgid") or f"served{self.next_number()}")
        if given in corp.served:
            raise RefusedError(40058, "repeated msgid")
        if not left:
            raise RefusedError(95001, "send msg count limit", rule="count")
        person.may_be_served = (until, left - 1)
        corp.served.add(given)
        self.take(person.person, body, platform_id=given)
        return {"msgid": given}

    def _greet(self, corp: _Corp, call: Call) -> dict[str, Any]:
        body = call.json()
        person, until = corp.greetings.pop(str(body.get("code")), ("", None))
        if until is None or until < self.clock():
            raise RefusedError(41050, "invalid code", rule="welcome_late")
        if body.get("msgtype") not in {"text", "msgmenu"}:
            raise RefusedError(40008, "invalid message type")
        self.take(person, body, platform_id=str(body.get("msgid")))
        return {"msgid": body.get("msgid")}

    # ------------------------------------------------------------ who
    def _head(self, corp: _Corp) -> dict[str, Any]:
        return {"ToUserName": corp.id, "FromUserName": "sys", "CreateTime": int(self.clock().timestamp())}

    def _person(self, corp: _Corp, person: object) -> _Customer:
        known = corp.customers.get(str(person))
        if known is None:
            raise RefusedError(40096, "invalid external userid")
        return known

    def _corp(self, args: Mapping[str, Any]) -> _Corp:
        corp = self.apps[str(args["id"])]
        assert isinstance(corp, _Corp)
        return corp


def _days_in_month(now: datetime) -> int:
    first = now.replace(day=1)
    return ((first + timedelta(days=32)).replace(day=1) - first).days
