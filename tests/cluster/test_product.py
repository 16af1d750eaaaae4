"""With FANWHEEL_ENGINE=spark://… the product's own reports run on the cluster."""

import asyncio
import random
from datetime import date
from pathlib import Path

import pytest
from tests.cluster.standalone import Cluster
from tests.integration.engine.test_book import tell_a_life
from tests.integration.engine.test_reports_brute import plain
from tests.support.stream import Event, Stream

from fanwheel.infra.lake import Exporter, LakeOptions
from fanwheel.infra.settings import Settings
from fanwheel.measure.reports import Reports, rules
from fanwheel.measure.reports.cubes import Book, Period

pytestmark = [pytest.mark.cluster, pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(900)]

PERIOD = Period(date(2026, 1, 20), date(2026, 4, 10))


def book_of(settings: Settings, stream: Stream) -> Book:
    reports = Reports.of(settings, stream.dsn)
    try:
        return asyncio.run(reports.book(stream.workspace))
    finally:
        reports.close()


def test_the_same_reports_come_from_the_cluster(cluster: Cluster, dsn: str, tmp_path: Path) -> None:
    stream = Stream(dsn)
    tell_a_life(stream, random.Random(3))
    exporter = Exporter(Settings(home=tmp_path), dsn, options=LakeOptions(erasure_grace_s=0))
    exporter.run_once()
    exporter.close()
    stream.put(Event(who="u7", name="Product Viewed", source=1, domain=1))

    here = book_of(Settings(home=tmp_path), stream)
    there = book_of(Settings(home=tmp_path, engine=cluster.url), stream)
    stream.close()

    assert rules.readouts(here, PERIOD).orders > 0
    for report in (rules.stages, rules.flows, rules.readouts, rules.attribution):
        one, other = plain(report(here, PERIOD)), plain(report(there, PERIOD))
        assert {**one, "as_of": None} == {**other, "as_of": None}
    assert here.branches == there.branches
    assert rules.cohorts(here, "week").cohorts == rules.cohorts(there, "week").cohorts
