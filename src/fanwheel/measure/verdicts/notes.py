"""What a verdict has to say beside its figures: a code with values, so that any language can say it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

Value = float | int | str


class Code(StrEnum):
    """What is said; stable, and never reused for something else."""

    # Why there is no estimate.
    NO_HOLDOUT = "no_holdout"
    CAMPAIGN_NOT_HELD_OUT = "campaign_not_held_out"
    NO_UNIVERSAL_HOLDOUT = "no_universal_holdout"
    TOO_FEW_PEOPLE = "too_few_people"
    TOO_FEW_BUYERS = "too_few_buyers"
    NOTHING_SHOWN = "nothing_shown"
    NOTHING_SOLD = "nothing_sold"
    GEO_TEST_RUNS = "geo_test_runs"
    TOO_FEW_REGIONS = "too_few_regions"
    GEO_NOTHING_SOLD = "geo_nothing_sold"
    GEO_NOTHING_SPENT = "geo_nothing_spent"
    BAD_DATA = "bad_data"
    # What to mind about an estimate.
    HELD_OUT_REACHED = "held_out_reached"
    MET_BEFORE = "met_before"
    ARMS_UNEQUAL = "arms_unequal"
    ARMS_DIFFERED = "arms_differed"
    EFFECT_CHANGED = "effect_changed"
    GEO_TEST = "geo_test"
    GEO_SPEND_SHARED = "geo_spend_shared"
    ONE_LOOK = "one_look"
    PRIOR_PROVES_NOTHING = "prior_proves_nothing"
    # Why to do what is advised.
    DOES_NOT_PAY = "does_not_pay"
    PAYS = "pays"
    PAYS_TIMES = "pays_times"
    NOTHING_KNOWN = "nothing_known"
    HOLDOUT_WOULD_TELL = "holdout_would_tell"
    TEST_TOO_DEAR = "test_too_dear"
    TEST_SETTLES = "test_settles"
    TEST_MAY_NOT_SETTLE = "test_may_not_settle"


SENTENCES: Final[Mapping[Code, str]] = MappingProxyType(
    {
        Code.NO_HOLDOUT: "Nobody is held out of it, and no rule of attribution can tell what it causes.",
        Code.CAMPAIGN_NOT_HELD_OUT: "Nobody is held out of this campaign alone: see the verdict on its channel.",
        Code.NO_UNIVERSAL_HOLDOUT: "Nobody is held out of everything.",
        Code.TOO_FEW_PEOPLE: "{shown} people are shown it and {held} held out; {least} in each are needed at least.",
        Code.TOO_FEW_BUYERS: "{buyers} of {held} people held out bought; {least} buyers are needed, about {needed} "
        "people.",
        Code.NOTHING_SHOWN: "Nobody is known to have met a channel; send events with a source.",
        Code.NOTHING_SOLD: "No order is known; send “Order Completed”.",
        Code.GEO_TEST_RUNS: "A geo test runs since {day}; what it shows is told once it has ended.",
        Code.TOO_FEW_REGIONS: "Its geo test left {others} regions to compare with; {least} are needed at least.",
        Code.GEO_NOTHING_SOLD: "Its geo test tells nothing: nothing was sold in {region} before it.",
        Code.GEO_NOTHING_SPENT: "Its geo test tells nothing: nothing was spent on it meanwhile, so nothing was saved.",
        Code.BAD_DATA: "The data cannot be judged: {problem}",
        Code.HELD_OUT_REACHED: "{share:.1%} of those held out met it all the same, so the effect is understated.",
        Code.MET_BEFORE: "{people} people met it before their holdout began and are left out.",
        Code.ARMS_UNEQUAL: "{found_share:.1%} of those compared are held out, {planned_share:.1%} were planned: more "
        "than chance, so nothing is concluded.",
        Code.ARMS_DIFFERED: "Those held out differed from the others by {errors:.1f} standard errors beforehand.",
        Code.EFFECT_CHANGED: "The effect has changed over time: what was found before {day} contradicts what is found "
        "since, and only the latter counts.",
        Code.GEO_TEST: "Found in {regions} regions in which it was switched, {first} to {last}; taken to hold "
        "elsewhere and since.",
        Code.GEO_SPEND_SHARED: "The switched regions had {share:.1%} of revenue before the test; so much of its "
        "spend is taken to have been saved there.",
        Code.ONE_LOOK: "The interval is that of one look, at the end of the test.",
        Code.PRIOR_PROVES_NOTHING: "A model that tests have calibrated says so; a model proves nothing.",
        Code.DOES_NOT_PAY: "What it causes does not pay for it.",
        Code.PAYS: "It pays for itself.",
        Code.PAYS_TIMES: "It returns at least {times:.1f} times what it must. Raise it and keep the holdout.",
        Code.NOTHING_KNOWN: "Nothing is known. Hold some people out of it.",
        Code.HOLDOUT_WOULD_TELL: "Hold some people out of it: that tells more than what is known so far.",
        Code.TEST_TOO_DEAR: "A test would cost more than its answer is worth.",
        Code.TEST_SETTLES: "Hold out {share:.0%} for {days} more days; that should settle it.",
        Code.TEST_MAY_NOT_SETTLE: "Hold out {share:.0%} for {days} more days; that may not settle it, but pays.",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A code and its values; ``str`` says it in English.

    Values whose names are ``share`` or end in it are fractions; ``first``, ``last`` and ``day`` are ISO dates.
    """

    code: Code
    values: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        return SENTENCES[self.code].format(**self.values)


def note(code: Code, **values: Value) -> Note:
    """A note with its values."""
    return Note(code=code, values=values)
