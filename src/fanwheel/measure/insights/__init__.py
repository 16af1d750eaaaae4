"""Product reports: funnel, names of events, RFM, customer value, paths; and the scores of people."""

from fanwheel.measure.insights.service import Insights

__all__ = ["Insights"]
