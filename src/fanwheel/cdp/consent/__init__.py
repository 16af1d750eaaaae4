"""Consent: an append-only ledger of what people allowed on which channel for which purpose."""

from fanwheel.cdp.consent.contracts import (
    MARKETING,
    Ask,
    Choice,
    Consent,
    Entry,
    Heard,
    Reason,
    Refusal,
    Standing,
    Statement,
    Suppression,
)
from fanwheel.cdp.consent.errors import BadConsentError, BadTokenError, WrongAddressKeyError
from fanwheel.cdp.consent.forgetting import forget_identifier
from fanwheel.cdp.consent.hashing import AddressHasher
from fanwheel.cdp.consent.rules import clean_channel, read_channels, read_flag, read_purpose, refuse, require_evidence
from fanwheel.cdp.consent.service import (
    append,
    ask,
    confirm,
    find_opt_in,
    list_ledger,
    list_own,
    list_state,
    look_up,
    state,
)
from fanwheel.cdp.consent.suppressing import count_bounce, keep_stubs, lift_bounces, suppress, tidy
from fanwheel.cdp.consent.tokens import Link, Sealer

__all__ = [
    "MARKETING",
    "AddressHasher",
    "Ask",
    "BadConsentError",
    "BadTokenError",
    "Choice",
    "Consent",
    "Entry",
    "Heard",
    "Link",
    "Reason",
    "Refusal",
    "Sealer",
    "Standing",
    "Statement",
    "Suppression",
    "WrongAddressKeyError",
    "append",
    "ask",
    "clean_channel",
    "confirm",
    "count_bounce",
    "find_opt_in",
    "forget_identifier",
    "keep_stubs",
    "lift_bounces",
    "list_ledger",
    "list_own",
    "list_state",
    "look_up",
    "read_channels",
    "read_flag",
    "read_purpose",
    "refuse",
    "require_evidence",
    "state",
    "suppress",
    "tidy",
]
