#!/usr/bin/env bash
# Figures of refrag simulate on one core: shared queues against separate ones on the traces of a folder (CSV files as
# docs/concepts/simulation.md describes them), and a million generated jobs. Measured is a native program, as refrag is one; without a
# native linker one for the .NET runtime, which says so.
#
#   bench/simulate.sh FOLDER
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[[ ${BENCH_BUILD:-yes} == no ]] || BENCH_BUILD=only bench/scheduling.sh
program=artifacts/bench/scheduling/Refrag.Bench.Scheduling
"$program" whatif "${1:?usage: bench/simulate.sh FOLDER}"
echo
"$program" million 1000000
