"""The cockpit's reports: stages, flows, readouts, last touch, cohorts, referral, totals."""

from fanwheel.measure.reports.service import Reports

__all__ = ["Reports"]
