"""The simulator: platforms that speak their real protocol on this machine, for tests and the demo brand."""

from fanwheel.entrypoints.simulator.core import Faults, Simulator
from fanwheel.entrypoints.simulator.platform import Call, Platform, Reply, Taken

__all__ = ["Call", "Faults", "Platform", "Reply", "Simulator", "Taken"]
