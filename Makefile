# make demo       everything running on this machine, until Ctrl-C   (make demo ONCE=1: one journey)
# make setup      install only
# make check      formatters, linters, types, contracts
# make test       unit and integration tests on the embedded PostgreSQL and Valkey
# make test-all   the same, then browser, fault and contract tests
# make lighthouse the pages everybody meets, as on a phone: at least 95 in all four (installs Lighthouse)
# make clean      remove what was built and installed; the data in ./var stays

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# The demo and the tests start their own servers; nothing here may run side by side.
.NOTPARALLEL:

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
export COSMO_DATA ?= $(CURDIR)/var
export NUMBA_CACHE_DIR ?= $(CURDIR)/var/numba
export PATH := $(CURDIR)/$(BIN):$(PATH)
PYTEST ?= $(BIN)/pytest
TEST_WORKERS ?= 2
COMPILED := production/scheduling production/scheduling/search production/scheduling/improve \
	design/rules/diagram design/rules/propagation

.PHONY: help demo setup setup-dev check test test-all test-browser test-fault test-contract \
	lighthouse openapi messages clean

help:
	@sed -n '1,7s/^# //p' Makefile

# --- installing: every step leaves a stamp, so that a second make has nothing to do -------------
setup: $(STAMPS)/base $(STAMPS)/static $(STAMPS)/messages $(STAMPS)/numba

setup-dev: setup $(STAMPS)/dev

$(VENV)/pyvenv.cfg:
	@python=$$(.ci/find-python); echo "  $$($$python --version) in $(VENV)"; $$python -m venv $(VENV)

$(STAMPS)/base: requirements/base.txt | $(VENV)/pyvenv.cfg
	@echo "  Python packages ($(<F), about 25 s the first time)"
	@$(PIP) install --require-hashes --no-deps -r $<
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/dev: requirements/dev.txt $(STAMPS)/base
	@echo "  Python packages for checks and tests ($(<F))"
	@$(PIP) install --require-hashes --no-deps -r $<
	@touch $@

$(STAMPS)/node: package.json package-lock.json .npmrc $(STAMPS)/base
	@echo "  Browser libraries"
	@npm ci --no-progress --loglevel=error >/dev/null
	@touch $@

$(STAMPS)/static: esbuild.mjs $(STAMPS)/node $(shell find static -path static/built -prune -o -type f -print)
	@echo "  Scripts and styles"
	@node esbuild.mjs
	@touch $@

$(STAMPS)/messages: $(wildcard locale/*/LC_MESSAGES/*.po) $(STAMPS)/base
	@echo "  Translations"
	@$(BIN)/pybabel --quiet compile --directory locale --domain django --statistics
	@touch $@

$(STAMPS)/numba: $(wildcard $(COMPILED:%=%/*.py)) $(STAMPS)/base
	@echo "  Compiled loops (about a minute the first time)"
	@mkdir -p "$(NUMBA_CACHE_DIR)"
	@rm -rf "$(NUMBA_CACHE_DIR)"/{search,propagation}_*  # numba looks only at the file of the entry itself
	@$(BIN)/python -c "from production.scheduling.dispatch import warm; warm()" & plans=$$!; \
	$(BIN)/python -c "from design.rules.diagram.walk import warm; warm()" && \
	$(BIN)/python -c "from design.rules.propagation import warm; warm()" && wait $$plans
	@$(BIN)/python -c "from production.scheduling.search.warm import warm; warm()" & shops=$$!; \
	$(BIN)/python -c "from production.scheduling.improve import warm_search; warm_search()" && wait $$shops
	@touch $@

# --- running -------------------------------------------------------------------------------------
demo: setup
	@exec "$(CURDIR)/$(BIN)/python" -m cosmo.demo $(if $(ONCE),--once)

# --- checking ------------------------------------------------------------------------------------
check: setup-dev
	@.ci/check

test: setup-dev
	@$(PYTEST) -n $(TEST_WORKERS) -m "not browser and not fault and not contract"

test-all: test test-browser test-fault test-contract

test-browser: setup-dev
	@$(PYTEST) -m browser

test-fault: setup-dev
	@$(PYTEST) -m fault

test-contract: setup-dev
	@$(PYTEST) -m contract

# 185 MB that only this target needs; Chromium is the machine's own (CHROME_PATH).
$(STAMPS)/lighthouse: .ci/lighthouse/package.json .ci/lighthouse/package-lock.json $(STAMPS)/base
	@echo "  Lighthouse"
	@npm ci --prefix .ci/lighthouse --no-progress --loglevel=error >/dev/null
	@touch $@

lighthouse: setup $(STAMPS)/lighthouse
	@$(BIN)/python manage.py lighthouse $(ARGS)

# --- written by a program, committed -------------------------------------------------------------
openapi: setup-dev
	@$(BIN)/python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

messages: setup-dev
	@$(BIN)/python .ci/messages.py update

clean:
	@rm -rf $(VENV) node_modules static/built .mypy_cache .ruff_cache .pytest_cache \
		.hypothesis .import_linter_cache test-results
	@find locale -name '*.mo' -delete
	@echo "Removed what was built and installed. The data is still in $(COSMO_DATA)."
