"""Mix: how much each channel adds by spend over time, and how to split a budget; it never outranks a test."""

from fanwheel.measure.mix.budget import Split, split
from fanwheel.measure.mix.curves import Response, respond
from fanwheel.measure.mix.fitting import fit
from fanwheel.measure.mix.model import LiftCheck, Mix, Weekly, weekly

__all__ = ["LiftCheck", "Mix", "Response", "Split", "Weekly", "fit", "respond", "split", "weekly"]
