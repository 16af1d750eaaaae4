"""Experiments: what a holdout or an A/B test proves, before, during and after it runs."""

from fanwheel.measure.experiments import kernels

__all__ = ["kernels"]
