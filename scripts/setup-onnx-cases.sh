#!/usr/bin/env bash
# Gives a Debian machine ONNX' own test cases, for the tests in test/interchange/onnx. Does nothing
# where they are; without them those tests are left out and say so, so nothing depends on this script.
set -euo pipefail

if [ -d /usr/share/libonnx-testdata/data/node ] || [ -n "${WGRAD_ONNX_CASES:-}" ]; then
  printf "ONNX' test cases are there, nothing to do.\n"
  exit 0
fi

exec "$(dirname "${BASH_SOURCE[0]}")/install-debian-package.sh" libonnx-testdata \
  'unpack backend/test/data of ONNX 1.12 elsewhere, and set WGRAD_ONNX_CASES.'
