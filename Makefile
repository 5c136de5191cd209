# What each target does: README.md. A fresh machine needs Python 3.11 to 3.13 and make.

PYTHON ?= python3
SECONDS ?= 600
VENV ?= .venv
BIN = $(VENV)/bin
READY = $(VENV)/.ready
AMAZON = build/amazon

# A test that needs the walk or the listener runs in the worker that has it: tests/conftest.py.
PYTEST = $(BIN)/pytest
SPREAD = -n auto --maxprocesses 4 --dist loadgroup

# An environment knows the folder that it was made in, and nowhere else works.
MADE_IN := $(shell cat $(READY) 2>/dev/null)
ifneq ($(MADE_IN),)
ifeq ($(filter $(MADE_IN),$(abspath $(VENV)))$(filter clean,$(MAKECMDGOALS)),)
$(error $(VENV) was made as $(MADE_IN), and does not work here: run `make clean`, and this again)
endif
endif

.PHONY: run quick test processes browser pictures coverage walk amazon check understand real triage bench dist fuzz soak clean

# Amazon's own validator and renderer of screens; they need Debian's npm and chromium. Nothing runs on
# install, where newer renderers would download their engine, and nothing is part of the skill.
APL = tools/node_modules/apl-viewhost-web/index.js

# What the tests of the page need beside Debian's chromium and npm.
AXE = build/node_modules/axe-core/axe.min.js

run: $(READY)
	@$(BIN)/cramp-coach talk --page

# The folders that are left out hold nothing that is quick: FITTING in tests/conftest.py.
quick: $(READY)
	$(PYTEST) $(SPREAD) --ignore tests/browser --ignore tests/simulator --ignore tests/understanding \
	  -m "not (walk or whole or amazon or browser or processes or fitting or slow)"

test: $(READY)
	$(PYTEST) $(SPREAD)
	@for each in chromium npm; do command -v $$each >/dev/null || \
	  { echo "Left out: the tests in a browser. apt-get install chromium npm, then make browser."; break; }; done

# Servers, what clients do to them, and commands; half of the time they wait.
processes: $(READY)
	$(PYTEST) $(SPREAD) -m "processes and not (whole or amazon or browser)"

browser: $(READY) $(APL) $(AXE)
	$(PYTEST) -m browser tests/browser tests/screen

pictures: $(READY) $(APL)
	@$(BIN)/python -m tests.screen.pictures build/pictures
	@$(BIN)/python -m tests.browser.pictures

coverage: $(READY)
	$(PYTEST) $(SPREAD) -m "not (whole or amazon or browser)" --cov

walk: $(READY)
	$(PYTEST) -m whole

# Amazon's own tools, which npm brings, against a stub on loopback.
amazon: $(READY) $(AMAZON)/.ready
	$(PYTEST) -m amazon tests/amazon

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

dist: $(READY)
	$(BIN)/python -m tests.dist dist

fuzz: $(READY)
	$(BIN)/python -m bench.fuzz
	$(BIN)/python -m bench.fuzz_guided --seconds 60

soak: $(READY)
	$(BIN)/python -m bench.soak --seconds $(SECONDS)

$(APL): tools/package.json
	@npm install --prefix tools --ignore-scripts --no-audit --no-fund --no-package-lock --loglevel error
	@touch $@

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(not (3, 11) <= v <= (3, 13) and "cramp-coach needs Python 3.11 to 3.13, and %s is %d.%d: set PYTHON=..." % (("$(PYTHON)",) + v))'
	@echo "Setting up $(VENV), once ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@echo "$(abspath $(VENV))" > $@

$(AMAZON)/.ready: tests/amazon/package.json
	@command -v npm >/dev/null || { echo "make amazon needs npm. On Debian: apt-get install npm" >&2; exit 1; }
	@echo "Setting up $(AMAZON), once ..."
	@mkdir -p $(AMAZON) && cp $< $(AMAZON)/
	@npm install --prefix $(AMAZON) --ignore-scripts --no-audit --no-fund --no-package-lock --loglevel=error
	@touch $@

$(AXE): tests/browser/package.json
	@mkdir -p build
	@cp $< build/
	@npm install --prefix build --ignore-scripts --no-audit --no-fund --loglevel error
	@touch $@

clean:
	rm -rf $(VENV) tools/node_modules build dist *.egg-info .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis
