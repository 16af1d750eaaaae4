"""What a customer is worth: who will buy again, how often, and for how much."""

from fanwheel.measure.clv.bg_bb import BgBb, fit_bg_bb
from fanwheel.measure.clv.bg_nbd import BgNbd, MbgNbd, fit_bg_nbd, fit_mbg_nbd
from fanwheel.measure.clv.buying import BuyingModel
from fanwheel.measure.clv.estimates import Fitted, PerPerson
from fanwheel.measure.clv.evaluation import Evaluation, evaluate
from fanwheel.measure.clv.gamma_gamma import GammaGamma, fit_gamma_gamma
from fanwheel.measure.clv.pareto_nbd import ParetoNbd, fit_pareto_nbd
from fanwheel.measure.clv.sbg import RetentionCurve, Sbg, fit_sbg
from fanwheel.measure.clv.summaries import Summary, summarize

__all__ = [
    "BgBb",
    "BgNbd",
    "BuyingModel",
    "Evaluation",
    "Fitted",
    "GammaGamma",
    "MbgNbd",
    "ParetoNbd",
    "PerPerson",
    "RetentionCurve",
    "Sbg",
    "Summary",
    "evaluate",
    "fit_bg_bb",
    "fit_bg_nbd",
    "fit_gamma_gamma",
    "fit_mbg_nbd",
    "fit_pareto_nbd",
    "fit_sbg",
    "summarize",
]
