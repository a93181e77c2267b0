# sealane: needs python3 (with venv), git and make; everything else comes hash-locked into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
WORKERS ?= auto
SECONDS ?= 600
# What needs neither a whole journey nor an optional peer.
HERE := -m "not e2e and not interop"
# Unit tests alone reach every branch of what decides; less fails.
UNIT := $(BIN)/python -m pytest tests/unit -n $(WORKERS) $(HERE) --cov=sealane.core --cov-branch \
	--cov-fail-under=100 --cov-report=term:skip-covered

.DEFAULT_GOAL := help
.PHONY: help setup doctor rehearse check fix test e2e interop fuzz bench docs lock clean

help: ## Show the targets
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "  %-10s %s\n", $$1, $$2}' Makefile

setup: $(VENV)/.setup ## Make .venv with sealane[all] in it, locked with hashes

$(VENV)/.setup: requirements/all.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("sealane needs Python 3.11 or later") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --require-hashes --no-deps -r requirements/all.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.setup requirements/dev.txt
	$(PIP) install --quiet --require-hashes --no-deps -r requirements/dev.txt
	touch $@

doctor: $(VENV)/.setup ## List what the optional targets need, and whether it is here
	$(BIN)/python tools/doctor.py

rehearse: $(VENV)/.setup ## The whole lane on examples/hello-lane, in a sandbox
	$(BIN)/sealane rehearse examples/hello-lane

check: $(VENV)/.dev ## Format, lint, types, import rules, unit tests: before every commit
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(UNIT) -q

fix: $(VENV)/.dev ## Format, and fix what is safe to fix
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

test: $(VENV)/.dev ## Everything that runs on one machine without optional peers
	$(UNIT)
	$(BIN)/python -m pytest tests --ignore=tests/unit -n $(WORKERS) $(HERE)

e2e: $(VENV)/.dev ## Whole journeys
	$(BIN)/python -m pytest tests -n $(WORKERS) -m e2e

interop: $(VENV)/.dev ## With Go-built peers; a missing peer is a failure
	tools/peers
	$(BIN)/python -m pytest tests/interop -m interop -v

fuzz: $(VENV)/.dev ## Change good bundles for SECONDS, from a new seed or from SEED
	PYTHONPATH=tests $(BIN)/python -m fuzz.run --seconds $(SECONDS) $(if $(SEED),--seed $(SEED))

bench: $(VENV)/.dev ## Paired measurements; ratios are printed
	$(BIN)/python -m benchmarks

docs: $(VENV)/.dev ## Write docs/reference from the code, and check what the docs say
	$(BIN)/python tools/reference.py
	$(BIN)/python -m pytest tests/docs -q

lock: $(VENV)/.dev ## Resolve requirements/*.txt afresh; releases younger than 7 days wait
	tools/lock

clean: ## Remove what the other targets made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build
