#!/usr/bin/env bash
# Figures of the scheduling core on one core: decision rounds, a simulated day, and replays of traces (CSV files as bench/scheduling.md
# describes them). Measured is a native program, as refrag is one; without a native linker one for the .NET runtime, which says so.
#
#   bench/scheduling.sh [TRACE.csv…]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
out=artifacts/bench/scheduling
publish() {
  dotnet publish bench/Refrag.Bench.Scheduling -c Release --use-current-runtime -p:RunAnalyzers=false \
    -o "$out" -v quiet --nologo "$@" >&2
}
# Publish first, under whatever shares the machine: BENCH_BUILD=no measures what is there.
if [[ ${BENCH_BUILD:-yes} != no ]]; then
  publish -p:Native=true || { echo "No native program; these are figures of the .NET runtime." >&2; publish --no-self-contained; }
fi
[[ ${BENCH_BUILD:-} == only ]] && exit 0
program=$out/Refrag.Bench.Scheduling
"$program" rounds
echo
"$program" day
if (($# > 0)); then
  echo
  "$program" replay "$@"
fi
