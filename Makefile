# Eleven commands; `make` alone lists them.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export OMP_NUM_THREADS ?= 1
PYTEST := $(BIN)/python -m pytest -n auto

.PHONY: help run test check-all lint types bench demo audit-dependencies clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

$(VENV)/run.stamp: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

$(VENV)/bench.stamp: bench/requirements.txt $(VENV)/dev.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r bench/requirements.txt
	touch $@

run: $(VENV)/run.stamp ## prepare the embedded database and open the app
	$(BIN)/python -m equity bootstrap
	EQUITY_STEWARD=$${EQUITY_STEWARD:-local} $(BIN)/python -m streamlit run app.py --server.headless=false --server.showEmailPrompt=false

test: $(VENV)/dev.stamp ## run all tests
	$(PYTEST)

check-all: $(VENV)/bench.stamp ## lint, types, all tests and the heavy simulations
	$(MAKE) lint types
	EQUITY_SLOW=1 $(PYTEST)

lint: $(VENV)/dev.stamp ## style and common mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev.stamp ## type checker
	$(BIN)/mypy

bench: $(VENV)/bench.stamp ## speed and memory against a plain alternative, to bench/results.json
	$(BIN)/python -m bench

demo: $(VENV)/run.stamp ## make the demonstration data again (needs no network)
	$(BIN)/python -m equity.demonstration

# Not part of CI: it asks PyPI for advisories on every installed package, and a check without them says nothing.
# --strict: a package that could not be looked up is a failure, not a pass.
audit-dependencies: $(VENV)/dev.stamp ## known vulnerabilities of every installed package (needs the network: pypi.org)
	$(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1
	$(VENV)/audit/bin/pip-audit --strict --progress-spinner off $(foreach path,$(wildcard $(VENV)/lib/python*/site-packages),--path $(path))

clean: ## remove the environment and the embedded database
	rm -rf $(VENV) var artifacts
