"""What is said of an order joins in any order, in any groups, any number of times."""

from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from fanwheel.loop.convert.orders import Said, join, resolve
from fanwheel.loop.convert.orders.contracts import Owner, RefundWord, Word
from fanwheel.loop.convert.orders.rules import decode, encode

times = st.integers(0, 5)
keys = st.sampled_from("abc")
amounts = st.sampled_from(["1", "2.5", "30"])
words = st.builds(Word, times, keys, amounts)
owners = st.builds(Owner, st.integers(0, 1), times, keys, st.integers(1, 3))
refund_words = st.builds(RefundWord, times, keys, amounts | st.just(""), st.sampled_from(["", "USD", "JPY"]))
refunds = st.dictionaries(st.sampled_from(["r1", "r2"]), refund_words)
statements = st.builds(
    Said,
    owner=st.none() | owners,
    bystander=owners,
    placed=st.none() | times,
    mentioned=times,
    stated=st.none() | times,
    status=st.none() | st.builds(Word, times, keys, st.sampled_from(["paid", "pending"])),
    reopened=st.none() | st.builds(Word, times, keys, st.sampled_from(["paid", "pending"])),
    cancelled=st.none() | times,
    currency=st.none() | st.builds(Word, times, keys, st.sampled_from(["USD", "JPY"])),
    assumed_currency=st.just("USD"),
    total=st.none() | words,
    coupon=st.none() | words,
    lines=st.none() | words,
    refunds=refunds,
)


@given(statements, statements)
def test_it_does_not_matter_who_is_heard_first(one: Said, other: Said) -> None:
    assert join(one, other) == join(other, one)


@given(statements, statements, statements)
def test_it_does_not_matter_how_statements_are_grouped(one: Said, two: Said, three: Said) -> None:
    assert join(join(one, two), three) == join(one, join(two, three))


@given(statements, statements)
def test_hearing_a_statement_again_changes_nothing(one: Said, other: Said) -> None:
    together = join(one, other)

    assert join(together, one) == together
    assert join(together, together) == together


@given(st.lists(statements, min_size=1, max_size=6))
def test_what_is_stored_is_what_is_read_again(said: list[Said]) -> None:
    together = reduce(join, said)

    again = decode(bytes(encode(together)).decode())

    assert again == together
    assert resolve("o", again) == resolve("o", together)


@given(st.lists(statements, min_size=1, max_size=6))
def test_an_order_is_never_paid_by_being_cancelled(said: list[Said]) -> None:
    together = reduce(join, said)

    order = resolve("o", together)

    if together.cancelled is not None and together.reopened is None:
        assert order.status == "cancelled"
    assert (order.cancelled_at is not None) == (order.status == "cancelled")
