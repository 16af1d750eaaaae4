"""Attribution: sharing conversions among the channels that were met before them."""

from fanwheel.measure.attribution.build import build_paths
from fanwheel.measure.attribution.credit import Credit
from fanwheel.measure.attribution.markov import markov, removal_effects
from fanwheel.measure.attribution.paths import Paths
from fanwheel.measure.attribution.rules import first, last, linear, position, time_decay
from fanwheel.measure.attribution.shapley import shapley, shapley_values
from fanwheel.measure.attribution.table import paths_from_events, read_paths

__all__ = [
    "Credit",
    "Paths",
    "build_paths",
    "first",
    "last",
    "linear",
    "markov",
    "paths_from_events",
    "position",
    "read_paths",
    "removal_effects",
    "shapley",
    "shapley_values",
    "time_decay",
]
