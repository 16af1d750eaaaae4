"""Learning what sentences mean, from a few examples each: a program of its own.

scikit-learn and SciPy take memory and time to load, which no worker should keep: the worker runs this file, hands it
the examples, takes what was learned, and the program is gone.
"""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import msgspec

from fanwheel.loop.operate.autoreply.folding import fold
from fanwheel.loop.operate.autoreply.grams import BUCKETS, features
from fanwheel.loop.operate.autoreply.model import MARGIN, Confusion, Learned, Lesson, Report, encode

if TYPE_CHECKING:
    import numpy as np

NOTHING: Final = 0  # in the place of a rule: nothing in particular is meant
_STRENGTH: Final = 20.0
_PARTS: Final = 3
_LOWEST, _USUAL, _HIGHEST = 0.35, 0.5, 0.7
# The background is small talk and lets everything else lean to it: it counts for less than an intent.
_BACKGROUND_WEIGHT: Final = 0.3
_WANTED_PRECISION: Final = 0.95
_MOST_CONFUSIONS: Final = 20


def learn(examples: Mapping[int, Sequence[str]]) -> Lesson:
    """A model that tells the rules of ``examples`` apart, and from what means nothing in particular.

    How sure it must be is set by the examples themselves, each judged by a model that has not seen it: as low as
    leaves 95 of 100 that it is sure of right, within bounds.
    """
    import numpy as np

    sentences, labels = _gather(examples)
    rules = sorted(examples)
    order = [*rules, NOTHING]
    matrix, used = _matrix(sentences)
    shares = _unseen_shares(matrix, labels, order)
    thresholds = [_threshold(shares, labels, place, rule) for place, rule in enumerate(rules)]
    fitted = _fit(matrix, labels)
    fitted_rows, bias = _rows(fitted, order)
    weights = np.zeros((len(order), BUCKETS), np.float16)
    weights[:, used] = fitted_rows
    learned = Learned(
        rules=tuple(rules),
        thresholds=tuple(thresholds),
        weights=weights.tobytes(),
        bias=tuple(float(each) for each in bias),
    )
    return Lesson(learned, _report(shares, labels, order, thresholds))


def _gather(examples: Mapping[int, Sequence[str]]) -> tuple[list[str], list[int]]:
    """Every sentence once with its rule; what is an example is not background."""
    taken: dict[str, tuple[str, int]] = {}
    for rule, sentences in sorted(examples.items()):
        for sentence in sentences:
            if features(sentence):
                taken.setdefault(fold(sentence), (sentence, rule))
    text = resources.files("fanwheel.loop.operate.autoreply").joinpath("background.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            taken.setdefault(fold(line), (line, NOTHING))
    return [sentence for sentence, _ in taken.values()], [rule for _, rule in taken.values()]


def _matrix(sentences: Sequence[str]) -> tuple[Any, list[int]]:
    """A row for each sentence, and which buckets its columns are: those that occur at all."""
    from scipy.sparse import csr_matrix

    rows = [features(sentence) for sentence in sentences]
    used = sorted({number for row in rows for number in row})
    column = {number: place for place, number in enumerate(used)}
    pointers = [0]
    for row in rows:
        pointers.append(pointers[-1] + len(row))
    values = [weight for row in rows for weight in row.values()]
    places = [column[number] for row in rows for number in row]
    return csr_matrix((values, places, pointers), shape=(len(rows), len(used))), used


def _fit(matrix: Any, labels: Sequence[int]) -> Any:
    from sklearn.linear_model import LogisticRegression

    counts = Counter(labels)
    usual = len(labels) / len(counts)
    weights = {label: usual / count * (1 if label else _BACKGROUND_WEIGHT) for label, count in counts.items()}
    return LogisticRegression(C=_STRENGTH, class_weight=weights, max_iter=100, tol=1e-3).fit(matrix, labels)


def _rows(fitted: Any, order: Sequence[int]) -> "tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]":
    """A row of weights for each of ``order``: of two classes there is one row for both."""
    import numpy as np

    classes = list(fitted.classes_)
    if len(classes) == 2:
        weights = np.vstack([-fitted.coef_[0] / 2, fitted.coef_[0] / 2])
        bias = np.array([-fitted.intercept_[0] / 2, fitted.intercept_[0] / 2])
    else:
        weights, bias = fitted.coef_, fitted.intercept_
    places = [classes.index(label) for label in order]
    return weights[places], bias[places]


def _unseen_shares(matrix: Any, labels: Sequence[int], order: Sequence[int]) -> "np.ndarray[Any, Any] | None":
    """How sure models are of each sentence that have not seen it; None where some rule has too few examples."""
    import numpy as np
    from sklearn.model_selection import StratifiedKFold

    fewest = min(Counter(labels).values())
    if fewest < 3:
        return None
    asked = np.asarray(labels)
    shares = np.zeros((len(labels), len(order)))
    parts = StratifiedKFold(n_splits=min(_PARTS, fewest), shuffle=True, random_state=7)
    for known, unseen in parts.split(matrix, asked):
        weights, bias = _rows(_fit(matrix[known], asked[known].tolist()), order)
        logits = matrix[unseen] @ weights.T + bias
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares[unseen] = odds / odds.sum(axis=1, keepdims=True)
    return shares


def _threshold(shares: "np.ndarray[Any, Any] | None", labels: Sequence[int], place: int, rule: int) -> float:
    """How sure one must be of a rule: the lowest share above which nearly all are right."""
    if shares is None:
        return _USUAL
    best = shares.argmax(axis=1) == place
    ranked = sorted(
        ((float(shares[row, place]), labels[row] == rule) for row in range(len(labels)) if best[row]), reverse=True
    )
    lowest, right = _HIGHEST if ranked else _USUAL, 0
    for count, (share, is_right) in enumerate(ranked, 1):
        right += is_right
        if right >= _WANTED_PRECISION * count:
            lowest = share
    return round(min(max(lowest, _LOWEST), _HIGHEST), 3)


def _report(
    shares: "np.ndarray[Any, Any] | None", labels: Sequence[int], order: Sequence[int], thresholds: Sequence[float]
) -> Report:
    asked = [row for row, label in enumerate(labels) if label != NOTHING]
    if shares is None:
        return Report(len(asked), None, None)
    right = unsure = 0
    confused: Counter[tuple[int, int]] = Counter()
    for row in asked:
        ranked = (-shares[row]).argsort(kind="stable")
        best, second = ranked[0], ranked[1]
        if order[best] != labels[row]:
            confused[labels[row], order[best]] += 1
        is_sure = order[best] != NOTHING and shares[row, best] >= thresholds[best]
        if not is_sure or shares[row, best] - shares[row, second] < MARGIN:
            unsure += 1
        elif order[best] == labels[row]:
            right += 1
    most = confused.most_common(_MOST_CONFUSIONS)
    return Report(
        len(asked),
        round(right / len(asked), 4),
        round(unsure / len(asked), 4),
        tuple(Confusion(rule, taken_for, count) for (rule, taken_for), count in most),
    )


def main() -> None:
    """Read examples, write what was learned."""
    examples = msgspec.json.decode(sys.stdin.buffer.read(), type=dict[int, list[str]])
    sys.stdout.buffer.write(encode(learn(examples)))


if __name__ == "__main__":
    main()
