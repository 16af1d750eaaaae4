"""What comes in is answered by the first rule that may, once, through the one send path."""

import asyncio
from datetime import timedelta

import pytest
from tests.integration.replies.conftest import NOON, Brand, keyword, say, texts

from fanwheel.domains.private.channels.contracts import Address, Commented, Entered, Followed, Lead, Tapped
from fanwheel.infra.postgres import Database
from fanwheel.loop.operate import autoreply, hours
from fanwheel.loop.operate.autoreply import Waiting, learner
from fanwheel.loop.operate.autoreply.errors import BadRuleError
from fanwheel.loop.operate.hours import Weekly

ANA = Address("telegram_id", "ana")


def test_the_first_rule_that_holds_answers_through_the_send_path(brand: Brand) -> None:
    price = brand.rule("price", keyword("价格"), say("99 元"))
    brand.rule("anything", {"kind": "otherwise"}, say("稍等"))

    answered = brand.told("請問價　格？")

    assert (answered.why, answered.rule_id, texts(answered)) == ("fired", price, ["99 元"])
    (intent,) = brand.intents()
    assert (intent["step"], intent["purpose"], intent["intent_id"]) == (
        f"autoreply:{price}",
        "service",
        answered.intent_id,
    )


def test_a_portion_is_answered_in_its_order(brand: Brand) -> None:
    hi, bye = brand.rule("hi", keyword("hi")), brand.rule("bye", keyword("bye"))
    people = ["ana", "bo", "ana"]
    portion = [brand.comes(brand.message(text, who)) for text, who in zip(["hi", "bye", "bye"], people, strict=True)]

    answers = brand.hear(*portion, brand.comes(brand.message("nothing of it")))

    assert [(each.why, each.rule_id) for each in answers] == [
        ("fired", hi),
        ("fired", bye),
        ("fired", bye),
        ("no_rule", None),
    ]
    assert [each.intent_id for each in answers[:3]] == [row["intent_id"] for row in brand.intents()]


def test_no_rule_answers_while_an_agent_is_on_it_nor_an_echo(brand: Brand) -> None:
    brand.rule("hi", keyword("hi"))

    with_agent = brand.told("hi", with_agent=True)
    (echo,) = brand.hear(brand.comes(brand.message("hi", is_echo=True)))

    assert (with_agent.why, echo.why, brand.intents()) == ("with_agent", "echo", [])


def test_a_rule_rests_for_a_person_and_then_answers_again(brand: Brand) -> None:
    rule = brand.rule("hi", keyword("hi"), when={"cooldown_s": 3600})

    first, second, other = brand.told("hi"), brand.told("hi there"), brand.told("hi", "bo")
    brand.wait(hours=2)
    later = brand.told("hi")

    assert [each.rule_id for each in (first, second, other, later)] == [rule, None, rule, rule]


def test_a_rule_rests_within_one_portion_too(brand: Brand) -> None:
    brand.rule("hi", keyword("hi"), when={"is_once": True})

    answers = brand.hear(brand.comes(brand.message("hi")), brand.comes(brand.message("hi again")))

    assert [each.why for each in answers] == ["fired", "no_rule"]


def test_welcomes_go_by_scene_and_by_ad(brand: Brand) -> None:
    usual = brand.rule("welcome", {"kind": "welcome"})
    spring = brand.rule("spring", {"kind": "welcome", "scenes": ["spring"]}, priority=60)
    ad = brand.rule("ad", {"kind": "ad_welcome", "fields": {"ad_id": ["17"]}})

    answers = brand.hear(
        brand.comes(Followed(key="f1", at=NOON, sender=ANA)),
        brand.comes(Followed(key="f2", at=NOON, sender=ANA, scene="spring")),
        brand.comes(Entered(key="e1", at=NOON, sender=ANA, origin={"ad_id": 17})),
    )

    assert [each.rule_id for each in answers] == [usual, spring, ad]


def test_comments_are_answered_below_the_posts_that_are_named(brand: Brand) -> None:
    rule = brand.rule("dm", {"kind": "comment", "words": [{"text": "求链接"}], "contents": ["v1"]}, say("看私信"))

    def comment(key: str, content: str) -> Commented:
        return Commented(key=key, at=NOON, sender=ANA, text="求鏈接！", content=content, context={"comment": key})

    named, other = brand.hear(brand.comes(comment("c1", "v1")), brand.comes(comment("c2", "v2")))

    assert (named.rule_id, other.rule_id) == (rule, None)
    assert brand.intents()[0]["said"]["reply"]["context"] == {"comment": "c1"}


def test_outside_business_hours_another_rule_answers(brand: Brand) -> None:
    closed = brand.rule("closed", {"kind": "closed"}, say("明早九点回复您"))
    brand.run(lambda tx: hours.put(tx, [Weekly(day, 540, 1080) for day in range(1, 6)], [], actor="user:1"))

    at_noon = brand.told("在吗")
    brand.wait(hours=10)
    at_night = brand.told("在吗")

    assert (at_noon.rule_id, at_night.rule_id) == (None, closed)


def test_who_waits_too_long_hears_something_once(brand: Brand) -> None:
    brand.rule("soon", {"kind": "unanswered", "minutes": 5}, say("马上来"))
    home = brand.home("ana")
    since, context = NOON - timedelta(minutes=6), {"scene": "im_reply_msg"}
    waiting = [Waiting(9, brand.telegram, "telegram", home, home, since, key="m7", context=context)]

    early = [waiting[0]._replace(conversation_id=8, waiting_since=NOON - timedelta(minutes=4))]
    answers = [
        brand.run(lambda tx, who=who: autoreply.nudge(tx, who, now=NOON))[0] for who in (waiting, waiting, early)
    ]

    assert [each.why for each in answers] == ["fired", "ignored", "no_rule"]
    assert brand.run(autoreply.shortest_wait) == timedelta(minutes=5)
    (said,) = brand.run(lambda tx: tx.all("SELECT said -> 'reply' AS reply FROM intent"))
    assert said["reply"] == {"to": "m7", "context": {"scene": "im_reply_msg"}}


def test_tags_and_events_go_on_to_the_rule_that_speaks(brand: Brand) -> None:
    brand.rule(
        "mark",
        keyword("精华"),
        {"do": "tag", "tags": ["想买精华"]},
        {"do": "event", "name": "Asked For Serum"},
        priority=1,
    )
    price = brand.rule("price", keyword("多少钱"), say("299"), {"do": "hand_over", "note": "报价"})

    answered = brand.told("精华多少钱")

    assert (answered.rule_id, answered.hand_over and answered.hand_over.note) == (price, "报价")
    assert [
        row["tag"] for row in brand.rows("SELECT tag FROM person_tag WHERE workspace_id = %s", brand.workspace)
    ] == ["想买精华"]
    assert [fact["name"] for fact in brand.facts()] == ["Asked For Serum"]


def test_blanks_are_filled_in_with_what_is_known(brand: Brand) -> None:
    brand.rule(
        "hi",
        keyword("hi"),
        say('Hello {{ name | default: "friend" }}!'),
        {"do": "coupon", "text": "Code {{ coupon }}", "code": "SPRING"},
    )

    assert texts(brand.told("hi")) == ["Hello friend!", "Code SPRING"]


def test_a_rule_of_an_account_or_a_segment_keeps_to_it(brand: Brand) -> None:
    brand.rule("oa", keyword("hi"), when={"accounts": [brand.wechat]}, priority=1)
    brand.rule("vip", keyword("hi"), when={"segment_id": 7}, priority=2)
    plain = brand.rule("plain", keyword("hi"), priority=3)
    vip = brand.home("vip")
    sql = "INSERT INTO segment_person (workspace_id, person_id, members, judged_at) VALUES (%s, %s, '{7}', now())"
    brand.rows(sql, brand.workspace, vip)

    assert brand.told("hi").rule_id == plain
    assert brand.told("hi", "vip").rule_id == plain - 1


def test_examples_that_a_busy_machine_did_not_learn_in_time_are_learned_later(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    brand.rule("refund", {"kind": "intent", "examples": ["I want my money back", "give me a refund"]})
    monkeypatch.setattr(learner, "_LONGEST_S", 0.0)

    async def look(*times: float) -> list[bool]:
        async with await Database.open(brand.dsn, max_size=2) as db:
            teacher = learner.Learner(db)
            return [await teacher.run_once(now_s=now) for now in times]

    assert asyncio.run(look(0.0, 1_000.0, 2_000.0)) == [True, False, True]
    kept = brand.rows("SELECT FROM auto_reply_model WHERE workspace_id = %s", brand.workspace)
    assert kept == []


def test_a_rule_hands_over_to_a_team_that_there_is(brand: Brand) -> None:
    with pytest.raises(BadRuleError) as caught:
        brand.rule("human", keyword("human"), say("One moment"), {"do": "hand_over", "team_id": 999_999})

    assert caught.value.message == "The team is not there."


def test_meaning_is_learned_from_examples_and_unsure_is_no_answer(brand: Brand) -> None:
    refund = [
        "我要退货",
        "能退款吗",
        "不想要了怎么退",
        "申请退款",
        "i want a refund",
        "how do i return this",
        "money back",
    ]
    parcel = [
        "什么时候发货",
        "快递到哪了",
        "物流怎么不动了",
        "where is my order",
        "track my package",
        "when will it ship",
    ]
    rule = brand.rule("refund", {"kind": "intent", "examples": refund})
    brand.rule("parcel", {"kind": "intent", "examples": parcel})

    before = brand.told("想退货退款")
    brand.learn()
    after, unsure = brand.told("想申请退货退款"), brand.told("今天天气不错")

    assert (before.rule_id, after.rule_id, unsure.rule_id) == (None, rule, None)


def test_a_changed_rule_counts_from_the_next_message_on(brand: Brand) -> None:
    brand.rule("hi", keyword("hi"))
    brand.told("hi")
    brand.rule("first", keyword("hi"), say("sooner"), priority=0)

    assert texts(brand.told("hi")) == ["sooner"]


def test_two_machines_are_parted(brand: Brand) -> None:
    brand.rule("echo", {"kind": "otherwise"}, say("请问有什么可以帮您？"))

    said = []
    for _ in range(6):
        said.append(brand.told("您好，我是智能客服", "bot").why)
        brand.wait(seconds=3)

    assert said == ["fired", "fired", "fired", "braked", "braked", "braked"]
    (brake,) = brand.rows("SELECT * FROM auto_reply_brake WHERE workspace_id = %s", brand.workspace)
    assert (brake["reason"], brake["until"] - brake["braked_at"]) == ("same_text", timedelta(minutes=10))
    assert brand.told("您好", "ana").why == "fired"


@pytest.mark.parametrize("portion", [3, 60])
def test_the_statements_do_not_grow_with_the_portion(brand: Brand, portion: int) -> None:
    brand.rule("hi", keyword("hi"), when={"cooldown_s": 60, "segment_id": 1, "is_in_segment": False})
    incoming = [brand.comes(brand.message("hi", f"p{number}")) for number in range(portion)]
    asked: list[str] = []

    async def count(tx: object) -> None:
        execute = tx._execute  # type: ignore[attr-defined]

        async def noting(sql: str, params: object) -> object:
            asked.append(sql)
            return await execute(sql, params)

        tx._execute = noting  # type: ignore[attr-defined]
        await autoreply.answer(tx, incoming, now=brand.now)  # type: ignore[arg-type]

    brand.run(count)

    assert len(brand.intents()) == portion
    assert len(asked) <= 20


def test_what_no_rule_can_answer_is_left_alone(brand: Brand) -> None:
    brand.rule("anything", {"kind": "otherwise"})

    assert brand.hear(brand.comes(Lead(key="l1", at=NOON, sender=ANA, fields={})))[0].why == "ignored"
    assert (
        brand.hear(brand.comes(Tapped(key="t1", at=NOON, sender=ANA, value="hi", surface="button")))[0].why == "fired"
    )
