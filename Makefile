# What each target does: README.md. A fresh machine needs Python 3.11 to 3.13 and make.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
READY = $(VENV)/.ready

.PHONY: run test check understand real bench fuzz soak clean

run: $(READY)
	@$(BIN)/cramp-coach talk

test: $(READY)
	$(BIN)/pytest

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/cramp-coach build --check

understand: $(READY)
	@$(BIN)/python -m tests.understanding.scores

real: $(READY)
	@$(BIN)/python -m tests.understanding.real

bench: $(READY)
	$(BIN)/python -m bench.bench

fuzz: $(READY)
	$(BIN)/python -m bench.fuzz
	$(BIN)/python -m bench.fuzz_guided --seconds 60

soak: $(READY)
	$(BIN)/python -m bench.soak

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(not (3, 11) <= v <= (3, 13) and "cramp-coach needs Python 3.11 to 3.13, and %s is %d.%d: set PYTHON=..." % (("$(PYTHON)",) + v))'
	@echo "Setting up $(VENV), once ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
