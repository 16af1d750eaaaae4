"""Imports: files of people, orders, events and spend, made into ordinary events."""

from fanwheel.cdp.imports.contracts import FORMATS, WHATS, Chunk, Counts, Mapping, Refused, Report, SpendDraft, What
from fanwheel.cdp.imports.repository import Run, RunRepository
from fanwheel.cdp.imports.rules.mapping import parse as parse_mapping
from fanwheel.cdp.imports.rules.mapping import with_flags
from fanwheel.cdp.imports.service import EventSink, Plan, Sink, plan, run, try_out

__all__ = [
    "FORMATS",
    "WHATS",
    "Chunk",
    "Counts",
    "EventSink",
    "Mapping",
    "Plan",
    "Refused",
    "Report",
    "Run",
    "RunRepository",
    "Sink",
    "SpendDraft",
    "What",
    "parse_mapping",
    "plan",
    "run",
    "try_out",
    "with_flags",
]
