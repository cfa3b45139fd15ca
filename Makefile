# Two commands are enough: `make run` shows the example municipality, `make test` runs every test.
# Nothing has to be installed first but Python 3.11 or newer (another one: `make run PYTHON=python3.13`).

PYTHON ?= python3
# The ASGI door, where there is one, serves the same app with the page's language in its HTML.
APP ?= $(firstword $(wildcard asgi.py) app.py)
# For instance: make test PYTEST_ARGS="-x tests/valuation". Without it everything runs: what needs no browser in two halves
# beside each other, and then the browser, which needs both cores itself.
PYTEST_ARGS ?=
HALVES := test-computation test-screens

BIN := .venv/bin
# What was installed, and when: an install runs again only when its list is newer than its stamp.
RUNTIME := .venv/.runtime
DEV := .venv/.dev
BENCH_BIN := .venv-bench/bin
BENCH := .venv-bench/.installed

PIP_INSTALL := -m pip install --quiet --disable-pip-version-check
PIP := $(BIN)/python $(PIP_INSTALL)
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --group build $(LOCK_ARGS) pyproject.toml

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test $(HALVES) test-browser lint format bench screenshots lock clean

help:  ## Show this list
	@awk -F ':.*##' '/^[a-z]+:.*##/ { printf "make %-12s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUNTIME)  ## Start the dashboard with the example municipality on http://127.0.0.1:8501
	$(BIN)/streamlit run $(APP)

test: $(DEV)  ## Run every test (with Chromium and LibreOffice, installed where that is possible)
	@tests/system-packages
ifeq ($(PYTEST_ARGS),)
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target $(HALVES)
	@$(MAKE) --no-print-directory test-browser
else
	$(BIN)/pytest $(PYTEST_ARGS)
endif

test-computation:
	$(BIN)/pytest --ignore=tests/browser --ignore=tests/dashboard --ignore=tests/register

test-screens:
	$(BIN)/pytest tests/dashboard tests/register

test-browser:
	$(BIN)/pytest tests/browser

lint: $(DEV)  ## Check layout, rules and types
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy

format: $(DEV)  ## Lay the code out, and mend what can be mended by itself
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

bench: $(BENCH)  ## Measure what the documents say about speed
	@tests/system-packages
	@for script in benchmarks/*.py; do echo "== $$script"; PYTHONPATH=. $(BENCH_BIN)/python "$$script" || exit 1; done

screenshots: $(DEV)  ## Take the pictures of every page again, into docs/
	@tests/system-packages
	$(BIN)/python docs/screenshots.py

lock: $(DEV)  ## Write requirements*.txt again (newest versions: make lock LOCK_ARGS=--upgrade)
	$(LOCK) --output-file requirements.txt
	$(LOCK) --extra test --extra dev --constraints requirements.txt --output-file requirements-dev.txt
	$(LOCK) --extra bench --constraints requirements.txt --output-file requirements-bench.txt

clean:  ## Remove everything that the other commands made
	rm -rf .venv .venv-bench .hypothesis .mypy_cache .pytest_cache .ruff_cache build *.egg-info
	find . -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=...")'
	$(PYTHON) -m venv .venv

# The project itself last: its build tool is in the lists too, so nothing unchecked is downloaded for it.
$(RUNTIME): requirements.txt pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes --requirement requirements.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(BENCH): requirements-bench.txt pyproject.toml
	$(PYTHON) -m venv .venv-bench
	$(BENCH_BIN)/python $(PIP_INSTALL) --require-hashes --requirement requirements-bench.txt
	$(BENCH_BIN)/python $(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements-dev.txt pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes --requirement requirements-dev.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@ $(RUNTIME)
