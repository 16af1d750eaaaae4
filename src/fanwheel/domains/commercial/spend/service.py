"""Spend as the rest of the product uses it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from fanwheel.cdp import sources
from fanwheel.domains.commercial.spend import rules
from fanwheel.domains.commercial.spend.contracts import Costs, Entry, SpendRow, Stored
from fanwheel.domains.commercial.spend.repository import SpendRepository
from fanwheel.infra.postgres import Transaction
from fanwheel.kernel.domain import Domain


async def put_spend(tx: Transaction, rows: Sequence[SpendRow]) -> Stored:
    """Store what sources cost; a row that cannot be used costs no other.

    The same source, day, campaign and currency sent again replaces what was stored, so a file may be
    sent twice. A source that is not known is added.
    """
    repository = SpendRepository(tx)
    currency = await repository.reporting_currency()
    amounts, refused = rules.check(rows, reporting_currency=currency)
    if amounts:
        ids = await _ensure_sources(tx, rows, {slug for slug, *_ in amounts})
        await repository.put(
            Entry(ids[slug], spent_on, campaign, code, amount)
            for (slug, spent_on, campaign, code), amount in sorted(amounts.items())
        )
    return Stored(len(amounts), refused)


async def list_spend(tx: Transaction, first: date, last: date) -> Costs:
    """Spend from ``first`` to ``last``, both included, and its sum in the reporting currency.

    What is in a currency without any rate is not part of the sum; it is given apart.
    """
    repository = SpendRepository(tx)
    items = await repository.list_costs(first, last)
    missing: Counter[str] = Counter()
    for item in items:
        if item.reporting_minor is None:
            missing[item.currency] += item.amount_minor
    total = sum(item.reporting_minor for item in items if item.reporting_minor is not None)
    return Costs(items, await repository.reporting_currency(), total, sorted(missing.items()))


async def _ensure_sources(tx: Transaction, rows: Sequence[SpendRow], wanted: set[str]) -> dict[str, int]:
    stated: dict[str, Domain] = {}
    for row in rows:
        if row.domain is not None:
            stated.setdefault(sources.tidy_slug(row.source), row.domain)
    unstated = wanted - stated.keys()
    classifier = await sources.load_classifier(tx) if unstated else None
    domains = {slug: stated[slug] for slug in wanted & stated.keys()}
    if classifier:
        domains |= {slug: rules.domain_for(slug, classifier) for slug in unstated}
    found = await sources.put_sources(tx, domains)
    return {slug: source.source_id for slug, source in found.items()}
