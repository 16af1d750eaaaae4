"""Runs in .venv-cluster, which has pyspark: see tools/cluster.mk. Elsewhere there is nothing to collect."""

import warnings
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cluster.standalone import Cluster

if find_spec("pyspark") is None:
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Cluster"]:
    from tests.cluster.standalone import Cluster

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        running = Cluster(tmp_path_factory.mktemp("cluster"))
        yield running
        _stop_session()
        running.close()


def _stop_session() -> None:
    from pyspark.sql import SparkSession

    if session := SparkSession.getActiveSession():
        session.stop()
