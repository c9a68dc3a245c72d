#!/usr/bin/env bash
# Gives a Debian machine the MPI that the tests of several ranks run on, and iproute2, by which they lay hosts
# of one machine. Does nothing where there are both.
set -euo pipefail
install=$(dirname "${BASH_SOURCE[0]}")/install-debian-package.sh
if command -v mpirun.mpich >/dev/null; then
  echo "There is MPICH, nothing to do: $(command -v mpirun.mpich)"
else
  "$install" mpich 'install MPICH with your package manager; the tests call it mpirun.mpich.'
fi
if command -v ip >/dev/null; then
  echo "There is iproute2, nothing to do: $(command -v ip)"
else
  "$install" iproute2 'install iproute2 with your package manager; the tests call it ip.'
fi
