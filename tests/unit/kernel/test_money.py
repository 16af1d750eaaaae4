"""Money in minor units."""

from decimal import Decimal

import pytest

from fanwheel.kernel.money import BadAmountError, UnknownCurrencyError, from_minor, to_minor


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        (12.9, "CNY", 1290),
        ("12.90", "USD", 1290),
        (1290, "JPY", 1290),
        (1.2345, "KWD", 1234),  # half to even: 1234.5
        (0.125, "USD", 12),  # half to even: 12.5
        (0.375, "USD", 38),  # half to even: 37.5
        (1.005, "USD", 100),  # read as printed, 1.005, then half to even
        (-3.5, "EUR", -350),
        (0, "EUR", 0),
        (Decimal("1e3"), "EUR", 100_000),
    ],
)
def test_an_amount_becomes_minor_units(amount: Decimal | float | int | str, currency: str, minor: int) -> None:
    assert to_minor(amount, currency) == minor


@pytest.mark.parametrize("amount", ["twelve", "", float("nan"), float("inf"), True, "1e30"])
def test_what_is_no_amount_is_refused(amount: float | str) -> None:
    with pytest.raises(BadAmountError):
        to_minor(amount, "USD")


def test_an_unknown_currency_is_refused_by_name() -> None:
    with pytest.raises(UnknownCurrencyError, match="RMB"):
        to_minor(1, "RMB")


@pytest.mark.parametrize(
    ("minor", "currency", "amount"), [(1290, "CNY", "12.90"), (5, "JPY", "5"), (1, "KWD", "0.001")]
)
def test_minor_units_become_an_exact_amount(minor: int, currency: str, amount: str) -> None:
    assert str(from_minor(minor, currency)) == amount
