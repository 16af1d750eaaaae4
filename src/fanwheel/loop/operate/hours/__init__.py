"""Business hours: when people of the brand answer themselves."""

from fanwheel.loop.operate.hours.contracts import Opening, Special, Weekly
from fanwheel.loop.operate.hours.errors import BadHoursError
from fanwheel.loop.operate.hours.rules import Hours
from fanwheel.loop.operate.hours.service import get, put

__all__ = ["BadHoursError", "Hours", "Opening", "Special", "Weekly", "get", "put"]
