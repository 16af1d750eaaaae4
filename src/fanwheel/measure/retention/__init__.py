"""Retention: who comes back, when, and who is worth most."""

from fanwheel.measure.retention.cadence import Cadence, replenishment_cadence
from fanwheel.measure.retention.cohorts import Cohorts, cohort_curves
from fanwheel.measure.retention.rfm import Rfm, rfm
from fanwheel.measure.retention.survival import Survival, kaplan_meier, time_to_repurchase

__all__ = [
    "Cadence",
    "Cohorts",
    "Rfm",
    "Survival",
    "cohort_curves",
    "kaplan_meier",
    "replenishment_cadence",
    "rfm",
    "time_to_repurchase",
]
