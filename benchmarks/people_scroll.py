"""Scrolling the list of 100,000 people from top to bottom and back, in Chromium: frames, rows in the page, memory.

People are imported from a CSV file. The way down also fetches everybody, 200 at a time, as it comes near the end of
what is known; on the way back everybody is at hand. Each frame moves by twenty rows, a window full: the scroll bar is
dragged. Frames are held against those of the same page at rest, measured in the same run; the work of a frame, which is
the main thread's CPU time and therefore the same on a busy machine, against the sixtieth of a second that there is.
"""

import argparse
import csv
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from tests.support.browser import CHROMIUM, FLAGS
from tests.support.product import OWNER, PASSWORD, Product

from _bench import a_product, report

STEP_ROWS = 20
# Times that as long a frame may take as at rest, in the slowest twentieth.
TIMES_AT_REST = 2.0
FRAME_MS = 1000 / 60
LONGEST_MS = 200
MOST_ROWS = 120
MOST_MB = 300
CITIES = ("Hangzhou", "上海", "Berlin", "São Paulo", "Leeds")

# Runs in the page: goes on frame by frame until ``end`` says so, and tells how long each frame took.
SCROLL = """
async ({step, frames}) => {
  const list = document.querySelector('[data-virtual]');
  const waited = [], rows = [];
  const frame = () => new Promise(requestAnimationFrame);
  let still = 0, last = await frame();
  while (still < 90 && waited.length < frames) {
    const before = list.scrollTop;
    list.scrollTop += step;
    const now = await frame();
    waited.push(now - last);
    last = now;
    rows.push(list.querySelectorAll('tbody tr').length);
    still = step !== 0 && list.scrollTop === before && !list.querySelector('[role=status]') ? still + 1 : 0;
  }
  waited.splice(waited.length - still);
  const seen = [...list.querySelectorAll('tr[aria-rowindex]')].map((row) => Number(row.ariaRowIndex));
  return {waited, rows: Math.max(...rows), lowest: Math.max(...seen), highest: Math.min(...seen.filter((n) => n > 1))};
}
"""


def write_people(file: Path, people: int) -> None:
    with file.open("w", newline="", encoding="utf-8") as opened:
        rows = csv.writer(opened)
        rows.writerow(["user_id", "name", "email", "city", "seen_at"])
        for i in range(people):
            day = f"2026-{1 + i % 10:02d}-{1 + i % 28:02d}T{i % 24:02d}:00:00Z"
            rows.writerow([f"u{i}", f"Person {i}", f"person{i}@brand.example", CITIES[i % len(CITIES)], day])


def fill(product: Product, people: int) -> None:
    """Import so many people and wait until all are in the list."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "people.csv"
        write_people(file, people)
        product.command("import", "people", str(file))
    product.eventually("/api/people", lambda found: found["total"] >= people, seconds=300, limit=1)


def signed_in(browser: Browser, product: Product) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en").new_page()
    page.goto(f"{product.url}/login")
    page.get_by_label("Email").fill(OWNER)
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Cockpit").wait_for()
    page.goto(f"{product.url}/people")
    page.locator("tbody tr a").first.wait_for()
    page.wait_for_load_state("networkidle")
    return page


class Meter:
    """What Chromium says of the page: CPU time of its main thread, and memory."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def _metric(self, name: str) -> float:
        found = self._session.send("Performance.getMetrics")["metrics"]
        return next(float(each["value"]) for each in found if each["name"] == name)

    def work_ms(self) -> float:
        """CPU time so far."""
        return self._metric("TaskDuration") * 1000

    def memory_mb(self) -> float:
        """What objects take once nothing is left to collect."""
        self._session.send("HeapProfiler.collectGarbage")
        return self._metric("JSHeapUsedSize") / 2**20


def p95(waited: list[float]) -> float:
    return sorted(waited)[len(waited) * 95 // 100]


def measure(page: Page, people: int) -> bool:
    row = page.locator("tbody tr[aria-rowindex]").first.bounding_box()
    assert row is not None
    step, meter = STEP_ROWS * round(row["height"]), Meter(page)
    rest: dict[str, Any] = page.evaluate(SCROLL, {"step": 0, "frames": 120})
    ok = True
    for name, sign, end in (("people_scroll_down", 1, "lowest"), ("people_scroll_up", -1, "highest")):
        before = meter.work_ms()
        way: dict[str, Any] = page.evaluate(SCROLL, {"step": sign * step, "frames": people * 10})
        work = (meter.work_ms() - before) / len(way["waited"])
        assert way[end] == (people + 1 if sign > 0 else 2), f"{name} ended at row {way[end]}"
        ok &= report(name, p95(way["waited"]), "ms", limit=p95(rest["waited"]), target=TIMES_AT_REST, at_most=True)
        ok &= report(f"{name}_longest", max(way["waited"]), "ms", limit=0, target=LONGEST_MS, at_most=True)
        ok &= report(f"{name}_work", work, "ms", limit=FRAME_MS, target=1, at_most=True)
        ok &= report(f"{name}_rows", way["rows"], "rows", limit=0, target=MOST_ROWS, at_most=True)
    return report("people_scroll_memory", meter.memory_mb(), "MB", limit=0, target=MOST_MB, at_most=True) and ok


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    people = parser.parse_args().people
    with a_product() as product, sync_playwright() as play:
        fill(product, people)
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            return 0 if measure(signed_in(browser, product), people) else 1
        finally:
            browser.close()


if __name__ == "__main__":
    sys.exit(main())
