#!/usr/bin/env bash
# Every check that is not a test. Runs them all, then says which failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH="$PWD/.venv/bin:$PATH" DJANGO_SETTINGS_MODULE=portal.settings.test
failed=()

check() {
  local name="$1"
  shift
  printf -- '— %s\n' "$name"
  "$@" </dev/null || failed+=("$name")
}

check "ruff: faults and style" ruff check --quiet --output-format concise .
check "ruff: layout" ruff format --check --quiet --output-format concise .
check "mypy: types" mypy
check "import-linter: who may import whom" lint-imports --no-cache --no-logo
shopt -s nullglob
check "djlint: templates" djlint --lint --quiet */templates/ */*/templates/
check "django: migrations complete" env DATABASE_URL=sqlite://:memory: python manage.py makemigrations --check --dry-run

if [ "${#failed[@]}" -gt 0 ]; then
  printf '✗ lint: failed:'
  printf ' [%s]' "${failed[@]}"
  printf '\n'
  exit 1
fi
echo "✓ lint: all clean"
