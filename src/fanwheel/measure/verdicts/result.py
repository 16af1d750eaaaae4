"""The verdict on every channel, with its evidence, as a table and as text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fanwheel.measure.results import Result
from fanwheel.measure.verdicts.notes import Note
from fanwheel.measure.verdicts.planning import Action, State
from fanwheel.measure.verdicts.running import Bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """An estimate and two 95 % intervals (or as ``alpha`` says): valid under peeking, and for one look at the end."""

    estimate: float
    low: float
    high: float
    fixed_low: float
    fixed_high: float

    def scaled(self, factor: float, less: float = 0.0) -> "Interval":
        """Every figure times ``factor``, less a constant."""
        numbers = (self.estimate, self.low, self.high, self.fixed_low, self.fixed_high)
        estimate, low, high, fixed_low, fixed_high = (factor * number - less for number in numbers)
        return Interval(estimate=estimate, low=low, high=high, fixed_low=fixed_low, fixed_high=fixed_high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a verdict stands on.

    ``kind`` is ``ghost exposure``, ``intent to treat`` (by holdouts), ``geo test``, ``calibrated prior`` or ``none``;
    ``since`` the first day of the comparison, ``regions`` how many were switched. ``notes`` say what to mind.
    ``variance_reduction`` is the share of the variance that the pre-period explained away, ``balance_z`` by how many
    standard errors the arms differed beforehand; ``reached`` is the share of those held out who met the channel all the
    same, ``left_out`` how many were met before their holdout began; ``sample_ratio_p`` None where no share was planned.
    """

    kind: str
    holdout: str
    since: date | None = None
    days: float = 0.0
    shown: int = 0
    held: int = 0
    share: float = 0.0
    left_out: int = 0
    variance_reduction: float = 0.0
    balance_z: float = 0.0
    reached: float = 0.0
    sample_ratio_p: float | None = None
    regions: int = 0
    notes: tuple[Note, ...] = ()

    @property
    def note(self) -> str:
        """All notes in English."""
        return " ".join(map(str, self.notes))

    @property
    def has_sample_ratio_alarm(self) -> bool:
        """Whether the arms' sizes could hardly be chance, so that the comparison cannot be trusted."""
        return self.sample_ratio_p is not None and self.sample_ratio_p < 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelVerdict:
    """One line of the ledger, in money of the reporting currency, over the time since the holdout began.

    ``revenue`` and ``profit`` are what the channel caused among those who were shown it, None without evidence.
    ``decision_low`` and ``decision_high`` bound the revenue from one side each and decide the state; they are valid
    under peeking too. ``bounds`` is what all looks so far have left possible of its return, for the next look.
    """

    channel: str
    segment: str
    spend: float
    last_touch: float
    markov: float
    revenue: Interval | None
    profit: Interval | None
    decision_low: float | None
    decision_high: float | None
    state: State
    action: Action
    evidence: Evidence
    bounds: Bounds | None = None

    @property
    def iroas(self) -> float | None:
        """Revenue caused by unit of spend."""
        return self.revenue.estimate / self.spend if self.revenue is not None and self.spend > 0 else None


@dataclass(frozen=True, kw_only=True)
class Verdict(Result):
    """Which half: every channel on which money was spent, the largest spend first.

    ``cells`` holds channel by segment, where segments were given; ``together`` what all channels together caused by
    the universal holdout; ``history`` the verdicts of earlier looks, oldest first. ``wasted_spend`` is proven,
    ``saved`` the profit that cutting it would have saved.
    """

    channels: tuple[ChannelVerdict, ...]
    cells: tuple[ChannelVerdict, ...]
    together: Interval | None
    together_evidence: Evidence
    history: tuple["Verdict", ...] = ()
    currency: str
    start: date
    end: date
    margin: float
    alpha: float
    people: int

    @property
    def break_even(self) -> float:
        """The return (revenue by spend) from which on a channel pays for itself."""
        return 1.0 / self.margin

    @property
    def spend(self) -> float:
        """Everything spent."""
        return sum(line.spend for line in self.channels)

    @property
    def wasted_spend(self) -> float:
        """Spend proven wasted."""
        return sum(line.spend for line in self.channels if line.state is State.WASTED)

    @property
    def unproven_spend(self) -> float:
        """Spend of which nothing is proven yet."""
        return sum(line.spend for line in self.channels if line.state is State.UNPROVEN)

    @property
    def saved(self) -> float:
        """The best estimate of the profit that cutting what is proven wasted would have saved."""
        return sum(-line.profit.estimate for line in self.channels if line.state is State.WASTED and line.profit)

    def of(self, channel: str, segment: str = "") -> ChannelVerdict:
        """The line of a channel (and segment); KeyError if there is none."""
        for line in self.cells if segment else self.channels:
            if (line.channel, line.segment) == (channel, segment):
                return line
        raise KeyError(channel if not segment else (channel, segment))

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        rows = [_row(line) for line in (*self.channels, *self.cells)]
        return {name: [row[name] for row in rows] for name in _row_names()}

    def _title(self) -> str:
        share = f"{self.wasted_spend / self.spend:.0%}" if self.spend else "0%"
        return f"{share} of spend is proven wasted, {self.start} to {self.end} ({self.currency or 'money'})"

    def _draw(self, axes: Any) -> None:
        lines = [line for line in self.channels if line.profit is not None]
        place = list(range(len(lines)))
        axes.barh([i + 0.2 for i in place], [self.margin * x.last_touch - x.spend for x in lines], height=0.35)
        for i, line in zip(place, lines, strict=True):
            assert line.profit is not None
            spans = line.profit.low <= 0 <= line.profit.high
            axes.barh(i - 0.2, line.profit.estimate, height=0.35, fill=not spans, linestyle="--" if spans else "-")
            axes.plot([line.profit.low, line.profit.high], [i - 0.2] * 2, color="black")
        axes.axvline(0.0, color="black", linewidth=0.5)
        axes.set_yticks(place, [line.channel for line in lines])
        axes.set_xlabel(f"profit in {self.currency}: credited by last touch above, caused below")


def _row(line: ChannelVerdict) -> dict[str, Any]:
    revenue, profit = line.revenue, line.profit
    evidence, action = line.evidence, line.action
    return {
        "channel": line.channel,
        "segment": line.segment,
        "spend": line.spend,
        "last_touch": line.last_touch,
        "markov": line.markov,
        "revenue": revenue and revenue.estimate,
        "revenue_low": revenue and revenue.low,
        "revenue_high": revenue and revenue.high,
        "profit": profit and profit.estimate,
        "profit_low": profit and profit.low,
        "profit_high": profit and profit.high,
        "state": line.state.value,
        "action": action.step.value,
        "test_share": action.holdout_share,
        "test_days": action.days,
        "test_worth": action.worth,
        "evidence": evidence.kind,
        "since": evidence.since,
        "shown": evidence.shown,
        "held": evidence.held,
        "variance_reduction": evidence.variance_reduction,
        "sample_ratio_p": evidence.sample_ratio_p,
    }


def _row_names() -> tuple[str, ...]:
    return (
        "channel", "segment", "spend", "last_touch", "markov", "revenue", "revenue_low", "revenue_high", "profit",
        "profit_low", "profit_high", "state", "action", "test_share", "test_days", "test_worth", "evidence", "since",
        "shown", "held", "variance_reduction", "sample_ratio_p",
    )  # fmt: skip
