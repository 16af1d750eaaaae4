"""Experiments: what a holdout or an A/B test proves, before, during and after it runs."""

from fanwheel.measure.experiments import kernels
from fanwheel.measure.experiments.compare import compare
from fanwheel.measure.experiments.comparison import Comparison
from fanwheel.measure.experiments.intervals import Rule
from fanwheel.measure.experiments.summary_rows import compare_sums

__all__ = ["Comparison", "Rule", "compare", "compare_sums", "kernels"]
