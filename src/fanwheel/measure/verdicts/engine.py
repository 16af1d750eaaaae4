"""The verdict: one public function over four tables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from fanwheel.measure.errors import BadDataError
from fanwheel.measure.frames import Vector
from fanwheel.measure.verdicts import credited, elsewhere, estimates, facts, lines
from fanwheel.measure.verdicts.elsewhere import GeoTest, Hearsay
from fanwheel.measure.verdicts.estimates import Arms, HoldoutTooSmallError
from fanwheel.measure.verdicts.facts import NOBODY, UNIVERSAL, Facts, Money, Span, When
from fanwheel.measure.verdicts.lines import Found, Named, Terms
from fanwheel.measure.verdicts.notes import Code, Note, note
from fanwheel.measure.verdicts.result import ChannelVerdict, Evidence, Interval, Verdict
from fanwheel.measure.verdicts.running import Bounds

if TYPE_CHECKING:
    from fanwheel.measure.mix import Mix


def verdict(
    spend: Any, exposures: Any, assignments: Any, orders: Any, *, margin: float, start: When, end: When | None = None,
    currency: str | None = None, rates: Mapping[str, float] | None = None, people: int | None = None,
    segments: Any = None, shares: Mapping[str, float] | None = None, alpha: float = 0.05,
    planned_days: float = 182.0, lookback_days: float = 30.0, looks: Sequence[When] = (), known: Iterable[Bounds] = (),
    parts: Mapping[str, str] | None = None, geo: Iterable[GeoTest] = (), prior: "Mix | None" = None,
) -> Verdict:  # fmt: skip
    """Which channels are wasted, which work, and of which neither is proven yet; formula and sources: see the package.

    Parameters
    ----------
    spend, exposures, assignments, orders : dataframe
        The tables that the package describes; the order of rows does not matter.
    margin : float
        Share of revenue that is profit before marketing, in (0, 1]; break-even is a return of 1/margin.
    start, end : date
        The first day of the holdouts, and the first day that is not covered (the day after the newest row).
    currency, rates : str, mapping
        The currency of the answer, and what one unit of each other currency is in it.
    people : int
        How many people the brand could have met, those in no table included.
    segments, parts : dataframe, mapping
        ``person``, ``segment``, fixed before ``start``: adds a verdict on each cell · the channel of each campaign.
    shares : mapping
        The share of people planned for each holdout, against which the sizes of the arms are tested.
    alpha, planned_days : float
        Chance, over all looks, that an interval misses; the age in days at which intervals are to be narrowest.
    lookback_days : float
        Window of last touch and of Markov.
    looks, known : dates, bounds
        Earlier ends whose verdicts stand in ``history`` and narrow later ones · ``bounds`` of lines of earlier calls.
    geo, prior : geo tests, Mix
        Evidence for channels without a holdout that is large enough; a prior alone proves nothing.

    Raises
    ------
    BadDataError, NotEnoughDataError
        With the rows and the remedy; with how many people would be enough.
    """
    terms = Terms(
        margin=margin, alpha=alpha, planned_days=planned_days, lookback_days=lookback_days, shares=shares or {}
    )
    tables, money = (spend, exposures, assignments, orders), Money(currency=currency, rates=rates)
    data = facts.read(tables, Span.of(start, end), money, people=people, segments=segments, parts=parts or {})
    judge = _Judge(terms=terms, geo=tuple(geo), prior=prior, known={bounds.channel: bounds for bounds in known})
    history = tuple(judge.look_back(data, looks))
    return replace(judge.judge(data), history=history)


@dataclass(kw_only=True)
class _Judge:
    """Looks at one set of facts after another, oldest first, and remembers what each look left possible."""

    terms: Terms
    geo: tuple[GeoTest, ...]
    prior: "Mix | None"
    known: dict[str, Bounds] = field(default_factory=dict)

    def look_back(self, data: Facts, looks: Sequence[When]) -> Iterator[Verdict]:
        """The verdict as it stood on earlier days; a holdout too young for an answer proves nothing."""
        for end in sorted(facts.instant(look, "looks") for look in looks):
            if not data.start < end <= data.end:
                raise BadDataError("A look lies outside the time from start to end.", hint="Look after start.")
            yield self.judge(replace(data.until(end), segments=()), is_final=False)

    def judge(self, data: Facts, *, is_final: bool = True) -> Verdict:
        """The verdict on what ``data`` say."""
        look = _Look(
            data=data,
            terms=self.terms,
            compared={index: estimates.arms(data, index) for index in range(len(data.channels))},
            known=self.known,
            heard=elsewhere.gather(self.geo, self.prior, until=lines.day_of(data.end)),
        )
        found = list(look.lines(NOBODY))
        if is_final and look.too_small and all(line.revenue is None for line in found):
            raise look.refusal()
        self.known |= {line.channel: line.bounds for line in found if line.bounds is not None}
        cells = [cell for segment in range(len(data.segments)) for cell in look.lines(segment)]
        together, together_evidence = _together(data, self.terms)
        return Verdict(
            channels=tuple(sorted(found, key=lambda line: (-line.spend, line.channel))),
            cells=tuple(sorted(cells, key=lambda line: (-line.spend, line.channel, line.segment))),
            together=together,
            together_evidence=together_evidence,
            currency=data.currency,
            start=lines.day_of(data.start),
            end=lines.day_of(data.end),
            margin=self.terms.margin,
            alpha=self.terms.alpha,
            people=data.known,
            not_identified=tuple(f"{line.channel}: {line.evidence.note}" for line in found if line.revenue is None),
            backend=data.backend,
        )


@dataclass(kw_only=True)
class _Look:
    """One look at the facts; ``too_small`` says why holdouts gave no estimate."""

    data: Facts
    terms: Terms
    compared: Mapping[int, Arms | None]
    known: Mapping[str, Bounds]
    heard: Mapping[str, Hearsay]
    too_small: dict[str, Note] = field(default_factory=dict)
    credits: dict[tuple[int, int], tuple[Vector, Vector]] = field(default_factory=dict)

    def lines(self, segment: int) -> Iterator[ChannelVerdict]:
        """A line for each channel with spend, of one segment or of everybody."""
        for index, arms in self.compared.items():
            named = self._name(index, self.data.start if arms is None else arms.begin, segment)
            if named is not None:
                yield lines.write(self._find(arms, named, segment), self.terms, named)

    def refusal(self) -> HoldoutTooSmallError:
        """That no holdout at all is large enough."""
        error = HoldoutTooSmallError(next(iter(self.too_small.values())))
        error.by_channel |= self.too_small
        return error

    def _name(self, index: int, since: int, segment: int) -> Named | None:
        """What was spent and credited from ``since`` on; None where nothing was spent."""
        data, key = self.data, (since, segment)
        spent = data.spent(index, since) * _share_of_exposures(data, index, since, segment)
        if spent <= 0:
            return None
        if key not in self.credits:
            window = self.terms.lookback_days
            self.credits[key] = credited.by_rules(data, since=since, lookback_days=window, segment=segment)
        last_touch, markov = self.credits[key]
        return Named(
            channel=data.channels[index],
            segment=data.segments[segment] if segment != NOBODY else "",
            spend=spent,
            last_touch=float(last_touch[index]),
            markov=float(markov[index]),
        )

    def _find(self, arms: Arms | None, named: Named, segment: int) -> Found:
        """What its holdout says, else a test by region, else a model."""
        channel, data = named.channel, self.data
        if arms is not None:
            try:
                found = estimates.estimate(data, arms, share=self.terms.shares.get(channel), segment=segment)
            except HoldoutTooSmallError as error:
                why = error.why
                if segment == NOBODY:
                    self.too_small[channel] = why
            else:
                known = self.known.get(channel) if segment == NOBODY else None
                return lines.from_holdout(data, found, self.terms, named, known=known)
        else:
            why = note(Code.CAMPAIGN_NOT_HELD_OUT if channel in data.parts else Code.NO_HOLDOUT)
        if segment == NOBODY and channel in self.heard:
            return lines.from_elsewhere(self.heard[channel], named)
        return lines.nothing(why)


def _share_of_exposures(data: Facts, channel: int, since: int, segment: int) -> float:
    """The share of a channel's exposures that fell to a segment; spend is divided by it."""
    if segment == NOBODY:
        return 1.0
    mine = (data.touch_channel == channel) & ~data.touch_is_ghost & (data.touch_at >= since)
    of_segment = mine & (data.segment[data.touch_person] == segment)
    return float(of_segment.sum() / max(mine.sum(), 1))


def _together(data: Facts, terms: Terms) -> tuple[Interval | None, Evidence]:
    """What all channels together caused, by the universal holdout."""
    arms = estimates.everything(data)
    if arms is None:
        return None, Evidence(kind="none", holdout=UNIVERSAL, notes=(note(Code.NO_UNIVERSAL_HOLDOUT),))
    try:
        found = estimates.estimate(data, arms, share=terms.shares.get(UNIVERSAL))
    except HoldoutTooSmallError as error:
        return None, Evidence(kind="none", holdout=UNIVERSAL, notes=(error.why,))
    lasted = estimates.days(data, found)
    return lines.interval_of(found, terms, lasted)[0], lines.evidence_of(found, lasted, UNIVERSAL)
