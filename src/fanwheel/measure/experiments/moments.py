"""What each arm leaves behind: means of its columns and how uncertain they are, from rows or from sums."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_ROUNDING: Final = 1e-13


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One arm: people, independent units (people or clusters), means of m columns, and the covariance of those means.

    Columns stand in this order: outcome, what it is divided by (ratio metrics only), pre-period columns.
    """

    people: float
    units: float
    mean: Vector
    spread: Matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two arms, and the covariance between their means where clusters lie in both."""

    treated: Arm
    control: Arm
    shared: Matrix


def from_rows(columns: Matrix, treated: NDArray[np.bool_], cluster: NDArray[np.intp] | None = None) -> Pair:
    """Two arms from one row per person; clusters are counted from 0 and may lie in both arms."""
    masks = (treated, ~treated)
    if cluster is None:
        one, zero = (_of_people(columns[mask]) for mask in masks)
        return Pair(treated=one, control=zero, shared=np.zeros_like(one.spread))
    clusters = int(cluster.max()) + 1
    scores = [_scores(columns[mask], cluster[mask], clusters) for mask in masks]
    one, zero = (_of_clusters(columns[mask], *score) for mask, score in zip(masks, scores, strict=True))
    seen = np.count_nonzero(scores[0][1] | scores[1][1])
    return Pair(treated=one, control=zero, shared=_correction(seen) * scores[0][0].T @ scores[1][0])


def from_sums(people: float, totals: Vector, products: Matrix, *, binary: bool = False) -> Arm:
    """One arm from its sums.

    Parameters
    ----------
    people : float
        At least 2.
    totals : (m,) array
        Sum of each column.
    products : (m, m) array
        Sums of products of columns.
    binary : bool
        The outcome is 0 or 1, and its variance p(1 - p), as is usual for proportions.
    """
    mean = totals / people
    variance = (products - np.outer(totals, mean)) / (people - 1.0)
    if binary:
        variance[0] *= (people - 1.0) / people
        variance[1:, 0] *= (people - 1.0) / people
    variance[np.diag_indices_from(variance)] = np.maximum(np.diagonal(variance), 0.0)
    return Arm(people=people, units=people, mean=mean, spread=variance / people)


def _of_people(columns: Matrix) -> Arm:
    people = float(len(columns))
    mean = columns.mean(axis=0)
    centred = _centred(columns, mean)
    return Arm(people=people, units=people, mean=mean, spread=centred.T @ centred / (people * max(people - 1.0, 1.0)))


def _of_clusters(columns: Matrix, score: Matrix, seen: NDArray[np.bool_]) -> Arm:
    units = float(np.count_nonzero(seen))
    spread = _correction(units) * score.T @ score
    return Arm(people=float(len(columns)), units=units, mean=columns.mean(axis=0), spread=spread)


def _scores(columns: Matrix, cluster: NDArray[np.intp], clusters: int) -> tuple[Matrix, NDArray[np.bool_]]:
    """Each cluster's pull on the arm's means, and whether it has anybody in the arm."""
    centred = _centred(columns, columns.mean(axis=0)) / len(columns)
    score = np.empty((clusters, columns.shape[1]))
    for j, column in enumerate(centred.T):
        score[:, j] = np.bincount(cluster, weights=column, minlength=clusters)
    return score, np.bincount(cluster, minlength=clusters) > 0


def _centred(columns: Matrix, mean: Vector) -> Matrix:
    """Columns less their means, with rounding noise set to 0, so that a constant column has no variance at all."""
    centred = columns - mean
    centred[np.abs(centred) <= _ROUNDING * np.abs(mean)] = 0.0
    return centred


def _correction(units: Any) -> float:
    return float(units / max(units - 1.0, 1.0))
