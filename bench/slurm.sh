#!/usr/bin/env bash
# What refrag costs beside sbatch and squeue: submission and status of JOBS jobs (default 200) in one run, on a cluster of its own.
#
#   sudo bench/slurm.sh [JOBS]
#
# REFRAG names the program; default: the native build, or the debug build where that is absent. Prints a table in Markdown.
set -euo pipefail
cd "$(dirname "$0")/.."

jobs=${1:-200}
refrag=${REFRAG:-}
for build in artifacts/publish/Refrag.Cli/release/Refrag.Cli artifacts/bin/Refrag.Cli/debug/Refrag.Cli; do
  [[ -n $refrag || ! -x $build ]] || refrag=$PWD/$build
done
folder=$(mktemp -d /tmp/refrag-slurm-bench.XXXXXX)
trap 'tests/slurm/cluster stop "$folder"; rm -rf "$folder"' EXIT
tests/slurm/cluster start "$folder" 24817
export SLURM_CONF=$folder/slurm.conf REFRAG_ENV=slurm
where=env.folder=$folder/jobs
printf '#!/bin/sh\ntrue\n' >"$folder/script"

seconds() { # COMMAND…
  local begin end
  begin=$(date +%s%N)
  "$@" >"$folder/out"
  end=$(date +%s%N)
  awk -v ns=$((end - begin)) 'BEGIN { printf "%.3f", ns / 1e9 }'
}

repeat() { # COUNT COMMAND…
  local count=$1 turn
  shift
  for ((turn = 0; turn < count; turn++)); do "$@"; done
}

plain() { sbatch --parsable --hold --job-name=plain --output=/dev/null "$folder/script"; }
own() { "$refrag" run --json "$where" +env.sbatch.hold= env.job_name=own -- true; }
row() { awk -v what="$1" -v a="$2" -v b="$3" 'BEGIN { printf "| %s | %.2f s | %.2f s | %.1f |\n", what, a, b, b / a }'; }

values=$(seq -s, "$jobs")
echo "| what | Slurm's commands | refrag | ratio |"
echo "|---|---|---|---|"
row "$jobs jobs, one after the other" "$(seconds repeat "$jobs" plain)" "$(seconds repeat "$jobs" own)"
row "$jobs jobs as one array" \
  "$(seconds sbatch --parsable --hold --array="0-$((jobs - 1))" --output=/dev/null "$folder/script")" \
  "$(seconds "$refrag" run -m --json --manifest "$folder/sweep.jsonl" "$where" +env.sbatch.hold= -- echo "--seed=$values")"
row "a list of them, ten times" "$(seconds repeat 10 squeue -h -r -t all -o '%i %T %r %j')" \
  "$(seconds repeat 10 "$refrag" jobs --json "$where")"
id=$("$refrag" jobs --json "$where" own | sed -n 's/.*"jobId": *"\([^"]*\)".*/\1/p' | head -n 1)
number=$(cat "$folder/jobs/$id/slurm")
row "the status of one, ten times" "$(seconds repeat 10 scontrol show job "$number")" \
  "$(seconds repeat 10 "$refrag" job --json "$where" "$id")"
