# The only command surface. Every target sets itself up on a fresh machine with Python 3.11+, pip and make.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed-from-lock

.DEFAULT_GOAL := help
.PHONY: help setup demo test up check bench lock clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: $(STAMP) ## virtual environment with the locked dependencies

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "juzhen needs Python 3.11 or newer; set PYTHON=...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(STAMP) ## the whole story on the sample matrix; leaves its artefacts under out/
	$(BIN)/juzhen demo --out out

test: $(STAMP) ## the test suite: offline, any date
	$(BIN)/python -m pytest

up: $(STAMP) ## Prefect server, worker, deployments and UI on 127.0.0.1 until Ctrl-C
	$(BIN)/juzhen up

check: $(STAMP) ## lint, format, types, SQL lint, import layers, lock
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/sqlfluff lint --processes 2 --disable-progress-bar sql
	$(BIN)/lint-imports
	@! grep -n '://' requirements.lock || (echo 'requirements.lock names a host; run make lock'; exit 1)

bench: $(STAMP) ## measured ratios beside a named reference, printed, never asserted
	$(BIN)/python -m benchmarks

lock: $(STAMP) ## resolve pyproject.toml again into the hash-pinned, host-free lock
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --quiet --output-file requirements.lock

clean: ## remove what the other targets made
	rm -rf .venv out .juzhen .pytest_cache .ruff_cache .hypothesis
