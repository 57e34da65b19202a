# make run: the whole product on this machine.   make test: everything that proves it.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
# For every Python from 3.11 on, whichever one locks; UPGRADE=--upgrade takes the newest versions.
LOCK = $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links $(UPGRADE)

.PHONY: run test lint fmt scan bench topology drill messages lock

run: $(VENV)/.runtime
	$(BIN)/python manage.py up

test: $(VENV)/.development
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder tests

lint: $(VENV)/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	git ls-files '*.html' | xargs $(BIN)/djade --check
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python deploy/lint_migrations.py
	./deploy/audit $(BIN)/pip-audit

drill: $(VENV)/.development
	DRILL_REPORT=docs/drills.md $(BIN)/python -m pytest -m "drill or long" -s tests/drills

topology: $(VENV)/.development
	$(BIN)/python -m bench.topology

bench: $(VENV)/.development
	$(BIN)/python -m bench $(SIZES)

# An independent scanner over a running demo (never over an office's: it sends every form).
scan: $(VENV)/scanner/bin/wapiti
	$(VENV)/scanner/bin/python deploy/scan.py $(or $(AT),http://127.0.0.1:8000) $(AS) var/scan/$(AS) $(or $(SECONDS),150) $(FROM)

fmt: $(VENV)/.development
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: $(VENV)/.development
	$(BIN)/python manage.py collect_messages

lock: $(VENV)/.development
	$(LOCK) -o requirements.txt requirements.in
	$(LOCK) -o requirements-dev.txt requirements-dev.in

$(VENV)/scanner/bin/wapiti:
	$(PYTHON) -m venv $(VENV)/scanner
	$(VENV)/scanner/bin/pip install -q wapiti3==3.2.3 lxml==6.1.3

$(VENV)/bin/pip:
	./deploy/make-venv $(PYTHON) $(VENV)

$(VENV)/.runtime: requirements.txt locale/en/LC_MESSAGES/django.po | $(VENV)/bin/pip
	$(BIN)/pip install -q -r requirements.txt
	$(BIN)/pybabel -q compile -f -d locale -D django
	touch $@

$(VENV)/.development: requirements-dev.txt $(VENV)/.runtime
	$(BIN)/pip install -q -r requirements-dev.txt
	./deploy/find-browser $(BIN)/python
	touch $@
