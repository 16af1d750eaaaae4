# The Spark conformance suite: included by Makefile.
SPARK_VENV := .venv-cluster

.PHONY: test-cluster
test-cluster: $(SPARK_VENV)/.ready  ## Compare every analytic statement on DuckDB and on a real Spark cluster
	@command -v java >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless; }
	PYTHONPATH=src $(SPARK_VENV)/bin/pytest tests/cluster -m cluster -v --no-header --tb=short

$(SPARK_VENV)/.ready: requirements.lock requirements-cluster.lock
	test -x $(SPARK_VENV)/bin/python || python3 -m venv $(SPARK_VENV)
	$(SPARK_VENV)/bin/python -m pip install -q --require-hashes -r requirements.lock
	$(SPARK_VENV)/bin/python -m pip install -q --require-hashes -r requirements-cluster.lock
	touch $@
