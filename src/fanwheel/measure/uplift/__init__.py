"""Uplift: whom touching helps, whom it harms, and what a rule of whom to touch is worth."""

from fanwheel.measure.uplift.choice import Choice, choose
from fanwheel.measure.uplift.curves import Qini, qini
from fanwheel.measure.uplift.dogs import SleepingDogs, sleeping_dogs
from fanwheel.measure.uplift.errors import MissingLibraryError
from fanwheel.measure.uplift.fitting import UpliftFit, fit
from fanwheel.measure.uplift.policies import PolicyValue, policy_value

__all__ = [
    "Choice",
    "MissingLibraryError",
    "PolicyValue",
    "Qini",
    "SleepingDogs",
    "UpliftFit",
    "choose",
    "fit",
    "policy_value",
    "qini",
    "sleeping_dogs",
]
