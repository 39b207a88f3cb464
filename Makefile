# Needs Python >= 3.10, git and make; everything else goes into .venv.
#
#   make demo     what the linter says about the two example pipelines
#   make test     all tests, with coverage; those of the step builders on the SageMaker SDK v2 and v3
#   make check    style, types, architecture
#   make docs     regenerate docs/rules from the rules, docs/idioms.md from the tests, the JSON Schemas, fixtures/messages.txt
#   make shapes   take the shapes of step properties from the installed botocore
#   make sdk      the tests of the step builders only
#   make definitions   what the pipelines of the example project compile to
#   make oldest   all tests with the oldest supported dependencies
#   make fuzz     programs and contracts at random, for as long as they are many
#   make corpus   the engine and all rules on the standard library and all installed packages
#   make mutants  how many of 200 faults that are put into rules and engine the tests notice
#   make release  distributions, pinned requirements with hashes and bill of materials, checked, in dist
#   make clean    remove everything that the other targets made

SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
OLDEST_VENV := .venv-oldest
OLDEST_STAMP := $(OLDEST_VENV)/.installed
RELEASE_VENV := .venv-release
RELEASE_STAMP := $(RELEASE_VENV)/.installed
MUTANTS_VENV := .venv-mutants
MUTANTS_STAMP := $(MUTANTS_VENV)/.installed
SDKS := 2 3
SDK_STAMPS := $(SDKS:%=.venv-sdk%/.installed)
PYTHON ?= python3
PYTEST_ARGS ?=
PYTEST := pytest -q --numprocesses auto --dist worksteal $(PYTEST_ARGS)
COVERAGE := 90
PIP_FLAGS := --quiet --quiet --disable-pip-version-check

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 10))

# $(PYTHON) if it is new enough, else the first Python on the path that is.
define find_python
	python=; \
	for candidate in $(PYTHON) python3.13 python3.12 python3.11 python3.10; do \
		if $$candidate -c '$(NEW_ENOUGH)' >/dev/null 2>&1; then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Python 3.10 or newer is needed, and '$(PYTHON)' is not; name one: make PYTHON=/path/to/python3" >&2; \
		exit 1; \
	fi
endef

# $(1): directory of a new virtual environment
define make_venv
	$(find_python); \
	rm -rf $(1); \
	$$python -m venv $(1) || { \
		echo "'$$python -m venv' failed; on Debian and Ubuntu it is in the package python3-venv" >&2; exit 1; }
endef

# The two SDKs cannot be installed side by side. In one process each: importing an SDK takes longer than the tests.
define test_builders
	for sdk in $(SDKS); do \
		echo "SageMaker SDK v$$sdk"; \
		.venv-sdk$$sdk/bin/python -m coverage run -m pytest -q $(PYTEST_ARGS) tests/sdk || exit 1; \
	done
endef

.PHONY: help
help:
	@sed -n 's/^#   //p' Makefile

.PHONY: demo
demo: $(STAMP)
	@$(BIN)/python tools/demo.py

.PHONY: test
test: $(STAMP) $(if $(PYTEST_ARGS),,$(SDK_STAMPS))
	@$(BIN)/coverage erase
	@$(if $(PYTEST_ARGS),,$(test_builders))
	@$(BIN)/coverage run -m $(PYTEST)
	@$(BIN)/coverage combine -q
	@$(BIN)/coverage report $(if $(PYTEST_ARGS),,--fail-under=$(COVERAGE))

.PHONY: sdk
sdk: $(SDK_STAMPS)
	@$(test_builders)

.PHONY: check
check: $(STAMP)
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet || { echo "'$(BIN)/ruff format' would change the files above" >&2; exit 1; }
	@$(BIN)/mypy --no-error-summary
	@said=$$($(BIN)/lint-imports 2>&1) || { echo "$$said" >&2; exit 1; }
	@$(BIN)/python tools/rule_pages.py --check
	@$(BIN)/python tools/idiom_page.py --check
	@$(BIN)/python tools/fixture_messages.py --check
	@$(BIN)/python tools/property_shapes.py --check
	@$(BIN)/python tools/declaration_schemas.py --check

.PHONY: docs
docs: $(STAMP)
	@$(BIN)/python tools/rule_pages.py
	@$(BIN)/python tools/idiom_page.py
	@$(BIN)/python tools/declaration_schemas.py
	@$(BIN)/python tools/fixture_messages.py

.PHONY: shapes
shapes: $(STAMP)
	@$(BIN)/python tools/property_shapes.py

.PHONY: definitions
definitions: .venv-sdk2/.installed
	@SAGEMAKER_SUPPRESS_V2_WARNING=1 .venv-sdk2/bin/python -W ignore tools/pipeline_definitions.py

.PHONY: oldest
oldest: $(OLDEST_STAMP)
	@$(OLDEST_VENV)/bin/python -m $(PYTEST)

.PHONY: fuzz
fuzz: $(STAMP)
	@$(BIN)/$(PYTEST) --hypothesis-profile fuzz tests/trust/test_fuzz.py

.PHONY: corpus
corpus: $(STAMP)
	@$(BIN)/python tools/corpus.py $(CORPUS_ARGS)

.PHONY: mutants
mutants: $(MUTANTS_STAMP)
	@$(MUTANTS_VENV)/bin/python tools/mutants.py $(MUTANTS_ARGS)

.PHONY: release
release: $(RELEASE_STAMP)
	@$(RELEASE_VENV)/bin/python tools/release.py

.PHONY: clean
clean:
	@rm -rf $(VENV) $(OLDEST_VENV) $(RELEASE_VENV) $(MUTANTS_VENV) $(SDKS:%=.venv-sdk%) build dist htmlcov .coverage .coverage.* coverage.xml .hypothesis \
		.import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -prune -exec rm -rf {} +
	@find . -name .flake8_contracts_cache -prune -exec rm -rf {} +

# Installed once, and again whenever what is to be installed may have changed.
$(STAMP): pyproject.toml
	@if [ ! -x $(BIN)/python ]; then $(call make_venv,$(VENV)); fi
	@echo "Installing into $(VENV)"
	@$(BIN)/python -m pip install $(PIP_FLAGS) --editable '.[dev]'
	@touch $@

$(OLDEST_STAMP): pyproject.toml .ci/oldest.txt
	@if [ ! -x $(OLDEST_VENV)/bin/python ]; then $(call make_venv,$(OLDEST_VENV)); fi
	@echo "Installing into $(OLDEST_VENV)"
	@$(OLDEST_VENV)/bin/python -m pip install $(PIP_FLAGS) --constraint .ci/oldest.txt --editable '.[test]'
	@touch $@

# No dependencies are resolved: the pins are what pipelines need of the SDK, which as a whole brings much more.
$(SDK_STAMPS): .venv-sdk%/.installed: pyproject.toml .ci/sdk%.txt
	@if [ ! -x .venv-sdk$*/bin/python ]; then $(call make_venv,.venv-sdk$*); fi
	@echo "Installing into .venv-sdk$*"
	@.venv-sdk$*/bin/python -m pip install $(PIP_FLAGS) --no-deps --requirement .ci/sdk$*.txt
	@.venv-sdk$*/bin/python -m pip install $(PIP_FLAGS) --no-deps --editable .
	@touch $@

$(RELEASE_STAMP): .ci/release.txt
	@if [ ! -x $(RELEASE_VENV)/bin/python ]; then $(call make_venv,$(RELEASE_VENV)); fi
	@echo "Installing into $(RELEASE_VENV)"
	@$(RELEASE_VENV)/bin/python -m pip install $(PIP_FLAGS) --requirement .ci/release.txt
	@touch $@

$(MUTANTS_STAMP): pyproject.toml .ci/mutants.txt
	@if [ ! -x $(MUTANTS_VENV)/bin/python ]; then $(call make_venv,$(MUTANTS_VENV)); fi
	@echo "Installing into $(MUTANTS_VENV)"
	@$(MUTANTS_VENV)/bin/python -m pip install $(PIP_FLAGS) --requirement .ci/mutants.txt --editable '.[test]'
	@touch $@
