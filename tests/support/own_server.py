"""Gives each test process the external server that was started for it: loaded with -p, before any fixture."""

import os

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0").upper()

os.environ["FANWHEEL_TEST_DATABASE_URL"] = os.environ[f"FANWHEEL_TEST_DATABASE_URL_{_WORKER}"]
