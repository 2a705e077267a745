#!/usr/bin/env bash
# `make test`: installs what the tests need, runs them, then every check, and ends with one plain line.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
started=$SECONDS

scripts/setup.sh dev
scripts/browser.sh
failed=()
scripts/pytest.sh -m "not alone" "$@" || failed+=("pytest")
# Seconds are measured with nothing beside; 5 means that the arguments asked for no such test.
TEST_WORKERS=0 scripts/pytest.sh -m alone "$@" || [ "$?" -eq 5 ] || failed+=("pytest, what runs alone")
scripts/lint.sh || failed+=("lint")

minutes="$(( (SECONDS - started) / 60 )) min $(( (SECONDS - started) % 60 )) s"
if [ "${#failed[@]}" -gt 0 ]; then
  echo "✗ make test: FAILED in ${failed[*]} ($minutes)"
  exit 1
fi
echo "✓ make test: all tests and checks passed ($minutes)"
