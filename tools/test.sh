#!/bin/sh
# All tests on the embedded PostgreSQL, then the integration tests again on an external one.
set -eu
# Two processes on two cores; a file stays in one of them, so that it starts its product once. Files come as they are
# collected, the short ones of tests/unit last: those with the fewest tests, which come last by default, take longest.
PYTEST=".venv/bin/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder"

if [ ! -x /usr/bin/chromium ] && [ -z "${CI:-}" ]; then
    echo "Chromium is not installed: the browser tests are left out (apt-get install chromium fonts-noto-cjk)."
    $PYTEST -m "not browser and not cluster" tests
else
    $PYTEST -m "not cluster" tests
fi

. tools/external_postgres.sh
if start_external_postgres; then
    trap stop_external_postgres EXIT
    $PYTEST tests/integration -p tests.support.own_server -m "not browser and not cluster and not embedded"
elif [ -n "${CI:-}" ]; then
    echo "CI needs Debian's PostgreSQL" >&2
    exit 1
else
    echo "No PostgreSQL under /usr/lib/postgresql: the external run is left out (apt-get install postgresql)."
fi
