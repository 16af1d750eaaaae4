"""Learning from a trial whom touching helps, and by how much."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from scipy import special

from fanwheel.measure import frames
from fanwheel.measure.errors import BadDataError
from fanwheel.measure.results import Result
from fanwheel.measure.uplift import features as encoding
from fanwheel.measure.uplift import learners, trials
from fanwheel.measure.uplift.learners import Learner, Model, Sample
from fanwheel.measure.uplift.trials import Array, Trial

_FEWEST: Final = 50
_MOST_FOLDS: Final = 20
_BALANCE: Final = 1e-4


@dataclass(frozen=True, kw_only=True)
class UpliftFit(Result):
    """The expected effect of touching each person, each learned without that person's own outcome.

    ``effect`` and the expected outcomes are in the data's order; ``average`` has a 95 % interval.
    """

    effect: Array = field(repr=False)
    expected_untreated: Array = field(repr=False)
    expected_treated: Array = field(repr=False)
    average: float
    low: float
    high: float
    learner: Learner
    models: tuple[Model, ...] = field(repr=False)
    encoder: encoding.Encoder = field(repr=False)

    def _title(self) -> str:
        return f"Effect of touching, on average {self.average:,.4g} ({self.low:,.4g} to {self.high:,.4g})"

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        return {name: getattr(self, name) for name in ("effect", "expected_untreated", "expected_treated")}

    def _draw(self, axes: Any) -> None:
        axes.hist(self.effect, bins=40)
        axes.axvline(0, color="gray", linewidth=0.8)
        axes.set_xlabel("expected effect per person")

    def predict(self, data: Any) -> Array:
        """The expected effect of touching each of these (new) people, in the outcome's unit."""
        table = frames.read(data, list(self.encoder.words))
        if not table.rows:
            raise BadDataError("data has no rows.", hint="Give at least one person.")
        matrix = self.encoder.matrix(table)
        with learners.one_thread(table.rows):
            result: Array = np.mean([model.effect(matrix) for model in self.models], axis=0)
        return result


def fit(
    data: Any,
    *,
    outcome: str,
    treated: str,
    features: Sequence[str],
    learner: Learner = "dr",
    propensity: float | str | None = None,
    folds: int = 5,
    model: Any = None,
) -> UpliftFit:
    """How much touching would help each person, learned from a trial.

    Parameters
    ----------
    data : dataframe
        One row per person: outcome, who was treated (0 or 1) by chance, and what was known before.
    outcome, treated, features : str, str, sequence of str
        Columns; features are numbers, booleans or words.
    learner : "t", "x" or "dr"
        Two models; crossed ones, for very unequal arms; or doubly robust scores.
    propensity : float or str, optional
        Chance of being treated, or its column; the share treated if not given.
    folds, model : int, scikit-learn regressor
        Parts that are each judged by models of the others; gradient-boosted trees if no regressor is given.

    Returns
    -------
    UpliftFit
        The effect per person in the outcome's unit; ``predict`` gives it for others.

    Raises
    ------
    BadDataError, NotEnoughDataError, MissingLibraryError
        If rows are bad, an arm has fewer than 50 people, or scikit-learn is missing.

    Notes
    -----
    ``average`` is the mean of doubly robust scores ``m1 - m0 + t (y - m1) / e - (1 - t) (y - m0) / (1 - e)``.

    Source: Künzel, Sekhon, Bickel & Yu (2019), PNAS 116(10); Kennedy (2023), Electronic J. of Statistics 17(2).
    """
    names = _checked(features, learner, folds, forbidden=(outcome, treated))
    trial = trials.read(
        data, columns=(outcome, treated), propensity=propensity, others=names, arm=max(_FEWEST, folds * 4)
    )
    given = isinstance(propensity, str)
    return _learn(trial, names, learner=learner, base=learners.regressor(model), folds=folds, is_chance_given=given)


def _checked(names: Sequence[str], learner: str, folds: int, *, forbidden: tuple[str, ...]) -> tuple[str, ...]:
    wanted = tuple(names)
    if not wanted or isinstance(names, str) or set(wanted) & set(forbidden) or len(set(wanted)) < len(wanted):
        raise BadDataError("`features` must be different columns known before treatment.", hint='["recency", "tier"]')
    if learner not in learners.LEARNERS:
        raise BadDataError(f"No learner is called “{learner}”.", hint="Use “t”, “x” or “dr”.")
    if not 2 <= folds <= _MOST_FOLDS:
        raise BadDataError("`folds` must be from 2 to 20.", hint="folds=5")
    return wanted


def _learn(
    trial: Trial, names: tuple[str, ...], *, learner: Learner, base: Any, folds: int, is_chance_given: bool
) -> UpliftFit:
    encoder = encoding.learn(trial.table, names)
    matrix = encoder.matrix(trial.table)
    order = np.lexsort((trial.outcome, trial.chance, trial.treated, *matrix.T))  # no answer hangs on the rows' order
    sample = Sample(
        features=matrix[order],
        outcome=trial.outcome[order],
        treated=trial.treated[order] > 0,
        chance=trial.chance[order],
    )
    guesses, models = _crossed(sample, learner=learner, base=base, folds=folds)
    scores = learners.scores(sample, guesses[1], guesses[2])
    average, error = float(scores.mean()), float(scores.std(ddof=1)) / trial.people**0.5
    back = np.empty_like(guesses)
    back[:, order] = guesses
    return UpliftFit(
        effect=back[0],
        expected_untreated=back[1],
        expected_treated=back[2],
        average=average,
        low=average - trials.Z * error,
        high=average + trials.Z * error,
        learner=learner,
        models=models,
        encoder=encoder,
        not_identified=(*trial.notes, *(() if is_chance_given else _unbalanced(sample, encoder))),
        backend=trial.table.backend,
    )


def _crossed(sample: Sample, *, learner: Learner, base: Any, folds: int) -> tuple[Array, tuple[Model, ...]]:
    """Effect and expected outcomes of each person by models of the others, (3, people), and those models."""
    fold = learners.folds(sample.treated, folds)
    guesses = np.empty((3, len(fold)))
    models = []
    with learners.one_thread(len(fold)):
        for number in range(folds):
            inside = fold == number
            model = learners.train(sample.part(~inside), learner=learner, base=base)
            here = sample.features[inside]
            guesses[:, inside] = model.effect(here), model.untreated.predict(here), model.treated.predict(here)
            models.append(model)
    return guesses, tuple(models)


def _unbalanced(sample: Sample, encoder: encoding.Encoder) -> tuple[str, ...]:
    """A warning where the arms differ in what was known before, by more than chance allows."""
    arms = [sample.features[sample.treated], sample.features[~sample.treated]]
    apart = arms[0].mean(axis=0) - arms[1].mean(axis=0)
    error = np.sqrt(sum(arm.var(axis=0) / len(arm) for arm in arms))
    distance = np.abs(apart) / np.where(error > 0, error, np.inf)
    if float(distance.max()) <= float(-special.ndtri(_BALANCE / 2 / len(distance))):
        return ()
    owner = [name for name, words in encoder.words.items() for _ in (words or ("",))][int(distance.argmax())]
    return (
        f"the effect: “{owner}” differs between the arms by {distance.max():.1f} standard errors, so chance did not "
        "decide who was treated; give the chance as `propensity`, or run a trial.",
    )
