"""wechatpy, which others wrote, reads what is pushed and answered, and speaks to the simulated WeChat."""

from typing import Any

import pytest
from tests.support.tencent import APP, KEY, WORD, a_message
from tests.support.tencent_live import Brand
from wechatpy import WeChatClient, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import WeChatClientException

from fanwheel.domains.private.channels.contracts import AnyPart, Card, Media, Request
from fanwheel.entrypoints.simulator import Simulator

DEEDS: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    ("write", {"text": "你好"}, "text", {"content": "你好"}),
    ("write", {"content": {"MsgType": "image", "PicUrl": "http://p", "MediaId": "m"}}, "image", {"media_id": "m"}),
    ("write", {"content": {"MsgType": "voice", "MediaId": "m", "Format": "amr"}}, "voice", {"format": "amr"}),
    ("follow", {}, "subscribe", {}),
    ("follow", {"scene": "c_1"}, "subscribe_scan", {"scene_id": "c_1"}),
    ("unfollow", {}, "unsubscribe", {}),
    ("scan", {"scene": "c_2"}, "scan", {"scene_id": "c_2"}),
    ("tap", {"key": "menu:1:a"}, "click", {"key": "menu:1:a"}),
    ("view", {"url": "https://x/"}, "view", {"url": "https://x/"}),
]


def opened(request: Request) -> str:
    crypto = WeChatCrypto(WORD, KEY, APP)
    query = request.query
    return str(crypto.decrypt_message(request.body, query["msg_signature"], query["timestamp"], query["nonce"]))


@pytest.mark.parametrize(("verb", "args", "kind", "said"), DEEDS)
def test_it_reads_what_is_pushed(
    brand: Brand, verb: str, args: dict[str, Any], kind: str, said: dict[str, Any]
) -> None:
    brand.do(verb, **args)

    message = parse_message(opened(brand.desk.requests[-1]))

    assert (getattr(message, "event", message.type), message.source) == (kind, "oAna")
    assert {name: getattr(message, name) for name in said} == said


@pytest.mark.parametrize(
    ("part", "kind"),
    [("欢迎", "text"), (Media("image", platform_id="m"), "image"), (Card("T", "D", url="https://u"), "news")],
)
def test_it_reads_what_we_answer(brand: Brand, part: AnyPart | str, kind: str) -> None:
    brand.do("write", text="hi")
    answer = brand.desk.adapter.answer(brand.desk.requests[-1], a_message("oAna", part))
    sealed = parse_sealed(answer.body)

    crypto = WeChatCrypto(WORD, KEY, APP)
    xml = crypto.decrypt_message(answer.body, sealed["MsgSignature"], sealed["TimeStamp"], sealed["Nonce"])

    assert f"<MsgType><![CDATA[{kind}]]></MsgType>" in xml
    assert "<ToUserName><![CDATA[oAna]]></ToUserName>" in xml


def parse_sealed(body: bytes) -> dict[str, Any]:
    import xmltodict

    return dict(xmltodict.parse(body)["xml"])


class Client(WeChatClient):  # type: ignore[misc]
    """It knows one address of WeChat only, and is told ours."""

    API_BASE_URL = ""


@pytest.fixture
def client(simulator: Simulator, brand: Brand) -> Client:
    account = brand.wechat.apps[APP]
    brand.desk.run(brand.desk.adapter.check())  # fetches a token
    made = Client(APP, "unused", access_token=account.token)
    made.API_BASE_URL = f"{simulator.url}/wechat/cgi-bin/"
    return made


def test_simulator_takes_its_calls(brand: Brand, client: Client) -> None:
    brand.do("write", text="hi")

    client.message.send_text("oAna", "你好")
    client.message.send_articles("oAna", [{"title": "T", "description": "D", "url": "https://u", "image": "https://i"}])
    client.message.send_template("oAna", "tpl", {"first": {"value": "Hi"}})
    client.menu.create({"button": [{"type": "click", "name": "活动", "key": "k"}]})
    code = client.qrcode.create({"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "c"}}})

    assert [said.get("msgtype", "template") for said in brand.said()] == ["text", "news", "template"]
    assert client.menu.get()["menu"]["button"][0]["key"] == "k"
    assert brand.wechat.apps[APP].tickets[code["ticket"]] == "c"


def test_simulator_refuses_it_as_wechat_does(brand: Brand, client: Client) -> None:
    with pytest.raises(WeChatClientException, match="40003"):
        client.message.send_text("oNobody", "hi")

    brand.do("view", url="https://x/")
    with pytest.raises(WeChatClientException, match="45015"):
        client.message.send_text("oAna", "hi")
