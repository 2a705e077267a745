# Everything a person or a machine does with this repository. `make` alone explains.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help run test lint bench city crash audit lock frontend messages

help: ## Show this list
	@echo "安哨 Anshao"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Set up, load demo data into an empty DATA_DIR and serve on http://127.0.0.1:8000 (PORT, DATA_DIR, ANSHAO_DEMO=0)
	@exec scripts/run.sh

test: ## Install what tests need, Chromium included, and run every test and check
	@exec scripts/test.sh

lint: ## Run the checks alone: ruff, mypy, import contracts, templates, migrations
	@scripts/setup.sh dev && exec scripts/lint.sh

bench: ## Measure CPU and time per tip beside the floor of the same run
	@scripts/setup.sh dev && exec .venv/bin/python -m benchmarks

city: ## A city in miniature (nginx, PostgreSQL and a replica, Redis, a store): every part killed once under load
	@exec scripts/city.sh

crash: ## Kill the real server a hundred times while tips arrive, on SQLite and PostgreSQL: nothing acknowledged is lost
	@scripts/setup.sh dev && ANSHAO_KILLS=100 exec .venv/bin/python -m pytest tests/journeys/test_crash.py -n 0 -s -v

audit: ## Ask whether a weakness is known of a pinned package (asks the packages' index)
	@exec scripts/audit.sh

lock: ## Pin the packages of requirements/*.in anew, with hashes
	@scripts/setup.sh dev && exec scripts/lock.sh

frontend: ## Build the JavaScript bundles of static/vendor (needs Node; only to change them)
	npm ci --no-audit --no-fund && npm run build

messages: ## Collect the texts to translate and compile the catalogues (needs gettext)
	@scripts/setup.sh dev && exec scripts/messages.sh
