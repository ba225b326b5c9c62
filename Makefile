# Everything a newcomer types. `make setup` needs only Python >= 3.11 with venv, and git.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help setup demo test test-all check bench schema up clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## virtual environment, packages, browser UI
	@$(PYTHON) config/bootstrap.py

demo: setup ## set up everything, load the demo, train its first models, run at http://localhost:8000
	@$(BIN)/python manage.py demo

up: setup ## run without the demo
	@$(BIN)/python manage.py up

test: setup ## set up everything and run every test
	@$(BIN)/python -m pytest -q -m "not slow" $(ARGS)
	@cd frontend && npm test --silent

test-all: setup ## the slow tests too
	@$(BIN)/python -m pytest -q $(ARGS)
	@cd frontend && npm test --silent

check: setup ## formatting, lint, types, layers, drift of schema and migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/deptry .
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py spectacular --validate --fail-on-warn --format openapi-json --file var/openapi.json
	@cmp var/openapi.json frontend/openapi.json || (echo "The API has changed: run 'make schema' and commit." && exit 1)
	cd frontend && npm run --silent check
	cd frontend && npx openapi-typescript openapi.json -o ../var/schema.d.ts >/dev/null && cmp ../var/schema.d.ts src/api/schema.d.ts

schema: setup ## write the OpenAPI schema and the generated TypeScript types
	$(BIN)/python manage.py spectacular --validate --fail-on-warn --format openapi-json --file frontend/openapi.json
	cd frontend && npm run --silent types

bench: setup ## every benchmark, JSON in bench-results/
	@mkdir -p bench-results
	@for name in startup labelling keypress importing training agreement trust allocation crash gpu; do \
	  echo "== $$name"; $(BIN)/python -m benchmarks.$$name --out bench-results/$$name.json || exit 1; done
	@echo "== queue (--prompts 1000000 takes the full size)"; \
	  $(BIN)/python -m benchmarks.queue --prompts 100000 --seconds 8 --out bench-results/queue.json

clean: ## remove what was built (data in var/ stays)
	rm -rf $(VENV) frontend/node_modules frontend/dist staticfiles
