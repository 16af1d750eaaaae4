"""WhatsApp there and back: answers, templates, receipts and faults."""

from collections.abc import Iterator

import pytest
from tests.support.channels import Clock, Desk

from fanwheel.domains.private.channels.contracts import (
    AnyPart,
    Button,
    Card,
    Choices,
    Followed,
    Media,
    Message,
    Receipt,
    Tapped,
    Template,
    Text,
    Unfollowed,
)
from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    RefusedError,
    ThrottledError,
    UnavailableError,
    UnclearError,
)
from fanwheel.domains.private.whatsapp import WhatsApp
from fanwheel.entrypoints.simulator import Simulator

ANA, PHONE = "8613800000000", "+8613800000000"


@pytest.fixture
def desk(simulator: Simulator, clock: Clock) -> Iterator[Desk]:
    settings, secrets = WhatsApp.prepare({"phone_number_id": "42"}, {"access_token": "EAA", "app_secret": "s3cret"})
    settings["base_url"] = f"{simulator.url}/whatsapp"
    with Desk(WhatsApp, settings, secrets, clock=clock).hooked() as desk:
        number = {"phone_number_id": "42", "verify_token": settings["verify_token"], "templates": ["shipped"]}
        told = simulator.do("whatsapp", "connect", callback_url=desk.callback_url, **secrets, **number)
        assert told == {"is_verified": True}
        yield desk


def does(simulator: Simulator, verb: str, **args: object) -> None:
    assert simulator.do("whatsapp", verb, phone_number_id="42", person=ANA, **args) == {"status": 200}


def test_an_answer_arrives_and_its_receipts_carry_our_name(simulator: Simulator, desk: Desk) -> None:
    does(simulator, "write", text="Hi", referral={"source_type": "ad", "ctwa_clid": "A"})

    sent = desk.send(PHONE, "Hello", key="fw-1-2-x", context=desk.heard[-1].context)
    does(simulator, "report", message=sent.platform_id, state="read")

    (taken,) = simulator.platform("whatsapp").sent_to(ANA)
    assert taken.what["text"]["body"] == "Hello"
    asked, receipt = desk.heard
    assert asked.origin == {"source_type": "ad", "ctwa_clid": "A"}
    assert isinstance(receipt, Receipt)
    assert (receipt.state, receipt.message, receipt.platform_id) == ("read", "fw-1-2-x", sent.platform_id)


def test_outside_the_window_a_message_fails_for_good(simulator: Simulator, desk: Desk, clock: Clock) -> None:
    does(simulator, "write", text="Hi")
    clock.go(hours=24)

    sent = desk.send(PHONE, "Hello again")
    does(simulator, "report", message=sent.platform_id)

    receipt = desk.heard[-1]
    assert isinstance(receipt, Receipt)
    assert (receipt.state, receipt.is_permanent) == ("failed", True)
    assert receipt.detail.startswith("131047")
    assert simulator.platform("whatsapp").violations == {"window_closed": 1}


def test_a_template_goes_out_at_any_time(simulator: Simulator, desk: Desk) -> None:
    template = Template("shipped", "en", {"1": "A-17", "2": "tomorrow"}, url="A-17")

    desk.send(PHONE, template)

    (taken,) = simulator.platform("whatsapp").sent_to(ANA)
    body, button = taken.what["template"]["components"]
    assert [each["text"] for each in body["parameters"]] == ["A-17", "tomorrow"]
    assert (button["sub_type"], button["parameters"][0]["text"]) == ("url", "A-17")


def test_named_blanks_are_filled_by_name(simulator: Simulator, desk: Desk) -> None:
    desk.send(PHONE, Template("shipped", "en", {"order": "A-17"}))

    (taken,) = simulator.platform("whatsapp").sent_to(ANA)
    assert taken.what["template"]["components"][0]["parameters"] == [
        {"type": "text", "text": "A-17", "parameter_name": "order"}
    ]


def test_a_template_that_is_not_approved_is_refused(desk: Desk) -> None:
    with pytest.raises(RefusedError, match="132001"):
        desk.send(PHONE, Template("unknown", "en"))


def test_every_part_has_its_own_form(simulator: Simulator, desk: Desk) -> None:
    does(simulator, "write", text="Hi")
    parts: list[AnyPart] = [
        Media("image", media_id=1, text="see"),
        Media("file", url="https://x/a.pdf", name="a.pdf"),
        Choices("Size?", (Button("S", "reply", "s"), Button("M", "key", "m")), tail="Thanks"),
        Choices("Color?", tuple(Button(str(n), "reply", str(n)) for n in range(4))),
        Card("Shop", image_url="https://x/i", buttons=(Button("Open", "url", "https://x"),)),
        Card("Shop", text="now", image_url="https://x/i"),
        Card("Shop", text="now", url="https://x"),
    ]

    desk.send(PHONE, *parts)

    taken = [each.what for each in simulator.platform("whatsapp").sent_to(ANA)]
    kinds = [each.get("interactive", {}).get("type", each["type"]) for each in taken]
    assert kinds == ["image", "document", "button", "list", "cta_url", "image", "text"]
    assert taken[0]["image"]["caption"] == "see"


def test_taps_and_preferences_come_back(simulator: Simulator, desk: Desk) -> None:
    does(simulator, "tap", value="s", label="S")
    does(simulator, "prefer", value="stop")
    does(simulator, "prefer", value="resume")
    does(simulator, "tell", text="from the phone")

    tapped, stopped, resumed, echo = desk.heard
    assert isinstance(tapped, Tapped)
    assert isinstance(stopped, Unfollowed)
    assert isinstance(resumed, Followed)
    assert isinstance(echo, Message)
    assert echo.is_echo


def test_typing_marks_what_is_answered_as_read(simulator: Simulator, desk: Desk) -> None:
    does(simulator, "write", text="Hi")
    context = desk.heard[-1].context

    desk.run(lambda adapter: adapter.typing(desk.message(PHONE, context=context)))
    desk.run(lambda adapter: adapter.typing(desk.message(PHONE)))  # answers nothing: there is nothing to show

    assert simulator.platform("whatsapp").read == [context["message_id"]]


def test_the_connection_test_tells_the_number_s_standing(desk: Desk) -> None:
    check = desk.run(lambda adapter: adapter.check())

    assert check.is_fine
    assert check.facts["messaging_limit_tier"] == "TIER_1K"


def test_a_refused_token_is_the_account_s_fault(desk: Desk) -> None:
    desk.secrets["access_token"] = "another"

    with pytest.raises(BadAccountError):
        desk.send(PHONE, "Hi")
    assert not desk.run(lambda adapter: adapter.check()).is_fine


def test_speaking_too_fast_is_told(simulator: Simulator, desk: Desk) -> None:
    does(simulator, "write", text="Hi")
    simulator.platform("whatsapp")._numbers_by_id["42"].per_second = 2
    for _ in range(2):
        desk.send(PHONE, "x")

    with pytest.raises(ThrottledError):
        desk.send(PHONE, "x")


@pytest.mark.parametrize(
    ("faults", "error", "taken"),
    [
        ({"drop_answer": 1.0}, UnclearError, 1),
        ({"fail": 1.0}, UnclearError, 0),
    ],
)
def test_what_may_have_gone_out_is_told(
    simulator: Simulator, desk: Desk, faults: dict[str, float], error: type[Exception], taken: int
) -> None:
    does(simulator, "write", text="Hi")
    simulator.set_faults("whatsapp", only="/messages", **faults)

    with pytest.raises(error):
        desk.send(PHONE, "Hi")
    assert simulator.platform("whatsapp").taken == taken


def test_an_upload_that_fails_leaves_nothing_open(simulator: Simulator, desk: Desk) -> None:
    simulator.set_faults("whatsapp", only="/media", fail=1.0)

    with pytest.raises(UnavailableError):
        desk.send(PHONE, Media("image", media_id=1))


def test_a_platform_that_is_not_there_has_taken_nothing(desk: Desk) -> None:
    desk.settings["base_url"] = "http://127.0.0.1:1"

    with pytest.raises(UnavailableError):
        desk.send(PHONE, "Hi")


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (Text("x" * 4097), "4,097"),
        (Media("image"), "no file"),
        (Media("image", media_id=1, text="x" * 1025), "caption"),
        (Choices("?", ()), "0 answers"),
        (Choices("?", tuple(Button(str(n), "reply", str(n)) for n in range(11))), "11 answers"),
        (Choices("?", (Button("x" * 21, "reply", "a"),)), "answer has 21"),
        (Choices("?", (Button("a", "reply", "s"), Button("b", "reply", "s"))), "same value"),
        (Choices("x" * 1025, (Button("a", "reply", "s"),)), "question"),
        (Card("x", buttons=(Button("a", "url", "https://x"), Button("b", "url", "https://x"))), "2 buttons"),
        (Card("x", buttons=(Button("a", "mini_program", "x"),)), "mini_program"),
        (Template("shipped"), "language"),
    ],
)
def test_what_whatsapp_would_not_take_is_not_sent(simulator: Simulator, desk: Desk, part: AnyPart, told: str) -> None:
    calls = simulator.platform("whatsapp").calls.copy()

    with pytest.raises(RefusedError, match=told):
        desk.send(PHONE, part)
    assert simulator.platform("whatsapp").calls == calls
