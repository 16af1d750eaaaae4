"""What is wished goes out once, and what becomes of it is written down."""

from tests.support.reach import Town


def test_a_message_goes_out_to_everybody_once_and_becomes_a_fact(town: Town) -> None:
    homes = town.people(30)

    first = town.wish(homes)
    again = town.wish(homes)
    town.send()
    town.send()

    assert None not in first
    assert again == [None] * 30
    assert sorted(town.sink.taken.values()) == [1] * 30
    assert town.states() == {("sent", None): 30}
    assert len(town.facts("Message Sent")) == 30
