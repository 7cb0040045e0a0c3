# The two commands: `make build` and `make test`. Everything else is a part of them, or said by `make help`.
PYTHON ?= python3
VENV := .venv
SPARK_VENV := .venv-spark
BIN := $(VENV)/bin
TEST_BUILD := build/test
JOBS ?= 2
CHROMIUM ?= /usr/bin/chromium
CYCLONEDX := 7.3.1
PIP_AUDIT := 2.10.1
export OPENBLAS_NUM_THREADS := 1
export DBT_PROFILES_DIR := $(CURDIR)

.DEFAULT_GOAL := help
.PHONY: help install build demo test test-spark spark-beside-duckdb checks lint types sql-lint bouncer docs documents hooks parse unit \
	unit-builds unit-package dbt-test reproduce test-site test-page sample lock bench-intake bench-linking bench-matching bench-report calibrate \
	fuzz data-tests properties attack sbom weaknesses clean

help: ## Say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: install ## Build the databases from the raw zone and print the headline of each request
	$(BIN)/dbt --log-level warn --log-level-file debug build
	@$(BIN)/jdl summary

demo: install ## A first result of the sample, without tests and apart from any build: build/demo
	JDL_DATA= JDL_BUILD=build/demo $(BIN)/dbt --log-level warn --log-level-file debug build \
		--exclude-resource-type test unit_test
	@$(BIN)/jdl summary --build build/demo --untested

test: install ## Everything that CI runs, JOBS parts at once
	@$(MAKE) --no-print-directory -j$(JOBS) unit-builds unit-package checks
	@echo "make test: all passed"

test-spark: ## The sample on Spark beside DuckDB, table by table; says so where there is no Java
	@if command -v java >/dev/null || [ -n "$$JAVA_HOME" ]; then \
		$(MAKE) --no-print-directory spark-beside-duckdb; \
	else echo "make test-spark: not run, Java 17 or later is not installed"; fi

spark-beside-duckdb: $(SPARK_VENV)/.installed
	rm -rf $(TEST_BUILD)/spark
	$(SPARK_VENV)/bin/pytest tests/python/spark
	JDL_BUILD=$(TEST_BUILD)/spark DBT_TARGET_PATH=$(TEST_BUILD)/spark/target \
		$(SPARK_VENV)/bin/dbt build --exclude-resource-type test unit_test
	JDL_BUILD=$(TEST_BUILD)/spark DBT_TARGET_PATH=$(TEST_BUILD)/spark/target \
		$(SPARK_VENV)/bin/dbt build --target spark
	$(SPARK_VENV)/bin/python -m justice_data_lab.spark.equality $(TEST_BUILD)/spark $(TEST_BUILD)/spark

$(SPARK_VENV)/.installed: requirements.txt requirements-spark.txt pyproject.toml
	$(PYTHON) -m venv --clear $(SPARK_VENV)
	$(SPARK_VENV)/bin/pip install -qq --disable-pip-version-check --require-hashes \
		-r requirements.txt -r requirements-spark.txt
	$(SPARK_VENV)/bin/pip install -qq --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

checks: dbt-test
	@$(MAKE) --no-print-directory -j1 -o dbt-test lint types sql-lint parse reproduce bouncer

install: $(VENV)/.installed ## Make .venv with the locked packages

$(VENV)/.installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11 ..." >&2; exit 2; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install -qq --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

lint: install ## Style of the Python and the YAML
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/yamllint --strict .

types: install ## Types of the package
	$(BIN)/mypy

sql-lint: install ## Style of the SQL, through the dbt templater
	JDL_BUILD=$(TEST_BUILD)/lint $(BIN)/sqlfluff lint --disable-progress-bar models analyses

bouncer: install ## The conventions of the house, on the artefacts of a build
	JDL_BUILD=$(TEST_BUILD)/first $(BIN)/dbt docs generate --quiet
	$(BIN)/dbt-bouncer run --config-file dbt-bouncer.yml

docs: install ## The documentation of every table in one file, target/static_index.html
	$(BIN)/dbt docs generate --static

documents: dbt-test ## Write the documents that are made from the project: dictionary, questions, worked example
	PYTHONPATH=tests/python $(BIN)/python -m documents $(TEST_BUILD)/first/target $(TEST_BUILD)/first docs

hooks: ## Run the quick checks before every commit
	git config core.hooksPath .githooks

parse: install ## The project parses without a warning
	$(BIN)/dbt --warn-error parse --no-partial-parse

unit: install ## pytest: the package, the command and whole builds
	$(BIN)/pytest

unit-builds: dbt-test
	JDL_SAMPLE_BUILD=$(TEST_BUILD)/first $(BIN)/pytest tests/python/builds tests/python/test_contributing.py

unit-package: install
	$(BIN)/pytest --ignore tests/python/builds --ignore tests/python/test_contributing.py

dbt-test: install ## A build of the sample from nothing, with its data tests and unit tests
	rm -rf $(TEST_BUILD)/first
	JDL_BUILD=$(TEST_BUILD)/first DBT_TARGET_PATH=$(TEST_BUILD)/first/target \
		$(BIN)/dbt --warn-error build

ifdef RELEASE
reproduce: install ## Build a release again (RELEASE=version) and compare every figure; without RELEASE
	$(BIN)/python -m justice_data_lab.releases.reproduce $(RELEASE)
else
reproduce: dbt-test ## a second build, of shuffled rows and with one thread, gives the same tables
	rm -rf $(TEST_BUILD)/second $(TEST_BUILD)/shuffled
	$(BIN)/python tests/python/builds/shuffle_zone.py data/sample $(TEST_BUILD)/shuffled
	JDL_DATA=$(TEST_BUILD)/shuffled JDL_BUILD=$(TEST_BUILD)/second JDL_DUCKDB_THREADS=1 \
		$(BIN)/dbt build --quiet
	$(BIN)/python -m justice_data_lab.build.fingerprints $(TEST_BUILD)/first $(TEST_BUILD)/second
endif

test-site: install ## The site in a browser: accessibility, keyboard, print, first screens, no request outside
	@command -v npm >/dev/null || { echo "make test-site: Node.js and npm are missing" >&2; exit 2; }
	@test -x $(CHROMIUM) || { echo "make test-site: no Chromium at $(CHROMIUM)" >&2; exit 2; }
	@command -v pdftotext >/dev/null || { echo "make test-site: pdftotext (poppler-utils) is missing" >&2; exit 2; }
	@PUPPETEER_SKIP_DOWNLOAD=1 npm ci --prefix tests/site --ignore-scripts --silent --no-audit || \
		{ echo "make test-site: axe-core and pa11y could not be installed" >&2; exit 2; }
	rm -rf $(TEST_BUILD)/site
	PYTHONPATH=tests/python $(BIN)/python -m report.published_tables $(TEST_BUILD)/site 16
	$(BIN)/jdl report --build $(TEST_BUILD)/site
	CHROMIUM=$(CHROMIUM) node tests/site/check.mjs $(TEST_BUILD)/site/site

test-page: install ## The offline page in a browser, on every file of the tests, against jdl check
	@command -v npm >/dev/null || { echo "make test-page: Node.js and npm are missing" >&2; exit 2; }
	@test -x $(CHROMIUM) || { echo "make test-page: no Chromium at $(CHROMIUM)" >&2; exit 2; }
	npm ci --prefix page --ignore-scripts --silent --no-audit
	PUPPETEER_SKIP_DOWNLOAD=1 npm ci --prefix tests/site --ignore-scripts --silent --no-audit
	rm -rf $(TEST_BUILD)/page $(TEST_BUILD)/page-files
	$(BIN)/jdl check --page $(TEST_BUILD)/page
	PYTHONPATH=tests/python $(BIN)/python -m intake.page_files $(TEST_BUILD)/page-files
	CHROMIUM=$(CHROMIUM) node tests/site/page.mjs $(TEST_BUILD)/page $(TEST_BUILD)/page-files

sample: install ## Make the committed sample anew
	rm -rf data/sample
	$(BIN)/jdl sample --people 50000 --seed 20140401 --out data/sample

lock: install ## Pin every package by hash, without addresses
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes \
		--no-strip-extras --no-emit-index-url --no-emit-find-links --no-header --upgrade \
		--output-file requirements.txt --quiet
	$(BIN)/uv pip compile pyproject.toml --extra spark --universal --generate-hashes \
		--no-strip-extras --no-emit-index-url --no-emit-find-links --no-header \
		--constraints requirements.txt --output-file requirements-spark.txt --quiet

bench-intake: install ## A million records read and checked, beside reading alone: docs/benchmarks/intake.md
	$(BIN)/python tests/python/benchmarks/bench_intake.py docs/benchmarks/intake.md

bench-matching: install ## Fits, radius weights and a whole request beside their peers: docs/benchmarks/matching.md
	$(BIN)/python tests/python/benchmarks/bench_matching.py docs/benchmarks/matching.md

bench-linking: install ## The linking beside plain Splink and the exact rule: docs/benchmarks/linking.md
	$(BIN)/python tests/python/linking/bench_linking.py --out docs/benchmarks/linking.md

calibrate: install ## The method on worlds with a known effect: docs/calibration.md
	$(BIN)/python tests/python/calibration/calibrate.py

fuzz: install ## SQL and the reference on 5,000 generated worlds; FUZZ='--worlds 500 --seed 7' for others
	PYTHONPATH=tests/python $(BIN)/python -m reference.fuzz $(FUZZ)

data-tests: install ## Zones of odd shape and 500 generated worlds, with every data test; DATA_TESTS='--worlds 250'
	PYTHONPATH=tests/python $(BIN)/python -m reference.data_tests $(DATA_TESTS)

properties: install ## Every function of the statistics on 10,000 inputs of any kind
	JDL_EXAMPLES=10000 $(BIN)/pytest tests/python/statistics/test_any_input.py

bench-report: install ## The site of one and of a hundred requests: docs/benchmarks/report.md
	PYTHONPATH=tests/python $(BIN)/python tests/python/benchmarks/bench_report.py docs/benchmarks/report.md

WORLDS ?= 300
attack: install ## Overlapping requests, resubmissions and releases of WORLDS=300 generated worlds, attacked together
	PYTHONPATH=tests/python $(BIN)/python -m disclosure.overlapping $(WORLDS)

sbom: install ## The packages with their versions and hashes as CycloneDX: build/sbom.json
	@mkdir -p build
	$(BIN)/uv tool run --from cyclonedx-bom==$(CYCLONEDX) cyclonedx-py requirements requirements.txt \
		--output-reproducible --of JSON -o build/sbom.json

weaknesses: install ## Known weaknesses of the packages, by pip-audit
	$(BIN)/uv tool run --from pip-audit==$(PIP_AUDIT) pip-audit -r requirements.txt --require-hashes \
		--disable-pip --strict --progress-spinner off

clean: ## Remove what builds and tests leave; releases, registers, tombstones and what others wrote stay
	rm -rf target logs .mypy_cache .ruff_cache .pytest_cache .hypothesis
	rm -rf build/test build/demo build/fuzz build/spill build/reproduced build/site build/replies build/reviews
	rm -f build/*.duckdb build/*.duckdb.wal build/*.duckdb.next build/*.duckdb.next.wal \
		build/last_run.json build/last_run.json.partial
