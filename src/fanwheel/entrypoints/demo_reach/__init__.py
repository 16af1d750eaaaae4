"""Reach in the demo brand: simulated platforms, accounts that speak with them, and people who write."""

from fanwheel.entrypoints.demo_reach.serving import serve

__all__ = ["serve"]
