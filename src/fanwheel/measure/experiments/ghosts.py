"""Lift of a holdout: over everybody assigned, and over those whom the channel reached or would have reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure.errors import BadDataError, NotEnoughDataError
from fanwheel.measure.experiments import comparison, kernels, ledgers, moments
from fanwheel.measure.experiments.comparison import Comparison, Question
from fanwheel.measure.experiments.intervals import Rule
from fanwheel.measure.results import Result


@dataclass(frozen=True, kw_only=True)
class Lift(Result):
    """What a channel caused: per person reached (``reached``), and in all (``caused``, in the unit of the outcome).

    ``everyone`` is the intention-to-treat answer, which needs no ghosts and is wider. ``share_reached`` and
    ``share_ghost`` are the shares of the treated and of the held out with an exposure or a ghost of one.
    """

    reached: Comparison
    everyone: Comparison
    caused: float
    caused_lower: float | None
    caused_upper: float | None
    share_reached: float
    share_ghost: float
    alarms: tuple[str, ...] = ()

    def summary(self) -> str:
        """Both answers as text, and every alarm."""
        return "\n".join([super().summary(), *(f"alarm: {why}" for why in self.alarms)])

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        lines = [{"over": "reached", **comparison.row(self.reached)}, {"over": "all", **comparison.row(self.everyone)}]
        return {name: [line[name] for line in lines] for name in lines[0]}

    def _draw(self, axes: Any) -> None:
        comparison.draw([self.reached, self.everyone], axes)

    def _title(self) -> str:
        return f"Caused in all: {self.caused:,.4g}"


def intention_to_treat(
    assignments: Any,
    outcomes: Any,
    *,
    start: Any,
    until: Any = None,
    pre_days: float | None = None,
    arm: str = "arm",
    control: Any = None,
    value: str = "value",
    cluster: str | None = None,
    rule: Rule | None = None,
    now: Any = None,
) -> Comparison:
    """What being assigned to a treatment caused per person, whoever was in fact reached.

    Parameters
    ----------
    assignments, arm, cluster : dataframe, columns
        ``person`` and the column ``arm``, one row per person; with ``cluster``, that column too.
    outcomes, value : dataframe, column
        ``person``, ``at`` (UTC) and the column ``value``, counted as 1 where it is missing; people who were not
        assigned are left out.
    start, until : dates or instants
        Counted from ``start`` up to ``until`` (the last row, by default).
    pre_days : days, optional
        Take out what the same outcome in the days before ``start`` foretells (CUPED).
    control, rule, now
        The control's name · alpha, sides and early looks · refuse rows later than this.

    Raises
    ------
    BadDataError, NotEnoughDataError
        As ``compare`` does.

    Notes
    -----
    As in ``compare``. Source: Gordon, Zettelmeyer, Bhargava & Chapsky (2019), Marketing Science 38.
    """
    people = ledgers.read_people(assignments, arm=arm, control=control, cluster=cluster)
    rows = ledgers.read_rows(outcomes, people, value=value, table="outcomes", now=now)
    begin = np.full(len(people.names), ledgers.moment(start, "start"))
    last = _last(until, rows)
    return _lift(people, rows, since=begin, until=last, pre_days=pre_days, window_days=None, outcome=value,
                 rule=rule or Rule())  # fmt: skip


def ghost(
    assignments: Any,
    exposures: Any,
    outcomes: Any,
    *,
    start: Any,
    until: Any = None,
    pre_days: float | None = None,
    window_days: float | None = None,
    arm: str = "arm",
    control: Any = None,
    value: str = "value",
    cluster: str | None = None,
    rule: Rule | None = None,
    now: Any = None,
) -> Lift:
    """What a channel caused among those it reached, against those held out whom it would have reached.

    Parameters
    ----------
    exposures : dataframe
        ``person`` and ``at``: exposures of the treated, ghost exposures of the held out; with a column ``ghost``
        (true or false), real exposures of the held out raise an alarm.
    pre_days, window_days : days, optional
        Before the first exposure, for CUPED · after it, within which outcomes count.
    assignments, outcomes, start, until, arm, control, value, cluster, rule, now
        As in ``intention_to_treat``.

    Notes
    -----
    Who belongs is settled by the first would-be exposure from ``start`` on, before the channel can have had an effect,
    and outcomes count from that moment. Raises as ``compare`` does.
    Source: Johnson, Lewis & Nubbemeyer (2017), Journal of Marketing Research 54.
    """
    people = ledgers.read_people(assignments, arm=arm, control=control, cluster=cluster)
    rows = ledgers.read_rows(outcomes, people, value=value, table="outcomes", now=now)
    shown = ledgers.read_rows(exposures, people, value="ghost", table="exposures", now=now)
    last, begin = _last(until, rows, shown), ledgers.moment(start, "start")
    first = ledgers.firsts(shown, len(people.names), start=begin, until=last)
    met = first < ledgers.NEVER
    shares = [float(met[side].mean()) for side in (people.treated, ~people.treated)]
    reached = _lift(people, rows, since=first, until=last, pre_days=pre_days, window_days=window_days, outcome=value,
                    rule=rule or Rule(), among=met)  # fmt: skip
    everyone = _lift(people, rows, since=np.full(len(met), begin), until=last, pre_days=pre_days, window_days=None,
                     outcome=value, rule=rule or Rule())  # fmt: skip
    return _answer(reached, everyone, shares=shares, alarms=_alarms(people, met, shown))


def _answer(reached: Comparison, everyone: Comparison, *, shares: list[float], alarms: tuple[str, ...]) -> Lift:
    number = reached.people_treated
    return Lift(
        reached=reached, everyone=everyone, caused=reached.estimate * number,
        caused_lower=None if reached.lower is None else reached.lower * number,
        caused_upper=None if reached.upper is None else reached.upper * number,
        share_reached=shares[0], share_ghost=shares[1], alarms=(*alarms, *reached.alarms),
        not_identified=reached.not_identified, backend=reached.backend,
    )  # fmt: skip


def _lift(
    people: ledgers.People,
    rows: ledgers.Happenings,
    *,
    since: ledgers.Moments,
    until: int,
    pre_days: float | None,
    window_days: float | None,
    outcome: str,
    rule: Rule,
    among: NDArray[np.bool_] | None = None,
) -> Comparison:
    among = np.ones(len(since), dtype=bool) if among is None else among
    _require_reached(people, among)
    since = np.where(among, since, 0)
    ends = np.full(len(since), until + 1)
    if window_days is not None:
        ends = np.minimum(ends, since + _span(window_days, "window_days"))
    columns = [ledgers.totals(rows, since, ends)]
    if pre_days is not None:
        columns.append(ledgers.totals(rows, since - _span(pre_days, "pre_days"), since))
    cluster = None if people.cluster is None else people.cluster[among]
    pair = moments.from_rows(np.column_stack(columns)[among], people.treated[among], cluster)
    labels = people.arms.labels
    return comparison.conclude(
        pair, Question(outcome=outcome, treated=labels[1], control=labels[0], rule=rule, backend=people.backend)
    )


def _require_reached(people: ledgers.People, among: NDArray[np.bool_]) -> None:
    for name, side in zip(people.arms.labels, (~people.treated, people.treated), strict=True):
        met = np.count_nonzero(among & side)
        if met < 2:
            raise NotEnoughDataError(
                f"People of “{name}” with an exposure or a ghost: {met}; it takes at least 2.",
                hint="Log a ghost exposure whenever somebody held out would have been reached.",
            )


def _alarms(people: ledgers.People, met: NDArray[np.bool_], shown: ledgers.Happenings) -> tuple[str, ...]:
    said = []
    gap = kernels.mean_difference(
        *(kernels.sums(met[side].astype(float)) for side in (people.treated, ~people.treated))
    )
    if abs(gap.estimate) > 3.29 * gap.se:
        said.append(
            "Exposures and ghosts are not logged alike: the treated and the held out differ in the share that was, or "
            "would have been, reached. Use the answer over everyone until that is mended."
        )
    leaked = np.unique(shown.person[(shown.value == 0) & ~people.treated[shown.person]])
    if len(leaked):
        said.append(f"People held out who were really reached: {len(leaked)}; the effect is understated.")
    return tuple(said)


def _last(until: Any, *tables: ledgers.Happenings) -> int:
    if until is not None:
        return ledgers.moment(until, "until")
    return max((int(rows.at.max()) for rows in tables if len(rows.at)), default=0)


def _span(days: float, name: str) -> int:
    if not days > 0:
        raise BadDataError(f"{name} is {days}.", hint="Give days, above 0.")
    return round(days * ledgers.DAY)
