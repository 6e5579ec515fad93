#!/usr/bin/env bash
# Figures of the scheduling core on one core: decision rounds, a simulated day, and replays of traces (CSV files as bench/scheduling.md describes them).
#
#   bench/scheduling.sh [TRACE.csv…]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
dotnet build bench/Refrag.Bench.Scheduling -c Release -p:RunAnalyzers=false -v quiet --nologo >&2
program=artifacts/bin/Refrag.Bench.Scheduling/release/Refrag.Bench.Scheduling
"$program" rounds
echo
"$program" day
if (($# > 0)); then
  echo
  "$program" replay "$@"
fi
