"""Causal K: how many people sharing really adds, against people who could not share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from fanwheel.measure import frames
from fanwheel.measure.errors import BadDataError, NotEnoughDataError
from fanwheel.measure.frames import Frame, Vector
from fanwheel.measure.results import Result


@dataclass(frozen=True, kw_only=True)
class CausalK(Result):
    """People added per person by invites: those who joined around people with invites less those around people without.

    ``k_credited`` is what tracked invites claim, where ``by_invite`` says so; ``organic_share`` is the part of it that
    would have joined anyway.
    """

    people_enabled: int
    people_held_out: int
    joins_per_enabled: float
    joins_per_held_out: float
    k: float
    std_error: float
    lower: float
    upper: float
    k_credited: float | None
    organic_share: float | None

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        return {
            "arm": ["enabled", "held out", "difference"],
            "people": [self.people_enabled, self.people_held_out, self.people_enabled + self.people_held_out],
            "joins_per_person": [self.joins_per_enabled, self.joins_per_held_out, self.k],
        }

    def _draw(self, axes: Any) -> None:
        axes.errorbar([self.k], ["causal K"], xerr=[[self.k - self.lower], [self.upper - self.k]], fmt="o")
        if self.k_credited is not None:
            axes.plot([self.k_credited], ["credited K"], "o")
        axes.axvline(0.0, linestyle="--")
        axes.set_xlabel("people per person")

    def _title(self) -> str:
        return f"Causal K {self.k:.3g} ({self.lower:.3g} to {self.upper:.3g})"


def causal_k(
    assignments: Any, joins: Any, *, enabled: str = "enabled", held_out: str = "held out", confidence: float = 0.95
) -> CausalK:
    """How many people each person adds by invites who would not have joined anyway.

    Parameters
    ----------
    assignments : dataframe
        ``person``, once each, and ``arm``, drawn at random: invites enabled or held out. ``cluster`` (a household, a
        region) if whole clusters were drawn.
    joins : dataframe
        One row per newcomer of somebody's circle, *however they came*: ``contact_of`` (a person of either arm), known
        in both arms alike, say from "who told you about us?", a shared address or a region; and, if known,
        ``by_invite``, true where a tracked invite brought them.
    enabled, held_out : str
        The names of the arms.
    confidence : float
        Coverage of the interval, above 0 and below 1.

    Returns
    -------
    CausalK
        The difference of joins per person between the arms, and its interval.

    Raises
    ------
    NotEnoughDataError
        If an arm has fewer than 2 people or clusters.
    BadDataError
        If people repeat, arms are unknown or cut through clusters, or a contact is in no arm.

    Notes
    -----
    K = mean of joins per enabled person - mean per held-out person; variance of each mean from sums by cluster,
    C / (C - 1) sum (y_c - m n_c)² / N², which for single people is the usual s² / N; normal limits.

    Source: ratio of cluster totals: Cochran (1977), Sampling Techniques, ch. 6 and 9A.
    """
    if not 0 < confidence < 1:
        raise BadDataError("confidence must be between 0 and 1.", hint="0.95 is usual.")
    circles = _read(assignments, joins, enabled=enabled, held_out=held_out)
    return _compare(circles, {enabled: circles.treated, held_out: ~circles.treated}, confidence)


@dataclass(frozen=True, kw_only=True)
class _Circles:
    """Assigned people: how many newcomers each has around them, their arm and cluster; what invites claim."""

    count: Vector
    treated: Any
    cluster: Any
    credited: float | None
    backend: str


def _read(assignments: Any, joins: Any, *, enabled: str, held_out: str) -> _Circles:
    assigned = frames.read(assignments, ("person", "arm"), optional=("cluster",), table="assignments")
    joined = frames.read(joins, ("contact_of",), optional=("by_invite",), table="joins")
    people, person = frames.codes(frames.present(assigned, "person", table="assignments"))
    frames.require(
        np.bincount(person)[person] == 1, table="assignments", problem="“person” repeats", hint="Keep one row each."
    )
    treated = _arms(assigned, enabled, held_out)
    contact = _contacts(joined, people)
    cluster: Any = person
    if "cluster" in assigned:
        cluster = frames.codes(frames.present(assigned, "cluster", table="assignments"))[1]
        _check_clusters(cluster, treated)
    return _Circles(
        count=np.bincount(contact, minlength=len(people))[person].astype(np.float64),
        treated=treated,
        cluster=cluster,
        credited=_credited(joined, contact, treated[np.argsort(person)]),
        backend=assigned.backend,
    )


def _compare(circles: _Circles, arms: Mapping[str, Any], confidence: float) -> CausalK:
    (with_it, error_with), (without, error_without) = (
        _mean(circles.count[arm], circles.cluster[arm], name) for name, arm in arms.items()
    )
    k, error = with_it - without, float(np.hypot(error_with, error_without))
    z = float(special.ndtri(0.5 + confidence / 2))
    return CausalK(
        people_enabled=int(np.count_nonzero(circles.treated)),
        people_held_out=int(np.count_nonzero(~circles.treated)),
        joins_per_enabled=with_it,
        joins_per_held_out=without,
        k=k,
        std_error=error,
        lower=k - z * error,
        upper=k + z * error,
        k_credited=circles.credited,
        organic_share=1 - k / circles.credited if circles.credited else None,
        not_identified=()
        if error > 0
        else ("The interval: all people of an arm brought as many; wait for more joins.",),
        backend=circles.backend,
    )


def _arms(assigned: Frame, enabled: str, held_out: str) -> Any:
    arm = np.array(frames.present(assigned, "arm", table="assignments").tolist())
    treated = arm == enabled
    frames.require(
        treated | (arm == held_out),
        table="assignments",
        problem=f"“arm” is neither “{enabled}” nor “{held_out}”",
        hint="Name the arms with enabled and held_out.",
    )
    return treated


def _contacts(joined: Frame, people: Any) -> Any:
    """Whose circle each newcomer belongs to, as a place among people."""
    place = {person: number for number, person in enumerate(people.tolist())}
    rows = frames.present(joined, "contact_of", table="joins").tolist()
    contact = np.array([place.get(person, -1) for person in rows], dtype=np.int64)
    frames.require(contact >= 0, table="joins", problem="“contact_of” is in no arm", hint="Drop circles of others.")
    return contact


def _check_clusters(cluster: Any, treated: Any) -> None:
    share = np.bincount(cluster, treated) / np.bincount(cluster)
    whole = (share[cluster] == 0) | (share[cluster] == 1)
    frames.require(whole, table="assignments", problem="one “cluster” has both arms", hint="Draw whole clusters.")


def _mean(count: Vector, cluster: Any, arm: str) -> tuple[float, float]:
    """The mean of an arm and its standard error, by sums of clusters."""
    _, place = np.unique(cluster, return_inverse=True)
    size, total = np.bincount(place), np.bincount(place, count)
    if len(size) < 2:
        raise NotEnoughDataError(
            f"Arm “{arm}” has {len(size)} people or clusters; at least 2 are needed, hundreds for a useful interval.",
            hint="Draw more people.",
        )
    mean = float(total.sum() / size.sum())
    squares = float(((total - mean * size) ** 2).sum())
    return mean, float(np.sqrt(len(size) / (len(size) - 1) * squares)) / float(size.sum())


def _credited(joined: Frame, contact: Any, treated: Any) -> float | None:
    """Tracked invites per enabled person; ``treated`` is by place among people."""
    if "by_invite" not in joined:
        return None
    tracked = np.array(frames.present(joined, "by_invite", table="joins").tolist()).astype(bool)
    return float(np.count_nonzero(tracked & treated[contact]) / np.count_nonzero(treated))
