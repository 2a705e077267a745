#!/usr/bin/env bash
# `make city`: a city in miniature on this machine (nginx, PostgreSQL with a replica, Redis, a store, two nodes, a worker),
# each part killed once while tips arrive, and a rolling upgrade. Takes some five minutes; needs root on Debian.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/setup.sh dev
missing=()
[ -x /usr/sbin/nginx ] || missing+=(nginx-light)
[ -e /etc/ssl/certs/ca-certificates.crt ] || missing+=(ca-certificates)
command -v redis-server >/dev/null || missing+=(redis-server)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
if [ "${#missing[@]}" -gt 0 ]; then
  # What Debian starts by itself would take their ports; the city starts its own.
  policy=/usr/sbin/policy-rc.d
  [ -e "$policy" ] || { printf '#!/bin/sh\nexit 101\n' >"$policy"; chmod 755 "$policy"; trap 'rm -f "$policy"' EXIT; }
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi
rm -f var/city-in-miniature.txt
.venv/bin/python -m pytest tests/miniature --miniature -n 0 -q --tb=short -p no:cacheprovider "$@" </dev/null
echo
if [ -e var/city-in-miniature.txt ]; then cat var/city-in-miniature.txt; fi
