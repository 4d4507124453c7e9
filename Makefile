# `make lab` and `make test` need nothing but Python 3.11+ with pip and venv.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$p && break; done)
BIN := .venv/bin
LIGHT := .venv/.light
DEV := .venv/.dev
DOCS := .venv/.docs
# A test that hangs ends the run after five minutes (the slow ones: ten) and shows where it stood.
TESTS := tests toolkit --doctest-modules --timeout=$(if $(ALL),600,300) --timeout-method=thread
# ALL=1 adds the slow, browser and notebook tests (as CI does).
ifdef ALL
TESTS += --nbmake notebooks --nbmake-timeout=180 -m "not network"
endif

.PHONY: lab test explorer classic lint notebooks student course grades slides report docs data help clean

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

lab: $(LIGHT)  ## set up and open JupyterLab on the start notebook
	@$(BIN)/python scripts/lab.py

test: $(DEV)  ## set up and run the tests (ALL=1: with browser, notebook and slow tests)
	$(BIN)/python -m pytest $(TESTS) $(ARGS)

classic: $(LIGHT)  ## add UMAP and HDBSCAN (fit_topics(clustering="hdbscan")) to the environment
	$(BIN)/python -m pip install --no-deps -r requirements-classic.lock

explorer: $(DEV)  ## build the explorer's JavaScript from web/ and check it (needs Node 20 and npm)
	$(BIN)/python scripts/explorer_schema.py
	cd web && npm ci --ignore-scripts --no-audit --no-fund && npm run check

lint: $(DEV)  ## ruff, mypy, the rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python scripts/check_rooms.py

notebooks: $(LIGHT)  ## execute all notebooks headless, say how long each took
	$(BIN)/python scripts/run_notebooks.py

student: $(LIGHT)  ## copies of the notebooks without the solutions, into student/
	$(BIN)/python scripts/student_notebooks.py

course: $(DEV)  ## the graded lab for each name in STUDENTS=file, into course/ (docs/teaching.md)
	$(BIN)/python scripts/graded_lab.py handout $(or $(STUDENTS),students.txt)

grades: $(DEV)  ## grade what is in course/submitted/, into course/grades.csv
	$(BIN)/python scripts/graded_lab.py grade

slides: $(LIGHT)  ## the notebooks, executed, as HTML slides, into slides/ (no network needed)
	$(BIN)/python scripts/make_slides.py

report: $(LIGHT)  ## one self-contained HTML report on a collection: report.html (PAPERS=path for yours)
	$(BIN)/python scripts/make_report.py $(PAPERS)

docs: $(DOCS)  ## the documentation site, its notebooks and figures executed, into site/
	$(BIN)/python scripts/build_docs.py $(ARGS)

data: $(DEV)  ## rebuild the shipped collections (docs/rebuild.md)
	$(BIN)/python scripts/build_data.py

clean:  ## remove the environments and everything made
	rm -rf .venv .venv-* site student slides report.html .pytest_cache .mypy_cache .ruff_cache .cache
	rm -rf docs/_extra docs/gallery docs/reference/made docs/tutorials/*.ipynb

# Without its Python (a first try, or one that was upgraded away), whatever else is there is useless.
.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; found none on the PATH (set PYTHON=/path/to/python)"; exit 1; }
	@echo "Making the environment .venv with $$($(PYTHON) --version) (some seconds)"
	@rm -rf .venv
	@$(PYTHON) -m venv .venv || { echo "This Python lacks venv; on Debian or Ubuntu: apt install python3-venv"; rm -rf .venv; exit 1; }

$(LIGHT): requirements.lock pyproject.toml | .venv/bin/python
	@$(BIN)/python scripts/install.py requirements.lock
	@touch $@

$(DEV): requirements-dev.lock pyproject.toml | .venv/bin/python
	@$(BIN)/python scripts/install.py requirements-dev.lock
	@touch $@ $(LIGHT)

$(DOCS): requirements-docs.lock | $(DEV)
	$(BIN)/python -m pip install --no-deps -r requirements-docs.lock
	@touch $@
