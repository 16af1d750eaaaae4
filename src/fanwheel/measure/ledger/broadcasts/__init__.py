"""What a broadcast has caused: whom it reached against whom it would have reached, had they not been held out."""

from fanwheel.measure.ledger.broadcasts.contracts import ORDER, Arm, Comparison, Lift

__all__ = ["ORDER", "Arm", "Comparison", "Lift"]
