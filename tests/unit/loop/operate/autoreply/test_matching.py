"""All rules asked at once say what each rule says alone."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanwheel.loop.operate.autoreply import fuzzy
from fanwheel.loop.operate.autoreply.contracts import (
    AdWelcome,
    AnyTrigger,
    Closed,
    Comment,
    Conditions,
    Definition,
    Guess,
    How,
    Intent,
    Keyword,
    Otherwise,
    PutTags,
    Rule,
    SayText,
    Unanswered,
    Welcome,
    Word,
)
from fanwheel.loop.operate.autoreply.errors import BadRuleError
from fanwheel.loop.operate.autoreply.matching import Matcher, Said, has, holds, is_meant
from fanwheel.loop.operate.autoreply.patterns import compiled

PIECES = [
    *(
        "多少钱",
        "多少錢",
        "价格",
        "發貨",
        "发货",
        "优惠券",
        "优惠卷",
        "price",
        "prise",
        "Price",
        "ship",
        "refund",
        "refnud",
    ),
    *(" ", "，", "12", "138", "a", "hi", "this"),
]
PATTERNS = [r"\d{2,}", "价格|price", "发(货|貨)", r"\bship\b", "a+b"]


def rule(number: int, trigger: AnyTrigger, priority: int = 100) -> Rule:
    return Rule(number, f"rule {number}", priority, Definition(trigger, (SayText("said"),)))


def replace(kept: Rule, **changed: object) -> Rule:
    """The rule with another condition or action."""
    return kept._replace(definition=msgspec.structs.replace(kept.definition, **changed))


texts = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
plain_words = st.builds(Word, texts.filter(str.strip), st.sampled_from(["exact", "contains", "fuzzy"]))
words = st.one_of(plain_words, st.builds(Word, st.sampled_from(PATTERNS), st.just("regex")))
triggers = st.one_of(
    st.builds(Keyword, st.lists(words, min_size=1, max_size=3).map(tuple), st.lists(words, max_size=1).map(tuple)),
    st.builds(Comment, st.lists(words, max_size=2).map(tuple), st.sampled_from([(), ("video",)])),
    st.builds(Welcome, scenes=st.sampled_from([(), ("spring",)])),
    st.builds(AdWelcome, st.sampled_from([{}, {"ad_id": ("7",)}])),
    st.builds(Unanswered, st.sampled_from([1, 10])),
    st.sampled_from([Closed(), Otherwise(), Intent(("a", "b"))]),
)
saids = st.builds(
    Said.of,
    st.sampled_from(["message", "comment", "followed", "entered", "unanswered"]),
    texts,
    origin=st.sampled_from([{}, {"ad_id": "7"}, {"ad_id": "8"}]),
    scene=st.sampled_from(["", "spring"]),
    content=st.sampled_from(["", "video"]),
    waited_s=st.sampled_from([0.0, 90.0, 900.0]),
    is_closed=st.booleans(),
    guess=st.sampled_from([None, Guess(0, 0.9, 0.5, True), Guess(0, 0.3, 0.5, False)]),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(triggers, max_size=8), st.lists(saids, min_size=1, max_size=3))
def test_all_at_once_equals_one_by_one(asked: list[AnyTrigger], said: list[Said]) -> None:
    rules = [rule(number, trigger, priority=number % 3) for number, trigger in enumerate(asked)]
    matcher = Matcher(rules)

    for each in said:
        alone = [one for one in rules if holds(one.definition.trigger, each) and is_meant(one, each)]
        assert matcher.find(each) == sorted(alone, key=lambda one: (one.priority, one.rule_id))


@pytest.mark.parametrize(
    ("how", "word", "text", "found"),
    [
        ("exact", "价格", "價格？", True),
        ("exact", "价格", "价格表", False),
        ("contains", "价格", "请问價　格是多少", True),
        ("contains", "hi", "this", False),
        ("contains", "hi", "oh HI there", True),
        ("fuzzy", "优惠券", "有优惠卷吗", True),  # one slip in three characters
        ("fuzzy", "包邮", "保邮吗", False),  # two characters have no room for one
        ("fuzzy", "refund", "i want a refnd", True),
        ("fuzzy", "refund", "refunnd please", True),
        ("fuzzy", "size", "prise", False),  # words are compared with words
        ("regex", r"\d{11}", "电话13800138000", True),
        ("regex", r"^多少钱$", "多少錢", True),
        ("regex", r"\D", "123", False),  # \D stays \D though the text has no capitals
    ],
)
def test_words_are_looked_for_as_they_ask(how: How, word: str, text: str, found: bool) -> None:
    assert has(Word(word, how), Said.of("message", text).text) is found


@pytest.mark.parametrize("pattern", [r"(a)\1", r"(?=a)b", "a" * 501, r"(a{1000}){1000}", "a*", "("])
def test_patterns_that_could_hang_or_find_everything_are_refused(pattern: str) -> None:
    with pytest.raises(BadRuleError):
        compiled(pattern)


@settings(max_examples=300, deadline=None)
@given(st.text("ab ", min_size=1, max_size=14), st.text("ab ", max_size=16))
def test_a_word_made_ready_is_like_another_where_no_more_slips_lie_between(word: str, other: str) -> None:
    assert fuzzy.Wanted(word).is_like(other) is (fuzzy._distance(word, other) <= fuzzy.slips(word))


@pytest.mark.parametrize(
    ("first", "asked"),
    [
        (rule(1, Keyword((Word("价格"),)), 10), 0),  # it answers in any case, before the meaning counts
        (rule(1, Keyword((Word("价格"),)), 200), 1),  # the meaning comes first
        (rule(1, Keyword((Word("发货"),)), 10), 1),  # its words are not there
        (replace(rule(1, Keyword((Word("价格"),)), 10), when=Conditions(is_once=True)), 1),  # it may not answer again
        (replace(rule(1, Keyword((Word("价格"),)), 10), actions=(PutTags(("asks",)),)), 1),  # it says nothing
    ],
)
def test_what_is_meant_is_asked_only_where_it_may_matter(first: Rule, asked: int) -> None:
    told: list[str] = []

    def guess(text: str) -> Guess:
        told.append(text)
        return Guess(2, 0.9, 0.5, is_sure=True)

    found = Matcher([first, rule(2, Intent(("a", "b")))]).find(Said.of("message", "价格"), guess)

    assert len(told) == asked
    assert (2 in [each.rule_id for each in found]) is bool(asked)


def test_a_catastrophic_pattern_is_answered_all_the_same() -> None:
    # Backtracking engines need 2^40 steps for this.
    matcher = Matcher([rule(1, Keyword((Word("(a+)+b", "regex"),)))])

    assert matcher.find(Said.of("message", "a" * 2_000)) == []


def test_of_two_rules_the_smaller_number_stands_first() -> None:
    late, early = rule(1, Otherwise(), 900), rule(2, Keyword((Word("hi"),)), 10)

    found = Matcher([late, early]).find(Said.of("message", "hi"))

    assert [each.rule_id for each in found] == [2, 1]


def test_words_not_wanted_keep_a_rule_out() -> None:
    matcher = Matcher([rule(1, Keyword((Word("价格"),), but=(Word("投诉"),)))])

    assert matcher.find(Said.of("message", "价格太高我要投诉")) == []
