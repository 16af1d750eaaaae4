"""A fitted model's parameters with their standard errors, and one number for each person."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fanwheel.measure.clv.search import Optimum
from fanwheel.measure.errors import BadDataError
from fanwheel.measure.frames import Column, Vector
from fanwheel.measure.results import Result

WEAK_PRIOR = "weak: normal on the logs of shapes and weights, see docs/measure/what-is-a-customer-worth.md"


@dataclass(frozen=True, kw_only=True)
class Fitted(Result):
    """A model's parameters.

    ``log_likelihood`` leaves the prior out; it is None, and so are ``standard_errors``, where the parameters were
    given and not fitted. A standard error is None where the parameter is not identified.
    """

    log_likelihood: float | None = None
    people: float = 0.0
    standard_errors: tuple[float | None, ...] = ()
    prior: str = "none"

    @abstractmethod
    def parameters(self) -> dict[str, float]:
        """The parameters by name."""

    def __post_init__(self) -> None:
        for name, value in self.parameters().items():
            if not np.isfinite(value) or (value <= 0 and ":" not in name):
                raise BadDataError(f"{name} is {value}.", hint="Parameters are positive numbers.")

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        known = self.parameters()
        return {
            "parameter": list(known),
            "estimate": list(known.values()),
            "standard_error": list(self.standard_errors) or [None] * len(known),
        }

    def _title(self) -> str:
        if self.log_likelihood is None:
            return f"{type(self).__name__} with given parameters"
        return (
            f"{type(self).__name__} of {self.people:,.0f} people, log-likelihood {self.log_likelihood:,.4f}, "
            f"prior {self.prior}"
        )


def outcome(found: Optimum, *, people: float, prior: str | None, backend: str) -> dict[str, Any]:
    """The fields that every fit fills alike."""
    return {
        "log_likelihood": found.log_likelihood,
        "people": people,
        "standard_errors": found.standard_errors,
        "not_identified": found.not_identified,
        "prior": WEAK_PRIOR if prior else "none",
        "backend": backend,
    }


@dataclass(frozen=True, kw_only=True)
class PerPerson(Result):
    """One number for each row of the data, in its order."""

    name: str
    values: Vector = field(repr=False)
    person: Column | None = field(default=None, repr=False)

    @property
    def total(self) -> float:
        """The sum over all rows."""
        return float(self.values.sum())

    @property
    def mean(self) -> float:
        """The mean over all rows."""
        return float(self.values.mean())

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        who = {} if self.person is None else {"person": self.person}
        return {**who, self.name: self.values}  # type: ignore[dict-item]

    def _title(self) -> str:
        return f"{self.name}: {len(self.values):,} rows, total {self.total:,.2f}, mean {self.mean:,.4f}"

    def _draw(self, axes: Any) -> None:
        axes.hist(self.values, bins=50)
        axes.set_xlabel(self.name)
        axes.set_ylabel("people")
