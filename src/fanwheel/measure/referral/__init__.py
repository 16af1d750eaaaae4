"""Referral: how many people each person brings, how many of them sharing added, and what comes of it."""

from fanwheel.measure.referral.causal import CausalK, causal_k
from fanwheel.measure.referral.growth import Growth, growth_forecast
from fanwheel.measure.referral.kfactor import KFactor, k_factor, k_of_counts

__all__ = ["CausalK", "Growth", "KFactor", "causal_k", "growth_forecast", "k_factor", "k_of_counts"]
