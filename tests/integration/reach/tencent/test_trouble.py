"""WeChat and WeCom that fail, are slow and lose answers: nobody is written to twice whom we can tell apart."""

from typing import Any

import pytest
from tests.support.tencent import a_message
from tests.support.tencent_live import KIND, Brand, Corp

from fanwheel.domains.private.channels.contracts import Template
from fanwheel.domains.private.channels.errors import SendError, UnclearError

MANY = 60
ROUGH = {"fail": 0.15, "drop_answer": 0.2, "delay_s": 0.002, "only": "message"}


def attempt(desk: Any, message: Any) -> SendError | None:
    """What became of one attempt."""
    try:
        desk.run(desk.adapter.send(message))
    except SendError as error:
        return error
    return None


def test_template_messages_arrive_once_however_often_they_are_tried(brand: Brand) -> None:
    people = [f"o{number}" for number in range(MANY)]
    brand.simulator.do("wechat", "know", id=brand.app, people=people)
    brand.simulator.set_faults("wechat", **ROUGH)
    unclear = 0
    for person in people:
        message = a_message(person, Template("tpl"), key=f"fw-1-{person}")
        while (error := attempt(brand.desk, message)) is not None:
            assert isinstance(error, UnclearError)
            unclear += 1
    brand.simulator.set_faults("wechat")
    brand.settle()

    assert unclear > 5  # it was rough indeed
    assert sorted(taken.to for taken in brand.wechat.messages) == sorted(people)


@pytest.mark.parametrize("fault", ["fail", "drop_answer"])
def test_what_may_have_gone_out_is_said_so(brand: Brand, fault: str) -> None:
    brand.do("write", text="hi")
    brand.send("first")
    brand.simulator.set_faults("wechat", **{fault: 1.0})

    error = attempt(brand.desk, a_message("oAna", "second"))
    brand.simulator.set_faults("wechat")

    assert error is not None
    assert error.may_have_gone_out
    assert len(brand.said()) == {"fail": 1, "drop_answer": 2}[fault]


def test_customer_service_messages_arrive_once_or_are_told_apart(corp: Corp) -> None:
    corp.simulator.set_faults("wecom", fail=0.15, drop_answer=0.2, only="send_msg")
    outcomes: list[SendError | None] = []
    for number in range(MANY):
        person = f"wm{number}"
        corp.do("write", person, text="hi")
        context = {"open_kfid": "wksim"}
        message = a_message(person, "yes", kind=KIND, key=f"fw-1-{number}", context=context)
        outcomes.append(attempt(corp.desk, message))
    corp.simulator.set_faults("wecom")

    taken = {message.to for message in corp.wecom.messages}
    for number, error in enumerate(outcomes):
        # Whoever was answered has it; of the others nothing is claimed.
        assert error is not None or f"wm{number}" in taken
    assert sum(isinstance(error, UnclearError) for error in outcomes) > 5
    assert len(corp.wecom.messages) == len(taken)
    assert not corp.wecom.violations


def test_pushes_that_are_doubled_and_late_are_understood_alike(corp: Corp) -> None:
    corp.simulator.set_faults("wecom", duplicate=0.4, reorder=0.4)
    for number in range(20):
        corp.do("add", f"wm{number}", state=f"c_{number}")
    corp.simulator.set_faults("wecom")
    corp.do("add", "wmLast")

    followed = {one.key: (one.sender.value, getattr(one, "scene", "")) for one in corp.desk.heard if one.sender}
    assert len(corp.desk.heard) > len(followed)
    assert set(followed.values()) == {*((f"wm{number}", f"c_{number}") for number in range(20)), ("wmLast", "")}
