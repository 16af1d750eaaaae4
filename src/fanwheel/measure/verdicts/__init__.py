"""The verdict on every channel: wasted, working or not yet proven, by holdouts and never by attribution."""

from fanwheel.measure.verdicts.engine import verdict
from fanwheel.measure.verdicts.planning import Action, State, Step
from fanwheel.measure.verdicts.result import ChannelVerdict, Evidence, Interval, Verdict

__all__ = ["Action", "ChannelVerdict", "Evidence", "Interval", "State", "Step", "Verdict", "verdict"]
