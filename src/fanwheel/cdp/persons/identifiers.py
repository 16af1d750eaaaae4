"""Identifiers: which kinds there are, and the one spelling under which each value is kept."""

import re
from functools import lru_cache
from hashlib import blake2b
from typing import Final, Literal
from uuid import UUID

import phonenumbers

IdentifierKind = Literal[
    "user_id",
    "email",
    "phone",
    "openid",
    "unionid",
    "wecom_external_userid",
    "douyin_open_id",
    "tiktok_open_id",
    "telegram_id",
    "line_id",
    "anonymous_id",
    "device_id",
]

# Click ids are evidence of where a person came from; they are kept as clicks and identify nobody.
STRONG_KINDS: Final = frozenset(
    {
        "user_id", "email", "phone", "openid", "unionid", "wecom_external_userid", "douyin_open_id", "tiktok_open_id",
        "telegram_id", "line_id",
    }
)  # fmt: skip
WEAK_KINDS: Final = frozenset({"anonymous_id", "device_id"})
KINDS: Final = STRONG_KINDS | WEAK_KINDS

MAX_LENGTH: Final = 512

# What programs send when they know nothing, and the ids that broken devices share.
_JUNK: Final = frozenset(
    {
        "", "null", "(null)", "nil", "undefined", "none", "(none)", "nan", "n/a", "na", "-", "--", "0", "-1", "true",
        "false", "anonymous", "anon", "guest", "unknown", "unidentified", "not set", "(not set)", "[object object]",
        "object object", "{}", "[]", "default", "user_id", "userid", "anonymous_id", "anonymousid",
        "distinct_id", "9774d56d682e549c", "02:00:00:00:00:00",
    }
)  # fmt: skip
# A placeholder at its own domain (test@test.com). A bare local part is no evidence: test@brand.com may be a person.
_PLACEHOLDERS: Final = frozenset(
    {"a", "aa", "aaa", "abc", "asd", "asdf", "domain", "email", "example", "fake", "foo", "mail", "na", "no",
     "noemail", "none", "null", "qwerty", "test", "undefined", "unknown", "user", "x", "xx", "xxx"}
)  # fmt: skip
_NOBODY: Final = frozenset({"null", "undefined", "none", "nan", "noemail", "no-email", "no_email", "unknown"})
_ZEROS: Final = re.compile(r"[0\-:{}]+")
_EMAIL: Final = re.compile(r"[^@\s\"(),:;<>\[\]\\]{1,64}@(?:[\w](?:[\w-]*[\w])?\.)+[\w-]{2,63}")
_SEPARATORS: Final = re.compile(r"[\s().\-/]")
_DIALED: Final = re.compile(r"\+?\d{3,20}", re.ASCII)
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f]")


def normalize(kind: str, value: object, *, region: str) -> str | None:
    """The spelling under which ``value`` is kept, or None where it identifies nobody.

    Parameters
    ----------
    kind
        One of ``KINDS``; for any other the answer is None.
    value
        Text, or a whole number, which is how some clients send their user ids.
    region
        The country of phones without a country code (ISO 3166-1 alpha-2).
    """
    if isinstance(value, str):
        text = value.strip()
    elif isinstance(value, int) and not isinstance(value, bool):
        text = str(value)
    else:
        return None
    if kind not in KINDS or len(text) > MAX_LENGTH:
        return None
    if kind == "email":
        return _email(text)
    if kind == "phone":
        return _phone(text, region)
    return _plain(text)


@lru_cache(maxsize=65_536)
def _plain(text: str) -> str | None:
    if text.lower() in _JUNK or _ZEROS.fullmatch(text) or _UNPRINTABLE.search(text):
        return None
    return text


@lru_cache(maxsize=65_536)
def _email(text: str) -> str | None:
    address = text.lower()
    if len(address) > 254 or not _EMAIL.fullmatch(address):
        return None
    local, _, domain = address.partition("@")
    if local in _NOBODY or (local in _PLACEHOLDERS and domain.split(".", 1)[0] == local):
        return None
    return address


@lru_cache(maxsize=65_536)
def _phone(text: str, region: str) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def phone_beginnings(typed: str, *, region: str) -> list[str]:
    """How phones may begin in E.164 when ``typed`` is the beginning of one as people in ``region`` dial it.

    "138" is the beginning of +86138… in China; of +138… too, because many leave the plus out.
    """
    digits = _SEPARATORS.sub("", typed)
    if not _DIALED.fullmatch(digits):
        return []
    if digits.startswith("+"):
        return [digits]
    found = [f"+{digits}"] if digits[0] != "0" else []
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    if metadata is None:
        return found
    abroad = re.match(metadata.international_prefix or "(?!)", digits)
    if abroad and len(digits) > abroad.end():
        found.append(f"+{digits[abroad.end() :]}")
    trunk = metadata.national_prefix or ""
    national = digits.removeprefix(trunk) if trunk else digits
    if national:
        found.append(f"+{metadata.country_code}{national}")
    return found


def identifier_hash(kind: str, value: str) -> UUID:
    """The 128-bit key of an identifier whose value is normalized."""
    digest = blake2b(f"{kind}\0{value}".encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return UUID(bytes=digest)
