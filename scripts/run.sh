#!/usr/bin/env bash
# `make run`: sets up, migrates, loads the demo data into an empty data directory and serves in the foreground.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DJANGO_SETTINGS_MODULE="${DJANGO_SETTINGS_MODULE:-portal.settings.dev}"
export PORT="${PORT:-8000}"
export DATA_DIR="${DATA_DIR:-$PWD/var}"
export PYTHONUNBUFFERED=1
# Eight threads that each open a large photo: with few heaps the memory is used again instead of kept by each thread.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"
# And what a photo takes goes back at once: left alone, the C library keeps blocks of up to 32 MB for later.
export MALLOC_MMAP_THRESHOLD_="${MALLOC_MMAP_THRESHOLD_:-1048576}"

scripts/setup.sh base
# Keys, database and photos are for the account that runs the server, and for nobody else on the machine.
umask 077
.venv/bin/python scripts/port_free.py "$PORT"
.venv/bin/python scripts/prepare.py
exec .venv/bin/python -m gunicorn --config scripts/gunicorn.conf.py portal.wsgi:application
