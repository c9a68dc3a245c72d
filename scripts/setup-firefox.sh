#!/usr/bin/env bash
# Gives a Debian machine Firefox, for the tests in test/browser. Does nothing where there is one;
# without it those tests are left out and say so, so nothing depends on this script.
set -euo pipefail

for name in "${FIREFOX_PATH:-firefox-esr}" firefox; do
  if found=$(command -v "$name"); then
    printf 'There is a Firefox, nothing to do: %s\n' "$found"
    exit 0
  fi
done

exec "$(dirname "${BASH_SOURCE[0]}")/install-debian-package.sh" firefox-esr \
  'install Firefox your way, or set FIREFOX_PATH.'
