"""T-, X- and DR-learners on any regressor that scikit-learn knows."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure.uplift.errors import MissingLibraryError
from fanwheel.measure.uplift.trials import Array

Learner = Literal["t", "x", "dr"]
LEARNERS: Final = ("t", "x", "dr")
_SEED: Final = 20190305
_FEW_PEOPLE: Final = 50_000


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Features (people, columns), outcome, who was treated, and the chance of it."""

    features: Array
    outcome: Array
    treated: NDArray[np.bool_]
    chance: Array

    def part(self, rows: NDArray[np.bool_]) -> "Sample":
        """These people only."""
        return Sample(
            features=self.features[rows],
            outcome=self.outcome[rows],
            treated=self.treated[rows],
            chance=self.chance[rows],
        )


@dataclass(frozen=True, kw_only=True)
class Model:
    """Regressors of both arms' outcomes, and those whose weighted sum is the effect."""

    untreated: Any
    treated: Any
    effects: tuple[tuple[float, Any], ...]

    def effect(self, features: Array) -> Array:
        """The expected effect of touching each person."""
        result: Array = np.sum([weight * part.predict(features) for weight, part in self.effects], axis=0)
        return result


def regressor(given: Any) -> Any:
    """The regressor given, or gradient-boosted trees; needs scikit-learn."""
    try:
        ensemble = import_module("sklearn.ensemble")
    except ImportError as error:
        raise MissingLibraryError(hint="pip install 'fanwheel[uplift]'") from error
    if given is not None:
        return given
    return ensemble.HistGradientBoostingRegressor(
        max_iter=80, learning_rate=0.08, max_leaf_nodes=8, min_samples_leaf=40, early_stopping=False, random_state=_SEED
    )


def one_thread(people: int) -> AbstractContextManager[Any]:
    """Few people are learned from faster by one thread than by many that wait for one another."""
    if people >= _FEW_PEOPLE:
        return nullcontext()
    limited: AbstractContextManager[Any] = import_module("threadpoolctl").threadpool_limits(limits=1)
    return limited


def folds(treated: NDArray[np.bool_], count: int) -> NDArray[np.intp]:
    """A fold for each person, equally many of either arm in each."""
    rng = np.random.default_rng(_SEED)
    fold = np.empty(len(treated), dtype=np.intp)
    for arm in (False, True):
        inside = np.flatnonzero(treated == arm)
        fold[inside] = rng.permutation(len(inside)) % count
    return fold


def train(sample: Sample, *, learner: Learner, base: Any) -> Model:
    """One learner, from these people alone."""
    treated = sample.treated
    ones, zeros = sample.features[treated], sample.features[~treated]
    control = _fit(base, zeros, sample.outcome[~treated])
    touched = _fit(base, ones, sample.outcome[treated])
    if learner == "t":
        return Model(untreated=control, treated=touched, effects=((1.0, touched), (-1.0, control)))
    if learner == "x":
        # Each arm lends the other its guess; the arm with more people taught the better guess, so it weighs less.
        of_treated = _fit(base, ones, sample.outcome[treated] - control.predict(ones))
        of_control = _fit(base, zeros, touched.predict(zeros) - sample.outcome[~treated])
        share = float(sample.chance.mean())
        effects = ((share, of_control), (1 - share, of_treated))
        return Model(untreated=control, treated=touched, effects=effects)
    return Model(
        untreated=control, treated=touched, effects=((1.0, _fit(base, sample.features, _robust(sample, base))),)
    )


def scores(sample: Sample, untreated: Array, treated: Array) -> Array:
    """Doubly robust score of each person: its mean over people is the average effect."""
    arm = sample.treated
    miss = sample.outcome - np.where(arm, treated, untreated)
    result: Array = treated - untreated + np.where(arm, miss / sample.chance, -miss / (1 - sample.chance))
    return result


def _robust(sample: Sample, base: Any) -> Array:
    """Scores whose nuisance guesses were learned from the other half."""
    half = folds(sample.treated, 2)
    untreated, treated = np.empty(len(half)), np.empty(len(half))
    for side in (0, 1):
        model = train(sample.part(half != side), learner="t", base=base)
        inside = half == side
        untreated[inside] = model.untreated.predict(sample.features[inside])
        treated[inside] = model.treated.predict(sample.features[inside])
    return scores(sample, untreated, treated)


def _fit(base: Any, features: Array, outcome: Array) -> Any:
    return import_module("sklearn.base").clone(base).fit(features, outcome)
