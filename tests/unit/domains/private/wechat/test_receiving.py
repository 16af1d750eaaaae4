"""What an Official Account takes as WeChat's, and what it understands by it."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from tests.support.tencent import APP, KEY, NOON, WORD, Clock, a_message, a_push, offline

from fanwheel.domains.private.channels.contracts import (
    Address,
    Answer,
    Card,
    Entered,
    Followed,
    Granted,
    Media,
    Message,
    Native,
    Receipt,
    Request,
    Tapped,
    Template,
    Text,
    Unfollowed,
)
from fanwheel.domains.private.channels.errors import ForgedError, MalformedError
from fanwheel.domains.private.tencent import Envelope, read, sign, write

HEAD = (
    "<ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[oAna]]></FromUserName>"
    f"<CreateTime>{int(NOON.timestamp())}</CreateTime>"
)
HELLO = f"<xml>{HEAD}<MsgType>text</MsgType><Content><![CDATA[你好]]></Content><MsgId>6054768590064713728</MsgId></xml>"
ANA = Address("openid", f"{APP}:oAna")


def received(request: Request, **changed: str) -> Any:
    return asyncio.run(offline("wechat", **changed).receive(request))


def heard(body: str) -> Any:
    return received(a_push(f"<xml>{HEAD}{body}</xml>")).happenings


def an_event(name: str, more: str = "") -> str:
    return f"<MsgType>event</MsgType><Event><![CDATA[{name}]]></Event>{more}"


# ---------------------------------------------------------------- proof
def a_question(**changed: str) -> Request:
    """V1 of the vendor's page, asked at its own time."""
    query = {"timestamp": str(int(NOON.timestamp())), "nonce": "1514711492", "echostr": "4375120948345356249"}
    return Request(
        "GET", query | {"signature": sign(WORD, query["timestamp"], query["nonce"])} | changed, {}, b"", NOON
    )


def test_question_is_answered_with_its_word_and_nothing_else() -> None:
    assert received(a_question()).answer == Answer(body=b"4375120948345356249")


@pytest.mark.parametrize(
    "changed", [{"signature": "0" * 40}, {"signature": ""}, {"nonce": "other"}, {"timestamp": "1"}, {"timestamp": ""}]
)
def test_question_of_somebody_else_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(ForgedError):
        received(a_question(**changed))


def test_sealed_message_is_taken() -> None:
    taken = received(a_push(HELLO))

    assert taken.answer.body == b"success"
    assert taken.happenings == (Message(key="6054768590064713728", at=NOON, sender=ANA, parts=(Text("你好"),)),)


def test_plain_message_is_taken_where_the_account_is_set_so() -> None:
    assert received(a_push(HELLO, is_sealed=False), mode="plain").happenings == received(a_push(HELLO)).happenings


def test_sealed_message_is_taken_in_plain_mode_too() -> None:
    assert received(a_push(HELLO), mode="plain").happenings == received(a_push(HELLO)).happenings


def test_json_in_the_envelope_is_understood() -> None:
    said = {"FromUserName": "oAna", "CreateTime": int(NOON.timestamp()), "MsgType": "text", "Content": "hi", "MsgId": 7}
    pushed = a_push(json.dumps(said))
    request = pushed._replace(body=json.dumps(read(pushed.body).plain()).encode())

    assert received(request).happenings == (Message(key="7", at=NOON, sender=ANA, parts=(Text("hi"),)),)


def test_plain_signature_proves_nothing_in_safe_mode() -> None:
    forged = a_push(HELLO, is_sealed=False)
    sealed = a_push(HELLO)

    for request in (
        forged,
        forged._replace(query={**forged.query, "encrypt_type": "aes", "msg_signature": forged.query["signature"]}),
        sealed._replace(query={name: value for name, value in sealed.query.items() if name != "msg_signature"}),
        sealed._replace(query={**sealed.query, "msg_signature": sealed.query["signature"]}),
        sealed._replace(query={**sealed.query, "encrypt_type": "raw"}),
    ):
        with pytest.raises(ForgedError):
            received(request)


def test_plain_words_beside_a_sealed_message_are_not_heard() -> None:
    pushed = a_push(HELLO)
    both = pushed.body.replace(
        b"<Encrypt>", f"{HEAD}<MsgType>text</MsgType><Content>forged</Content><Encrypt>".encode()
    )

    assert received(pushed._replace(body=both)).happenings == received(pushed).happenings


@pytest.mark.parametrize("minutes", [-6, 6])
def test_message_of_another_time_is_refused(minutes: int) -> None:
    with pytest.raises(ForgedError, match="not of now"):
        received(a_push(HELLO, at=NOON + timedelta(minutes=minutes)))


def test_retry_is_taken_again_under_the_same_key() -> None:
    adapter = offline("wechat", mode="plain")
    first, later = a_push(HELLO, is_sealed=False), a_push(HELLO, is_sealed=False, at=NOON + timedelta(seconds=15))

    keys = [asyncio.run(adapter.receive(request)).happenings[0].key for request in (first, first, later)]
    assert keys == ["6054768590064713728"] * 3


def test_caught_signature_carries_no_other_words() -> None:
    adapter = offline("wechat", mode="plain")
    asyncio.run(adapter.receive(a_push(HELLO, is_sealed=False)))

    with pytest.raises(ForgedError):
        asyncio.run(adapter.receive(a_push(HELLO.replace("你好", "forged"), is_sealed=False)))


@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><Encrypt>&f;</Encrypt></xml>',
        "<xml>" + "a" * 300_000 + "</xml>",
        "nonsense",
    ],
)
def test_body_that_no_platform_sends_is_refused(body: str) -> None:
    with pytest.raises(MalformedError):
        received(a_push(HELLO)._replace(body=body.encode()))


def test_entities_inside_the_envelope_are_refused_too() -> None:
    with pytest.raises(MalformedError, match="document type"):
        received(a_push(f'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>{HELLO.replace("你好", "&f;")}'))


def test_message_sealed_for_another_account_is_refused() -> None:
    with pytest.raises(ForgedError, match="another receiver"):
        received(a_push(HELLO, receive_id="wxffffffffffffffff"))


# ---------------------------------------------------------------- messages
@pytest.mark.parametrize(
    ("body", "parts"),
    [
        (
            "<MsgType>image</MsgType><PicUrl>http://p/1</PicUrl><MediaId>m1</MediaId>",
            (Media("image", url="http://p/1", platform_id="m1"),),
        ),
        (
            "<MsgType>voice</MsgType><MediaId>m2</MediaId><Format>amr</Format><Recognition>喂</Recognition>",
            (Media("voice", platform_id="m2", text="喂"),),
        ),
        ("<MsgType>video</MsgType><MediaId>m3</MediaId>", (Media("video", platform_id="m3"),)),
        ("<MsgType>shortvideo</MsgType><MediaId>m4</MediaId>", (Media("video", platform_id="m4"),)),
        ("<MsgType>file</MsgType><Title>a.pdf</Title>", (Media("file", name="a.pdf"),)),
        (
            "<MsgType>link</MsgType><Title>T</Title><Description>D</Description><Url>http://u</Url>",
            (Card("T", "D", url="http://u"),),
        ),
        (
            "<MsgType>location</MsgType><Location_X>23.1</Location_X><Location_Y>113.3</Location_Y><Label>广州</Label>",
            (
                Text("广州"),
                Native({"MsgType": "location", "Location_X": "23.1", "Location_Y": "113.3", "Label": "广州"}),
            ),
        ),
        ("<MsgType>hologram</MsgType><Light>1</Light>", (Native({"MsgType": "hologram", "Light": "1"}),)),
    ],
)
def test_every_kind_of_message_is_understood(body: str, parts: tuple[Any, ...]) -> None:
    assert heard(f"{body}<MsgId>9</MsgId>") == (Message(key="9", at=NOON, sender=ANA, parts=parts),)


def test_answer_of_a_menu_in_the_chat_says_which() -> None:
    (said,) = heard("<MsgType>text</MsgType><Content>很好</Content><bizmsgmenuid>good</bizmsgmenuid><MsgId>1</MsgId>")

    assert (said.parts, said.context) == ((Text("很好"),), {"choice": "good"})


# ---------------------------------------------------------------- events
@pytest.mark.parametrize(
    ("key", "scene"),
    [
        ("<EventKey><![CDATA[qrscene_c_123]]></EventKey><Ticket>t</Ticket>", "c_123"),
        ("<EventKey><![CDATA[qrscene_0]]></EventKey>", ""),
        ("<EventKey></EventKey>", ""),
        ("", ""),
    ],
)
def test_follower_brings_the_scene_of_the_code(key: str, scene: str) -> None:
    (followed,) = heard(an_event("subscribe", key))

    assert isinstance(followed, Followed)
    assert (followed.sender, followed.scene, bool(followed.origin)) == (ANA, scene, bool(scene))


def test_leaving_asks_for_erasure() -> None:
    (left,) = heard(an_event("unsubscribe", "<EventKey></EventKey>"))

    assert isinstance(left, Unfollowed)
    assert left.must_erase


def test_scan_of_a_follower_brings_its_scene() -> None:
    (scanned,) = heard(an_event("SCAN", "<EventKey>c_9</EventKey><Ticket>t</Ticket>"))

    assert isinstance(scanned, Entered)
    assert (scanned.scene, scanned.is_scan) == ("c_9", True)


@pytest.mark.parametrize(
    ("name", "is_view"), [("CLICK", False), ("VIEW", True), ("view_miniprogram", True), ("location_select", False)]
)
def test_tap_says_whether_it_opened_a_page(name: str, is_view: bool) -> None:
    (tapped,) = heard(an_event(name, "<EventKey>menu:1:a</EventKey>"))

    assert isinstance(tapped, Tapped)
    assert (tapped.value, tapped.is_view) == ("menu:1:a", is_view)


def test_code_scanned_from_the_menu_comes_with_the_tap() -> None:
    scanned = "<ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>42</ScanResult></ScanCodeInfo>"
    (tapped,) = heard(an_event("scancode_waitmsg", f"<EventKey>k</EventKey>{scanned}"))

    assert tapped.context == {"ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": "42"}}


@pytest.mark.parametrize(
    ("status", "state"),
    [("success", "delivered"), ("failed:user block", "refused"), ("failed: system failed", "failed")],
)
def test_outcome_of_a_template_is_a_receipt(status: str, state: str) -> None:
    (receipt,) = heard(an_event("TEMPLATESENDJOBFINISH", f"<MsgID>200163836</MsgID><Status>{status}</Status>"))

    assert isinstance(receipt, Receipt)
    assert (receipt.platform_id, receipt.state, receipt.sender) == ("200163836", state, ANA)


def test_outcome_of_a_mass_message_is_nobody_s_in_particular() -> None:
    more = "<MsgID>5</MsgID><Status>send success</Status><TotalCount>9</TotalCount><SentCount>8</SentCount>"
    (receipt,) = heard(an_event("MASSSENDJOBFINISH", more))

    assert (receipt.sender, receipt.state, receipt.detail) == (None, "confirmed", "send success; 8 of 9")


def test_every_tick_is_a_grant_of_its_template() -> None:
    ticks = "".join(
        f"<List><TemplateId>{name}</TemplateId><SubscribeStatusString>{status}</SubscribeStatusString></List>"
        for name, status in (("t1", "accept"), ("t2", "reject"), ("t3", "accept"))
    )
    grants = heard(an_event("subscribe_msg_popup_event", f"<SubscribeMsgPopupEvent>{ticks}</SubscribeMsgPopupEvent>"))

    assert [(grant.allowance, grant.is_granted, grant.count) for grant in grants] == [
        ("subscription:t1", True, 1),
        ("subscription:t3", True, 1),
    ]
    assert len({grant.key for grant in grants}) == 2


def test_subscription_can_be_taken_back() -> None:
    item = "<List><TemplateId>t1</TemplateId><SubscribeStatusString>reject</SubscribeStatusString></List>"
    (grant,) = heard(
        an_event("subscribe_msg_change_event", f"<SubscribeMsgChangeEvent>{item}</SubscribeMsgChangeEvent>")
    )

    assert isinstance(grant, Granted)
    assert not grant.is_granted


def test_outcome_of_a_subscription_message_is_a_receipt() -> None:
    item = "<List><MsgID>27</MsgID><ErrorCode>0</ErrorCode><ErrorStatus>success</ErrorStatus></List>"
    (receipt,) = heard(an_event("subscribe_msg_sent_event", f"<SubscribeMsgSentEvent>{item}</SubscribeMsgSentEvent>"))

    assert (receipt.platform_id, receipt.state) == ("27", "delivered")


@pytest.mark.parametrize(
    "body", ["", an_event(""), an_event("LOCATION"), an_event("something_new"), "<Event>x</Event>"]
)
def test_what_does_not_concern_us_is_taken_and_left(body: str) -> None:
    assert not heard(body)


def test_events_of_the_same_second_are_told_apart() -> None:
    keys = {heard(an_event("CLICK", f"<EventKey>{key}</EventKey>"))[0].key for key in "ab"}

    assert len(keys) == 2
    assert heard(an_event("CLICK", "<EventKey>a</EventKey>"))[0].key in keys


# ---------------------------------------------------------------- answers
def opened(answer: Answer) -> Any:
    sealed = read(answer.body)
    envelope = Envelope(token=WORD, encoding_aes_key=KEY, receive_id=APP)
    return read(
        envelope.open(
            sealed.get("Encrypt"),
            signature=sealed.get("MsgSignature"),
            timestamp=sealed.get("TimeStamp"),
            nonce=sealed.get("Nonce"),
        )
    )


def test_answer_to_a_sealed_message_is_sealed() -> None:
    answer = offline("wechat", Clock()).answer(a_push(HELLO), a_message("oAna", "欢迎 ]]> &"))

    said = opened(answer).plain()
    assert said == {
        "ToUserName": "oAna", "FromUserName": "gh_1", "CreateTime": str(int(NOON.timestamp())), "MsgType": "text",
        "Content": "欢迎 ]]> &",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("hi", {"MsgType": "text", "Content": "hi"}),
        (Media("image", platform_id="m"), {"MsgType": "image", "Image": {"MediaId": "m"}}),
        (Media("voice", platform_id="m"), {"MsgType": "voice", "Voice": {"MediaId": "m"}}),
        (Media("video", platform_id="m"), {"MsgType": "video", "Video": {"MediaId": "m"}}),
        (
            Card("T", "D", image_url="http://i", url="http://u"),
            {
                "MsgType": "news", "ArticleCount": "1",
                "Articles": {"item": {"Title": "T", "Description": "D", "PicUrl": "http://i", "Url": "http://u"}},
            },
        ),
    ],
)  # fmt: skip
def test_answer_to_a_plain_message_is_plain(part: Any, said: dict[str, Any]) -> None:
    answer = offline("wechat", mode="plain").answer(a_push(HELLO, is_sealed=False), a_message("oAna", part))

    assert said.items() <= read(answer.body).plain().items()


@pytest.mark.parametrize(
    "parts", [("one", Media("image", media_id=1)), (Media("image", media_id=1),), (Card("T"),), (" ",)]
)
def test_what_does_not_fit_into_an_answer_is_left_to_sending(parts: tuple[Any, ...]) -> None:
    assert offline("wechat").answer(a_push(HELLO), a_message("oAna", *parts)) is None


def test_nothing_is_answered_to_what_is_not_wechat_s() -> None:
    with pytest.raises(ForgedError):
        offline("wechat").answer(a_push(HELLO, msg_signature="0" * 40), a_message("oAna", "hi"))


def test_envelope_carries_no_words_of_others() -> None:
    injected = write("xml", {"Content": "x]]></Content><ToUserName>evil</ToUserName><Content><![CDATA["})

    assert list(read(injected.encode()).plain()) == ["Content"]


@pytest.mark.parametrize(
    ("parts", "weight"),
    [
        (("one", "two"), (1, "free")),
        (("one", Card("T"), "two"), (3, "free")),
        ((Template("t"),), (1, "template")),
        ((Template("t"), "x"), (2, "free")),
    ],
)
def test_message_takes_of_the_allowances_what_wechat_counts(parts: tuple[Any, ...], weight: tuple[int, str]) -> None:
    assert offline("wechat").weigh(a_message("oAna", *parts)) == weight
