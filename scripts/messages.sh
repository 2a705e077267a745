#!/usr/bin/env bash
# `make messages`: collects the texts of code and templates into the catalogue and compiles it. Needs gettext.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DJANGO_SETTINGS_MODULE=portal.settings.test

if ! command -v xgettext >/dev/null; then
  [ "$(id -u)" = 0 ] || { echo "✗ gettext 未安装 · install gettext first: apt-get install gettext" >&2; exit 1; }
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends gettext </dev/null >/dev/null
fi
ignored=(--ignore '.venv/*' --ignore 'node_modules/*' --ignore 'var/*' --ignore 'tests/*')
# No line numbers and no dates: a text that has only moved changes nothing in the catalogue.
.venv/bin/python manage.py makemessages --locale zh_Hans --no-location --no-wrap "${ignored[@]}"
sed -i '/^"POT-Creation-Date:/d' locale/zh_Hans/LC_MESSAGES/django.po
.venv/bin/python manage.py compilemessages --locale zh_Hans "${ignored[@]}"
