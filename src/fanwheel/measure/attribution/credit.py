"""What every rule of attribution answers: how much of the conversions each channel is credited with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fanwheel.measure.attribution.paths import Paths
from fanwheel.measure.frames import Vector
from fanwheel.measure.results import Result


@dataclass(frozen=True, kw_only=True)
class Credit(Result):
    """Credit by channel: a way of sharing what happened, never proof of what a channel caused.

    ``credit`` and ``value`` sum to the conversions, and to the value, of paths with a touch; ``unattributed`` holds
    the conversions without one. ``removal_effect`` is the fraction of conversions that the model loses without
    the channel; only some rules have one.
    """

    rule: str
    channel: tuple[Any, ...]
    credit: Vector
    share: Vector
    value: Vector | None = None
    removal_effect: Vector | None = None
    value_removal_effect: Vector | None = None
    conversion_rate: float
    unattributed: float
    unattributed_value: float

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        columns: dict[str, Any] = {"channel": list(self.channel), "credit": self.credit, "share": self.share}
        for name in ("value", "removal_effect", "value_removal_effect"):
            if (found := getattr(self, name)) is not None:
                columns[name] = found
        return columns

    def _draw(self, axes: Any) -> None:
        order = np.argsort(self.share, kind="stable")
        axes.barh([str(self.channel[place]) for place in order], self.share[order])
        axes.set_xlabel("share of credited conversions")

    def _title(self) -> str:
        return f"Credit by {self.rule}"


def of(
    paths: Paths,
    rule: str,
    credit: Vector,
    *,
    value: Vector | None = None,
    removal: tuple[Vector, Vector | None] | None = None,
    not_identified: tuple[str, ...] = (),
) -> Credit:
    """The answer of a rule whose credit, and credited value, sum to what the paths hold."""
    return Credit(
        rule=rule,
        channel=paths.channels,
        credit=credit,
        share=credit / paths.converted,
        value=value,
        removal_effect=None if removal is None else removal[0],
        value_removal_effect=None if removal is None else removal[1],
        conversion_rate=paths.converted / float(paths.weights.sum()),
        unattributed=paths.untouched,
        unattributed_value=paths.untouched_value,
        not_identified=not_identified,
        backend=paths.backend,
    )


def no_misses(paths: Paths) -> tuple[str, ...]:
    """What a rule that compares conversion rates cannot tell where every path converts."""
    if paths.non_conversions.any():
        return ()
    return (
        "Every path converts, so the channels' effect on the chance to convert cannot be told; give the paths that did "
        "not convert too.",
    )
