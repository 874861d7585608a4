# Two commands for everyone: make run, make test. The rest is for people who work on it.
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
BIN := .venv/bin
export PORT HOST

.PHONY: run test lint bench clean install install-test

run: install
	@HUB_DEMO=$${HUB_DEMO:-1} $(BIN)/hub init
	@HUB_DEMO=$${HUB_DEMO:-1} $(BIN)/hub demo
	@HUB_DEMO=$${HUB_DEMO:-1} exec $(BIN)/hub serve --host $(HOST) --port $(PORT)

test: install-test
	@sh tests/needs.sh
	@$(BIN)/python -m pytest -n 2 --dist loadgroup --cov --cov-report=

	@$(BIN)/python tests/coverage_gate.py

lint: install-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install-test
	$(BIN)/python -m bench

install: .venv/.installed

install-test: .venv/.installed-test

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.installed: setup.cfg | .venv/bin/python
	@echo "Installing, about a minute. 正在安装,约一分钟。"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/.installed-test: setup.cfg | .venv/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@ .venv/.installed

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage* htmlcov
