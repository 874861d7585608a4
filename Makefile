# Two commands for everyone: make run, make test. The rest is for people who work on it; CONTRIBUTING.md says when.
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
BIN := .venv/bin
LOCKS := packaging/locks
PIP := -m pip --disable-pip-version-check
# WORKERS=1 leaves half of a small machine to others. Files go out in the order of their folders, quick ones last.
PYTEST = $(BIN)/python -m pytest -n $(or $(WORKERS),2) --dist loadgroup --no-loadscope-reorder
QUICK := tests/contracts tests/unit
# What reaches the rest of the code whose coverage is asked for: tokens, and rules that only a database brings about.
MEASURED := $(addprefix tests/integration/test_,credentials.py key_management.py proposals.py softhsm.py \
  status_model.py status_publishing.py token_data_keys.py uscc_exceptions.py) \
  $(addprefix tests/functional/test_,credentials.py idempotency.py keys_cli.py)
REST := tests $(addprefix --ignore=,$(QUICK) $(MEASURED))
export PORT HOST

.PHONY: run test check drills lint bench fresh lock mutants sbom wheel container container-check clean install install-test

run: install
	@HUB_DEMO=$${HUB_DEMO:-1} $(BIN)/hub init
	@HUB_DEMO=$${HUB_DEMO:-1} $(BIN)/hub demo
	@HUB_DEMO=$${HUB_DEMO:-1} exec $(BIN)/hub serve --host $(HOST) --port $(PORT)

# Everything. Coverage is asked of rules, signing and keys alone, and measured where they are tested: it makes code two thirds slower.
test: install-test
	@sh tests/needs.sh
	@failed=0; \
	$(PYTEST) $(MEASURED) $(QUICK) --cov --cov-report= || failed=1; \
	$(BIN)/python tests/coverage_gate.py || failed=1; \
	$(PYTEST) $(REST) || failed=1; \
	exit $$failed

# Before every commit: the gates, contracts and unit tests.
check: lint
	@sh tests/needs.sh
	@$(PYTEST) $(QUICK)

# All rounds of what `make test` plays a tenth of: kills, races, examples of properties.
drills: install-test
	@sh tests/needs.sh
	@HUB_DRILLS=1 $(PYTEST) -m drill

lint: install-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install-test
	@sh tests/needs.sh bench
	$(BIN)/python -m bench

install: .venv/.installed

install-test: .venv/.installed-test

.venv/bin/python:
	$(PYTHON) -m venv .venv

# Exactly what the lock names, each file with its hash; then the project itself, which asks for nothing more.
.venv/.installed: setup.cfg $(LOCKS)/run.txt | .venv/bin/python
	@echo "Installing, about a minute. 正在安装,约一分钟。"
	@$(BIN)/python $(PIP) install --quiet --require-hashes -r $(LOCKS)/run.txt
	@$(BIN)/python $(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/.installed-test: setup.cfg $(LOCKS)/test.txt | .venv/bin/python
	@$(BIN)/python $(PIP) install --quiet --require-hashes -r $(LOCKS)/test.txt
	@$(BIN)/python $(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@ .venv/.installed

# The newest versions that setup.cfg allows, for every Python it allows; commit what it writes.
lock: .venv-release/.installed
	@PYTHON=.venv-release/bin/python sh packaging/lock.sh

# Once a week or so: the tests against the newest packages that setup.cfg allows, and what is newer than the lock.
fresh:
	@PYTHON=$(PYTHON) sh packaging/fresh.sh

# Planted faults: make mutants SHARE=40 tries every 40th of all rooms, ROOMS="rules keys" of two; without SHARE all of them, which takes days.
# WORKERS=1 leaves half of a small machine to others; BUDGET=60 gives each fault tests for so many seconds.
mutants: install-test
	@HUB_DRILLS=1 $(BIN)/python packaging/mutants.py --share $(or $(SHARE),1) --budget $(or $(BUDGET),10) --workers $(or $(WORKERS),2) $(ROOMS)

# The software bill of materials (CycloneDX 1.6, JSON) of what `make run` installs, read in an environment with nothing else.
sbom: .venv-release/.installed
	@rm -rf build/sbom && $(PYTHON) -m venv build/sbom && mkdir -p dist
	@build/sbom/bin/python $(PIP) install --quiet --require-hashes -r $(LOCKS)/run.txt
	@.venv-release/bin/cyclonedx-py environment build/sbom/bin/python --pyproject packaging/sbom.toml \
	  --output-reproducible --spec-version 1.6 --output-format JSON --output-file dist/sbom.cdx.json
	@echo "dist/sbom.cdx.json"

wheel: install
	@$(BIN)/python $(PIP) wheel --quiet --no-deps --no-build-isolation -w dist .
	@ls -l dist/*.whl

# With whichever of the three is there; the image is yizhao-hub:latest.
container:
	@sh packaging/container.sh

# The image built and run where no registry is: on a Debian made by debootstrap, with buildah, as root. Some minutes.
container-check:
	@sh packaging/container/check.sh

.venv-release/.installed: $(LOCKS)/release.txt
	@$(PYTHON) -m venv .venv-release
	@.venv-release/bin/python $(PIP) install --quiet --require-hashes -r $(LOCKS)/release.txt
	@touch $@

clean:
	rm -rf .venv .venv-fresh .venv-release build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage* htmlcov
