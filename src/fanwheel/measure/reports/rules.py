"""From cubes to answers: arithmetic only, no input, no output, no clock."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from itertools import pairwise, permutations
from typing import Final
from zoneinfo import ZoneInfo

from fanwheel.kernel.domain import Domain, Stage
from fanwheel.measure.reports import schemas
from fanwheel.measure.reports.cubes import NOBODY, Book, Cube, Period, date_of, number_of, total, totals_by

LOOKBACK_DAYS: Final = 30
_KNOWN: Final = (Domain.PUBLIC, Domain.COMMERCIAL, Domain.PRIVATE)
_MOST_SOURCES: Final = 12
_NO_SOURCE: Final = {"slug": "none", "name": "", "domain": Domain.UNKNOWN.label}


def period_shape(period: Period) -> schemas.PeriodShape:
    """The period as the API writes it."""
    return schemas.PeriodShape(start=period.first, to=period.last)


def stages(book: Book, period: Period) -> schemas.Stages:
    """People by stage, with the share of each stage that has also reached the next."""
    cube = book.cubes["stages"]
    reached = cube["day"] <= number_of(period.last)
    now, before = period.holds(cube), period.before().holds(cube)
    counts = []
    for stage in Stage:
        mine = cube["stage"] == stage
        people = total(cube, "people", mine & reached)
        has_next = stage < Stage.REPURCHASE and people > 0
        counts.append(
            schemas.StageCount(
                stage=stage.label,
                people=people,
                entered=total(cube, "people", mine & now),
                entered_before=total(cube, "people", mine & before),
                rate_to_next=total(cube, "onward", mine & reached) / people if has_next else None,
            )
        )
    return schemas.Stages(
        as_of=book.as_of,
        currency=book.currency,
        period=period_shape(period),
        previous=period_shape(period.before()),
        stages=counts,
        days=_stage_days(cube, period),
    )


def _stage_days(cube: Cube, period: Period) -> list[schemas.StageDay]:
    entered = totals_by(cube, ("day", "stage"), "people", period.holds(cube))
    return [
        schemas.StageDay(day=day, **{stage.label: entered.get((number_of(day), stage), 0) for stage in Stage})
        for day in period
    ]


def flows(book: Book, period: Period) -> schemas.Flows:
    """Touches by domain, crossings between domains, and where the newly introduced went."""
    touched, crossed = book.cubes["domains"], book.cubes["crossings"]
    way = ("from_domain", "to_domain")
    touches = totals_by(touched, ("domain",), "touches", period.holds(touched))
    touchers = totals_by(touched, ("domain",), "people", period.new_in(touched))
    crossings = totals_by(crossed, way, "crossings", period.holds(crossed))
    crossers = totals_by(crossed, way, "people", period.new_in(crossed))
    return schemas.Flows(
        as_of=book.as_of,
        period=period_shape(period),
        domains=[
            schemas.DomainCount(domain=known.label, people=touchers.get((known,), 0), touches=touches.get((known,), 0))
            for known in _KNOWN
        ],
        flows=[
            schemas.Flow(
                start=start.label,
                to=end.label,
                people=crossers.get((start, end), 0),
                crossings=crossings.get((start, end), 0),
            )
            for start, end in permutations(_KNOWN, 2)
        ],
        links=links(book, period),
    )


def links(book: Book, period: Period) -> schemas.Links:
    """People introduced in the period: first source, first private channel, outcome so far.

    The twelve largest sources are shown; the others share the node ``source:other``.
    """
    cube = book.cubes["links"]
    paths = totals_by(cube, ("source_id", "channel", "outcome"), "people", period.holds(cube))
    by_source: dict[int, int] = defaultdict(int)
    for (source, _, _), people in paths.items():
        by_source[source] += people
    shown = set(sorted(by_source, key=lambda source: (-by_source[source], source))[:_MOST_SOURCES])
    nodes: dict[str, schemas.Node] = {}
    edges: dict[tuple[str, str], int] = defaultdict(int)
    for (source, channel_code, outcome_code), people in paths.items():
        channel, outcome = cube["channel_names"][channel_code], cube["outcome_names"][outcome_code]
        path = [
            _source_node(book, source if source in shown else None),
            schemas.Node(id=f"channel:{channel}", label=channel, domain=Domain.PRIVATE.label, layer=1),
            schemas.Node(id=f"outcome:{outcome or 'none'}", label=outcome, domain=Domain.UNKNOWN.label, layer=2),
        ]
        nodes.update({node.id: node for node in path})
        for start, end in pairwise(path):
            edges[start.id, end.id] += people
    return schemas.Links(
        nodes=sorted(nodes.values(), key=lambda node: (node.layer, node.id)),
        edges=[schemas.Edge(start=start, to=end, people=people) for (start, end), people in sorted(edges.items())],
    )


def _source_node(book: Book, source_id: int | None) -> schemas.Node:
    if source_id is None:
        return schemas.Node(id="source:other", label="", domain=Domain.UNKNOWN.label, layer=0)
    source = book.sources.get(source_id, _NO_SOURCE)
    return schemas.Node(id=f"source:{source['slug']}", label=source["name"], domain=source["domain"], layer=0)


def readouts(book: Book, period: Period) -> schemas.Readouts:
    """The figures of the strip."""
    fans, orders, spend = book.cubes["fans"], book.cubes["totals"], book.cubes["spend"]
    before = period.before()
    until = fans["day"] <= number_of(period.last)
    aboard = total(fans, "boarded", until) - total(fans, "alighted", until)
    asked = total(fans, "asked", until)
    return schemas.Readouts(
        as_of=book.as_of,
        period=period_shape(period),
        previous=period_shape(before),
        fans=aboard,
        fans_consented_share=aboard / asked if asked else None,
        boarded=total(fans, "boarded", period.holds(fans)),
        boarded_before=total(fans, "boarded", before.holds(fans)),
        revenue_minor=total(orders, "revenue_minor", period.holds(orders)),
        revenue_before_minor=total(orders, "revenue_minor", before.holds(orders)),
        orders=total(orders, "orders", period.holds(orders)),
        orders_before=total(orders, "orders", before.holds(orders)),
        spend_minor=total(spend, "spend_minor", period.holds(spend)),
        spend_before_minor=total(spend, "spend_minor", before.holds(spend)),
        unconverted_orders=total(orders, "unconverted", period.holds(orders)),
        currency=book.currency,
    )


def attribution(book: Book, period: Period) -> schemas.Attribution:
    """Every source that spent or was credited in the period, the largest spend first."""
    credit, spend = book.cubes["attribution"], book.cubes["spend"]
    now, source = period.holds(credit), ("source_id",)
    revenue = totals_by(credit, source, "revenue_minor", now)
    orders = totals_by(credit, source, "orders", now)
    people = totals_by(credit, source, "people", period.new_in(credit))
    spent = totals_by(spend, source, "spend_minor", period.holds(spend))
    rows = [
        _credit(book, key[0], spent.get(key, 0), revenue.get(key, 0), orders.get(key, 0), people.get(key, 0))
        for key in orders.keys() | spent.keys()
    ]
    rows.sort(key=lambda row: (-row.spend_minor, -row.credited_revenue_minor, row.source_id))
    return schemas.Attribution(
        as_of=book.as_of,
        period=period_shape(period),
        model="last_touch",
        lookback_days=LOOKBACK_DAYS,
        proven=False,
        rows=rows,
        currency=book.currency,
    )


def _credit(book: Book, source_id: int, spend: int, revenue: int, orders: int, people: int) -> schemas.Credit:
    source = book.sources.get(source_id, _NO_SOURCE)
    return schemas.Credit(
        source_id=source_id,
        source=source["slug"],
        name=source["name"],
        domain=source["domain"],
        spend_minor=spend,
        credited_revenue_minor=revenue,
        credited_orders=orders,
        people=people,
        cost_per_order_minor=round(spend / orders) if orders and spend else None,
    )


def cohorts(book: Book, grain: schemas.Grain) -> schemas.Cohorts:
    """Cohorts of the grain, oldest first; every list runs up to the period that has begun by now."""
    cube = book.cubes["cohorts"]
    names = cube["grain_names"]
    mine = cube["grain"] == (names.index(grain) if grain in names else NOBODY)
    columns = (cube[name][mine].tolist() for name in ("cohort", "periods_since", "people", "revenue_minor"))
    cells: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    for cohort, since, people, revenue in zip(*columns, strict=True):
        cells[cohort][since] = (people, revenue)
    today = book.as_of.astimezone(ZoneInfo(book.time_zone)).date()
    return schemas.Cohorts(
        as_of=book.as_of,
        grain=grain,
        cohorts=[_cohort(grain, date_of(cohort), cells[cohort], today) for cohort in sorted(cells)],
        currency=book.currency,
    )


def _cohort(grain: schemas.Grain, first: date, cells: Mapping[int, tuple[int, int]], today: date) -> schemas.Cohort:
    months = (today.year - first.year) * 12 + today.month - first.month
    newest = max(months if grain == "month" else (today - first).days // 7, *cells)
    row = [cells.get(since, (0, 0)) for since in range(newest + 1)]
    return schemas.Cohort(
        cohort=first.strftime("%Y-%m") if grain == "month" else first.isoformat(),
        people=row[0][0],
        returned=[people for people, _ in row],
        revenue_minor=[revenue for _, revenue in row],
    )


def referral(book: Book, limit: int, names: Mapping[int, str]) -> schemas.Referral:
    """The first members of the tree, and K: people brought for each person who could have invited somebody."""
    cube = book.cubes["referral_totals"]
    invites, accepted, members = (int(cube[name][0]) for name in ("invites", "accepted_invites", "members"))
    return schemas.Referral(
        as_of=book.as_of,
        invites=invites,
        accepted_invites=accepted,
        k_factor=accepted / members if members else None,
        tree=[
            schemas.Member(
                person_id=branch.person_id,
                name=names.get(branch.person_id, ""),
                parent_id=branch.parent_id,
                orders=branch.orders,
                brought=branch.brought,
            )
            for branch in book.branches[:limit]
        ],
        series=_referral_months(book),
    )


def _referral_months(book: Book) -> list[schemas.ReferralMonth]:
    """Every month from the first in which somebody was invited or brought."""
    # SciPy comes with it, and few pages need it.
    from fanwheel.measure import referral as estimates

    cube = book.cubes["referral_months"]
    columns = (cube[name].tolist() for name in ("month", "invites", "accepted", "squares", "joined"))
    members = 0
    rows: list[schemas.ReferralMonth] = []
    for month, invites, accepted, squares, joined in zip(*columns, strict=True):
        members += joined
        k = low = high = None
        if members > 1:
            k, low, high = estimates.k_of_counts(members, accepted, squares)
        if rows or invites or accepted:
            name = date_of(month).strftime("%Y-%m")
            rows.append(schemas.ReferralMonth(month=name, invites=invites, accepted=accepted, k=k, low=low, high=high))
    return rows


def totals(book: Book, period: Period, lines: Mapping[date, int]) -> schemas.Totals:
    """Paid orders of each day that has any, and their sums; ``lines`` are those of the same days."""
    cube = book.cubes["totals"]
    rows = period.holds(cube)
    names = ("orders", "gross_minor", "revenue_minor", "unconverted")
    columns = [cube[name][rows].tolist() for name in names]
    days = [
        schemas.TotalsDay(day=day, lines=lines.get(day, 0), **dict(zip(names, values, strict=True)))
        for day, *values in zip(map(date_of, cube["day"][rows].tolist()), *columns, strict=True)
    ]
    return schemas.Totals(
        as_of=book.as_of,
        period=period_shape(period),
        currency=book.currency,
        days=days,
        lines=sum(day.lines for day in days),
        **{name: sum(column) for name, column in zip(names, columns, strict=True)},
    )
