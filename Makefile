# Python >= 3.11 and make are all that has to be there; everything else goes into the folder VENV.
#
#   make verify                                       check the claims, write report/index.html
#   make test PYTHON=python3.13 VENV=.venv-3.13       the tests, with another interpreter and folder
#   make test TESTFLAGS="-k gaussian -x"              further arguments for pytest

PYTHON = python3
VENV = .venv
WORKERS = 2
TESTFLAGS =
REPORT = report
SITE = docs/_build
OLDEST = python3.11
NEWEST = python3.13

BIN = $(VENV)/bin
# Byte code is written when a module is first imported, which is less work than compiling every installed module.
export PYTHONDONTWRITEBYTECODE =
PIP = $(BIN)/python -m pip --disable-pip-version-check --no-input install -qq --no-compile --constraint constraints.txt
REQUIREMENTS = pyproject.toml constraints.txt

.PHONY: help verify proofs test lint format pages docs browser dist figure notebooks constraints clean
.DELETE_ON_ERROR:

help:
	@echo 'make verify       check every claim and write $(REPORT)/index.html'
	@echo 'make proofs       decide the proofs of claims; formal ones are skipped without coqc'
	@echo 'make test         run the tests'
	@echo 'make lint         ruff and pyright'
	@echo 'make format       let ruff rewrite what it can'
	@echo 'make pages        write docs/claims and the table in README from claims and ledger'
	@echo 'make docs         build the site, $(SITE)/html/index.html, which opens without a network'
	@echo 'make browser      open the site and a report in chromium; skipped, and says so, where there is none'
	@echo 'make dist         build sdist and wheel into dist/, and check them'
	@echo 'make figure       draw all figures of the papers into figures/'
	@echo 'make notebooks    run the notebooks in full and keep their outputs'
	@echo 'make constraints  pin the newest versions for $(OLDEST) and $(NEWEST)'
	@echo 'make clean        remove what the other targets made'
	@echo 'Variables: PYTHON=$(PYTHON) VENV=$(VENV) WORKERS=$(WORKERS) TESTFLAGS=$(TESTFLAGS) REPORT=$(REPORT)'

verify: $(VENV)/.installed
	$(BIN)/collapse verify --quick --report $(REPORT)

proofs: $(VENV)/.installed-test
	$(BIN)/collapse verify --rungs symbolic,certified,formal

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest -n $(WORKERS) $(TESTFLAGS)

lint: $(VENV)/.installed-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python

format: $(VENV)/.installed-lint
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pages: $(VENV)/.installed
	$(BIN)/python -m proofs_check.docs

docs: $(VENV)/.installed-docs
	$(BIN)/python -m proofs_check.site $(SITE)/source $(WORKERS)
	$(BIN)/python -m sphinx -q -b html -c docs -W --keep-going -j $(WORKERS) -d $(SITE)/doctrees $(SITE)/source $(SITE)/html
	$(BIN)/python -m proofs_check.site.links $(SITE)/html

browser: $(VENV)/.installed-browser
	$(BIN)/python -m pytest -m browser tests/test_browser.py

dist: $(VENV)/.installed-docs
	rm -rf dist
	$(BIN)/python -m build --outdir dist
	$(BIN)/python -m twine check --strict dist/*
	$(BIN)/python tools/wheel.py dist

figure: $(VENV)/.installed
	$(BIN)/collapse figure --all --out figures

notebooks: $(VENV)/.installed-test
	$(BIN)/python tools/notebooks.py

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; use make PYTHON=..." if sys.version_info < (3, 11) else 0)'
	@echo 'Making $(VENV) with $(PYTHON)'
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(REQUIREMENTS) | $(VENV)/.made
	@echo 'Installing into $(VENV)'
	@$(PIP) --editable .
	@touch $@

# Dependency groups need pip >= 25.1, which the interpreter may not bring along.
$(VENV)/.installed-test: $(REQUIREMENTS) | $(VENV)/.made
	@echo 'Installing into $(VENV), with the test group'
	@$(PIP) --upgrade pip
	@$(PIP) --editable . --group test
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-lint: $(REQUIREMENTS) | $(VENV)/.made
	@echo 'Installing into $(VENV), with the test and lint groups'
	@$(PIP) --upgrade pip
	@$(PIP) --editable . --group test --group lint
	@touch $@ $(VENV)/.installed $(VENV)/.installed-test

$(VENV)/.installed-docs: $(REQUIREMENTS) | $(VENV)/.made
	@echo 'Installing into $(VENV), with the docs group'
	@$(PIP) --upgrade pip
	@$(PIP) --editable . --group docs
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-browser: $(REQUIREMENTS) | $(VENV)/.made
	@echo 'Installing into $(VENV), with the test and browser groups'
	@$(PIP) --upgrade pip
	@$(PIP) --editable . --group test --group browser
	@touch $@ $(VENV)/.installed $(VENV)/.installed-test

constraints:
	$(PYTHON) tools/constraints.py $(OLDEST) $(NEWEST)

clean:
	rm -rf .venv .venv-* build dist report $(SITE) .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
