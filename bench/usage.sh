#!/usr/bin/env bash
# What measuring costs: the processor time of `refrag exec` as the first process of a container, and of the engine with jobs that run,
# from the kernel's own count (/proc/PID/stat), over SECONDS after it has begun. Needs root, for a process namespace.
#   bench/usage.sh [REFRAG] [SECONDS]    two or more processors
set -euo pipefail
refrag=${1:-artifacts/bin/Refrag.Cli/debug/Refrag.Cli}
seconds=${2:-120}

# Of the children that it has waited for, too: nvidia-smi.
all_ticks() { sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 + $14 + $15 }'; }

measure() {
    local what=$1 pid=$2 before after
    sleep 10
    before=$(all_ticks "$pid")
    sleep "$seconds"
    after=$(all_ticks "$pid")
    awk -v what="$what" -v t=$((after - before)) -v s="$seconds" \
        'BEGIN { printf "| %s | %.2f s in %d s | %.3f %% |\n", what, t / 100, s, t / s }'
}

echo "| measured | processor time | of one core |"
echo "|---|---|---|"
# unshare itself ignores the signal: what it started ends by it.
# shellcheck disable=SC2016,SC2046,SC2086 # A list of ids.
trap 'kill $(jobs -p) $first 2>/dev/null || true' EXIT
first=
unshare --pid --fork --mount-proc "$refrag" exec -- sleep $((seconds + 20)) 2>/dev/null &
for _ in $(seq 100); do
    first=$(cat "/proc/$!/task/$!/children" 2>/dev/null || true)
    if [ -n "$first" ]; then break; fi
    sleep 0.1
done
if [ -z "$first" ]; then echo "refrag exec did not start; a process namespace needs root" >&2; exit 1; fi
measure "refrag exec, first process of a container" "${first// /}"
wait
first=

# As many jobs as run at once, each with ten processes.
jobs=$(nproc)
for usage in off 2; do
    # shellcheck disable=SC2016 # The shell of the job expands it.
    REFRAG_USAGE=$usage REFRAG_RUNS=none "$refrag" run env=local env.array_size="$jobs" env.vcpus=1 env.memory=64MiB -- \
        sh -c 'for i in 1 2 3 4 5 6 7 8 9; do sleep "$0" & done; wait' $((seconds + 20)) 2>/dev/null >/dev/null &
    measure "refrag run env=local with $jobs jobs of ten processes, REFRAG_USAGE=$usage" $!
    wait
done
