"""The verdict on every channel: wasted, working or not yet proven, by holdouts and never by attribution.

``verdict`` reads four tables; times are UTC, more columns do no harm:

- ``spend``: ``channel``, ``day``, ``amount`` (>= 0), ``currency`` if there are several, ``campaign`` if by campaign.
- ``exposures``: ``person``, ``channel``, ``at``, ``ghost`` (true where a holdout kept a would-be exposure from
  happening). Without ghosts of a channel everybody is compared, at the price of precision.
- ``assignments``: ``person``, ``holdout`` (``universal`` or a channel), ``since``, a row for each person held out. Who
  is not named was not held out. The table may be empty: nothing is proven then.
- ``orders``: ``person``, ``at``, ``value`` (>= 0, net of refunds), ``currency``, ``referrer`` if somebody referred the
  person. Those from before ``start`` take noise away.

To judge a campaign, name it as a channel in all tables; it needs a holdout of its own. ``parts`` names the channel of
each, so that whoever is held out of the whole channel stands in neither arm. Holdouts drawn by area are not for this
function, since people of one area are not independent: see ``measure.geo``. Its tests may be given as ``geo``.

**What ranks before what.** A holdout outranks a test by region, which outranks a model that tests have calibrated; each
stands in only where the better one has no estimate. A model alone proves nothing: the state stays not yet proven.

**Looks narrow.** Given earlier ``looks``, or the ``bounds`` that they left (``known``), the interval of a return is the
intersection of all of one holdout, so that what is proven stays proven. Where it is empty the effect has changed: the
newest interval counts, and a note says so. The intersection takes the return for the same at all looks; it is for
holdouts whose spend and effect go on alike.

People are those whom any table names. Who stands in none adds nothing, but counts where everybody is compared: say how
many there are in all (``people``), or only those known before ``start`` are compared.

**Formula.** Among people outside the universal holdout whose first would-be exposure came after the holdout began:
caused = n₁·[(ȳ₁ - ȳ₀) - θ(x̄₁ - x̄₀)], where y is revenue after that first would-be exposure (their own, and of those
whom they referred), x what was known before it, 1 those shown and 0 those held out. Wasted: margin x the upper bound of
what is caused is below spend; working: margin x the lower bound is above. Bounds are asymptotic confidence sequences,
one-sided at ``alpha`` each for the state, two-sided for the interval shown; both may be looked at on any day.

Source: Johnson, Lewis & Nubbemeyer (2017), J. Marketing Research 54(6), 867-884; Deng, Xu, Kohavi & Walker (2013),
WSDM; Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2023), arXiv 2103.06476.
"""

from fanwheel.measure.verdicts.elsewhere import GeoTest
from fanwheel.measure.verdicts.engine import verdict
from fanwheel.measure.verdicts.estimates import HoldoutTooSmallError
from fanwheel.measure.verdicts.notes import Code, Note
from fanwheel.measure.verdicts.planning import Action, State, Step
from fanwheel.measure.verdicts.result import ChannelVerdict, Evidence, Interval, Verdict
from fanwheel.measure.verdicts.running import Bounds

__all__ = [
    "Action",
    "Bounds",
    "ChannelVerdict",
    "Code",
    "Evidence",
    "GeoTest",
    "HoldoutTooSmallError",
    "Interval",
    "Note",
    "State",
    "Step",
    "Verdict",
    "verdict",
]
