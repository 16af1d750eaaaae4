"""Rows made into drafts of messages: people, events and spend; orders have a module of their own."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from hashlib import blake2b
from itertools import repeat
from typing import Any, Final

import pyarrow.compute

from fanwheel.cdp.events.prepare import message_key
from fanwheel.cdp.imports.contracts import EPOCH, IDENTIFIERS, Draft, SpendDraft
from fanwheel.cdp.imports.rules import consents, json_text
from fanwheel.cdp.imports.rules.cells import Cells, to_minor
from fanwheel.kernel.domain import Domain
from fanwheel.kernel.money import EXPONENTS, from_minor

pc: Any = pyarrow.compute  # its functions are made at run time, out of sight of type checkers

CONTACTS: Final = (*IDENTIFIERS[2:], "openid_app")
_DOMAINS: Final = frozenset({None, *(domain.label for domain in Domain)})
NOBODY: Final = "names nobody: every identifier is empty"


def people(cells: Cells, *, now: int) -> Iterator[Draft]:
    """One identify message for each person, and one of consent; ``now`` is in microseconds since 1970."""
    seen, traits = cells.times("seen_at"), cells.json_extras()
    for name in CONTACTS:
        if cells.has(name):
            said = json_text.of_texts(cells.texts(name))
            traits[name] = pc.coalesce(said, traits[name]) if name in traits else said
    bodies = json_text.objects(traits, cells.count)
    rows, stated, bad = cells.rows, stated_keys(cells), cells.bad
    said = consents.Consents(cells, now=now) if consents.Consents.are_in(cells) else None
    for index, (user, anonymous, contacts) in enumerate(_identified(cells)):
        if index in bad:
            continue
        at, body = seen[index], bodies[index]
        key = stated[index] or key_of(f"import|identify||{rows[index]}|{user}|{anonymous}|{at}|", body)
        yield Draft(rows[index], "identify", "", user, anonymous, {}, now if at is None else at, body, key)
        if said and (statement := said.draft(index, user, anonymous, contacts)) is not None:
            # Its key follows from the person's, so that a row with a message id says it once as well.
            statement.key = key_of(f"import|{statement.name}|", key + statement.body)
            yield statement


def events(cells: Cells) -> Iterator[Draft]:
    """One track message for each row."""
    names, times = cells.text("event"), cells.times("occurred_at")
    bodies = json_text.objects(cells.json_extras(), cells.count)
    rows, stated, bad = cells.rows, stated_keys(cells), cells.bad
    for index, (user, anonymous, contacts) in enumerate(_identified(cells)):
        if index in bad:
            continue
        name, at, body = names[index], times[index], bodies[index]
        if name is None or at is None:
            cells.refuse(index, f"has no “{'event' if name is None else 'occurred_at'}”")
            continue
        who = who_of(user, anonymous, contacts)
        key = stated[index] or key_of(f"import|track|{name}|{rows[index]}|{who}|{at}|", body)
        yield Draft(rows[index], "track", name, user, anonymous, contacts, at, body, key)


def spend(cells: Cells) -> Iterator[SpendDraft]:
    """Spend of a source on a day; the amount in major units."""
    source, domain, campaign, currency = (cells.text(name) for name in ("source", "domain", "campaign", "currency"))
    days, amounts = cells.times("spent_on", default_zone="UTC"), cells.amounts("amount")
    for index in range(cells.count):
        code = (currency[index] or "").upper()
        stated: dict[str, object] = {"source": source[index], "spent_on": days[index], "amount": amounts[index]}
        stated["currency"] = EXPONENTS.get(code)
        missing = next((name for name, value in stated.items() if value is None), None)
        if missing is not None or index in cells.bad:
            cells.refuse(index, f"has no usable “{missing}”")
            continue
        if domain[index] not in _DOMAINS:
            cells.refuse(index, f"“domain” is {domain[index]!r}; write public, commercial or private, or nothing")
            continue
        minor = to_minor(amounts[index] or 0, cells.scale, EXPONENTS[code] if cells.is_decimal else 0)
        yield SpendDraft(
            first_row=cells.rows[index],
            source=source[index] or "",
            domain=domain[index],
            spent_on=(EPOCH + timedelta(microseconds=days[index] or 0)).date(),
            campaign=campaign[index] or "",
            currency=code,
            amount=from_minor(minor, code),
        )


def _identified(cells: Cells) -> Iterator[tuple[str | None, str | None, dict[str, str]]]:
    """The ids and contacts of every row; one that names nobody is refused as it comes."""
    columns = {name: cells.text(name) for name in CONTACTS if cells.has(name)}
    contacts = zip(*columns.values(), strict=True) if columns else repeat((), cells.count)
    none: dict[str, str] = {}
    rows = zip(cells.text("user_id"), cells.text("anonymous_id"), contacts, strict=True)
    for index, (user, anonymous, texts) in enumerate(rows):
        found = {n: t for n, t in zip(columns, texts, strict=True) if t is not None} if texts else none
        if user is None and anonymous is None and not found:
            cells.refuse(index, NOBODY)
        yield user, anonymous, found


def who_of(user: str | None, anonymous: str | None, contacts: Mapping[str, str]) -> str:
    """Whom a row names, in one text."""
    ids = f"{user}\x1f{anonymous}"
    return "\x1f".join((ids, *contacts, *contacts.values())) if contacts else ids


def stated_keys(cells: Cells) -> list[bytes | None]:
    """The keys of the rows that state a message id."""
    return [None if text is None else message_key(text, EPOCH) for text in cells.text("message_id")]


def key_of(said: str, body: bytes) -> bytes:
    """A key that follows from what the row says (and, for rows that may repeat, from its place)."""
    return blake2b(said.encode("utf-8", "replace") + body, digest_size=16).digest()
