#!/bin/sh
# Every analytic statement on DuckDB and on a real standalone Spark cluster on loopback, compared.
set -eu
cd "$(dirname "$0")/.."
VENV=.venv-cluster

if ! command -v java >/dev/null; then
    SUDO=""
    [ "$(id -u)" = 0 ] || SUDO="sudo"
    $SUDO apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $SUDO apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless >/dev/null
fi

# Spark is half a gigabyte, so it has a place of its own: everything that .venv has, and pyspark.
WANTED=$(cat requirements.lock requirements-cluster.lock | sha256sum)
if [ "$(cat $VENV/.installed 2>/dev/null)" != "$WANTED" ]; then
    [ -x $VENV/bin/python ] || .venv/bin/python -m venv $VENV
    [ -x $VENV/bin/pip ] || $VENV/bin/python -m ensurepip >/dev/null
    $VENV/bin/python -m pip install -q --require-hashes -r requirements.lock
    $VENV/bin/python -m pip install -q --require-hashes -r requirements-cluster.lock
    echo "$WANTED" >$VENV/.installed
fi

# pytest ends with 5, an error, if it finds nothing to run.
PYTHONPATH=src exec $VENV/bin/python -m pytest tests/cluster -m cluster -v --no-header --tb=short "$@"
