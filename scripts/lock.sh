#!/usr/bin/env bash
# `make lock`: pins requirements/*.in with hashes and without download addresses, for the oldest Python we serve.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../requirements"
export PATH="$PWD/../.venv/bin:$PATH"

command -v uv >/dev/null || { echo "✗ make lock needs uv: .venv/bin/python -m pip install uv" >&2; exit 1; }
options=(--quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11 "$@")
uv pip compile "${options[@]}" base.in -o base.txt
uv pip compile "${options[@]}" dev.in -o dev.txt
uv pip compile "${options[@]}" audit.in -o audit.txt
echo "✓ requirements/base.txt, dev.txt and audit.txt are pinned. To take newer versions: scripts/lock.sh --upgrade"
