"""May somebody be written to: from the ledger and the suppressed addresses, for many at once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.integration.persons.conftest import NOON, World

from fanwheel.cdp import consent
from fanwheel.cdp.consent import AddressHasher, Ask, Choice, Entry, suppressing
from fanwheel.infra.settings import Settings

MAIL = ("email", "mia@example.com")
OTHER = ("email", "leo@example.com")
PHONE = ("phone", "+8613800000000")


def ask(person: int, *, purpose: str = "marketing", ref: tuple[str, str] = MAIL, channel: str = "email") -> Ask:
    return Ask(person, channel, purpose, *ref)


def refusals(world: World, hasher: AddressHasher, *asks: Ask) -> list[str | None]:
    standings = world.run(lambda tx: consent.look_up(tx, asks, hasher))
    return [consent.refuse(standing, asked.purpose) for standing, asked in zip(standings, asks, strict=True)]


def choose(world: World, hasher: AddressHasher, home: int, *, yes: bool, now: datetime = NOON, **more: Any) -> None:
    said = {"channel": "email", "purpose": "marketing", "evidence": {"via": "form"}, **more}
    choice = Choice(home, said["channel"], said["purpose"], yes, said["evidence"])
    world.run(lambda tx: consent.state(tx, hasher, [choice], actor="test", now=now))


def suppress(world: World, hasher: AddressHasher, *entries: Entry) -> int:
    return world.run(lambda tx: consent.suppress(tx, hasher, entries, actor="test", now=NOON))


def test_marketing_needs_a_yes_and_other_purposes_only_no_no(world: World, hasher: AddressHasher) -> None:
    homes = world.say((MAIL,), (OTHER,))
    choose(world, hasher, homes[MAIL], yes=True)

    asks = [
        ask(homes[MAIL]),
        ask(homes[OTHER], ref=OTHER),
        ask(homes[OTHER], ref=OTHER, purpose="transactional"),
        ask(homes[MAIL], channel="sms"),
    ]

    assert refusals(world, hasher, *asks) == [None, "no_consent", None, "no_consent"]


def test_the_newest_statement_of_any_of_a_persons_homes_holds(world: World, hasher: AddressHasher) -> None:
    homes = world.say((MAIL, PHONE))
    choose(world, hasher, homes[MAIL], yes=True)
    choose(world, hasher, homes[PHONE], yes=False, now=NOON + timedelta(hours=1), purpose="news")
    choose(world, hasher, homes[PHONE], yes=False, now=NOON + timedelta(hours=2))

    assert refusals(world, hasher, ask(homes[MAIL], ref=OTHER)) == ["withdrawn"]
    assert refusals(world, hasher, ask(homes[PHONE])) == ["suppressed"]  # the no went to the address too


def test_a_yes_without_evidence_is_not_marketable(world: World, hasher: AddressHasher) -> None:
    homes = world.say((MAIL,))
    choose(world, hasher, homes[MAIL], yes=True, evidence={})

    assert refusals(world, hasher, ask(homes[MAIL])) == ["no_evidence"]


def test_who_is_not_there_is_erased(world: World, hasher: AddressHasher) -> None:
    assert refusals(world, hasher, ask(999_999_999)) == ["erased"]


def test_a_new_yes_takes_back_the_no_but_not_a_complaint(world: World, hasher: AddressHasher) -> None:
    homes = world.say((MAIL,), (OTHER,))
    for ref in (MAIL, OTHER):
        choose(world, hasher, homes[ref], yes=False)
    suppress(world, hasher, Entry(*OTHER, "email", "complaint"))

    for ref in (MAIL, OTHER):
        choose(world, hasher, homes[ref], yes=True, now=NOON + timedelta(hours=1))

    assert refusals(world, hasher, ask(homes[MAIL]), ask(homes[OTHER], ref=OTHER)) == [None, "suppressed"]


def test_a_suppression_for_marketing_lets_other_mail_pass(world: World, hasher: AddressHasher) -> None:
    homes = world.say((MAIL,))
    suppress(world, hasher, Entry(*MAIL, "email", "manual", "marketing"))

    asks = [ask(homes[MAIL]), ask(homes[MAIL], purpose="transactional"), ask(homes[MAIL], channel="sms")]

    assert refusals(world, hasher, *asks) == ["suppressed", None, "no_consent"]


def test_a_graver_reason_replaces_a_lighter_one_and_not_the_other_way(world: World, hasher: AddressHasher) -> None:
    world.say((MAIL,))

    assert suppress(world, hasher, Entry(*MAIL, "email", "unsubscribe")) == 1
    assert suppress(world, hasher, Entry(*MAIL, "email", "complaint"), Entry(*MAIL, "email", "import")) == 1
    assert suppress(world, hasher, Entry(*MAIL, "email", "bounce")) == 0

    (kept,) = world.run(lambda tx: suppressing.list_suppressed(tx, hasher, limit=10))
    assert (kept.reason, kept.masked) == ("complaint", "m***@example.com")


def test_the_fifth_soft_bounce_suppresses_unless_a_month_lies_between(world: World, hasher: AddressHasher) -> None:
    entry = Entry(*MAIL, "email", "bounce")

    def bounce(day: int, *, is_permanent: bool = False) -> bool:
        now = NOON + timedelta(days=day)
        return world.run(lambda tx: consent.count_bounce(tx, hasher, entry, is_permanent=is_permanent, now=now))

    assert [bounce(day) for day in (0, 1, 2, 3, 40, 41, 42, 43, 44)] == [False] * 8 + [True]


def test_a_hard_bounce_suppresses_at_once(world: World, hasher: AddressHasher) -> None:
    homes = world.say((MAIL,))
    entry = Entry(*MAIL, "email", "bounce")

    assert world.run(lambda tx: consent.count_bounce(tx, hasher, entry, is_permanent=True, now=NOON))
    assert refusals(world, hasher, ask(homes[MAIL], purpose="transactional")) == ["suppressed"]


def test_with_another_key_nothing_is_said_to_be_unsuppressed(
    world: World, hasher: AddressHasher, tmp_path_factory: pytest.TempPathFactory
) -> None:
    homes = world.say((MAIL,))
    suppress(world, hasher, Entry(*MAIL, "email", "complaint"))
    other = AddressHasher(Settings(home=tmp_path_factory.mktemp("other"), secret_key="another"))

    with pytest.raises(consent.WrongAddressKeyError):
        world.run(lambda tx: consent.look_up(tx, [ask(homes[MAIL])], other))


def test_addresses_are_not_in_the_table(world: World, hasher: AddressHasher) -> None:
    suppress(world, hasher, Entry(*MAIL, "email", "manual"))

    (row,) = world.run(lambda tx: tx.all("SELECT suppression::text AS line FROM suppression"))

    assert "mia@" not in row["line"]
    assert hasher.hash(world.workspace, *MAIL).hex() in row["line"]


def test_a_choice_leaves_a_fact_that_the_ledger_has_it(world: World, hasher: AddressHasher) -> None:
    homes = world.say((MAIL,))
    choose(world, hasher, homes[MAIL], yes=False, evidence={"via": "unsubscribe page", "secret": "x"})

    (fact,) = world.run(lambda tx: tx.all("SELECT name, refs, properties FROM fact_outbox"))

    assert fact["name"] == "Consent Withdrawn"
    assert fact["refs"] == [list(MAIL)]
    assert fact["properties"] == {
        "channel": "email", "purpose": "marketing", "recorded": True, "via": "unsubscribe page"
    }  # fmt: skip
