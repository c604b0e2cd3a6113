# Everything a newcomer needs: `make brief` and `make test`. Both set up what is missing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help env brief test lint format bench oracles docs clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

env: $(READY) ## set up the environment in .venv

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else "Backchannel needs Python 3.11 to 3.13; call make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[fast,docs,dev]'
	$(BIN)/python -c 'from backchannel.numerics.engines import warm_up; warm_up()'
	@touch $(READY)

brief: $(READY) ## write the Venezuela briefing and say where
	$(BIN)/backchannel brief venezuela-2019

test: $(READY) ## run the tests
	$(BIN)/python -m pytest --quiet --numprocesses auto

lint: $(READY) ## check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY) ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY) ## measure speed and memory; prints ratios within one run
	$(BIN)/python benchmarks/stability.py
	$(BIN)/python benchmarks/family.py
	$(BIN)/python benchmarks/symbolic.py
	$(BIN)/python benchmarks/deals.py
	$(BIN)/python benchmarks/pillars.py
	$(BIN)/python benchmarks/signals.py

oracles: ## compare the game solvers with Gambit, in an environment of its own
	$(PYTHON) -m venv .venv-oracles
	.venv-oracles/bin/python -m pip install --quiet --disable-pip-version-check --editable . pytest pygambit==16.7.0
	.venv-oracles/bin/python -m pytest --quiet tests/oracles

docs: $(READY) ## build the documentation into docs/_build/html
	$(BIN)/sphinx-build --quiet --fail-on-warning --builder html docs docs/_build/html
	@echo "The documentation is in docs/_build/html/index.html"

clean: ## remove what was built
	rm -rf $(VENV) docs/_build build dist briefings
