"""Text is compared without regard to width, case, script and marks that nobody sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanwheel.loop.operate.autoreply.folding import bare, fold, is_whole


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("多少錢", "多少钱"),
        ("優惠　券", "优惠券"),  # a wide blank between Chinese characters
        ("ＰＲＩＣＥ", "price"),
        ("Price  LIST", "price list"),
        ("价\u200b格", "价格"),  # a zero-width space, as copied texts have them
        ("Straße", "STRASSE"),
        ("①", "1"),
    ],
)
def test_spellings_of_one_thing_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = fold(text)

    assert fold(once) == once


@given(st.text(alphabet="多少錢價格发發 aB1，。!", max_size=30))
def test_case_never_matters(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower())


@pytest.mark.parametrize(
    ("text", "kept"), [("多少钱？？", "多少钱"), ("  hi!! ", "hi"), ("😀", "😀"), ("？", "?"), ("v2.0", "v2.0")]
)
def test_marks_around_a_text_are_left_out(text: str, kept: str) -> None:
    assert bare(fold(text)) == kept


@pytest.mark.parametrize(
    ("text", "word", "whole"),
    [
        ("this", "hi", False),
        ("say hi!", "hi", True),
        ("想要价格表", "价格", True),
        ("我要vip卡", "vip", True),
        ("vip2", "vip", False),
    ],
)
def test_a_word_counts_where_it_cuts_no_other_in_two(text: str, word: str, whole: bool) -> None:
    place = text.index(word)

    assert is_whole(text, place, place + len(word)) is whole
