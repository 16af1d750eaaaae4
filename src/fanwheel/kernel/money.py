"""Money: integer minor units and an ISO 4217 code."""

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Final

from fanwheel.kernel.errors import FanwheelError

_CODES: Final = [
    "AED",
    "AFN",
    "ALL",
    "AMD",
    "ANG",
    "AOA",
    "ARS",
    "AUD",
    "AWG",
    "AZN",
    "BAM",
    "BBD",
    "BDT",
    "BGN",
    "BHD",
    "BIF",
    "BMD",
    "BND",
    "BOB",
    "BRL",
    "BSD",
    "BTN",
    "BWP",
    "BYN",
    "BZD",
    "CAD",
    "CDF",
    "CHF",
    "CLF",
    "CLP",
    "CNY",
    "COP",
    "CRC",
    "CUP",
    "CVE",
    "CZK",
    "DJF",
    "DKK",
    "DOP",
    "DZD",
    "EGP",
    "ERN",
    "ETB",
    "EUR",
    "FJD",
    "FKP",
    "GBP",
    "GEL",
    "GHS",
    "GIP",
    "GMD",
    "GNF",
    "GTQ",
    "GYD",
    "HKD",
    "HNL",
    "HTG",
    "HUF",
    "IDR",
    "ILS",
    "INR",
    "IQD",
    "IRR",
    "ISK",
    "JMD",
    "JOD",
    "JPY",
    "KES",
    "KGS",
    "KHR",
    "KMF",
    "KPW",
    "KRW",
    "KWD",
    "KYD",
    "KZT",
    "LAK",
    "LBP",
    "LKR",
    "LRD",
    "LSL",
    "LYD",
    "MAD",
    "MDL",
    "MGA",
    "MKD",
    "MMK",
    "MNT",
    "MOP",
    "MRU",
    "MUR",
    "MVR",
    "MWK",
    "MXN",
    "MYR",
    "MZN",
    "NAD",
    "NGN",
    "NIO",
    "NOK",
    "NPR",
    "NZD",
    "OMR",
    "PAB",
    "PEN",
    "PGK",
    "PHP",
    "PKR",
    "PLN",
    "PYG",
    "QAR",
    "RON",
    "RSD",
    "RUB",
    "RWF",
    "SAR",
    "SBD",
    "SCR",
    "SDG",
    "SEK",
    "SGD",
    "SHP",
    "SLE",
    "SOS",
    "SRD",
    "SSP",
    "STN",
    "SYP",
    "SZL",
    "THB",
    "TJS",
    "TMT",
    "TND",
    "TOP",
    "TRY",
    "TTD",
    "TWD",
    "TZS",
    "UAH",
    "UGX",
    "USD",
    "UYU",
    "UZS",
    "VES",
    "VND",
    "VUV",
    "WST",
    "XAF",
    "XCD",
    "XOF",
    "XPF",
    "YER",
    "ZAR",
    "ZMW",
    "ZWG",
]
# Source: ISO 4217 list one; every currency that is not listed here has two decimals.
_UNUSUAL: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF",
}
EXPONENTS: Final[dict[str, int]] = dict.fromkeys(_CODES, 2) | {
    code: digits for digits, codes in _UNUSUAL.items() for code in codes.split()
}
_LARGEST: Final = 2**62


class BadAmountError(FanwheelError):
    """That is not an amount of money."""


class UnknownCurrencyError(FanwheelError):
    """That is not a currency code of ISO 4217."""


def is_currency(code: str) -> bool:
    """Whether ``code`` is an active ISO 4217 code, in capitals."""
    return code in EXPONENTS


def exponent(currency: str) -> int:
    """How many decimals ``currency`` has: 2 for USD, 0 for JPY, 3 for KWD."""
    try:
        return EXPONENTS[currency]
    except KeyError:
        raise UnknownCurrencyError(
            f"“{currency}” is not a currency code of ISO 4217.",
            hint="Send three capitals such as CNY or USD.",
        ) from None


def to_minor(amount: Decimal | float | int | str, currency: str) -> int:
    """``amount`` in minor units of ``currency``, rounded half to even; floats are read as printed."""
    digits = exponent(currency)
    if isinstance(amount, bool):
        raise BadAmountError(f"{amount!r} is not an amount of money.", hint="Send a number such as 12.90.")
    try:
        exact = Decimal(str(amount)) if not isinstance(amount, Decimal) else amount
        minor = int(exact.scaleb(digits).to_integral_value(rounding=ROUND_HALF_EVEN))
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise BadAmountError(f"{amount!r} is not an amount of money.", hint="Send a number such as 12.90.") from error
    if abs(minor) > _LARGEST:
        raise BadAmountError(f"{amount!r} is too large an amount.", hint="Check the unit: major units are expected.")
    return minor


def from_minor(minor: int, currency: str) -> Decimal:
    """``minor`` units of ``currency`` as an exact decimal amount."""
    return Decimal(minor).scaleb(-exponent(currency))
