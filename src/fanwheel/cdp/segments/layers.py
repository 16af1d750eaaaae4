"""Layers: exclusive classes, of which a person is in one at a time; those that every brand has."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from fanwheel.kernel.domain import Stage

# Layers that a trait of the same name decides.
BY_TRAIT: Final = ("rfm_tier", "member_level")
BUILT_IN: Final = ("stage", *BY_TRAIT)
_STAGES: Final = {stage.value: stage.label for stage in Stage}
# The classes of layers that every brand has; of those that a trait decides there may be any.
CLASSES: Final[Mapping[str, Collection[str]]] = {"stage": tuple(_STAGES.values()), **dict.fromkeys(BY_TRAIT, ())}


def layers_of(stage: int, traits: Mapping[str, Any], defined: Mapping[str, str]) -> dict[str, str]:
    """The class of each layer that a person is in, built in or defined by users."""
    layers = {**defined, "stage": _STAGES[stage]}
    for name in BY_TRAIT:
        value = traits.get(name)
        if isinstance(value, str) and value:
            layers[name] = value
    return layers
