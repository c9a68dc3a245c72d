#!/usr/bin/env bash
# Gives a Debian machine Chromium, for the tests in test/browser. Does nothing where there is one;
# without it those tests are left out and say so, so nothing depends on this script.
set -euo pipefail

for name in "${CHROMIUM_PATH:-chromium}" chromium-browser google-chrome google-chrome-stable chrome; do
  if found=$(command -v "$name"); then
    printf 'There is a Chromium, nothing to do: %s\n' "$found"
    exit 0
  fi
done

# shellcheck disable=SC1091
[ -r /etc/os-release ] && . /etc/os-release
if [ "${ID:-}" != debian ]; then
  printf 'This script knows Debian only: install Chromium or Chrome your way, or set CHROMIUM_PATH.\n' >&2
  exit 1
fi

root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    printf 'Installing packages needs root: run this script as root, or install sudo.\n' >&2
    exit 1
  }
  root=(sudo)
fi

printf 'This will install chromium with apt%s.\n' "${root[0]:+ (through ${root[0]})}"
"${root[@]}" apt-get update -q || printf 'apt-get update complained; trying all the same.\n'
"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium
