"""Which messages leave in one call: those of the same words and staff, each person once."""

from collections import deque
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from tests.support.reach import SinkAdapter

from fanwheel.domains.private.channels.abilities import SendsTogether
from fanwheel.domains.private.channels.contracts import Address, Outgoing, Sent, Text
from fanwheel.domains.private.channels.errors import SendError
from fanwheel.loop.operate.reach import calling
from fanwheel.loop.operate.reach.calling import Claimed
from fanwheel.loop.operate.reach.contracts import SERVICE, Written
from fanwheel.loop.operate.reach.gating import Ready
from fanwheel.loop.operate.reach.portion import Item
from fanwheel.loop.operate.reach.rules.case import Charge

Said = tuple[int, str, dict[str, Any]]  # person, words, what is different


class Together(SinkAdapter, SendsTogether):
    most_together = 3

    def __init__(self, account: Any = None, tools: Any = None) -> None: ...

    async def send_together(self, messages: Sequence[Outgoing]) -> Sequence[Sent | SendError]:
        raise NotImplementedError


def claimed(number: int, said: Said) -> Claimed:
    person, words, more = said
    values: dict[str, Any] = {"priority": 0, "purpose": "marketing", "said": {}, **more}
    item = Item(
        intent_id=number, home_id=person, key="", step="broadcast:1", occurrence="", channel="wecom", expires_at=None,
        attempts=0, doubts=0, rule=None, notes=[], person_id=person, address=Address("k", str(person)),
        written=Written((Text(words),)), **values,
    )  # fmt: skip
    return Claimed(UUID(int=1), Ready(item, UUID(int=2), Charge(None, (), 1, None)))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([(1, "a", {}), (2, "a", {}), (3, "a", {}), (4, "a", {})], [[0, 1, 2], [3]]),  # three fit into a call
        ([(1, "a", {}), (2, "b", {}), (3, "a", {})], [[0, 2], [1]]),
        ([(1, "a", {}), (2, "a", {"said": {"staff": "lisi"}}), (3, "a", {})], [[0, 2], [1]]),
        ([(1, "a", {}), (1, "a", {}), (2, "a", {})], [[0, 2], [1]]),  # nobody twice in one
        ([(1, "a", {"priority": SERVICE}), (2, "a", {}), (3, "a", {})], [[0], [1, 2]]),  # somebody waits for it
        ([(1, "a", {"said": {"reply": {"context": {}}}}), (2, "a", {})], [[0], [1]]),
        ([(1, "a", {"purpose": "service"}), (2, "a", {})], [[0], [1]]),
    ],
)
def test_same_words_for_several_people_are_one_call(said: list[Said], expected: list[list[int]]) -> None:
    queue = calling.arrange([claimed(number, each) for number, each in enumerate(said)])

    calls = calling.take(queue, Together(), 10)

    assert [[each.ready.item.intent_id for each in call.messages] for call in calls] == expected
    assert not queue


def test_calls_that_cannot_be_made_now_go_back_in_their_order() -> None:
    queue = deque(claimed(number, (number, "a", {})) for number in range(5))
    before = list(queue)

    calling.put_back(queue, calling.take(queue, Together(), 2))

    assert list(queue) == before
