#!/usr/bin/env bash
# Installs a package on Debian: install-debian-package.sh PACKAGE WHAT_TO_DO_ELSEWHERE
set -euo pipefail
package=$1 elsewhere=$2

# shellcheck disable=SC1091
[ -r /etc/os-release ] && . /etc/os-release
if [ "${ID:-}" != debian ]; then
  printf 'This script knows Debian only: %s\n' "$elsewhere" >&2
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

printf 'This will install %s with apt%s.\n' "$package" "${root[0]:+ (through ${root[0]})}"
"${root[@]}" apt-get update -q || printf 'apt-get update complained; trying all the same.\n'
"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$package"
