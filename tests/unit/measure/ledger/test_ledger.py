"""From rows to sums, to a report on paper and to one in the terminal."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from tests.unit.measure.ledger.builders import HELD, a_ledger, a_range, a_row, advice

from fanwheel.entrypoints import cli_verdict
from fanwheel.measure.ledger import history, report, rules, schemas, truths
from fanwheel.measure.ledger.repository import Standing
from fanwheel.measure.verdicts import Code, Note
from fanwheel.measure.verdicts.notes import SENTENCES

WASTED = a_row(
    "brand", state="wasted", spend_minor=200_00, evidence=HELD, caused_revenue=a_range(-50_00, 25_00, 100_00),
    caused_profit=a_range(-220_00, -190_00, -160_00), truth=schemas.RowTruth(caused_revenue_minor=0, state="wasted"),
    advice=advice("cut"),
)  # fmt: skip
WORKING = a_row(
    "mail", state="working", spend_minor=10_00, evidence=HELD, caused_revenue=a_range(100_00, 200_00, 300_00),
    caused_profit=a_range(30_00, 70_00, 110_00), truth=schemas.RowTruth(caused_revenue_minor=350_00, state="working"),
)  # fmt: skip
OPEN = a_row("<b>odd</b>", advice=advice("test", "lean_cut", holdout_share=0.15, days=28, worth_minor=900_00))


def test_sums_are_those_of_the_states() -> None:
    totals = rules.totals([WASTED, WORKING, OPEN])

    assert (totals.spend_minor, totals.wasted_minor, totals.working_minor, totals.unproven_minor) == (
        310_00, 200_00, 10_00, 100_00
    )  # fmt: skip
    assert totals.saved_minor == 190_00
    assert totals.caused_revenue_minor == 225_00
    # -190 + 70 = -120; the half widths 30 and 40 make sqrt(900 + 1600) = 50.
    assert totals.caused_profit == a_range(-170_00, -120_00, -70_00)


def test_nothing_is_said_of_what_was_caused_without_evidence() -> None:
    totals = rules.totals([OPEN])

    assert (totals.caused_revenue_minor, totals.caused_profit, totals.saved_minor) == (None, None, 0)


def test_closeness_counts_waste_found_good_spend_accused_and_intervals_that_hold() -> None:
    accused = a_row(
        "good", state="wasted", spend_minor=7_00, truth=schemas.RowTruth(caused_revenue_minor=1_00, state="working")
    )

    found = truths.closeness([WASTED, WORKING, OPEN, accused])

    # Of the two intervals that of brand holds 0, that of mail does not hold 350.
    assert found == schemas.Closeness(
        wasted_spend_minor=200_00, found_minor=200_00, wrongly_minor=7_00, covered=1, channels=2
    )


def test_without_a_known_truth_nothing_is_close() -> None:
    assert truths.closeness([OPEN]) is None


def test_true_returns_are_those_of_the_days_asked_for() -> None:
    truth = {
        "source_id": np.array([1, 1, 1, 2]),
        "day": np.array(["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-02"], dtype="datetime64[D]"),
        "spend_minor": np.array([100, 100, 100, 0]),
        "revenue_minor": np.array([1_000, 300, 100, 50]),
    }

    found = truths.returns(truth, {1: "ads", 2: "free"}, first=date(2026, 3, 2), last=date(2026, 3, 9))

    assert found == {"ads": 2.0}


# ---------------------------------------------------------------- history
YESTERDAY = date(2026, 3, 9)


def standing(newest: date | None, *, has_spend: bool = True, is_loading: bool = False) -> Standing:
    return Standing("UTC", 0.4, newest, has_spend, is_loading)


def test_a_workspace_without_history_is_judged_once_a_week_back() -> None:
    due = history.days_due(standing(None), YESTERDAY)

    assert (len(due), due[-1], due[0]) == (12, YESTERDAY, YESTERDAY - timedelta(weeks=11))


@pytest.mark.parametrize(
    ("known", "due"),
    [
        (standing(YESTERDAY - timedelta(days=3)), [YESTERDAY]),
        (standing(YESTERDAY), []),
        (standing(None, has_spend=False), []),
        (standing(None, is_loading=True), []),
    ],
)
def test_each_day_is_judged_once_and_only_what_is_whole(known: Standing, due: list[date]) -> None:
    assert history.days_due(known, YESTERDAY) == due


# ---------------------------------------------------------------- on paper and in the terminal
class Outline(HTMLParser):
    """Whether every element is closed, and which addresses the page asks for."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.asked_for: list[str] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.asked_for += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_the_report_is_one_page_that_needs_nothing_else(locale: report.Locale) -> None:
    page = report.render(a_ledger(WASTED, WORKING, OPEN), locale)
    outline = Outline(page)
    text = " ".join(outline.text)

    assert (outline.open, outline.asked_for) == ([], [])
    assert "<b>odd</b>" in text
    assert not re.search(r"\$\w", page)
    assert all(word in text for word in ("310", "200", "−190", "10.00", "15 %", "28"))
    assert page.count("<svg") == 2
    assert page.count("stroke-dasharray") == 0


def test_an_interval_that_holds_zero_is_hollow_and_dashed() -> None:
    page = report.render(a_ledger(a_row(caused_profit=a_range(-5_00, 1_00, 7_00), evidence=HELD)), "en")

    assert page.count("stroke-dasharray") == 1
    assert 'fill="#fff"' in page


def test_a_report_on_nothing_says_so() -> None:
    assert "Nothing was spent" in report.render(a_ledger(), "en")


def test_both_languages_of_the_report_say_the_same_things() -> None:
    from fanwheel.measure.ledger.report.rendering import _catalog

    english, chinese = _catalog("en"), _catalog("zh-CN")

    assert english.keys() == chinese.keys()
    for name, words in english.items():
        assert holes(words) == holes(chinese[name]), name


def holes(words: str) -> set[str]:
    """The values that a sentence asks for, in any of the three ways to write them."""
    return set(re.findall(r"\$([a-z_]+)|\{\{(\w+)\}\}|\{(\w+)[:}]", words, re.ASCII))


def asked(words: str) -> set[str]:
    return {name for names in holes(words) for name in names if name}


WEB = Path(__file__).parents[4] / "web/src/measure/verdict/locales"


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_every_code_has_a_sentence_on_the_page_and_in_the_report(locale: report.Locale) -> None:
    from fanwheel.measure.ledger.report.rendering import _catalog

    page = json.loads((WEB / f"{locale}.json").read_text(encoding="utf-8"))["note"]
    paper = {name: words for name, words in _catalog(locale).items() if name.startswith("note_")}

    assert set(page) == set(Code)
    assert {f"note_{code}" for code in Code} <= set(paper)
    for code, english in SENTENCES.items():
        assert asked(page[code]) == asked(english) == asked(paper[f"note_{code}"]), code


def test_every_code_of_the_library_has_an_english_sentence() -> None:
    assert set(SENTENCES) == set(Code)
    assert str(Note(code=Code.MET_BEFORE, values={"people": 12})) == (
        "12 people met it before their holdout began and are left out."
    )


def test_the_report_says_notes_and_leanings_in_its_language() -> None:
    alarm = rules.said(Note(code=Code.ARMS_UNEQUAL, values={"found_share": 0.25, "planned_share": 0.1}))
    row = a_row(evidence=replace(HELD, alarms=[alarm]), advice=advice("lean_cut"), caused_profit=a_range(-9, -2, 5))

    english, chinese = (report.render(a_ledger(row, OPEN), locale) for locale in ("en", "zh-CN"))

    assert "25.0 % of those compared are held out, 10.0 % were planned" in english
    assert "not proven: lean to cut" in english
    assert "25.0 % 属于对照组，计划为 10.0 %" in chinese
    assert "倾向削减" in chinese
    assert "在此之前倾向削减" in chinese  # until the test of the other row has told
    assert "没有为它设对照组" in chinese
    assert "held out" not in chinese


def test_the_terminal_shows_last_touch_beside_each_verdict(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")

    cli_verdict._print(a_ledger(WASTED, WORKING, OPEN))

    shown = capsys.readouterr().out
    (line,) = [line for line in shown.splitlines() if "brand" in line and "wasted" in line and "shown" in line]
    cells = [cell.strip() for cell in re.split("[│┃|]", line) if cell.strip()]
    assert cells == ["brand", "200", "500", "25", "-190", "-220 … -160", "wasted", "900 shown, 100 held out", "cut"]
    assert "Of 310 USD spent, 200 is proven wasted" in " ".join(shown.split())
    assert "Found of it: 200" in " ".join(shown.split())
