#!/usr/bin/env bash
# Sees to Chromium, a Chinese font and what Playwright's driver links to, for the tests that drive a real browser.
set -euo pipefail

missing=()
command -v chromium >/dev/null || missing+=(chromium)
for package in fonts-noto-cjk libatomic1; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if [ "${#missing[@]}" -eq 0 ]; then exit 0; fi

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "✗ 浏览器测试需要: ${missing[*]}。请以 root 运行 apt-get install ${missing[*]}" >&2
  echo "  The browser tests need: ${missing[*]}. Run apt-get install ${missing[*]} as root, then try again." >&2
  exit 1
fi
echo "→ 安装浏览器与中文字体 · installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
quiet=(apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300)
"${quiet[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null >/dev/null 2>&1 || {
  "${quiet[@]}" update </dev/null >/dev/null
  "${quiet[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null >/dev/null
}
