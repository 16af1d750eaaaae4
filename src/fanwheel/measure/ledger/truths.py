"""What is known of a made-up brand: what its channels truly cause, and how close verdicts come to it."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from fanwheel.measure.ledger import schemas
from fanwheel.measure.ledger.tables import Columns


def returns(truth: Columns, slugs: Mapping[int, str], *, first: date, last: date) -> dict[str, float]:
    """True revenue by unit of spend of each channel in a period, by slug; only of channels that cost something."""
    inside = (truth["day"] >= np.datetime64(first)) & (truth["day"] <= np.datetime64(last))
    found = {}
    for source_id in np.unique(truth["source_id"][inside]).tolist():
        mine = inside & (truth["source_id"] == source_id)
        spend = float(truth["spend_minor"][mine].sum())
        if spend > 0 and source_id in slugs:
            found[slugs[source_id]] = float(truth["revenue_minor"][mine].sum()) / spend
    return found


def closeness(rows: Sequence[schemas.Row]) -> schemas.Closeness | None:
    """How much of the true waste was found, and what was said of good spend; None where no truth is known."""
    known = [(row, row.truth) for row in rows if row.truth is not None]
    if not known:
        return None
    judged = [(row.caused_revenue, truth) for row, truth in known if row.caused_revenue is not None]
    return schemas.Closeness(
        wasted_spend_minor=sum(row.spend_minor for row, truth in known if truth.state == "wasted"),
        found_minor=sum(row.spend_minor for row, truth in known if truth.state == row.state == "wasted"),
        wrongly_minor=sum(
            row.spend_minor for row, truth in known if truth.state == "working" and row.state == "wasted"
        ),
        covered=sum(said.low_minor <= truth.caused_revenue_minor <= said.high_minor for said, truth in judged),
        channels=len(judged),
    )
