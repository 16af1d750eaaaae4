"""Geo tests: a source that is switched off in some regions, as evidence where nobody can be held out."""

from fanwheel.measure.ledger.geo_tests.contracts import Finding, RegionTest
from fanwheel.measure.ledger.geo_tests.estimating import estimate
from fanwheel.measure.ledger.geo_tests.rules import Known, known_by

__all__ = ["Finding", "Known", "RegionTest", "estimate", "known_by"]
