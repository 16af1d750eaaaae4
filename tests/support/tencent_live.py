"""Accounts in use on the simulated WeChat and WeCom, and what people and staff do there."""

from typing import Any

from fanwheel.domains.private.channels.contracts import Receipt, Sent
from fanwheel.entrypoints.simulator import Simulator
from tests.support.tencent import APP, CORP, KEY, SECRET, WORD, Desk, a_message

KIND = "wecom_external_userid"


class Brand:
    """An Official Account, what people do on WeChat, and what came of it."""

    def __init__(self, simulator: Simulator, desk: Desk) -> None:
        self.simulator, self.desk = simulator, desk
        self.wechat = simulator.platform("wechat")
        self.app = APP

    def connect(self, **changed: Any) -> Any:
        entered = {"id": APP, "secret": SECRET, "token": WORD, "encoding_aes_key": KEY, "callback_url": self.desk.url}
        return self.simulator.do("wechat", "connect", **(entered | changed))

    def do(self, verb: str, person: str = "oAna", **args: Any) -> Any:
        return self.simulator.do("wechat", verb, id=APP, person=person, **args)

    def settle(self) -> None:
        self.simulator.do("wechat", "settle")

    def said(self, person: str = "oAna") -> list[dict[str, Any]]:
        return [dict(taken.what) for taken in self.wechat.sent_to(person)]

    def send(self, *parts: Any, **changed: Any) -> Sent:
        return self.desk.run(self.desk.adapter.send(a_message("oAna", *parts, **changed)))


class Corp:
    """A corp, what its customers and staff do, and what came of it."""

    def __init__(self, simulator: Simulator, desk: Desk) -> None:
        self.simulator, self.desk = simulator, desk
        self.wecom = simulator.platform("wecom")

    def connect(self, **changed: Any) -> Any:
        entered = {
            "id": CORP, "secret": SECRET, "token": WORD, "encoding_aes_key": KEY, "callback_url": self.desk.url,
            "staff": ["zhangsan", "lisi"],
        }  # fmt: skip
        return self.simulator.do("wecom", "connect", **(entered | changed))

    def do(self, verb: str, person: str = "wmAna", **args: Any) -> Any:
        return self.simulator.do("wecom", verb, id=CORP, person=person, **args)

    def confirm(self, task: str, staff: str = "zhangsan") -> Any:
        return self.simulator.do("wecom", "confirm", id=CORP, staff=staff, task=task.partition("/")[0])

    def said(self, person: str = "wmAna") -> list[dict[str, Any]]:
        return [dict(taken.what) for taken in self.wecom.sent_to(person)]

    def send(self, *parts: Any, to: str = "wmAna", **changed: Any) -> Sent:
        return self.desk.run(self.desk.adapter.send(a_message(to, *parts, kind=KIND, **changed)))

    def answer(self, *parts: Any, **changed: Any) -> Sent:
        """Send with the context of what came last."""
        return self.send(*parts, context=self.desk.heard[-1].context, **changed)

    def follow_up(self, *sent: Sent) -> list[Receipt]:
        return list(self.desk.run(self.desk.adapter.follow_up([one.platform_id for one in sent])))
