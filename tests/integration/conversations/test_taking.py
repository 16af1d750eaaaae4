"""What people write lands in conversations, whatever comes twice, at once or late."""

from datetime import timedelta

import pytest
from tests.support.inbox import ACCOUNT, NOON, Inbox, both

from fanwheel.cdp import persons
from fanwheel.domains.private.channels.contracts import Address, Entered, Lead, Media, Tapped, Text
from fanwheel.loop.operate import conversations
from fanwheel.loop.operate.conversations import Letter, Said, Taken


def test_the_first_word_begins_a_conversation_that_waits(inbox: Inbox) -> None:
    taken = inbox.write("ana", "Is it still there?", profile={"nickname": "Ana"})

    row = inbox.row(taken.conversation_id)
    assert taken.is_new
    assert taken.is_opened
    assert (row["state"], row["name"], row["preview"]) == ("open", "Ana", "Is it still there?")
    assert row["waiting_since"] == row["opened_at"] == NOON


def test_the_same_letter_again_changes_nothing(inbox: Inbox) -> None:
    letter = inbox.letter("ana", "Hello")
    [first] = inbox.take(letter)

    again = inbox.take(letter)

    assert again == [Taken()]
    assert inbox.texts(first.conversation_id) == [("in", "Hello")]


def test_the_same_letter_twice_in_a_portion_is_taken_once(inbox: Inbox) -> None:
    letter = inbox.letter("ana", "Hello")

    first, second = inbox.take(letter, letter)

    assert second == Taken()
    assert inbox.texts(first.conversation_id) == [("in", "Hello")]


def test_everybody_has_one_conversation_on_each_account(inbox: Inbox) -> None:
    taken = inbox.take(
        inbox.letter("ana", "One"),
        inbox.letter("bo", "Two"),
        inbox.letter("ana", "Three"),
        inbox.letter("ana", "Four", account=2),
    )

    ana, bo, ana_again, ana_elsewhere = (each.conversation_id for each in taken)
    assert ana == ana_again
    assert len({ana, bo, ana_elsewhere}) == 3
    assert inbox.texts(ana) == [("in", "One"), ("in", "Three")]
    assert [each.is_new for each in taken] == [True, True, True, True]


def test_who_waits_waits_since_the_first_word_without_an_answer(inbox: Inbox) -> None:
    inbox.write("ana", "Hello?", minute=0)

    taken = inbox.write("ana", "Anybody?", minute=5)

    row = inbox.row(taken.conversation_id)
    assert row["waiting_since"] == NOON
    assert row["last_at"] == NOON + timedelta(minutes=5)
    assert row["preview"] == "Anybody?"


def test_what_the_brand_says_elsewhere_is_an_answer(inbox: Inbox) -> None:
    first = inbox.write("ana", "Hello?")

    taken = inbox.write("ana", "Hi Ana", minute=3, is_echo=True)

    assert inbox.texts(taken.conversation_id) == [("in", "Hello?"), ("out", "Hi Ana")]
    row = inbox.row(first.conversation_id)
    assert row["waiting_since"] is None
    assert row["answered_at"] == NOON + timedelta(minutes=3)


def test_what_the_brand_says_elsewhere_begins_nothing(inbox: Inbox) -> None:
    taken = inbox.write("ana", "Hi Ana", is_echo=True)

    assert taken == Taken()


def test_looking_in_without_a_word_begins_nothing(inbox: Inbox) -> None:
    home = inbox.fan("ana")
    entered = Entered(key="e", at=NOON, sender=Address("anonymous_id", "ana"))

    assert inbox.take(Letter(ACCOUNT, "webchat", home, home, entered)) == [Taken()]


@pytest.mark.parametrize(
    ("happening", "text"),
    [
        (Tapped(key="t", at=NOON, value="Where is my order?", surface="button"), "Where is my order?"),
        (Lead(key="l", at=NOON, fields={"phone": "138"}), "phone: 138"),
    ],
)
def test_buttons_and_lead_cards_speak_for_the_person(inbox: Inbox, happening: Tapped | Lead, text: str) -> None:
    home = inbox.fan("ana")

    [taken] = inbox.take(Letter(ACCOUNT, "webchat", home, home, happening))

    assert inbox.texts(taken.conversation_id) == [("in", text)]


def test_a_picture_is_named_where_there_is_no_word(inbox: Inbox) -> None:
    taken = inbox.write("ana", Media("image", url="https://x.example/a.png"))

    assert inbox.row(taken.conversation_id)["preview"] == "[image]"


def test_whoever_was_erased_meanwhile_is_left_out_and_nobody_else(inbox: Inbox) -> None:
    gone, here = inbox.letter("gone", "Hello"), inbox.letter("here", "Hello")
    inbox.within(lambda tx: persons.erase(tx, gone.home_id, actor="user:1"))

    taken = inbox.take(gone, here)

    assert taken[0] == Taken()
    assert taken[1].is_new


def test_erasing_a_person_takes_the_conversation_and_its_messages_along(inbox: Inbox) -> None:
    taken, ana = inbox.write("ana", "My secret"), inbox.fan("ana")
    inbox.within(lambda tx: persons.erase(tx, ana, actor="user:1"))

    left = inbox.house.rows("SELECT FROM message WHERE workspace_id = %s", inbox.workspace)

    assert left == []
    assert inbox.house.rows("SELECT FROM conversation WHERE conversation_id = %s", taken.conversation_id) == []


def test_portions_at_the_same_time_begin_a_conversation_once(inbox: Inbox) -> None:
    letters = [inbox.letter("ana", f"Word {number}") for number in range(8)]

    async def take(letter: Letter) -> list[Taken]:
        async with inbox.house.database.transaction(inbox.workspace) as tx:
            return await conversations.take(tx, [letter], now=NOON)

    taken = inbox.house.run(both(*(take(letter) for letter in letters)))

    assert len({each.conversation_id for [each] in taken}) == 1
    assert sum(each.is_new for [each] in taken) == 1
    assert len(inbox.texts(taken[0][0].conversation_id)) == 8


def test_a_rule_s_answer_ends_the_waiting_and_is_no_human_s(inbox: Inbox) -> None:
    taken = inbox.write("ana", "Hello?")
    said = Said(ACCOUNT, inbox.fan("ana"), 7, [Text("We are open from nine.")], "rule:5")

    inbox.within(lambda tx: conversations.tell(tx, [said], now=NOON))
    inbox.within(lambda tx: conversations.tell(tx, [said], now=NOON))

    row = inbox.row(taken.conversation_id)
    assert inbox.texts(taken.conversation_id) == [("in", "Hello?"), ("out", "We are open from nine.")]
    assert row["waiting_since"] is None
    assert row["answered_at"] is None


def test_what_is_said_to_somebody_who_never_wrote_begins_nothing(inbox: Inbox) -> None:
    said = Said(ACCOUNT, inbox.fan("ana"), 7, [Text("Sale!")], "broadcast:1", is_answer=False)

    inbox.within(lambda tx: conversations.tell(tx, [said], now=NOON))

    assert inbox.house.rows("SELECT FROM conversation WHERE workspace_id = %s", inbox.workspace) == []


def test_handing_over_makes_a_conversation_wait_again_with_a_note(inbox: Inbox) -> None:
    taken = inbox.write("ana", "I want to talk to a human")
    said = Said(ACCOUNT, inbox.fan("ana"), 7, [Text("One moment.")], "rule:5")
    inbox.within(lambda tx: conversations.tell(tx, [said], now=NOON))
    ids = [taken.conversation_id or 0]

    inbox.within(lambda tx: conversations.hand_over(tx, ids, note="Wants a human", now=NOON))

    assert inbox.row(taken.conversation_id)["waiting_since"] == NOON
    assert ("note", "Wants a human") in inbox.texts(taken.conversation_id)


def test_handing_over_to_a_team_that_is_gone_leaves_nobody_out_of_sight(inbox: Inbox) -> None:
    taken = inbox.write("ana", "I want to talk to a human")
    ids = [taken.conversation_id or 0]
    before = inbox.row(taken.conversation_id)["team_id"]

    inbox.within(lambda tx: conversations.hand_over(tx, ids, team_id=999_999, now=NOON))

    assert inbox.row(taken.conversation_id)["team_id"] == before
    assert inbox.row(taken.conversation_id)["waiting_since"] is not None


def test_those_who_wait_too_long_are_listed_and_nobody_else(inbox: Inbox) -> None:
    late = inbox.write("late", "Hello?", minute=0)
    inbox.write("early", "Hello?", minute=9)
    inbox.write("before", "Hello?", minute=-9)

    waiting = inbox.within(lambda tx: conversations.list_unanswered(tx, before=NOON + timedelta(minutes=5), after=NOON))

    assert [each.conversation_id for each in waiting] == [late.conversation_id]
    assert waiting[0].waiting_since == NOON
