.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The newest Python that is at least 3.11, python3 itself first.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$python; break; }; done)
export PATH := $(CURDIR)/.venv/bin:$(PATH)

CODE = $(wildcard layers/tocsin/python/tocsin functions infra statuspage_site tests demo bench layers/dependencies/build.py)
VENV = .venv/.complete
NODE_MODULES = node_modules/.complete

.venv: $(VENV)
$(VENV): requirements/development.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Tocsin needs Python 3.11 or newer; found $$(python3 --version 2>&1). \
	Install it, or say where it is: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@echo "· .venv: $$($(PYTHON) --version) and the locked packages, about a minute"
	@$(PYTHON) -m venv --clear .venv
	@.venv/bin/python -m pip install -qq --disable-pip-version-check --only-binary=:all: --require-hashes -r requirements/development.txt
	@.venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	@touch $@

.PHONY: .venv
