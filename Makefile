.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PACKAGES := .venv/.packages
VENV := .venv/.complete
NODE_MODULES := node_modules/.complete
LAYERS := layers/dependencies/build/lambda.stamp layers/dependencies/build/local.stamp

CODE = $(wildcard layers/tocsin/python/tocsin statuspage_site/python/statuspage_site layers/dependencies/build.py functions infra tests demo bench)
PIP := .venv/bin/python -m pip -qq --disable-pip-version-check
# Node lives in the virtual environment; nothing outside the checkout is asked for it.
RUN := PATH="$(CURDIR)/.venv/bin:$$PATH"
PYTEST := $(RUN) .venv/bin/python -m pytest --no-header
# A file's tests stay together, since they share what is slow to start.
SIDE_BY_SIDE := -n auto --dist loadfile
NPM := $(RUN) .venv/bin/npm --no-fund --no-audit --no-update-notifier --loglevel=error

## Run it
demo: $(VENV) $(NODE_MODULES) $(LAYERS)  ## a scripted outage on this machine, told live; exits 0 when every step happened
	@$(RUN) .venv/bin/python -m demo.run

up: $(VENV) $(NODE_MODULES) $(LAYERS)  ## the whole of Tocsin on this machine, until make down
	@$(RUN) .venv/bin/tocsin local up

down: $(VENV)  ## stop it
	@$(RUN) .venv/bin/tocsin local down

deploy: $(VENV) $(NODE_MODULES) $(LAYERS)  ## to your AWS account
	@$(RUN) .venv/bin/python -c 'import boto3; boto3.client("sts", region_name="us-east-1").get_caller_identity()' 2>/dev/null || \
	{ echo "make deploy needs AWS credentials that are valid now (AWS_PROFILE, aws sso login, …), and 'cdk bootstrap' run once in each region." >&2; exit 1; }
	@$(RUN) node_modules/.bin/cdk deploy --all

## Check it
test: check e2e browser  ## everything

check: format lint types unit integration infra  ## all that needs no emulator and no browser

format: $(VENV)
	@echo "· format" && .venv/bin/ruff format --check --quiet . || { echo "'make fix' formats these files" >&2; .venv/bin/ruff format --check .; }

lint: $(VENV)
	@echo "· lint" && .venv/bin/ruff check --quiet .

types: $(VENV)
	@echo "· types" && .venv/bin/mypy --no-error-summary $(CODE)

unit: $(VENV)  ## the domain: no AWS, no network
	@echo "· unit" && $(PYTEST) -q $(SIDE_BY_SIDE) tests/unit

integration: $(VENV) $(NODE_MODULES) $(LAYERS)  ## functions and stores, real boto3 on moto
	@echo "· integration" && $(PYTEST) -q $(SIDE_BY_SIDE) tests/integration

infra: $(VENV) $(NODE_MODULES) $(LAYERS)  ## the synthesized template
	@echo "· infra" && $(PYTEST) -q tests/infra

e2e: $(VENV) $(NODE_MODULES) $(LAYERS)  ## stories on the local emulator
	@echo "· e2e" && $(PYTEST) -v tests/e2e

browser: $(VENV) $(NODE_MODULES) $(LAYERS)  ## real Chromium on real pages
	@echo "· browser" && $(PYTEST) -v tests/browser

bench: $(VENV) $(NODE_MODULES) $(LAYERS)  ## the engine beside its rivals, what it costs, how long a page takes
	@$(RUN) .venv/bin/python -m bench.run

fix: $(VENV)  ## format, and repair what the linter can
	@.venv/bin/ruff check --quiet --fix . ; .venv/bin/ruff format --quiet .

hooks: $(VENV)  ## format, lint and types before each commit, unit tests before each push
	@.venv/bin/pre-commit install --hook-type pre-commit --hook-type pre-push

## What these stand on
.venv: $(VENV)  ## Python packages, locked and hashed
node_modules: $(NODE_MODULES)  ## the CDK command line
layer: $(LAYERS)  ## the functions' third-party packages, for Lambda and for this machine

$(PACKAGES): requirements/development.txt
	@python=$$(for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done); \
	test -n "$$python" || { echo "Tocsin needs Python 3.11 or newer; this machine's python3 is $$(python3 --version 2>/dev/null || echo missing). \
	Install a newer one, or name it: make PYTHON=/path/to/python3.12 …" >&2; exit 1; }; \
	echo "· .venv: $$($$python --version), about a minute" && $$python -m venv --clear .venv
	@$(PIP) install --no-compile --only-binary=:all: --require-hashes -r requirements/development.txt
	@touch $@

$(VENV): pyproject.toml $(PACKAGES)
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(NODE_MODULES): package-lock.json package.json | $(VENV)
	@echo "· node_modules" && $(NPM) ci >/dev/null
	@touch $@

layers/dependencies/build/%.stamp: layers/dependencies/requirements.txt layers/dependencies/build.py $(PACKAGES)
	@.venv/bin/python layers/dependencies/build.py $*

lock: $(VENV)  ## choose versions anew from requirements/*.in and package.json
	@$(PIP) install --upgrade uv
	@for set in layers/dependencies/requirements requirements/development; do .venv/bin/uv pip compile --quiet --upgrade --universal \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-header --output-file $$set.txt $$set.in || exit 1; done
	@$(NPM) install --package-lock-only --omit-lockfile-registry-resolved

clean:  ## remove all that was made here
	-@test ! -e .tocsin || .venv/bin/tocsin local down
	@rm -rf .venv node_modules cdk.out .tocsin layers/dependencies/build .mypy_cache .pytest_cache .ruff_cache .hypothesis

help:
	@awk -F ':.*## ' '/^## /{print "\n" substr($$0, 4)} /^[a-z_.0-9]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo up down deploy test check format lint types unit integration infra e2e browser bench fix hooks .venv node_modules layer lock clean help
