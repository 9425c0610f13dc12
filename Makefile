# Two commands: `make serve` and `make test`. Both set everything up from a clean clone, with only Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000

.PHONY: serve test build check lint types layers docs bench lock clean

$(VENV)/installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is %d.%d" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	touch $@

build: $(VENV)/installed
	$(BIN)/immunograph build

serve: build
	$(BIN)/immunograph serve --port $(PORT)

test: build
	$(BIN)/python -m pytest -q -n 2 --dist worksteal

check: lint types layers docs

lint: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed
	$(BIN)/mypy

layers: $(VENV)/installed
	$(BIN)/lint-imports

docs: build
	$(BIN)/python -m pytest -q tests/docs

bench: build
	for each in benchmarks/*.py; do $(BIN)/python $$each || exit 1; done

lock:
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group dev --group build pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) data/release dist
