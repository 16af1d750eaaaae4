"""From a ledger to a page: words of two languages, numbers, and a small picture of each interval."""

import json
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib import resources
from string import Template
from types import MappingProxyType
from typing import Final, Literal

from fanwheel.kernel.money import exponent, from_minor
from fanwheel.measure.ledger import schemas

Locale = Literal["en", "zh-CN"]
_PACKAGE: Final = "fanwheel.measure.ledger.report"
_WIDTH, _HEIGHT = 120.0, 16.0
_STATES: Final = ("wasted", "working", "unproven")
_COLORS: Final[Mapping[str, str]] = MappingProxyType({"wasted": "#b3261e", "working": "#1b6e3c", "unproven": "#5c6775"})


def render(ledger: schemas.Ledger, locale: Locale) -> str:
    """The report as one HTML document that needs nothing else."""
    return _Page(ledger, locale).render()


class _Page:
    def __init__(self, ledger: schemas.Ledger, locale: Locale) -> None:
        self._ledger = ledger
        self._locale = locale
        self._words = _catalog(locale)
        ends = [end for row in ledger.rows if (p := row.caused_profit) for end in (p.low_minor, p.high_minor)]
        self._low, self._high = min([0, *ends]), max([1, *ends])

    def render(self) -> str:
        ledger = self._ledger
        fields = {
            "lang": self._locale,
            "title": self._say("title"),
            "subtitle": self._say(
                "subtitle",
                first=ledger.period.start.isoformat(),
                last=ledger.period.to.isoformat(),
                margin=_share(ledger.margin),
                break_even=f"{ledger.break_even_roas:.2f}",
                as_of=f"{ledger.as_of:%Y-%m-%d %H:%M} UTC",
            ),
            "summary": self._summary(),
            "sums": self._sums(),
            "rows_title": self._say("rows_title"),
            "heads": self._heads(),
            "rows": "\n".join(map(self._row, ledger.rows)),
            "truth": self._truth(),
            "notes_title": self._say("notes_title"),
            "notes": "\n".join(f"<p>{self._say(name)}</p>" for name in ("note_caused", "note_credit", "note_state")),
            "footer": self._say("footer", currency=ledger.currency),
        }
        return _template().substitute(fields)

    def _say(self, name: str, **values: str) -> str:
        """The words of a name, with values in them, safe to stand in HTML."""
        return escape(Template(self._words[name]).substitute(values))

    def _money(self, minor: int) -> str:
        amount = from_minor(minor, self._ledger.currency)
        digits = 0 if abs(amount) >= 100 else exponent(self._ledger.currency)
        return f"{amount:,.{digits}f}".replace("-", "−")

    def _summary(self) -> str:
        totals = self._ledger.totals
        if totals.spend_minor == 0:
            return self._say("no_spend")
        parts = {name: getattr(totals, f"{name}_minor") for name in ("spend", *_STATES)}
        return self._say("summary", **{name: self._money(minor) for name, minor in parts.items()})

    def _sums(self) -> str:
        totals = self._ledger.totals
        shown = (
            ("spend", totals.spend_minor),
            ("last_touch", totals.credited_last_touch_minor),
            ("wasted", totals.wasted_minor),
            ("saved", totals.saved_minor),
        )
        return "".join(f"<div><b>{self._money(minor)}</b>{self._say(name)}</div>" for name, minor in shown)

    def _heads(self) -> str:
        names = (("channel", ""), ("spend", "number"), ("last_touch", "number"), ("profit", "number"))
        rest = (("state", ""), ("evidence", ""), ("advice", ""))
        return "".join(f'<th class="{kind}">{self._say(name)}</th>' for name, kind in (*names, *rest))

    def _row(self, row: schemas.Row) -> str:
        name = escape(row.name or row.channel)
        cells = (
            f"<td>{name}<br><span class='quiet'>{escape(row.channel)}</span></td>",
            f"<td class='number'>{self._money(row.spend_minor)}</td>",
            f"<td class='number'>{self._money(row.credited_last_touch_minor)}</td>",
            f"<td class='number'>{self._profit(row)}</td>",
            f"<td class='state {row.state}'>{self._say(row.state)}</td>",
            f"<td>{self._evidence(row.evidence)}</td>",
            f"<td>{self._advice(row.advice)}</td>",
        )
        return f"<tr>{''.join(cells)}</tr>"

    def _profit(self, row: schemas.Row) -> str:
        found = row.caused_profit
        if found is None:
            return "–"
        bounds = f"{self._money(found.low_minor)} … {self._money(found.high_minor)}"
        text = f"{self._money(found.estimate_minor)}<br><span class='quiet'>{bounds}</span>"
        return text + self._picture(found, _COLORS[row.state])

    def _picture(self, found: schemas.Range, color: str) -> str:
        """The interval as a line, the estimate as a dot; hollow and dashed where zero lies inside."""
        zero, low, middle, high = (
            _WIDTH * (value - self._low) / (self._high - self._low)
            for value in (0, found.low_minor, found.estimate_minor, found.high_minor)
        )
        is_open = found.low_minor <= 0 <= found.high_minor
        dashes, fill = (' stroke-dasharray="3 2"', "#fff") if is_open else ("", color)
        line = f'stroke="{color}" stroke-width="1.5"'
        y = _HEIGHT / 2
        return (
            f'<svg width="{_WIDTH:.0f}" height="{_HEIGHT:.0f}" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" role="img" '
            f'aria-label="{self._money(found.low_minor)} … {self._money(found.high_minor)}">'
            f'<line x1="{zero:.1f}" x2="{zero:.1f}" y1="0" y2="{_HEIGHT:.0f}" stroke="#9aa5b1" stroke-width="0.7"/>'
            f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}" {line}{dashes}/>'
            f'<circle cx="{middle:.1f}" cy="{y}" r="3" fill="{fill}" {line}/></svg>'
        )

    def _evidence(self, found: schemas.Evidence) -> str:
        notes = [found.why_not] if found.why_not else [*found.remarks, *found.alarms]
        said = [*self._basis(found), *map(self._note, notes)]
        return "<br>".join(said[:1] + [f"<span class='quiet'>{text}</span>" for text in said[1:]])

    def _basis(self, found: schemas.Evidence) -> list[str]:
        if found.since is None:
            return []
        since = found.since.isoformat()
        if found.kind == "geo":
            return [self._say("geo", since=since, regions=str(found.regions))]
        if found.kind == "prior":
            return [self._say("prior")]
        return [self._say("holdout", since=since, open=f"{found.people_open:,}", held=f"{found.people_held:,}")]

    def _note(self, note: schemas.Note) -> str:
        return self._say(f"note_{note.code}", **{name: _written(name, value) for name, value in note.values.items()})

    def _advice(self, advice: schemas.Advice) -> str:
        is_planned = advice.holdout_share is not None and advice.days is not None
        said = [
            self._say("test_more", share=_share(advice.holdout_share or 0.0), days=str(advice.days))
            if is_planned
            else self._say(advice.action)
        ]
        if advice.meanwhile != advice.action and advice.meanwhile in ("lean_cut", "lean_keep"):
            said.append(f"<span class='quiet'>{self._say(f'until_{advice.meanwhile}')}</span>")
        return "<br>".join(said)

    def _truth(self) -> str:
        truth = self._ledger.truth
        if truth is None:
            return ""
        amounts = {
            "wasted": self._money(truth.wasted_spend_minor),
            "found": self._money(truth.found_minor),
            "wrongly": self._money(truth.wrongly_minor),
        }
        text = self._say("truth", covered=str(truth.covered), channels=str(truth.channels), **amounts)
        return f"<h2>{self._say('truth_title')}</h2><p>{text}</p>"


def _share(share: float) -> str:
    return f"{100 * share:g} %"


def _written(name: str, value: float | str) -> str:
    """A value of a note by its name: shares as percentages, other numbers with as many digits as they need."""
    if isinstance(value, str):
        return value
    if name.endswith("share"):
        return f"{100 * value:.1f} %"
    return f"{value:.1f}" if isinstance(value, float) else f"{value:,}"


@cache
def _template() -> Template:
    return Template(resources.files(_PACKAGE).joinpath("page.html").read_text(encoding="utf-8"))


@cache
def _catalog(locale: Locale) -> Mapping[str, str]:
    text = resources.files(_PACKAGE).joinpath(f"{locale}.json").read_text(encoding="utf-8")
    return MappingProxyType(json.loads(text))
