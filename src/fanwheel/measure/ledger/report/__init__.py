"""The printable report: one self-contained page of HTML, made for A4 and for the browser's own PDF."""

from fanwheel.measure.ledger.report.rendering import Locale, render

__all__ = ["Locale", "render"]
