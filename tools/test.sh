#!/bin/sh
# All tests on the embedded PostgreSQL; with --external the integration tests on servers of the system, with --faults
# the large broadcast during which everything is killed.
set -eu
# Two processes on two cores; a file stays in one of them, so that it starts its product once, and all of the browser's
# files in one, which makes their brand once (tests/conftest.py). Files come as they are collected, the short ones of
# tests/unit last: those with the fewest tests, which come last by default, take longest.
PYTEST=".venv/bin/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder"

if [ "${1:-}" = --external ]; then
    . tools/external_postgres.sh
    if ! start_external_postgres; then
        echo "There is no PostgreSQL under /usr/lib/postgresql: apt-get install postgresql" >&2
        exit 1
    fi
    trap stop_external_postgres EXIT
    $PYTEST tests/integration -p tests.support.own_server -m "not browser and not cluster and not embedded"
elif [ "${1:-}" = --faults ]; then
    # One process: the product, the platform and the database share what cores there are.
    .venv/bin/python -m pytest -q -m faults tests/e2e/faults
elif [ ! -x /usr/bin/chromium ] && [ -z "${CI:-}" ]; then
    echo "Chromium is not installed: the browser tests are left out (apt-get install chromium fonts-noto-cjk)."
    $PYTEST -m "not browser and not cluster and not faults" tests
else
    $PYTEST -m "not cluster and not faults" tests
fi
