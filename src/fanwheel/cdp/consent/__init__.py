"""Consent: an append-only ledger of what people allowed on which channel for which purpose."""

from fanwheel.cdp.consent.contracts import MARKETING, Statement
from fanwheel.cdp.consent.errors import BadConsentError
from fanwheel.cdp.consent.rules import clean_channel, read_channels, read_flag, read_purpose
from fanwheel.cdp.consent.service import append

__all__ = [
    "MARKETING",
    "BadConsentError",
    "Statement",
    "append",
    "clean_channel",
    "read_channels",
    "read_flag",
    "read_purpose",
]
