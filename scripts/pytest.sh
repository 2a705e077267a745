#!/usr/bin/env bash
# Runs the whole test suite in parallel, one database for each worker; further arguments go to pytest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
workers="${TEST_WORKERS:-$(nproc)}"
if [ "$workers" -gt 4 ]; then workers=4; fi
exec .venv/bin/python -m pytest -n "$workers" --dist loadfile --durations=10 --tb=short "$@" </dev/null
