#!/usr/bin/env bash
# Measures the first pages of a running portal with Lighthouse at phone size and prints the four scores of each.
#   scripts/lighthouse.sh [address]    default http://127.0.0.1:$PORT, as `make run` serves it
# Needs Node and Chromium. Lighthouse comes from npm into DATA_DIR/lighthouse and is no part of the project or its tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

address="${1:-http://127.0.0.1:${PORT:-8000}}"
address="${address%/}"
folder="${DATA_DIR:-$PWD/var}/lighthouse"
version="12.8.2"
CHROME_PATH="${CHROME_PATH:-$(command -v chromium || command -v google-chrome)}"
export CHROME_PATH

mkdir -p "$folder"
if [ ! -x "$folder/node_modules/.bin/lighthouse" ]; then
  npm install --prefix "$folder" --no-audit --no-fund --silent "lighthouse@$version"
fi
# One case is as good as another: the first one of the list.
case_path="$(curl -fsS "$address/cases/" | grep -oE '<article class="case">.*<h3><a href="/[^"]+"' | grep -oE 'href="/[^"]+"' | head -n 1 | cut -d'"' -f2)"
reports=()
for path in / /cases/ "$case_path"; do
  report="$folder/report-$(printf '%s' "$path" | tr / -).json"
  "$folder/node_modules/.bin/lighthouse" "$address$path" --quiet --output=json --output-path="$report" \
    --only-categories=performance,accessibility,best-practices,seo \
    --chrome-flags="--headless=new --no-sandbox --disable-gpu"
  reports+=("$report")
done
exec .venv/bin/python scripts/lighthouse_scores.py "${reports[@]}"
