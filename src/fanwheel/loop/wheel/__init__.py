"""The wheel: what every event of the stream turns."""

from fanwheel.loop.wheel.service import Projector, projector, tidy
from fanwheel.loop.wheel.turns import QUIET, TURNS

__all__ = ["QUIET", "TURNS", "Projector", "projector", "tidy"]
