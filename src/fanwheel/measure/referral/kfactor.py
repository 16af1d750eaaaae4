"""The K-factor: how many people each person brings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from scipy import special

from fanwheel.measure import frames
from fanwheel.measure.errors import BadDataError, NotEnoughDataError
from fanwheel.measure.frames import Frame, Vector
from fanwheel.measure.results import Result

_DAY_US: Final = 86_400_000_000


@dataclass(frozen=True, kw_only=True)
class KFactor(Result):
    """People brought per person, its interval, and the two factors that it is made of."""

    members: int
    invites: int
    accepted: int
    invites_per_member: float
    acceptance_rate: float
    k: float
    std_error: float
    lower: float
    upper: float
    variance_per_member: float
    best_share: float

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        names = ("members", "invites", "accepted", "invites_per_member", "acceptance_rate", "k", "lower", "upper")
        return {name: [getattr(self, name)] for name in names}

    def _draw(self, axes: Any) -> None:
        axes.errorbar([self.k], ["K"], xerr=[[self.k - self.lower], [self.upper - self.k]], fmt="o")
        axes.axvline(1.0, linestyle="--")
        axes.set_xlabel("people brought per person")

    def _title(self) -> str:
        return "K-factor"


def k_factor(
    members: Any,
    invites: Any,
    *,
    window_days: float | None = None,
    as_of: datetime | None = None,
    confidence: float = 0.95,
) -> KFactor:
    """How many people each member brought by accepted invites.

    Parameters
    ----------
    members : dataframe
        ``person``, once each; ``joined_at`` (UTC) if there is a window.
    invites : dataframe
        One row per invite: ``referrer`` (a member) and ``referee``, missing where nobody accepted, and at most once
        each; ``accepted_at`` (UTC) if there is a window.
    window_days : float, optional
        Count what members brought within so many days of joining, of members who joined so long before ``as_of``.
    as_of : datetime, optional
        Until when invites are known; needed with a window.
    confidence : float
        Coverage of the interval, above 0 and below 1.

    Returns
    -------
    KFactor
        K = invites per member times the share accepted; ``variance_per_member`` goes into ``growth_forecast``.

    Raises
    ------
    NotEnoughDataError
        If there are fewer than 2 members.
    BadDataError
        If people repeat, invite themselves, or invite without being members.

    Notes
    -----
    K is the mean of people brought per member, with the standard error of that mean: members differ more than Poisson
    counts. The interval is K exp(± z se / K); without an accepted invite, 0 to -ln(1 - confidence) / members. Without
    a window the newest members, who had no time yet, pull K down.

    Source: the limit for a count of 0: Garwood (1936), Biometrika 28, 437-442; the rest by the delta method.
    """
    if not 0 < confidence < 1 or (window_days is not None and (as_of is None or not window_days > 0)):
        raise BadDataError(
            "confidence must be between 0 and 1; window_days above 0, with as_of.", hint="0.95 is usual."
        )
    window = None if window_days is None or as_of is None else (window_days, as_of)
    return _count(members, invites, window, confidence=confidence)


def k_of_counts(
    members: int, accepted: float, squares: float, *, confidence: float = 0.95
) -> tuple[float, float, float]:
    """K and its limits from sums alone, where the rows behind them are too many to move.

    Parameters
    ----------
    members : int
        People who could have invited, at least 2.
    accepted, squares : float
        The sum over members of the people each brought, and of the squares of these numbers.
    confidence : float
        Coverage of the interval, above 0 and below 1.

    Returns
    -------
    tuple
        K, its lower and its upper limit, in people per member.

    Raises
    ------
    NotEnoughDataError
        If there are fewer than 2 members.

    Notes
    -----
    As ``k_factor``, whose variance is (squares - accepted² / members) / (members - 1).

    Source: as ``k_factor``.
    """
    if members < 2:
        raise NotEnoughDataError(f"{members} members can be counted; at least 2 are needed.", hint="Wait.")
    if not accepted:
        return 0.0, 0.0, float(-np.log1p(-confidence)) / members
    k = accepted / members
    variance = max(squares - accepted * k, 0.0) / (members - 1)
    reach = float(special.ndtri(0.5 + confidence / 2)) * float(np.sqrt(variance / members)) / k
    return k, k * float(np.exp(-reach)), k * float(np.exp(reach))


def _count(members: Any, invites: Any, window: tuple[float, datetime] | None, *, confidence: float) -> KFactor:
    member = frames.read(members, ("person", "joined_at") if window else ("person",), table="members")
    needed = ("referrer", "referee", "accepted_at") if window else ("referrer", "referee")
    invite = frames.read(invites, needed, table="invites")
    sender = _senders(invite, _members(member))
    took = np.array([value is not None and value == value for value in invite["referee"].tolist()], dtype=bool)
    _check(invite, took)
    counted, sent = np.ones(member.rows, bool), np.ones(invite.rows, bool)
    if window:
        counted, took, sent = _in_window(member, invite, sender=sender, took=took, window=window)
    brought = np.bincount(sender[took], minlength=member.rows)[counted].astype(np.float64)
    return _estimate(brought, int(np.count_nonzero(sent)), confidence, backend=member.backend)


def _estimate(brought: Vector, invites: int, confidence: float, *, backend: str) -> KFactor:
    many, accepted = len(brought), float(brought.sum())
    if many < 2:
        raise NotEnoughDataError(
            f"{many} members can be counted; at least 2 are needed, and some hundreds for a useful interval.",
            hint="Wait, or shorten the window.",
        )
    k, lower, upper = k_of_counts(many, accepted, float((brought**2).sum()), confidence=confidence)
    variance = float(brought.var(ddof=1))
    best = np.sort(brought)[-max(many // 100, 1) :]
    return KFactor(
        members=many,
        invites=invites,
        accepted=int(accepted),
        invites_per_member=invites / many,
        acceptance_rate=accepted / invites if invites else 0.0,
        k=k,
        std_error=float(np.sqrt(variance / many)),
        lower=lower,
        upper=upper,
        variance_per_member=variance,
        best_share=float(best.sum()) / accepted if accepted else 0.0,
        not_identified=() if invites else ("The share of invites accepted: nobody has invited anybody.",),
        backend=backend,
    )


def _members(member: Frame) -> dict[Any, int]:
    people = frames.present(member, "person", table="members").tolist()
    place = {person: row for row, person in enumerate(people)}
    again = [place[person] == row for row, person in enumerate(people)]
    frames.require(again, table="members", problem="“person” repeats", hint="Keep one row each.")
    return place


def _senders(invite: Frame, place: Mapping[Any, int]) -> Any:
    rows = frames.present(invite, "referrer", table="invites").tolist()
    sender = np.array([place.get(person, -1) for person in rows], dtype=np.int64)
    frames.require(sender >= 0, table="invites", problem="“referrer” is no member", hint="Add them to members.")
    return sender


def _check(invite: Frame, took: Any) -> None:
    referrers, referees = invite["referrer"].tolist(), invite["referee"].tolist()
    itself = [not (yes and one == other) for yes, one, other in zip(took, referrers, referees, strict=True)]
    frames.require(itself, table="invites", problem="somebody invited themselves", hint="Drop these rows.")
    first: dict[Any, int] = {}
    fresh = [
        not yes or first.setdefault(who, row) == row for row, (yes, who) in enumerate(zip(took, referees, strict=True))
    ]
    frames.require(
        fresh, table="invites", problem="“referee” was brought before", hint="Keep the first accepted invite of each."
    )


def _in_window(
    member: Frame, invite: Frame, *, sender: Any, took: Any, window: tuple[float, datetime]
) -> tuple[Any, Any, Any]:
    """Which members have had the whole window, which invites were accepted inside it, and which were theirs."""
    days, as_of = window
    width = round(days * _DAY_US)
    joined = frames.moments(member, "joined_at", table="members")
    utc = as_of.astimezone(UTC) if as_of.tzinfo else as_of
    until = int(np.datetime64(utc.replace(tzinfo=None), "us").astype(np.int64))
    frames.require(joined <= until, table="members", problem="“joined_at” is after as_of", hint="Drop them.")
    counted = joined + width <= until
    rows = np.flatnonzero(took)
    cut = Frame({"accepted_at": invite["accepted_at"][rows]}, invite.backend)
    accepted = frames.moments(cut, "accepted_at", table="accepted invites")
    since = accepted - joined[sender[rows]]
    inside = took.copy()
    inside[rows] = (since >= 0) & (since <= width)
    return counted, inside, counted[sender]
