# What each target does: README.md. A fresh machine needs Python 3.11 to 3.13 and make.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
READY = $(VENV)/.ready

# A test that needs the walk or the listener runs in the worker that has it: tests/conftest.py.
PYTEST = $(BIN)/pytest
SPREAD = -n auto --maxprocesses 4 --dist loadgroup

# What the tests in a browser need beside Debian's chromium and npm; nothing of it is installed with
# the skill.
AXE = build/node_modules/axe-core/axe.min.js

.PHONY: run quick test browser pictures coverage walk check understand real triage bench fuzz soak clean

run: $(READY)
	@$(BIN)/cramp-coach talk --page

# The folders that are left out hold nothing that is quick: FITTING in tests/conftest.py.
quick: $(READY)
	$(PYTEST) $(SPREAD) --ignore tests/browser --ignore tests/simulator --ignore tests/understanding \
	  -m "not (walk or whole or processes or fitting or slow)"

test: $(READY)
	$(PYTEST) $(SPREAD)
	@for each in chromium npm; do command -v $$each >/dev/null || \
	  { echo "Left out: the tests in a browser. apt-get install chromium npm, then make browser."; break; }; done

browser: $(READY) $(AXE)
	$(PYTEST) -m browser tests/browser

pictures: $(READY)
	@$(BIN)/python -m tests.browser.pictures

coverage: $(READY)
	$(PYTEST) $(SPREAD) --cov

walk: $(READY)
	$(PYTEST) -m whole

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/cramp-coach build --check

understand: $(READY)
	@$(BIN)/python -m tests.understanding.scores

real: $(READY)
	@$(BIN)/python -m tests.understanding.real

triage: $(READY)
	@$(BIN)/python -m tests.coach.triage

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

$(AXE): tests/browser/package.json
	@mkdir -p build
	@cp $< build/
	@npm install --prefix build --ignore-scripts --no-audit --no-fund --loglevel error
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis
