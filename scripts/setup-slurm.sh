#!/usr/bin/env bash
# Gives a Debian machine SLURM, for the test of sweeps on it. Does nothing where it is; without it that
# test is left out and says so, so nothing depends on this script. No service is left running.
set -euo pipefail

if command -v slurmctld >/dev/null && command -v slurmd >/dev/null; then
  printf 'SLURM is there, nothing to do.\n'
  exit 0
fi

exec "$(dirname "${BASH_SOURCE[0]}")/install-debian-package.sh" slurm-wlm \
  "install slurmctld, slurmd and SLURM's commands by your system's means."
