"""Messages are found by what they say, in any script, and nobody else's are."""

from datetime import timedelta

import pytest
from tests.support.inbox import NOON, Inbox

from fanwheel.loop.operate import conversations
from fanwheel.loop.operate.conversations import searching
from fanwheel.loop.operate.conversations.rules import words

SAID = {
    "cn": "我想退货，订单号 DE20261122，衣服尺码不对",
    "en": "My parcel never arrived, please refund me",
    "wide": "Ｏｒｄｅｒ ＡＢＣ１２３ is late",
    "mixed": "请问 iPhone 15 还有货吗",
    "other": "退一件货",
}


@pytest.fixture(scope="module")
def searched(inbox_house: object) -> Inbox:
    from tests.support.house import House

    assert isinstance(inbox_house, House)
    inbox = Inbox(inbox_house)
    for name, text in SAID.items():
        inbox.write(name, text)
    return inbox


def found(inbox: Inbox, text: str, *, limit: int = 30) -> list[str]:
    hits = inbox.within(lambda tx: searching.search(tx, text, before_id=None, limit=limit))
    return [row["body"] for row in hits.rows]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("退货", ["cn"]),  # side by side, not 退一件货
        ("尺码不对", ["cn"]),
        ("refund", ["en"]),
        ("REFU", ["en"]),  # its beginning, in any case
        ("parcel refund", ["en"]),
        ("fund", []),  # the middle of a word
        ("abc123", ["wide"]),
        ("DE20261122", ["cn"]),
        ("de20261122 退货", ["cn"]),
        ("iphone 15", ["mixed"]),
        ("有货", ["mixed"]),
        ("换货", []),
    ],
)
def test_a_search_finds_what_holds_all_of_it(searched: Inbox, text: str, names: list[str]) -> None:
    assert found(searched, text) == [SAID[name] for name in names]


def test_a_single_character_is_too_little(searched: Inbox) -> None:
    with pytest.raises(words.TooShortError):
        found(searched, "退")


def test_the_newest_come_first_and_the_rest_page_by_page(inbox: Inbox) -> None:
    for number in range(5):
        inbox.write("ana", f"退货 {number}")

    first = inbox.within(lambda tx: searching.search(tx, "退货", before_id=None, limit=3))
    rest = inbox.within(lambda tx: searching.search(tx, "退货", before_id=first.before_id, limit=3))

    assert [row["body"] for row in first.rows] == ["退货 4", "退货 3", "退货 2"]
    assert [row["body"] for row in rest.rows] == ["退货 1", "退货 0"]
    assert rest.before_id is None


def test_the_number_of_an_order_is_found_among_many_that_begin_alike(inbox: Inbox) -> None:
    inbox.take(*(inbox.letter("ana", f"订单 DE20261122{number:06}") for number in range(60)))

    assert found(inbox, "de20261122000007", limit=1) == ["订单 DE20261122000007"]
    assert found(inbox, "20261122000007") == []  # not from its beginning


def test_another_workspace_s_messages_are_not_found(searched: Inbox) -> None:
    stranger = Inbox(searched.house)
    stranger.write("bo", "Nothing of that")

    assert found(stranger, "退货") == []


def test_messages_are_found_across_portions(inbox: Inbox) -> None:
    old = inbox.write("ana", "退货 old")
    newest = inbox.house.value(f"SELECT setval('message_number', last_value + {2 * words.PORTION}) FROM message_number")
    new = inbox.write("ana", "退货 new")

    assert (new.message_id or 0) > newest > (old.message_id or 0)
    assert found(inbox, "退货") == ["退货 new", "退货 old"]


def test_notes_are_found_too(inbox: Inbox) -> None:
    taken = inbox.write("ana", "Hello")
    ids = [taken.conversation_id or 0]
    inbox.within(lambda tx: conversations.hand_over(tx, ids, note="要求开发票", now=NOON + timedelta(minutes=1)))

    assert found(inbox, "开发票") == ["要求开发票"]
