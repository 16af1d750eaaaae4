"""Suppressed addresses from a CSV file, such as another product exports."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple, cast, get_args

from fanwheel.cdp import persons
from fanwheel.cdp.consent.contracts import Entry, Reason
from fanwheel.cdp.consent.errors import BadSuppressionFileError
from fanwheel.cdp.consent.rules import clean_channel

MOST_ROWS: Final = 500_000
_MOST_REFUSED: Final = 100
_ADDRESS: Final[Mapping[str, str]] = {
    "email": "email", "e-mail": "email", "email address": "email", "mail": "email", "邮箱": "email",
    "电子邮箱": "email",
    "phone": "phone", "mobile": "phone", "phone number": "phone", "手机号": "phone", "手机": "phone", "电话": "phone",
    "address": "", "recipient": "", "地址": "",
}  # fmt: skip
_REASONS: Final[Mapping[str, Reason]] = {
    **{cast(str, reason): reason for reason in get_args(Reason)},
    "bounced": "bounce", "hard bounce": "bounce", "hardbounce": "bounce", "invalid": "bounce", "退信": "bounce",
    "spam": "complaint", "spamreport": "complaint", "complained": "complaint", "abuse": "complaint",
    "投诉": "complaint",
    "unsubscribed": "unsubscribe", "opt-out": "unsubscribe", "optout": "unsubscribe", "退订": "unsubscribe",
}  # fmt: skip
_SPACE: Final = re.compile(r"[\s_]+")


class Refused(NamedTuple):
    """A row that says nothing of use; the number is that of the line in a spreadsheet."""

    row: int
    why: str


class ReadFile(NamedTuple):
    """What a file came to."""

    entries: Sequence[Entry]
    row_count: int
    refused_count: int
    refused: Sequence[Refused]  # the first hundred


def read_file(content: bytes, *, region: str, channel: str = "", purpose: str = "") -> ReadFile:
    """The addresses of a file; ``region`` is where phones without a country code are from.

    Raises
    ------
    BadSuppressionFileError
        If it is no CSV in UTF-8, or no column holds addresses.
    """
    entries: list[Entry] = []
    refused: list[Refused] = []
    total = 0
    for total, row in enumerate(_rows(content), start=1):
        if total > MOST_ROWS:
            raise BadSuppressionFileError(f"The file has more than {MOST_ROWS:,} rows.", hint="Send it in parts.")
        found = _entry(row, region=region, channel=channel, purpose=purpose)
        if found is None:
            refused.append(Refused(total + 1, "no_address"))
        else:
            entries.append(found)
    return ReadFile(entries, total, len(refused), refused[:_MOST_REFUSED])


def _rows(content: bytes) -> Iterator[dict[str, str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadSuppressionFileError("The file is not in UTF-8.", hint="Save it as “CSV UTF-8”.") from None
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise BadSuppressionFileError("The file is empty.", hint="Send the CSV file as the body of the request.")
    delimiter = max(",;\t", key=first.count)
    names = [_clean(cell) for cell in next(csv.reader([first], delimiter=delimiter))]
    if not any(name in _ADDRESS for name in names):
        if len(names) > 1 or not _looks_like_address(names[0]):
            raise BadSuppressionFileError(
                "No column holds addresses.", hint="Name the column “email” or “phone” in the first line."
            )
        names = ["address"]
        text = f"address\n{text}"
    try:
        for cells in list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))[1:]:
            if any(cell.strip() for cell in cells):
                yield dict(zip(names, (cell.strip() for cell in cells), strict=False))
    except csv.Error:
        raise BadSuppressionFileError("The file is no CSV.", hint="Look for quotation marks that do not end.") from None


def _entry(row: Mapping[str, str], *, region: str, channel: str, purpose: str) -> Entry | None:
    reason = _REASONS.get(_clean(row.get("reason") or row.get("原因") or ""), "import")
    for name, kind in _ADDRESS.items():
        typed = row.get(name)
        if not typed:
            continue
        for candidate in [kind] if kind else ["email", "phone"]:
            value = persons.normalize(candidate, typed, region=region)
            if value is not None:
                where = clean_channel(row.get("channel") or row.get("渠道") or "") or channel
                why_for = clean_channel(row.get("purpose") or "") or purpose
                note = row.get("note") or row.get("备注") or ""
                return Entry(candidate, value, where, reason, why_for, note)
    return None


def _clean(name: str) -> str:
    return _SPACE.sub(" ", name.strip().strip("\ufeff").lower())


def _looks_like_address(name: str) -> bool:
    return "@" in name or sum(letter.isdigit() for letter in name) >= 6
