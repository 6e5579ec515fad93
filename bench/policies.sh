#!/usr/bin/env bash
# Wait and cost of scaling policies on the traces of a folder (CSV files as docs/concepts/simulation.md describes them), beside no policy
# and the best fixed minimum. The figures are of virtual time: they do not depend on the machine.
#
#   bench/policies.sh FOLDER
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[[ ${BENCH_BUILD:-yes} == no ]] || BENCH_BUILD=only bench/scheduling.sh
exec artifacts/bench/scheduling/Refrag.Bench.Scheduling policies "${1:?usage: bench/policies.sh FOLDER}"
