#!/usr/bin/env bash
# Runs N jobs that do nothing (10,000 by default), two at a time, with refrag's process runner, xargs, GNU parallel and task-spooler, one
# after the other, and prints seconds and ratios. ROUNDS rounds, interleaved; the best of each counts, for other work on the machine only
# ever adds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
jobs=${1:-10000}
rounds=${ROUNDS:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# As users run refrag: a native program where there is a linker, whose idle threads sleep at once (src/Refrag.Cli/Refrag.Cli.csproj).
export DOTNET_ThreadPool_UnfairSemaphoreSpinLimit=0
native=false
if command -v clang >/dev/null || command -v gcc >/dev/null; then native=true; fi
dotnet publish bench/local-jobs.cs -c Release --use-current-runtime -p:Native=$native \
  -p:ArtifactsPath="$work/build" -o "$work/bench" >"$work/publish.log" 2>&1 || { cat "$work/publish.log"; exit 1; }

refrag() { "$work/bench/local-jobs" "$jobs" >/dev/null; }
# As root each job has control groups of its own, which hold it to its memory and which the others do not make. Without them it does what
# the others do.
chmod a+rx "$work"
without_groups() { (cd / && setpriv --reuid 65534 --regid 65534 --clear-groups "$work/bench/local-jobs" "$jobs" >/dev/null); }
with_xargs() { seq "$jobs" | xargs -P 2 -I{} /bin/true; }
with_parallel() { seq "$jobs" | parallel -j 2 -n 0 /bin/true; }
with_ts() { # tsp's server remembers jobs that have ended: ten of them are enough, and the last one's end is waited for
  local spooler=$1
  export TS_SOCKET=$work/ts.socket TS_MAXFINISHED=10 TS_MAXCONN=1000 TMPDIR=$work
  "$spooler" -S 2
  for ((i = 0; i < jobs; i++)); do "$spooler" -n /bin/true >/dev/null; done
  "$spooler" -w || return 1
  "$spooler" -K
}

declare -A best
run() { # NAME COMMAND…
  local name=$1 before after ms
  shift
  before=$(date +%s%N)
  # One that cannot be driven is said to have no figure; the others still have theirs.
  "$@" || return 0
  after=$(date +%s%N)
  ms=$(((after - before) / 1000000))
  if [[ -z ${best[$name]:-} || $ms -lt ${best[$name]} ]]; then best[$name]=$ms; fi
}

spooler=$(command -v tsp || command -v ts || true)
for ((round = 0; round < rounds; round++)); do
  run refrag refrag
  if [[ $EUID -eq 0 ]]; then run no-groups without_groups; fi
  run xargs_P2 with_xargs
  if command -v parallel >/dev/null; then run parallel with_parallel; fi
  if [[ -n $spooler ]]; then run task-spooler with_ts "$spooler"; fi
done

echo "$jobs jobs, two at a time, best of $rounds:"
[[ $EUID -ne 0 ]] && echo 'no-groups is refrag: only root may make control groups here' && best[no-groups]=${best[refrag]}
for name in refrag no-groups xargs_P2 parallel task-spooler; do
  if [[ -n ${best[$name]:-} ]]; then
    awk -v n="$name" -v t="${best[$name]}" -v r="${best[refrag]}" -v w="${best[no-groups]}" 'BEGIN {
      printf "%-14s %8.2f s   refrag takes %.2f of it, without control groups %.2f\n", n, t / 1000, r / t, w / t
    }'
  else
    echo "$name is not installed, or failed"
  fi
done
