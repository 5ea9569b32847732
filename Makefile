# Nothing but Python 3.11 or newer with venv, and make, has to be on the machine. `make` alone builds the environment.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.DELETE_ON_ERROR:
.PHONY: environment demo test check bench chaos

environment: $(READY)

demo: $(READY) ## Open the local workspace with the bot and a believable company in it; prints the address
	$(BIN)/usagebot demo

test: check ## Everything that must hold: the checks, then all tests on SQLite, PostgreSQL and in a browser
	.ci/browser
	$(BIN)/python -m pytest -n logical --dist loadfile --no-loadscope-reorder

check: $(READY) ## All but the tests: style, types, the direction of imports, declared dependencies
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/deptry .

bench: $(READY) ## Measure the figures of docs/performance.md, each with its yardstick in the same run
	$(BIN)/python -m bench --write $(ARGS)

chaos: $(READY) ## Fail all that can fail while seats are unassigned and digests are sent: about two hours; ARGS='races --size 50' for a part
	$(BIN)/python -m chaos $(ARGS)

# Only what the lock names, byte for byte, and then the project itself, editable. The build backend is in the lock too.
$(READY): requirements.lock pyproject.toml | $(BIN)/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "usagebot needs Python 3.11 or newer: make PYTHON=python3.12")'
	$(PYTHON) -m venv --clear .venv
