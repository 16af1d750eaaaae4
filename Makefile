# Fanwheel: `make run` starts the product with its demo brand, `make test` proves it.

PY := .venv/bin/python
UV := .venv/bin/uv
FANWHEEL := .venv/bin/fanwheel
SOURCES := src tests tools benchmarks

# Where the environment forbids Python to keep what it compiled, every start of the product compiles all it imports.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: setup run test test-faults test-external test-cluster bench web lint lint-types lint-rest format clean score

setup: .venv/.installed web  ## Install and build everything; leaves .venv/bin/fanwheel

.venv/.installed: requirements.lock requirements-setup.lock pyproject.toml
	test -x $(PY) || python3 -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.lock
	$(UV) pip install --quiet --python $(PY) --require-hashes -r requirements.lock
	$(UV) pip install --quiet --python $(PY) --no-deps --no-build-isolation --editable .
	touch $@

web: .venv/.installed  ## Build the web app, unless it is built from these very sources
	$(PY) tools/build_web.py

run: setup  ## Start the product with its demo brand on http://localhost:8400
	$(FANWHEEL) up --demo

lint: setup  ## Everything that can be said without running the product
	@$(MAKE) --no-print-directory -j2 lint-types lint-rest

lint-types:
	.venv/bin/mypy
	.venv/bin/lint-imports

lint-rest:
	.venv/bin/ruff check $(SOURCES)
	.venv/bin/ruff format --check $(SOURCES)
	$(PY) tools/size.py
	.venv/bin/pyright
	cd web && PATH="$(CURDIR)/.venv/bin:$$PATH" npm run --silent check

format: setup
	.venv/bin/ruff check --fix $(SOURCES)
	.venv/bin/ruff format $(SOURCES)

test: setup lint  ## All tests
	sh tools/test.sh

test-faults: setup  ## A broadcast to 50,000 people while worker, API, database and platform are killed and hurt at random
	sh tools/test.sh --faults

test-external: setup  ## The integration tests on PostgreSQL servers of the system instead of the embedded one
	sh tools/test.sh --external

test-cluster: setup  ## The analytic SQL on DuckDB and on a real Spark cluster, compared
	sh tools/test_cluster.sh

bench: setup  ## Every benchmark; one JSON line each
	@for file in benchmarks/*.py; do case $$file in */_*) ;; *) PYTHONPATH=. $(PY) $$file || exit 1;; esac; done

SEEDS ?= 0-19
PEOPLE ?= 300000
WORLD ?= harvest

score: setup  ## How much of a known world's waste is proven, one JSON line per method; INGEST=1 asks a running product
	@$(PY) tools/score.py --seeds $(SEEDS) --people $(PEOPLE) --world $(WORLD) $(if $(INGEST),--through ingest)

clean:
	rm -rf .venv .venv-cluster web/node_modules src/fanwheel/entrypoints/web .mypy_cache .ruff_cache .hypothesis dist
