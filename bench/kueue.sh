#!/usr/bin/env bash
# The workload that Kueue's scheduler is measured with in its own checks, as a trace and a world for refrag simulate: 15,000 jobs of three
# sizes on 30 queues in five groups, each with the room that its queues may borrow from one another. The figures of the generator are those
# of test/performance/scheduler/configs/baseline/generator.yaml of kubernetes-sigs/kueue.
#
#   bench/kueue.sh [REFRAG]
set -euo pipefail
refrag=${1:-refrag}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

awk 'BEGIN {
  # name, jobs of a queue, seconds between two, seconds that one runs, priority, vCPUs
  split("small 350 0.1 0.2 50 1,medium 100 0.5 0.5 100 5,large 50 1.2 1 200 20", sizes, ",")
  for (cohort = 1; cohort <= 5; cohort++) for (queue = 1; queue <= 6; queue++) for (size = 1; size <= 3; size++) {
    split(sizes[size], one, " ")
    for (job = 0; job < one[2]; job++)
      printf "%.3f,%s,%s,1024,q%d-%d,%s,%s,%s\n", job * one[3], one[4], one[6], cohort, queue, "all", one[5], one[1]
  }
}' | sort -t, -k1,1n -s | { echo submit_s,run_s,vcpus,memory_mib,queue,share,priority,name; cat; } >"$folder/trace.csv"

# 120 vCPUs a group, as instances that stand: Kueue has quotas and no instances to start.
{
  echo "name: kueue"
  echo "instance_start: 0s"
  echo "environments:"
  for cohort in 1 2 3 4 5; do echo "  c$cohort: {types: [m4.10xlarge], max_vcpus: 120, min_vcpus: 120}"; done
  echo "queues:"
  for cohort in 1 2 3 4 5; do
    for queue in 1 2 3 4 5 6; do echo "  q$cohort-$queue: {environments: [c$cohort], fair_share: true}"; done
  done
} >"$folder/world.yaml"

time "$refrag" simulate --trace "$folder/trace.csv" --world "$folder/world.yaml" --jobs "$folder/jobs.csv"
# By size, by the run time: the mean time until a job starts.
awk -F, 'NR > 1 { run = sprintf("%.1f", $7 - $6); sum[run] += $6 - $5; count[run]++ }
  END { for (run in sum) printf "jobs of %s s: %d, started after %.1f s on average\n", run, count[run], sum[run] / count[run] }' \
  "$folder/jobs.csv" | sort
