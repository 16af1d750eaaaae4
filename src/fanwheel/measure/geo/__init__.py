"""Tests by region and by time, for channels that cannot hold out people."""

from fanwheel.measure.geo.differences import difference_in_differences
from fanwheel.measure.geo.effects import Effect
from fanwheel.measure.geo.switchbacks import switchback
from fanwheel.measure.geo.synthetic import synthetic_control

__all__ = ["Effect", "difference_in_differences", "switchback", "synthetic_control"]
