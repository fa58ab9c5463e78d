# Two commands do everything: `make refresh` and `make test`. Each sets up what it needs first.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python

.PHONY: refresh test lint audit bench engines spark torture report ui docs pictures lock clean

refresh: $(VENV)/ready ## build everything and print the ranking
	@$(RUN) -m pipelines refresh

test: lint ## lint, types, tests
	@$(RUN) -m pytest

lint: $(VENV)/ready
	@$(RUN) -m ruff format --check pipelines tools tests bench torture
	@$(RUN) -m ruff check pipelines tools tests bench torture
	@$(RUN) -m mypy
	@$(RUN) -m tools.portable

audit: $(VENV)/ready ## known vulnerabilities of the locked packages; needs the package index
	@$(RUN) .ci/audit.py

DEALS ?= 5000000 20000000
bench: $(VENV)/ready ## time the indices, on one core, and the models on made-up deals: make bench DEALS="5000000 20000000"
	@OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(RUN) -m bench.asem
	@OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 POLARS_MAX_THREADS=1 $(RUN) -m bench.city_index
	@$(RUN) -m bench.scale $(DEALS)

torture: $(VENV)/ready ## kill, fill the disk, cut the power, damage the input: ten minutes, and a table of what was lost
	@$(RUN) -m torture $(MINUTES)

engines: refresh ## every model again on Sail, compared row by row with the build
	@$(RUN) -m tools.engines

# Apache Spark is 500 MB and wants a JVM (Debian: openjdk-17-jre-headless), so it has a virtual environment of its own.
SPARK := data/spark
spark: refresh $(SPARK)/ready ## the same on Apache Spark
	@SPARK_HOME=$$(echo $(SPARK)/lib/python3*/site-packages/pyspark) PYTHON=$(RUN) bench/spark.sh

$(SPARK)/ready:
	@$(PYTHON) -m venv $(SPARK)
	@$(SPARK)/bin/python -m pip install --quiet 'pyspark[connect]>=4.2,<4.3'
	@touch $@

report: refresh ## open the page of the release in a browser
	@$(PYTHON) -m webbrowser $(CURDIR)/data/release/report.html

ui: $(VENV)/ready ## the Dagster UI on this machine only, http://127.0.0.1:3000
	@DAGSTER_HOME=$(CURDIR) VIRTUAL_ENV=$(CURDIR)/$(VENV) $(VENV)/bin/dg dev --host 127.0.0.1 --port 3000

$(VENV)/ready: requirements.lock
	@echo "Setting up $(VENV) (once) …"
	@$(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install --quiet --require-hashes --requirement requirements.lock
	@touch $@

docs: refresh ## rewrite what README.md and docs/ quote from the release
	@$(RUN) -m tools.documents

pictures: refresh ## take the two pictures of the README; needs Chromium
	@$(RUN) -m bench.pictures

lock: ## rewrite requirements.lock from pyproject.toml; needs uv
	uv pip compile pyproject.toml --extra dev --extra postgres --extra sail --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-strip-extras --output-file requirements.lock

clean: ## remove everything made; the register and the reference tables stay
	rm -rf $(VENV) $(SPARK) data/archive data/landing data/releases data/release data/nextvalley.duckdb data/build.* data/exchange \
		data/dagster
