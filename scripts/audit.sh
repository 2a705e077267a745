#!/usr/bin/env bash
# `make audit`: asks the index of packages whether a weakness is known of anything requirements/ pins.
# This is the one command here that asks a service beyond a registry of packages; it runs in an environment of its own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=var/audit
[ -x "$folder/bin/pip-audit" ] || {
  python3 -m venv --clear "$folder"
  "$folder/bin/python" -m pip install --quiet --require-hashes -r requirements/audit.txt
}
failed=0
for name in base dev; do
  echo "== requirements/$name.txt"
  "$folder/bin/pip-audit" --require-hashes --disable-pip --progress-spinner off -r "requirements/$name.txt" || failed=1
done
exit "$failed"
