"""Experiments: what a holdout or an A/B test proves, before, during and after it runs."""

from fanwheel.measure.experiments import kernels
from fanwheel.measure.experiments.beliefs import Belief, bayes
from fanwheel.measure.experiments.compare import compare
from fanwheel.measure.experiments.comparison import Comparison
from fanwheel.measure.experiments.discovery import Comparisons, adjust, compare_many
from fanwheel.measure.experiments.ghosts import Lift, ghost, intention_to_treat
from fanwheel.measure.experiments.intervals import Rule
from fanwheel.measure.experiments.planning import Plan, minimum_detectable_effect, power
from fanwheel.measure.experiments.races import Race, race
from fanwheel.measure.experiments.sample_ratios import SampleRatio, sample_ratio
from fanwheel.measure.experiments.summary_rows import compare_sums

__all__ = [
    "Belief",
    "Comparison",
    "Comparisons",
    "Lift",
    "Plan",
    "Race",
    "Rule",
    "SampleRatio",
    "adjust",
    "bayes",
    "compare",
    "compare_many",
    "compare_sums",
    "ghost",
    "intention_to_treat",
    "kernels",
    "minimum_detectable_effect",
    "power",
    "race",
    "sample_ratio",
]
