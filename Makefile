# Precursor: `make run` fits the carried surveys and writes the report; `make test` is what CI runs.
UV_VERSION := 0.13.8
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help environment lock run quick test test-all lint baseline surveys notebook validate benchmarks dependencies audit \
	test-pythons clean

help:  ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.venv/.ready: requirements.lock pyproject.toml scripts/environment.sh scripts/find-python.sh
	@python=$$(scripts/find-python.sh) && scripts/environment.sh "$$python" $(UV_VERSION)

environment: .venv/.ready  ## the locked environment in .venv

run: .venv/.ready  ## fit every default survey and write reports/<run>/report.pdf
	$(BIN)/precursor run

quick: .venv/.ready  ## the same with fewer draws
	$(BIN)/precursor run --quick

lint: .venv/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/deptry model
	$(BIN)/typos

test: lint  ## linters, types, import direction, and every test that is not slow
	$(BIN)/python -m pytest -m "not slow"

test-all: lint  ## the slow statistical tests too
	$(BIN)/python -m pytest

surveys: .venv/.ready  ## rebuild data/surveys from the tables in data/sources
	$(BIN)/python scripts/build_surveys.py

baseline: .venv/.ready  ## replace reports/baseline
	$(BIN)/python scripts/make_baseline.py

validate: .venv/.ready  ## check the fits themselves on two local workers (hours; goes on where it stopped)
	$(BIN)/precursor validate --scheduler local

benchmarks: .venv/.ready  ## print every side-by-side comparison
	scripts/benchmarks.sh

lock:  ## resolve requirements.lock anew (hashes for every platform, no host)
	uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.12 --group dev pyproject.toml -o requirements.lock

dependencies: .venv/.ready  ## rewrite docs/dependencies.md
	$(BIN)/python scripts/list_dependencies.py

audit: .venv/.ready  ## hashes, licences, versions; with ONLINE=--online the index and pip-audit too
	scripts/audit.sh $(ONLINE)

test-pythons: .venv/.ready  ## the quick tests on every supported Python that is on this machine
	scripts/test-pythons.sh

clean:
	rm -rf .venv .venv-pythons .uv .mypy_cache .ruff_cache .pytest_cache .hypothesis
