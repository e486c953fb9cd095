# Everything runs from a fresh clone: `make demo` sets up what is missing.
PYTHON ?= python3
PORT ?= 8080
VENV := .venv
BIN := $(VENV)/bin
MARK := $(VENV)/.ready

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  \033[1m%-12s\033[0m %s\n", $$1, $$2}'

.PHONY: setup
setup: $(MARK) ## Make the environment .venv from requirements.lock (hashes checked)

# A marker that is written last: a set-up that was stopped half-way is done again.
$(MARK): requirements.lock pyproject.toml deploy/setup.sh
	@sh deploy/setup.sh $(PYTHON) $(VENV)
	@touch $@

.PHONY: demo
demo: $(MARK) ## The whole way on a made-up day of wire copy
	@$(BIN)/wire demo

.PHONY: run
run: $(MARK) ## Poll the live feeds of feeds/*.toml through the DAGs, once
	@$(BIN)/wire run-dags

.PHONY: up
up: $(MARK) ## Start Postgres, Airflow's scheduler and UI on 127.0.0.1:$(PORT), until `make down`
	@$(BIN)/wire up --port $(PORT)

.PHONY: down
down: ## Stop all that `make up` started
	@if [ -x $(BIN)/wire ]; then $(BIN)/wire down; fi

.PHONY: psql
psql: $(MARK) ## Open psql on the ledger
	@$(BIN)/wire psql

.PHONY: backup
backup: $(MARK) ## Write the ledger to FILE (var/wire.backup)
	@$(BIN)/wire backup $(or $(FILE),var/wire.backup)

.PHONY: restore
restore: $(MARK) ## Read a ledger back from FILE (var/wire.backup)
	@$(BIN)/wire restore $(or $(FILE),var/wire.backup)

.PHONY: test
test: $(MARK) ## Run all tests
	@$(BIN)/python -m pytest -q

.PHONY: test-unit
test-unit: $(MARK) ## Run the tests that need no network, Postgres or Airflow
	@$(BIN)/python -m pytest -q tests/unit

.PHONY: evaluate
evaluate: $(MARK) ## Print quality figures against their floors
	@$(BIN)/wire evaluate all

.PHONY: train
train: $(MARK) ## Train the attribution model anew from ../shared/data (resumes after a stop)
	@sh training/run.sh $(PYTHON)

.PHONY: train-relations
train-relations: $(MARK) ## Train the relation model anew from our own pairs (resumes after a stop)
	@mkdir -p var/training
	@$(BIN)/python -m training.relations.plain var/training/plain.tsv
	@MODULE=training.relations.train sh training/run.sh $(PYTHON) --plain var/training/plain.tsv

.PHONY: lint
lint: $(MARK) ## Ruff, mypy, sqlfluff, import-linter
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check -q .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/sqlfluff lint -q sql/migrations sql/views

.PHONY: format
format: $(MARK) ## Format the code
	@$(BIN)/ruff check --fix -q .
	@$(BIN)/ruff format -q .

.PHONY: docs
docs: $(MARK) ## Write docs/data-dictionary.md and sql/schema.sql anew
	@$(BIN)/python -m pipeline.store.describe

.PHONY: lock
lock: $(MARK) ## Resolve requirements.lock anew from pyproject.toml
	@$(BIN)/uv pip compile -q --system-certs --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --group dev pyproject.toml -o requirements.lock

.PHONY: clean
clean: down ## Remove the environment and all that was made (the ledger too)
	@rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
