# Every path is relative, so that a folder with spaces or Chinese characters is no different.
PY := .venv/bin/python
PIP := $(PY) -m pip install --quiet --no-input --disable-pip-version-check --root-user-action ignore
# Settings of a server, for the checks that ask for them; nothing is connected.
AS_SERVER := DATABASE_URL=postgresql://check@localhost/check REDIS_URL=redis://localhost/0 ALLOWED_HOSTS=example.test \
	SECRET_KEY=only-for-make-check-0123456789-abcdefghijklmnopqrstuvwxyz \
	VAULT_KEY=only-for-make-check-0123456789-abcdefghijklmnopqrstuvwxyz VAR_DIR=var/test

.PHONY: run test check prove
.DELETE_ON_ERROR:

run: .venv/.installed
	@if [ -f .env ]; then set -a; . ./.env; set +a; fi; exec $(PY) manage.py portal --demo

# Test modules are compiled once, with their assertions rewritten, and not for each worker of each run.
test: .venv/.tests
	PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -n 2 --dist loadgroup

prove: .venv/.tests
	$(PY) -m pytest -m prove -s

check: .venv/.tests
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) .venv/bin/lint-imports
	find templates -name '*.html' -print0 | xargs -0 -r .venv/bin/djade --check --target-version 5.2
	VAR_DIR=var/check $(PY) manage.py makemigrations --check --dry-run
	$(AS_SERVER) $(PY) manage.py check --deploy --fail-level WARNING

.venv/.python:
	@for python in python3.11 python3 python3.14 python3.13 python3.12; do \
		if $$python -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "正在建立 .venv（$$($$python --version)）……"; \
			$$python -m venv .venv && touch $@; exit; \
		fi; \
	done; \
	echo "需要 Python 3.11 或更新的版本，并带有 venv（Debian：apt-get install python3-venv）。" >&2; exit 1

.venv/.installed: .venv/.python pyproject.toml constraints.txt
	@echo "正在安装运行所需的软件包……"
	@$(PY) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"], sep="\n")' > .venv/names
	@$(PIP) -c constraints.txt -r .venv/names
	@touch $@

.venv/.tests: .venv/.installed
	@echo "正在安装测试所需的软件包……"
	@$(PY) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["test"], sep="\n")' > .venv/names
	@$(PIP) -c constraints.txt -r .venv/names
	@touch $@
