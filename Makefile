# make demo   the whole affair on bundled drafts, in ./tidemark-demo (makes .venv first)
# make test   everything that must hold before a commit, within ten minutes
# make test-slow  what takes minutes more: everything in a browser, every door, the affair through HTTP, fuzzing
# make test-postgres  the tests of records, pages and API on a PostgreSQL server of their own
# make setup  .venv with the `tidemark` command in it
# make bench  the slow figures of docs/benchmarks/, about two hours: bench-robustness, -innocents, -speed,
#             -ablation, -ledger, -evidence. PHOTOS=DIR has further pictures of yours leaked too
# make bench-release  10,000 copies by two workers, one of them killed twice; some minutes
# make bench-desk  pages with 10,000 copies on record, 20 requests a second, on SQLite and on PostgreSQL; some minutes
# make messages  bring new texts into the Chinese catalogue, and compile it
# make bench-peers  against invisible-watermark and blind-watermark, in an environment of its own; about an hour

PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: bench bench-desk bench-release test-slow test-postgres bench-evidence bench-ledger bench-robustness bench-innocents bench-speed bench-ablation help setup setup-dev demo test lint messages pins clean bench-peers

help:
	@sed '/^# /!q; s/^# //' Makefile

setup: .venv/.installed

setup-dev: .venv/.installed-dev

# Both requirement files pin by hash, so what is installed here is what was tested, wherever it is fetched from.
.venv/.installed: requirements.txt pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Tidemark needs Python 3.11 or later; name one with: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip' 2>/dev/null \
		|| { echo "Python's own installer is missing. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	"$(PYTHON)" -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

demo: setup
	$(BIN)/tidemark demo

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint
	OMP_NUM_THREADS=1 $(BIN)/pytest -n 2

test-slow: setup-dev
	OMP_NUM_THREADS=1 $(BIN)/pytest -n 2 -m slow

test-postgres: setup-dev
	OMP_NUM_THREADS=1 TIDEMARK_TEST_DATABASE=postgresql $(BIN)/pytest -n 2 tests/records tests/web tests/api tests/security

messages: setup-dev
	$(BIN)/python -m tests.messages

# One thread a process: the robustness bench runs two processes, and NumPy's own threads would fight over the cores.
bench: bench-speed bench-ledger bench-evidence bench-innocents bench-ablation bench-robustness

bench-robustness: setup-dev
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.robustness $(if $(PHOTOS),--photos $(PHOTOS)) $(ARGS)

bench-innocents: setup-dev
	$(BIN)/python -m benchmarks.innocents $(ARGS)

bench-speed: setup-dev
	$(BIN)/python -m benchmarks.speed $(ARGS)

bench-evidence: setup-dev
	$(BIN)/python -m benchmarks.evidence $(ARGS)

bench-ledger: setup-dev
	$(BIN)/python -m benchmarks.ledger $(ARGS)

bench-release: setup-dev
	$(BIN)/python -m benchmarks.release $(ARGS)

bench-desk: setup-dev
	$(BIN)/python -m benchmarks.desk $(ARGS)

bench-ablation: setup-dev
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.ablation $(ARGS)

PIN := $(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host
pins: setup-dev  ## pin the newest versions again
	$(PIN) requirements.in --output-file requirements.txt
	$(PIN) requirements-dev.in --output-file requirements-dev.txt

# The peers have an environment of their own. --no-deps: see the requirements file.
.venv-peers/.installed: requirements.txt benchmarks/peers/requirements.txt
	"$(PYTHON)" -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --require-hashes -r requirements.txt
	.venv-peers/bin/python -m pip install --quiet --require-hashes --no-deps -r benchmarks/peers/requirements.txt
	@touch $@

bench-peers: .venv-peers/.installed
	PYTHONPATH=src .venv-peers/bin/python -m benchmarks.peers $(ARGS)

clean:
	rm -rf .venv .venv-peers build dist tidemark-demo tidemark-demo-[0-9]* .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
