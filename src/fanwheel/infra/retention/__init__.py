"""Retention: how long each kind of data is kept, and letting go of what is older."""

from fanwheel.infra.retention.contracts import KINDS, Period
from fanwheel.infra.retention.service import forget, list_periods, put

__all__ = ["KINDS", "Period", "forget", "list_periods", "put"]
