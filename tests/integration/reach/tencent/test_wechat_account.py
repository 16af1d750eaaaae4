"""An Official Account's tokens, quotas, menus and codes, and what happens when WeChat fails."""

from typing import Any

import pytest
from tests.support.tencent import APP, SECRET, a_desk
from tests.support.tencent_live import Brand

from fanwheel.domains.private.channels.abilities import CodeWish
from fanwheel.domains.private.channels.contracts import (
    Address,
    Card,
    Followed,
)
from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    QuotaUsedUpError,
    RefusedError,
    UnavailableError,
    UnclearError,
)
from fanwheel.entrypoints.simulator import Simulator

MENU = {"button": [{"type": "click", "name": "今日活动", "key": "menu:1:a"}]}


# ---------------------------------------------------------------- tokens, quotas, faults
def test_token_is_fetched_once_for_many_calls(brand: Brand) -> None:
    brand.do("write", text="hi")
    for _ in range(3):
        brand.send("hi")

    assert brand.wechat.calls["/cgi-bin/stable_token"] == 1


@pytest.mark.parametrize("is_replaced", [True, False])
def test_refused_token_is_fetched_anew_once(brand: Brand, is_replaced: bool) -> None:
    brand.do("write", text="hi")
    brand.send("one")
    brand.simulator.do("wechat", "expire_token", id=APP, is_replaced=is_replaced)

    brand.send("two")

    assert brand.wechat.calls["/cgi-bin/stable_token"] == 2
    assert len(brand.said()) == 2


def test_token_that_is_refused_again_is_the_account_s_fault(brand: Brand) -> None:
    brand.do("write", text="hi")
    brand.send("one")
    brand.wechat.apps[APP].token = "another"
    brand.wechat.apps[APP].token_until = None

    async def old(_name: str, _fetch: Any) -> str:
        return "stale"

    brand.desk.adapter._api._tools = brand.desk.adapter._api._tools._replace(token=old)
    with pytest.raises(BadAccountError):
        brand.send("two")


def test_wrong_secret_is_told_and_nothing_of_it(brand: Brand) -> None:
    brand.connect(secret="another")

    check = brand.desk.run(brand.desk.adapter.check())

    assert not check.is_fine
    assert "AppSecret" in check.message
    assert SECRET not in str(check)


def test_working_account_passes_its_check(brand: Brand) -> None:
    assert brand.desk.run(brand.desk.adapter.check()).is_fine


def test_safe_mode_without_its_key_fails_the_check(simulator: Simulator, brand: Brand) -> None:
    adapter = brand.desk.adapter
    adapter._envelope = None

    assert "EncodingAESKey" in brand.desk.run(adapter.check()).message


def test_day_s_quota_is_told_apart(brand: Brand) -> None:
    brand.do("write", text="hi")
    brand.simulator.do("wechat", "set_limit", path="/cgi-bin/message/custom/send", limit=1)
    brand.send("one")

    with pytest.raises(QuotaUsedUpError) as refused:
        brand.send("two")
    assert refused.value.retry_after_s


def test_lost_answer_may_have_gone_out(brand: Brand) -> None:
    brand.do("write", text="hi")
    brand.send("first")
    brand.simulator.set_faults("wechat", drop_answer=1.0)

    with pytest.raises(UnclearError) as lost:
        brand.send("second")
    assert lost.value.may_have_gone_out
    assert len(brand.said()) == 2


def test_platform_that_is_away_has_taken_nothing(brand: Brand) -> None:
    with a_desk("wechat", "http://127.0.0.1:9") as desk, pytest.raises(UnavailableError) as away:
        desk.send("oAna", "hi")
    assert not away.value.may_have_gone_out


def test_second_part_refused_leaves_the_first_said(brand: Brand) -> None:
    brand.do("write", text="hi")
    for _ in range(4):
        brand.send("hi")

    with pytest.raises(UnclearError, match="1 of 2"):
        brand.send("fifth", Card("sixth", url="https://u"))
    assert len(brand.said()) == 5


# ---------------------------------------------------------------- menus, codes, people
def test_menu_is_published_shown_and_taken_away(brand: Brand) -> None:
    adapter, run = brand.desk.adapter, brand.desk.run
    assert run(adapter.read_menu()) is None

    run(adapter.publish_menu(MENU))
    run(adapter.publish_menu({**MENU, "matchrule": {"tag_id": "2"}}))
    shown = run(adapter.read_menu())
    run(adapter.delete_menu())

    assert shown["button"] == MENU["button"]
    assert [one["matchrule"] for one in shown["conditionalmenu"]] == [{"tag_id": "2"}]
    assert run(adapter.read_menu()) is None


def test_menu_beyond_the_limits_is_refused(brand: Brand) -> None:
    with pytest.raises(RefusedError):
        brand.desk.run(brand.desk.adapter.publish_menu({"button": MENU["button"] * 4}))


def test_scanned_code_brings_its_scene(brand: Brand) -> None:
    code = brand.desk.run(brand.desk.adapter.make_code(CodeWish("c_123", lasts_s=604_800)))
    lasting = brand.desk.run(brand.desk.adapter.make_code(CodeWish("shop")))

    brand.do("follow", scene=brand.wechat.apps[APP].tickets[code.platform_id])

    assert (code.expires_at is None, lasting.expires_at) == (False, None)
    assert code.image_url.endswith(code.platform_id.replace("+", "%2B").replace("=", "%3D"))
    assert [one.scene for one in brand.desk.heard if isinstance(one, Followed)] == ["c_123"]


@pytest.mark.parametrize("scene", ["", "x" * 65])
def test_scene_that_no_code_can_carry_is_refused(brand: Brand, scene: str) -> None:
    with pytest.raises(RefusedError):
        brand.desk.run(brand.desk.adapter.make_code(CodeWish(scene)))


def test_person_is_recognized_by_their_unionid(brand: Brand) -> None:
    brand.do("follow", unionid="oUnion", scene="c_1")

    known = brand.desk.run(brand.desk.adapter.recognize(Address("openid", f"{APP}:oAna")))

    assert known.others == (Address("unionid", "oUnion"),)
    assert known.profile["qr_scene_str"] == "c_1"
