"""Imports: files of people, orders, events and spend, made into ordinary events."""

from fanwheel.cdp.imports.repository import Run, RunRepository

__all__ = ["Run", "RunRepository"]
