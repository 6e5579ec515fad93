#!/usr/bin/env bash
# `refrag dashboard` with JOBS waiting jobs (100,000 by default) on `refrag serve --runner simulated`, in Chromium: when the first view is
# there and whole, what it takes on its way, and CPU and memory of the page's server. Needs node 20.19 or newer, and Chromium (CHROMIUM names
# another than /usr/bin/chromium). REFRAG names the program; by default it is built natively.
#
#   bench/dashboard.sh [JOBS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [[ -z ${REFRAG:-} ]]; then
  REFRAG_BUILD="wait" ./refrag --version >/dev/null
  REFRAG=$PWD/artifacts/refrag/$(<artifacts/refrag/fast.built)/refrag
fi
export REFRAG
(cd tests/dashboard && npm ci --silent)
exec node tests/dashboard/bench.mjs "${1:-100000}"
