"""How close verdicts come to a truth that is known, beside rules of attribution and simpler holdout estimates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from fanwheel.measure.experiments import kernels
from fanwheel.measure.verdicts import covariates, facts
from fanwheel.measure.verdicts.facts import NEVER, UNIVERSAL, Money, Span
from fanwheel.measure.verdicts.planning import State
from fanwheel.measure.verdicts.result import ChannelVerdict, Verdict

_FIXED_Z: Final = 1.959963984540054
_STATES: Final = {"wasted": State.WASTED, "working": State.WORKING, "unproven": State.UNPROVEN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a method says of one channel: revenue by its best guess, bounds that prove, and intervals to be checked."""

    channel: str
    spend: float
    revenue: float
    state: State
    interval: tuple[float, float] | None = None
    always_valid: tuple[float, float] | None = None


@dataclass(kw_only=True)
class Tally:
    """Sums over the channels of any number of worlds; shares come out of ``line``."""

    method: str
    margin: float
    sums: dict[str, float] = field(default_factory=dict)

    def count(self, claims: Sequence[Claim], truth: Mapping[str, float]) -> None:
        """Add one world: what was claimed, and the true return (revenue by spend) of each channel."""
        for claim in claims:
            added = truth[claim.channel] * claim.spend
            is_waste = self.margin * added < claim.spend
            is_cut = self.margin * claim.revenue < claim.spend
            self._add("spend", claim.spend)
            self._add("waste" if is_waste else "good", claim.spend)
            self._add("named waste", claim.spend * (is_waste and is_cut))
            self._add("named good", claim.spend * (is_cut and not is_waste))
            self._add("proven waste", claim.spend * (is_waste and claim.state is State.WASTED))
            self._add("wrong waste", claim.spend * (not is_waste and claim.state is State.WASTED))
            self._add("wrong working", claim.spend * (is_waste and claim.state is State.WORKING))
            self._add("unproven", claim.spend * (claim.state is State.UNPROVEN))
            self._add("regret", abs(self.margin * added - claim.spend) * (is_cut != is_waste))
            self._add("channels", 1.0)
            self._add("working", float(claim.state is State.WORKING))
            for name, bounds in (("covered", claim.interval), ("always covered", claim.always_valid)):
                if bounds is not None:
                    self._add(f"{name} of", 1.0)
                    self._add(name, float(bounds[0] <= added <= bounds[1]))

    def line(self) -> dict[str, Any]:
        """The shares, each in [0, 1] or None where it has no base."""
        return {
            "method": self.method,
            "wasted_spend_named": self._share("named waste", "waste"),
            "good_spend_named_waste": self._share("named good", "good"),
            "wasted_spend_proven": self._share("proven waste", "waste"),
            "good_spend_wrongly_proven": self._share("wrong waste", "good"),
            "wasted_spend_proven_working": self._share("wrong working", "waste"),
            "unproven": self._share("unproven", "spend"),
            "coverage_fixed": self._share("covered", "covered of"),
            "coverage_always_valid": self._share("always covered", "always covered of"),
            "regret_of_spend": self._share("regret", "spend"),
            "channels_working": self._share("working", "channels"),
            "wasted_share_of_spend": self._share("waste", "spend"),
        }

    def _add(self, name: str, amount: float) -> None:
        self.sums[name] = self.sums.get(name, 0.0) + amount

    def _share(self, part: str, whole: str) -> float | None:
        base = self.sums.get(whole, 0.0)
        return round(self.sums.get(part, 0.0) / base, 4) if base > 0 else None


def claims_of(verdict: Verdict) -> dict[str, list[Claim]]:
    """What the verdict claims, and what last touch and Markov would; the latter prove nothing, so all is unproven."""
    claims: dict[str, list[Claim]] = {"verdict": [], "last touch": [], "markov": []}
    for line in verdict.channels:
        claims["verdict"].append(_claim_of(line, verdict.margin))
        for method, revenue in (("last touch", line.last_touch), ("markov", line.markov)):
            claims[method].append(Claim(channel=line.channel, spend=line.spend, revenue=revenue, state=State.UNPROVEN))
    return claims


def claims_of_answer(answer: Mapping[str, Any], channels: Mapping[str, str]) -> dict[str, list[Claim]]:
    """The same of a verdict as the HTTP API tells it; ``channels`` names the channel of each source.

    It tells the intervals that hold at every look and no others, so coverage of the usual ones stays unknown.
    """
    claims: dict[str, list[Claim]] = {"verdict": [], "last touch": [], "markov": []}
    for row in answer["rows"]:
        channel, spend, caused = channels[row["channel"]], row["spend_minor"] / 100.0, row["caused_revenue"]
        said = None if caused is None else [caused[f"{end}_minor"] / 100.0 for end in ("low", "estimate", "high")]
        claims["verdict"].append(
            Claim(
                channel=channel,
                spend=spend,
                revenue=spend / answer["margin"] if said is None else said[1],
                state=_STATES[row["state"]],
                always_valid=None if said is None else (said[0], said[2]),
            )
        )
        for method in ("last touch", "markov"):
            credit = row[f"credited_{method.replace(' ', '_')}_minor"] / 100.0
            claims[method].append(Claim(channel=channel, spend=spend, revenue=credit, state=State.UNPROVEN))
    return claims


def _claim_of(line: ChannelVerdict, margin: float) -> Claim:
    found = line.revenue
    if found is None:
        return Claim(channel=line.channel, spend=line.spend, revenue=line.spend / margin, state=State.UNPROVEN)
    return Claim(
        channel=line.channel,
        spend=line.spend,
        revenue=found.estimate,
        state=line.state,
        interval=(found.fixed_low, found.fixed_high),
        always_valid=(found.low, found.high),
    )


def simple_claims(
    tables: tuple[Any, Any, Any, Any], verdict: Verdict, *, rates: Mapping[str, float] | None, people: int | None
) -> dict[str, list[Claim]]:
    """What an analyst would claim with the same holdouts but without ghosts, plain and with CUPED, looking once.

    Everybody outside the universal holdout is compared by their own holdout of each channel from ``start`` on; the
    interval is the usual one of 95 %, and a channel is proven where all of it lies on one side of break-even.
    """
    span, money = Span.of(verdict.start, verdict.end), Money(currency=verdict.currency or None, rates=rates)
    data = facts.read(tables, span, money, people=people, segments=None)
    counted = ~data.is_held(UNIVERSAL)
    since = np.where(counted, data.start, NEVER)
    who = np.flatnonzero(counted)
    value = covariates.outcomes(data, since)[who]
    before = covariates.plain(data, since, who, begin=data.start)[:, 0]
    claims: dict[str, list[Claim]] = {"holdout ITT": [], "holdout ITT + CUPED": []}
    for line in verdict.channels:
        if line.channel not in data.held:
            continue
        is_shown = ~data.is_held(line.channel)[who]
        plain = kernels.mean_difference(kernels.sums(value[is_shown]), kernels.sums(value[~is_shown]))
        found = kernels.cuped(value, before, is_shown)
        for name, (estimate, se) in {
            "holdout ITT": (plain.estimate, plain.se),
            "holdout ITT + CUPED": (found.estimate, found.se),
        }.items():
            revenue, reach = float(estimate * is_shown.sum()), float(_FIXED_Z * se * is_shown.sum())
            state = _state(revenue, reach, line.spend / verdict.margin)
            bounds = (revenue - reach, revenue + reach)
            claims[name].append(
                Claim(channel=line.channel, spend=line.spend, revenue=revenue, state=state, interval=bounds)
            )
    return claims


def _state(revenue: float, reach: float, needed: float) -> State:
    if revenue + reach < needed:
        return State.WASTED
    return State.WORKING if revenue - reach > needed else State.UNPROVEN
