"""All that is kept of a person, in one file for the person."""

from tests.integration.persons.conftest import NOON, World
from tests.support.house import Browser, House

from fanwheel.cdp import consent
from fanwheel.cdp.consent import AddressHasher, Choice
from fanwheel.domains.private.channels.contracts import Text
from fanwheel.loop.operate import reach

MAIL = ("email", "mia@example.com")


def test_the_file_holds_who_what_was_agreed_and_what_was_sent(
    world: World, hasher: AddressHasher, owner: Browser
) -> None:
    mia, leo = (world.say((ref,))[ref] for ref in (MAIL, ("email", "leo@example.com")))
    no = Choice(mia, "email", "marketing", False, {"via": "noted", "proof": "letter"})
    world.run(lambda tx: consent.state(tx, hasher, [no], actor="test", now=NOON))
    for home, text in ((mia, "To Mia"), (leo, "To Leo")):
        wish = reach.Wish(
            home_id=home,  # type: ignore[arg-type]
            step="agent:1",
            channel="email",
            account_id=1,
            purpose="service",
            parts=(Text(text),),
        )
        world.run(lambda tx, wish=wish: reach.intend(tx, [wish]))

    answer = owner.get(f"/api/people/{mia}/disclosure")

    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    told = answer.json()
    assert told["person"]["identifiers"][0]["value"] == MAIL[1]
    assert told["consent"][0]["evidence"]["proof"] == "letter"
    assert told["suppressed"][0]["reason"] == "unsubscribe"
    assert [send["parts"][0]["text"] for send in told["sends"]] == ["To Mia"]
    assert "Leo" not in answer.text
    assert told["events"] == told["conversations"] == told["visits"] == []
    assert "person.disclose" in owner.get("/api/audit").text


def test_nobody_is_disclosed_who_is_not_there(house: House, owner: Browser) -> None:
    assert owner.get("/api/people/999999999/disclosure").status_code == 404
    assert house.member(house.workspace(), "viewer").get("/api/people/1/disclosure").status_code == 403
