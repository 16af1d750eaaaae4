"""Layers: exclusive ordered classes that rules put people into; some are built in, others users define."""

from fanwheel.cdp.layers.contracts import ClassInfo, LayerInfo, NewClass

__all__ = ["ClassInfo", "LayerInfo", "NewClass"]
