#!/usr/bin/env bash
# Gives a Debian machine both kinds of MPI that the tests of several ranks run on, and iproute2, by which they lay
# hosts of one machine. Does nothing where all are there. `mpirun` is MPICH's afterwards, unless Open MPI was there.
set -euo pipefail
scripts=$(dirname "${BASH_SOURCE[0]}")
# give COMMAND NAME PACKAGE
give() {
  if command -v "$1" >/dev/null; then
    echo "There is $2, nothing to do: $(command -v "$1")"
  else
    "$scripts/install-debian-package.sh" "$3" "install $2 with your package manager; the tests call it $1."
  fi
}
give mpirun.mpich MPICH mpich
give ip iproute2 iproute2
had=$(command -v mpirun.openmpi) || true
give mpirun.openmpi 'Open MPI' openmpi-bin
if [ -z "$had" ]; then
  # Open MPI's would take the name, and refuse to start anything for root.
  root=()
  [ "$(id -u)" -eq 0 ] || root=(sudo)
  "${root[@]}" update-alternatives --set mpirun /usr/bin/mpirun.mpich
fi
