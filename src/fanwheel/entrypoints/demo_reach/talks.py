"""What people do on the demo brand's channels: some are answered by a rule, some wait for somebody."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

CHINESE: Final = ("openid", "wecom_external_userid", "douyin_open_id")
WESTERN: Final = ("email", "anonymous_id")


class Deed(NamedTuple):
    """Somebody does something: the person by a number, among those whom the channel can know."""

    channel: str
    person: int
    verb: str
    args: Mapping[str, Any]


def _write(channel: str, person: int, text: str, **more: Any) -> Deed:
    return Deed(channel, person, "write", {"text": text, **more})


_OLIVIA: Final = {"name": "Olivia", "language": "en"}
_MATEO: Final = {"name": "Mateo", "language": "en"}

DEEDS: Final = (
    Deed("wechat_oa", 0, "follow", {"scene": "store_hangzhou"}),
    _write("wechat_oa", 0, "新朋友有优惠券吗？"),
    _write("wechat_oa", 1, "精华多少钱一瓶？"),
    _write("wechat_oa", 2, "去年冬天那款桂花乌龙今年还做吗？我妈妈特别喜欢"),
    _write("wechat_oa", 3, "我想转人工客服"),
    Deed("wecom", 0, "add", {"state": "store_hangzhou"}),
    _write("wecom", 0, "我是敏感肌，用哪款比较好？"),
    _write("wecom", 1, "周六下午想到店里做护理，两个人，三点可以吗？"),
    Deed("douyin", 0, "comment", {"text": "求链接"}),
    _write("douyin", 1, "怎么还没收到货？"),
    _write("douyin", 2, "昨晚直播间说的听雨杯是随单送吗"),
    Deed("telegram", 0, "start", {"scene": "spring", **_OLIVIA}),
    _write("telegram", 0, "How much is the serum?", **_OLIVIA),
    _write("telegram", 1, "Is the jasmine tea naturally scented, or is there flavoring in it?", **_MATEO),
    _write("webchat", 2, "Do you have a discount code for a first order?"),
    _write("webchat", 3, "Could you send two tins as a gift, with a handwritten card in each?"),
    _write("email", 0, "Hello,\n\nwhere is my order? It was to come on Monday.\n", subject="My order"),
    _write("email", 1, "Hi,\n\nwe run a small tea room and would like to serve your Longjing. Do you sell to cafés?\n",
           subject="Longjing for our tea room"),
)  # fmt: skip
