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

exec "$(dirname "${BASH_SOURCE[0]}")/install-debian-package.sh" chromium \
  'install Chromium or Chrome your way, or set CHROMIUM_PATH.'
