#!/usr/bin/env bash
# Writes .secrets.baseline anew: what looks like a secret and is none. Look at every line it adds before you commit it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mapfile -d '' files < <(git ls-files -z -- . ':!tests' ':!requirements' ':!static/vendor' ':!locale' ':!package-lock.json' ':!.secrets.baseline')
.venv/bin/detect-secrets scan "${files[@]}" > .secrets.baseline.new
mv .secrets.baseline.new .secrets.baseline
git --no-pager diff --stat -- .secrets.baseline
