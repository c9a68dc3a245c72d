#!/usr/bin/env bash
# Gives a Debian machine the MPI that the tests of several ranks run on. Does nothing where there is one.
set -euo pipefail
if command -v mpirun.mpich >/dev/null; then
  echo "There is MPICH, nothing to do: $(command -v mpirun.mpich)"
  exit 0
fi
exec "$(dirname "${BASH_SOURCE[0]}")/install-debian-package.sh" mpich \
  'install MPICH with your package manager; the tests call it mpirun.mpich.'
