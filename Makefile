# Everything a machine with Python 3.11, make and a shell needs. Nothing is installed outside the checkout.
PYTHON ?= python3
UV_VERSION := 0.13.9
VENV := .venv
PY := $(VENV)/bin/python
BIN := $(VENV)/bin
PYTEST_WORKERS ?= auto
SEEDS ?= 1-40
# Where it is set, every process a test or `make run` starts would compile the whole tree anew.
unexport PYTHONDONTWRITEBYTECODE

PO := locale/en/LC_MESSAGES/django.po
MO := $(if $(wildcard $(PO)),$(PO:.po=.mo))

.DEFAULT_GOAL := help
.PHONY: help setup messages run test quick test-system-postgres lint format bench chaos mutations restore-drill locks audit clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 24

setup: $(VENV)/.ok $(MO) ## build .venv from the hash-pinned lock and compile the English texts

$(VENV)/.ok: requirements-dev.lock
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PY) -m shopguard.launcher.setup $(UV_VERSION) requirements-dev.lock
	@touch $@

%.mo: %.po | $(VENV)/.ok
	@$(BIN)/pybabel -q compile -i $< -o $@ -l en 2>/dev/null

messages: setup ## collect new texts into the English catalogue, to be filled in by hand
	@$(PY) -m babel.messages.frontend -q extract -F babel.cfg --no-location --sort-output -k gettext_lazy -k ngettext_lazy:1,2 -k pgettext_lazy:1c,2 -o $(PO)t .
	@$(PY) -m babel.messages.frontend -q update -N --ignore-obsolete --ignore-pot-creation-date -w 100 -l en -i $(PO)t -o $(PO) && rm $(PO)t

run: setup ## start everything; Ctrl-C ends it
	@$(PY) -m shopguard.launcher.run

test: setup ## the whole suite, browser tests included
	@$(PY) -m pytest -n $(PYTEST_WORKERS) --dist loadfile

quick: setup ## without the tests that need a browser or kill processes
	@$(PY) -m pytest -n $(PYTEST_WORKERS) --dist loadfile -m "not browser and not process"

test-system-postgres: setup ## the tests of imports and the nightly run on the PostgreSQL of this machine
	@SHOPGUARD_POSTGRES=system $(PY) -m pytest -n $(PYTEST_WORKERS) --dist loadfile -m "not browser and not process" tests/imports tests/nightly

lint: setup ## style, types, layers, templates, security
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint --lint --quiet .
	@$(BIN)/bandit -q -c pyproject.toml -r shopguard stores aftersales servicescore freightins -ll

format: setup ## put the code into shape
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: setup ## ratios against a reference in the same run
	@$(PY) -m bench

chaos: setup ## seeded schedules of faults on real processes; SEEDS=1-40
	@$(PY) -m tests.chaos --seeds $(SEEDS)

mutations: setup ## take each scope away in turn and expect a test to fail; ONLY=text
	@$(PY) -m tests.mutations --only "$(ONLY)"

restore-drill: setup ## load a demo, back it up, wipe everything, restore, verify
	@$(PY) -m tests.restore

audit: setup ## known holes in the runtime lock
	@$(BIN)/pip-audit -r requirements.lock --require-hashes --disable-pip

locks: setup ## write both locks anew from pyproject.toml
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-annotate -c requirements.lock --group dev pyproject.toml -o requirements-dev.lock

clean: ## forget the built parts (not the data in .local)
	@rm -rf $(VENV) staticfiles .mypy_cache .ruff_cache .pytest_cache
