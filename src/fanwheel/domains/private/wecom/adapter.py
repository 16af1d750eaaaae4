"""WeCom (企业微信): customers of staff, group messages as tasks, and WeChat customer service."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from fanwheel.domains.private.channels import checks, reading, wording
from fanwheel.domains.private.channels.abilities import (
    Code,
    CodeWish,
    FollowsUp,
    Known,
    MakesCodes,
    PlatformTag,
    Recognizes,
    SendsTogether,
    TagsPeople,
    Weighs,
    Weight,
)
from fanwheel.domains.private.channels.adapter import About, Account, Adapter, Token, Tools
from fanwheel.domains.private.channels.contracts import (
    Address,
    Answer,
    Check,
    Outgoing,
    Receipt,
    Received,
    Request,
    Sent,
)
from fanwheel.domains.private.channels.errors import (
    RecipientGoneError,
    RefusedError,
    SendError,
    UnclearError,
    WindowClosedError,
)
from fanwheel.domains.private.tencent import Api, Envelope, read, timestamp_and_nonce
from fanwheel.domains.private.wecom import inbound, wire
from fanwheel.domains.private.wecom.about import ABOUT, ADDRESS, BASE_URL
from fanwheel.domains.private.wecom.meanings import MEANINGS
from fanwheel.domains.private.wecom.service import ServiceInbox
from fanwheel.domains.private.wecom.tasks import MOST_TOGETHER, Tasks

_CONTACTS = "/cgi-bin/externalcontact"


class WeCom(Adapter, Weighs, MakesCodes, SendsTogether, FollowsUp, Recognizes, TagsPeople):
    """One corp's app."""

    about: ClassVar[About] = ABOUT
    most_together = MOST_TOGETHER

    def __init__(self, account: Account, tools: Tools) -> None:
        settings, secrets = account.settings, account.secrets
        self._corp_id = settings["corp_id"]
        self._secret = secrets["secret"]
        self._staff = settings.get("staff", "")
        self._agent_id = settings.get("agent_id", "")
        self._envelope = Envelope(
            token=secrets["token"], encoding_aes_key=secrets["encoding_aes_key"], receive_id=self._corp_id
        )
        self._clock = tools.clock
        base_url = settings.get("base_url") or BASE_URL
        self._api = Api(tools, base_url, self._fetch_token, owner=self._corp_id, meanings=MEANINGS)
        self._tasks = Tasks(self._api, sender=self._staff.partition(",")[0])
        self._service = ServiceInbox(self._api, tools.notes)

    # ------------------------------------------------------------ what is called back
    async def receive(self, request: Request) -> Received:
        """Read a callback, or answer the question whether this address is ours with what it has in it."""
        timestamp, nonce = timestamp_and_nonce(request)
        signature = request.query.get("msg_signature", "")
        if request.method == "GET":
            echo = request.query.get("echostr", "")
            plain = self._envelope.open(echo, signature=signature, timestamp=timestamp, nonce=nonce)
            return Received(Answer(body=plain))
        encrypted = read(request.body).get("Encrypt")
        push = read(self._envelope.open(encrypted, signature=signature, timestamp=timestamp, nonce=nonce))
        if push.get("Event") == "kf_msg_or_event":
            found = await self._service.fetch(push.get("Token"), push.get("OpenKfId"), now=request.received_at)
        else:
            found = inbound.happenings(push, received_at=request.received_at)
        return Received(Answer(body=b"success"), found)

    # ------------------------------------------------------------ what is said
    async def send(self, message: Outgoing) -> Sent:
        """A welcome where one is owed, a customer service message where there is such a talk, else a task for staff."""
        if message.to.kind != ADDRESS:
            raise RecipientGoneError("WeCom reaches customers by their external user id only.")
        context = message.reply.context if message.reply else {}
        if code := reading.text(context, "welcome_code"):
            self._require_time(context)
            body = {"welcome_code": code, **await wire.letter(message.parts, self._api.media)}
            await self._api.post(f"{_CONTACTS}/send_welcome_msg", body)
            return Sent(None)
        if code := reading.text(context, "event_code"):
            self._require_time(context)
            answer = await self._api.post("/cgi-bin/kf/send_msg_on_event", wire.greeting(message, code))
            return Sent(reading.text(answer, "msgid") or None)
        if open_kfid := reading.text(context, "open_kfid"):
            return await self._serve(message, open_kfid)
        outcome = (await self._tasks.make([message]))[0]
        if isinstance(outcome, SendError):
            raise outcome
        return outcome

    def weigh(self, message: Outgoing) -> Weight:
        """A welcome and a task are one message whatever is in them; customer service says each part apart."""
        context = message.reply.context if message.reply else {}
        if context.get("welcome_code") or context.get("event_code"):
            return Weight(1, "free")
        if context.get("open_kfid"):
            return Weight(len(wording.joined(message.parts)), "free")
        return Weight(1, "task")

    async def send_together(self, messages: Sequence[Outgoing]) -> Sequence[Sent | SendError]:
        """One task for all of them that say the same; staff confirm it once."""
        return await self._tasks.make(messages)

    async def follow_up(self, platform_ids: Sequence[str]) -> Sequence[Receipt]:
        """Whom the staff's confirmation has reached by now."""
        return await self._tasks.follow_up(platform_ids, now=self._clock())

    async def remind(self, platform_id: str) -> None:
        """Remind staff of a task that waits for them."""
        await self._tasks.remind(platform_id)

    async def _serve(self, message: Outgoing, open_kfid: str) -> Sent:
        bodies = await wire.service_calls(message, open_kfid=open_kfid, upload=self._api.media)
        platform_id = None
        for number, body in enumerate(bodies):
            try:
                answer = await self._api.post("/cgi-bin/kf/send_msg", body)
            except SendError as error:
                if number == 0:
                    raise
                raise UnclearError(f"{number} of {len(bodies)} parts went out.", code=error.platform_code) from error
            platform_id = reading.text(answer, "msgid") or platform_id
        return Sent(platform_id)

    def _require_time(self, context: Mapping[str, Any]) -> None:
        until = reading.text(context, "until")
        if until and self._clock() > datetime.fromisoformat(until):
            raise WindowClosedError("The welcome came too late: WeCom waits 20 seconds.", code="41050")

    # ------------------------------------------------------------ codes, people, tags
    async def make_code(self, wish: CodeWish) -> Code:
        """A live code that adds one of the staff named; it cannot be changed or dropped without its id."""
        staff = list(wish.staff) or [name for name in self._staff.split(",") if name]
        if not staff:
            raise RefusedError("A live code needs the staff whom it adds.", code="staff")
        if not 1 <= len(wish.scene.encode()) <= 30:
            raise RefusedError("A state has 1 to 30 characters.", code="scene")
        is_temporary = wish.lasts_s is not None
        if is_temporary and len(staff) > 1:
            raise RefusedError("A code that ends adds one member of staff only.", code="staff")
        body: dict[str, Any] = {
            "type": 1 if len(staff) == 1 else 2, "scene": 2, "remark": wish.name[:30], "state": wish.scene,
            "skip_verify": wish.needs_no_approval, "user": staff, "is_temp": is_temporary,
        }  # fmt: skip
        if wish.lasts_s is not None:
            body["expires_in"] = wish.lasts_s
        answer = await self._api.post(f"{_CONTACTS}/add_contact_way", body)
        return Code(
            platform_id=str(answer["config_id"]),
            scene=wish.scene,
            image_url=reading.text(answer, "qr_code"),
            expires_at=self._clock() + timedelta(seconds=wish.lasts_s) if wish.lasts_s is not None else None,
        )

    async def drop_code(self, platform_id: str) -> None:
        """Whoever scans it from now on adds nobody."""
        await self._api.post(f"{_CONTACTS}/del_contact_way", {"config_id": platform_id})

    async def recognize(self, address: Address) -> Known:
        """The customer's unionid and name, and what each member of staff noted of them."""
        found = await self._api.get(f"{_CONTACTS}/get", external_userid=address.value)
        person = reading.inner(found.get("external_contact"))
        others = (Address("unionid", unionid),) if (unionid := reading.text(person, "unionid")) else ()
        followed = [
            {**reading.known(one, "userid", "remark", "state", "add_way"), "tags": _tag_ids(one)}
            for one in reading.objects(found, "follow_user")
        ]
        profile = reading.known(person, "name", "avatar", "gender", "type", "corp_name")
        return Known(others, {**profile, **({"followed_by": followed} if followed else {})})

    async def find_by_unionid(self, unionid: str, openid: str) -> Address | None:
        """The customer who follows an Official Account of the same owner under these ids, if they are one."""
        try:
            found = await self._api.post(
                "/cgi-bin/idconvert/unionid_to_external_userid", {"unionid": unionid, "openid": openid}
            )
        except RecipientGoneError:
            return None
        person = reading.text(found, "external_userid")
        return Address(ADDRESS, person) if person else None

    async def list_tags(self) -> Sequence[PlatformTag]:
        """The corp's tags."""
        found = await self._api.post(f"{_CONTACTS}/get_corp_tag_list", {})
        return [tag for group in reading.objects(found, "tag_group") for tag in _tags(group)]

    async def add_tags(self, group: str, names: Sequence[str]) -> Sequence[PlatformTag]:
        """Make tags in a group of the corp's."""
        body: dict[str, Any] = {"group_name": group, "tag": [{"name": name} for name in names]}
        if self._agent_id:
            body["agentid"] = int(self._agent_id)
        return _tags(reading.inner((await self._api.post(f"{_CONTACTS}/add_corp_tag", body)).get("tag_group")))

    async def mark(self, address: Address, staff: str, *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        """Put tags on the pair of a customer and a member of staff, or take them off."""
        body = {"userid": staff, "external_userid": address.value, "add_tag": list(add), "remove_tag": list(remove)}
        await self._api.post(f"{_CONTACTS}/mark_tag", body)

    # ------------------------------------------------------------ the account
    async def check(self) -> Check:
        """Fetch a token and ask who of the staff may have customers."""
        try:
            found = await self._api.get(f"{_CONTACTS}/get_follow_user_list")
        except SendError as error:
            return checks.failed(error)
        staff = [name for name in found.get("follow_user") or () if isinstance(name, str)]
        facts = {"corp_id": self._corp_id, "staff": ", ".join(staff[:20]), "staff_count": str(len(staff))}
        told = f"WeCom accepts the app; {len(staff)} of the staff may have customers."
        return Check(is_fine=True, message=told, facts=facts, code="corp_ready")

    async def close(self) -> None:
        """Nothing is held."""

    async def _fetch_token(self, api: Api) -> Token:
        query = {"corpid": self._corp_id, "corpsecret": self._secret}
        answer = await api.ask("GET", "/cgi-bin/gettoken", params=query)
        return Token(str(answer["access_token"]), int(answer.get("expires_in", 7200)))


def _tags(group: Mapping[str, Any]) -> list[PlatformTag]:
    name = reading.text(group, "group_name")
    return [
        PlatformTag(reading.text(tag, "id"), reading.text(tag, "name"), name) for tag in reading.objects(group, "tag")
    ]


def _tag_ids(followed: Mapping[str, Any]) -> list[str]:
    return [found for tag in reading.objects(followed, "tags") if (found := reading.text(tag, "tag_id"))]
