# `make refresh` and `make test` do everything a newcomer needs; each installs what it needs first. `make help` lists the rest.
PYTHON ?= python3
UV ?= $(shell uv --version > /dev/null 2>&1 && echo uv)
VENV := .venv
RUN := $(VENV)/bin/python
EXTRAS := dev ui engines release site mcp
# For processes that run side by side, as many as there are cores.
ONE_THREAD := OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 POLARS_MAX_THREADS=1

# What is imported is compiled once, and not by every process anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: refresh report smoke test fast test-all whole lint ui bench expected mutants torture peers engines spark mcp docs pictures site lock audit clean help

refresh: $(VENV)/base $(if $(filter spark,$(ENGINE)),$(VENV)/engines) ## build everything and print the ranking
	@$(RUN) -m pipelines refresh

report: refresh ## open the report in a browser; with Chromium also print the brief as PDF
	@$(RUN) -m tools.paper
	@$(RUN) -m webbrowser -t "file://$(CURDIR)/data/release/report.html"

smoke: $(VENV)/base ## ask each source for one file and say what has changed: make smoke SOURCES=open
	@$(RUN) -m pipelines smoke

test: $(VENV)/dev ## run the fast tests, with lint and types: one to two minutes
	@$(MAKE) --no-print-directory --jobs 2 lint fast

fast: $(VENV)/dev ## run the fast tests alone
	@$(ONE_THREAD) $(RUN) -m pytest tests/unit tests/sql --numprocesses 2 --dist worksteal -m "not slow and not recorded and not browser and not engine and not release"

test-all: $(VENV)/dev $(VENV)/ui $(VENV)/engines $(VENV)/mcp $(VENV)/release ## run every test, with lint and types
	@$(MAKE) --no-print-directory --jobs 2 lint whole

whole: $(VENV)/dev $(VENV)/ui $(VENV)/engines $(VENV)/mcp $(VENV)/release ## run every test alone
	@$(ONE_THREAD) $(RUN) -m pytest --numprocesses auto --dist worksteal

lint: $(VENV)/dev ## check format, lint, types and that the SQL is portable
	@$(RUN) -m ruff format --check .
	@$(RUN) -m ruff check .
	@$(VENV)/bin/pyrefly check --summary=none
	@$(VENV)/bin/lint-imports --no-logo --no-cache
	@$(RUN) -m tools.portable

PORT ?= 3000
ui: $(VENV)/ui ## serve the Dagster UI to this machine at http://127.0.0.1:3000, or another PORT
	@$(if $(filter on,$(SCHEDULES)),,echo "Schedules are off: turn them on under Automation, or run make ui SCHEDULES=on")
	@DAGSTER_HOME=$(CURDIR) VIRTUAL_ENV=$(CURDIR)/$(VENV) $(VENV)/bin/dg dev --host 127.0.0.1 --port $(PORT)

DEALS ?= 5000000 20000000
bench: $(VENV)/engines ## time the start-up, the index and the models: make bench DEALS="5000000 20000000"
	@$(RUN) -m bench.startup
	@$(ONE_THREAD) $(RUN) -m bench.city_index
	@$(RUN) -m bench.pairs
	@$(RUN) -m bench.scale $(DEALS)
	@$(RUN) -m bench.pages

expected: $(VENV)/dev ## write the results of the small worlds in tests/expected anew, after a change that was meant
	@REWRITE_EXPECTED=1 $(RUN) -m pytest tests/unit tests/sql -k "small_world or constants"
	@REWRITE_EXPECTED=1 $(RUN) -m pytest tests/unit/ingest/sources tests/unit/resolve -m "not recorded"

peers: $(VENV)/base ## measure other tools on the same work; installs them in data/peers, which needs the network
	@$(RUN) -m bench.febrl
	@$(ONE_THREAD) $(RUN) -m bench.compare
	@$(RUN) -m bench.pages

MUTANTS ?= 12
mutants: $(VENV)/dev ## plant small faults and list those that no fast test notices: make mutants MUTANTS=all ROOMS="index sql"
	@$(RUN) -m tools.mutants $(ROOMS) --number $(MUTANTS:all=0) $(if $(SEED),--seed $(SEED))

torture: $(VENV)/dev $(VENV)/release ## kill refreshes, fill the disk and damage the input for ten minutes; report any loss
	@$(RUN) -m torture $(MINUTES)

engines: refresh $(VENV)/engines ## build every model again on Sail and compare it row by row
	@$(RUN) -m tools.engines

# Apache Spark takes 500 MB and needs a JVM (Debian: openjdk-17-jre-headless), so it has a virtual environment of its own.
SPARK := data/spark
spark: refresh $(VENV)/engines $(SPARK)/ready ## build every model again on Apache Spark and compare it
	@SPARK_HOME=$$(echo $(SPARK)/lib/python3*/site-packages/pyspark) PYTHON=$(RUN) bench/spark.sh tools.engines

mcp: $(VENV)/mcp ## install the server for assistants, and print what starts it
	@echo '{"mcpServers": {"nextvalley": {"command": "$(CURDIR)/nextvalley", "args": ["mcp"]}}}'

docs: refresh ## rewrite the parts of README.md and docs/ that quote the release
	@$(RUN) -m tools.documents
	@$(RUN) -m tools.contents
	@$(RUN) -m tools.promises

pictures: refresh $(VENV)/ui $(VENV)/release ## take the pictures of the README; needs Chromium
	@$(RUN) -m bench.pictures

site: $(VENV)/site ## build the documentation as a website in site/
	@$(VENV)/bin/zensical build --clean --strict

audit: $(VENV)/release ## report known vulnerabilities of the locked packages; needs the network
	@$(RUN) .ci/audit.py

lock: ## rewrite the locks from pyproject.toml; needs uv
	@UV="$(UV)" tools/lock.sh $(EXTRAS)

clean: ## remove what can be made again; archived bytes, releases and your exports stay
	rm -rf $(VENV) $(SPARK) site data/landing data/build.duckdb* .pytest_cache data/durations.json data/exchange data/dagster \
		data/peers

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-10s %s\n", $$1, $$2 }' Makefile

# .venv/NAME marks an installed lock.
$(VENV)/base: requirements.lock
	@test -x $(RUN) || $(if $(UV),$(UV) venv --quiet --python $(PYTHON),$(PYTHON) -m venv) $(VENV)
	@$(call install,$<)

$(VENV)/%: requirements-%.lock $(VENV)/base
	@$(call install,$<)

$(SPARK)/ready:
	@$(PYTHON) -m venv $(SPARK)
	@$(SPARK)/bin/python -m pip install --quiet 'pyspark[connect]>=4.2,<4.3'
	@touch $@

# Packages of a lock that are installed here: it also has those of other systems, and versions for other Pythons.
packages = $(shell awk -F '==' '/==/ && !/== .(win32|emscripten)/ && !seen[$$1]++ { n++ } END { print n }' $(1))

# A lock is complete, so nothing is resolved. What is downloaded shows while it is.
define install
echo "Installing the $(call packages,$(1)) packages of $(1) into $(VENV) with $(or $(UV),pip)"; \
$(if $(UV),$(UV) pip install --compile-bytecode --python $(RUN),$(RUN) -m pip install) --no-deps --require-hashes --requirement $(1) \
&& touch $@
endef
