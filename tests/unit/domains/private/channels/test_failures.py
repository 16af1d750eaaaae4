"""What platforms' codes mean for a message."""

from collections.abc import Callable
from typing import Any

import pytest

from fanwheel.domains.private.channels.calls import Reply
from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    OptedOutError,
    QuotaUsedUpError,
    RecipientBusyError,
    RecipientGoneError,
    RefusedError,
    SendError,
    ThrottledError,
    UnavailableError,
    UnclearError,
    WindowClosedError,
)
from fanwheel.domains.private.douyin import failures as douyin
from fanwheel.domains.private.sms import twilio
from fanwheel.domains.private.tiktok import failures as tiktok
from fanwheel.domains.private.whatsapp import failures as whatsapp


@pytest.mark.parametrize("place", ["extra", "data"])
@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        (28003070, QuotaUsedUpError),
        (28003017, QuotaUsedUpError),
        (28003018, ThrottledError),
        (28003080, WindowClosedError),
        (28003082, WindowClosedError),
        (28001008, BadAccountError),
        (28001012, BadAccountError),
        (28003095, BadAccountError),
        (28001005, UnavailableError),
        (28003101, RecipientGoneError),
        (99999999, RefusedError),
    ],
)
def test_douyin_s_codes(place: str, code: int, meaning: type[SendError]) -> None:
    reply = Reply(200, {place: {"error_code": code, "description": "why"}}, {})

    with pytest.raises(SendError) as raised:
        douyin.raise_for(reply)

    assert type(raised.value) is meaning
    assert raised.value.platform_code == str(code)


def test_a_live_rule_in_douyin_s_own_workbench_is_told_in_words() -> None:
    with pytest.raises(BadAccountError, match="workbench"):
        douyin.raise_for(Reply(200, {"data": {"error_code": 28003095}}, {}))


@pytest.mark.parametrize(
    ("code", "said", "meaning"),
    [
        (40100, "too many requests", ThrottledError),
        (40105, "token", BadAccountError),
        (40002, "The 48-hour messaging window has expired", WindowClosedError),
        (40002, "You have reached the limit of 10 messages", WindowClosedError),
        (40002, "text.body: too long", RefusedError),
        (50000, "internal", UnclearError),
        (51305, "unavailable", UnavailableError),
    ],
)
def test_tiktok_s_codes(code: int, said: str, meaning: type[SendError]) -> None:
    with pytest.raises(SendError) as raised:
        tiktok.raise_for(Reply(200, {"code": code, "message": said}, {}))

    assert type(raised.value) is meaning


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [
        (400, 131047, WindowClosedError),
        (400, 131049, RecipientBusyError),
        (400, 130497, RefusedError),
        (400, 131050, OptedOutError),
        (400, 131026, RefusedError),
        (400, 132001, RefusedError),
        (429, 130429, ThrottledError),
        (400, 131056, RecipientBusyError),
        (401, 190, BadAccountError),
        (400, 131031, BadAccountError),
        (503, 131016, UnavailableError),
        (500, 131000, UnclearError),
        (500, 0, BadAccountError),
        (502, 999, UnclearError),
        (400, 100, RefusedError),
    ],
)
def test_whatsapp_s_codes(status: int, code: int, meaning: type[SendError]) -> None:
    with pytest.raises(SendError) as raised:
        whatsapp.raise_for(Reply(status, {"error": {"code": code, "message": "why"}}, {}))

    assert type(raised.value) is meaning


def test_whoever_got_enough_of_all_brands_rests_for_a_day() -> None:
    with pytest.raises(RecipientBusyError) as raised:
        whatsapp.raise_for(Reply(400, {"error": {"code": 131049}}, {}))

    assert raised.value.retry_after_s == 86_400


def test_a_number_on_trial_that_nobody_verified_stops_no_account() -> None:
    with pytest.raises(RefusedError):
        twilio.raise_for(Reply(400, {"code": 21608, "message": "The number +14155550100 is unverified."}, {}))


def is_refused(raise_for: Callable[[Reply], None], body: dict[str, Any]) -> bool:
    try:
        raise_for(Reply(200, body, {}))
    except SendError:
        return True
    return False


def test_of_what_is_answered_with_200_only_trouble_is_refused() -> None:
    assert [is_refused(tiktok.raise_for, {"code": code}) for code in (0, 40100)] == [False, True]
    assert [is_refused(douyin.raise_for, {"data": {"error_code": code}}) for code in (0, 28003017)] == [False, True]
    assert not is_refused(whatsapp.raise_for, {"messages": [{"id": "wamid.1"}]})
