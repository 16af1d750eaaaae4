"""What people agreed to and took back elsewhere, from a CSV file: a yes counts only with what shows it."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from fanwheel.cdp import persons
from fanwheel.cdp.consent.contracts import MARKETING
from fanwheel.cdp.consent.errors import BadConsentFileError
from fanwheel.cdp.consent.rules import clean_channel, read_flag
from fanwheel.infra import outbox

MOST_ROWS: Final = 100_000
_MOST_REFUSED: Final = 100
_MOST_EVIDENCE: Final = 1_000
Why = Literal["no_person", "no_channel", "no_evidence", "bad_time"]
_NAMES: Final[Mapping[str, str]] = {
    **{kind: kind for kind in persons.KINDS},
    "e-mail": "email", "email address": "email", "邮箱": "email", "电子邮箱": "email",
    "mobile": "phone", "phone number": "phone", "手机号": "phone", "手机": "phone", "电话": "phone",
    "channel": "channel", "consent_channel": "channel", "渠道": "channel",
    "purpose": "purpose", "consent_purpose": "purpose", "用途": "purpose",
    "evidence": "evidence", "consent_evidence": "evidence", "proof": "evidence", "凭证": "evidence", "依据": "evidence",
    "at": "at", "time": "at", "date": "at", "consent_at": "at", "时间": "at", "日期": "at",
    "consent": "consent", "answer": "consent", "同意": "consent",
}  # fmt: skip
_NO: Final = frozenset({"否", "不同意", "n", "unsubscribed", "opt-out"})


class Usual(NamedTuple):
    """What holds where the file says nothing, and how its phones and times are read."""

    channel: str
    purpose: str
    evidence: str
    region: str
    zone: ZoneInfo


class Refused(NamedTuple):
    """A row that is not taken; the number is that of the line in a spreadsheet."""

    row: int
    why: Why


class ReadFile(NamedTuple):
    """What a file came to, as facts that become events."""

    facts: Sequence[outbox.Fact]
    row_count: int
    granted_count: int
    refused_count: int
    refused: Sequence[Refused]  # the first hundred


def read_file(content: bytes, usual: Usual, *, now: datetime) -> ReadFile:
    """What a file says of consent.

    Raises
    ------
    BadConsentFileError
        If it is no CSV in UTF-8, or no column names people.
    """
    facts: list[outbox.Fact] = []
    refused: list[Refused] = []
    total = 0
    for total, row in enumerate(_rows(content), start=1):
        if total > MOST_ROWS:
            raise BadConsentFileError(f"The file has more than {MOST_ROWS:,} rows.", hint="Send it in parts.")
        found = _fact(row, usual, now=now)
        if isinstance(found, outbox.Fact):
            facts.append(found)
        else:
            refused.append(Refused(total + 1, found))
    granted = sum(fact.name == "Consent Granted" for fact in facts)
    return ReadFile(facts, total, granted, len(refused), refused[:_MOST_REFUSED])


def _rows(content: bytes) -> Iterator[dict[str, str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadConsentFileError("The file is not in UTF-8.", hint="Save it as “CSV UTF-8”.") from None
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        raise BadConsentFileError("The file is no CSV.", hint="Look for quotation marks that do not end.") from None
    names = [_NAMES.get(cell.strip().lower(), "") for cell in rows[0]] if rows else []
    if not any(name in persons.KINDS for name in names):
        raise BadConsentFileError(
            "No column names people.", hint="Name a column “email”, “phone”, “user_id” or another identifier."
        )
    for cells in rows[1:]:
        if any(cell.strip() for cell in cells):
            yield {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name and cell.strip()}


def _fact(row: Mapping[str, str], usual: Usual, *, now: datetime) -> outbox.Fact | Why:
    refs = [
        (kind, value)
        for kind in persons.KINDS
        if kind in row and (value := persons.normalize(kind, row[kind], region=usual.region)) is not None
    ]
    typed = row.get("channel") or usual.channel
    channels = [clean_channel(each) for each in typed.replace(";", ",").split(",")]
    answer = row.get("consent", "yes")
    is_granted = read_flag(answer) and answer.lower() not in _NO
    evidence = (row.get("evidence") or usual.evidence)[:_MOST_EVIDENCE]
    at = _moment(row.get("at"), usual.zone, now=now)
    if not refs:
        return "no_person"
    if not channels or None in channels:
        return "no_channel"
    if is_granted and not evidence:
        return "no_evidence"
    if at is None:
        return "bad_time"
    said = {"channels": channels, "purpose": clean_channel(row.get("purpose") or usual.purpose) or MARKETING}
    name = "Consent Granted" if is_granted else "Consent Withdrawn"
    key = blake2b(repr((refs, name, sorted(said.items()), at.isoformat(), evidence)).encode(), digest_size=16)
    return outbox.Fact(
        key=f"consent-import:{key.hexdigest()}",
        name=name,
        at=at,
        refs=refs,
        properties={**said, "imported": True, **({"evidence": evidence} if evidence else {})},
    )


def _moment(text: str | None, zone: ZoneInfo, *, now: datetime) -> datetime | None:
    """When it was said; None where that is no time, or one to come."""
    if text is None:
        return now
    try:
        found = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=zone)
    return found if found <= now else None
