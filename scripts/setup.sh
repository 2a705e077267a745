#!/usr/bin/env bash
# Brings .venv to what requirements/ locks: `scripts/setup.sh base` to run, `scripts/setup.sh dev` to test.
# A stamp keyed by the lock files makes every later call a matter of milliseconds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

wanted="${1:-base}"
files=(requirements/base.txt)
if [ "$wanted" = dev ]; then files+=(requirements/dev.txt); fi
python=.venv/bin/python
stamp=".venv/.installed-$wanted"

say() { printf '%s\n' "$*" >&2; }
fail() { say ""; say "✗ $1"; say "  $2"; exit 1; }

# Two commands started together must not build the same environment: the second waits for the first.
exec 9<Makefile
flock 9

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
  local name
  for name in ${PYTHON:-} python3.11 python3 /usr/bin/python3; do
    if command -v "$name" >/dev/null && fits "$name"; then command -v "$name"; return; fi
  done
  return 1
}

apt_install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  say "→ 安装系统软件包 · installing Debian packages: $*"
  local quiet=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120)
  "${quiet[@]}" install -y --no-install-recommends "$@" </dev/null >/dev/null 2>&1 \
    || { "${quiet[@]}" update </dev/null >/dev/null \
         && "${quiet[@]}" install -y --no-install-recommends "$@" </dev/null >/dev/null; }
}

find_uv() {
  if command -v uv >/dev/null; then echo uv
  elif "$base_python" -c 'import uv' >/dev/null 2>&1; then echo "$base_python -m uv"; fi
}

# A usable environment has an interpreter that starts and, without uv, a pip that starts.
usable() { fits "$python" && { [ -n "$uv" ] || "$python" -m pip --version >/dev/null 2>&1; }; }

make_environment() {
  if [ -n "$uv" ]; then $uv venv -q --clear --no-config --python "$base_python" .venv && return; fi
  if ! "$base_python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    apt_install python3-venv || fail "Python 缺少 venv 模块。· Python has no venv module." \
      "请以 root 运行 apt-get install python3-venv，然后重试。· Run that as root, then try again."
  fi
  "$base_python" -m venv --clear .venv
}

install_packages() {
  local from=() file
  for file in "${files[@]}"; do from+=(-r "$file"); done
  if [ -n "$uv" ]; then
    $uv pip install -q --no-config --python "$python" --require-hashes "${from[@]}" && return
    "$python" -m pip --version >/dev/null 2>&1 || return 1
    say "→ uv 未成功，改用 pip · uv did not manage, using pip"
  fi
  "$python" -m pip install -qq --disable-pip-version-check --no-input --require-hashes "${from[@]}"
}

hash_of() { cat "$@" | sha256sum | cut -d' ' -f1; }
if [ "$(cat "$stamp" 2>/dev/null || true)" = "$(hash_of "${files[@]}")" ] && fits "$python"; then exit 0; fi

base_python="$(find_python || { apt_install python3 python3-venv && find_python; } || true)"
[ -n "$base_python" ] || fail "没有找到 Python 3.11 或更高版本。· No Python 3.11 or later was found." \
  "请以 root 运行 apt-get install python3 python3-venv。· Run that as root, then try again."
uv="$(find_uv)"
if ! usable; then
  say "→ 创建 Python 环境 · creating the Python environment in .venv ($base_python)"
  make_environment
fi
say "→ 安装依赖包（校验哈希）· installing packages, checked against their hashes ($wanted)"
install_packages || fail "依赖包没有装上。· The packages could not be installed." \
  "请检查网络或软件源设置，然后重试。· Check the network or the package index settings, then try again."
hash_of "${files[@]}" > "$stamp"
hash_of requirements/base.txt > .venv/.installed-base
