"""The ledger: what every channel cost, was credited with and caused, judged by holdouts, out of the product's data."""

from fanwheel.measure.ledger.history import History
from fanwheel.measure.ledger.repository import has_truth, put_truth
from fanwheel.measure.ledger.service import Ledgers

__all__ = ["History", "Ledgers", "has_truth", "put_truth"]
