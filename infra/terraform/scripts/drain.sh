#!/usr/bin/env bash
# drain.sh queue|environment NAME REGION MINUTES
# Closes a job queue or compute environment for new work and waits until no job is left in it; MINUTES = 0 does nothing at all.
# Terraform calls it before it removes either. Fails, and so keeps the resource, when the time is up or AWS cannot be asked.
set -euo pipefail

kind=$1 name=$2 region=$3 minutes=$4
pause=${REFRAG_DRAIN_PAUSE_SECONDS:-15}

if [ "$minutes" -eq 0 ]; then
  echo "not draining $kind $name: batch_drain_before_removal is false"
  exit 0
fi
if ! command -v aws >/dev/null; then
  echo "drain.sh: the AWS CLI is not on PATH, so nobody can tell whether $kind $name still has jobs." >&2
  echo "Install it, or see for yourself that it is empty and apply with batch_drain_before_removal = false first." >&2
  exit 1
fi

batch() { aws batch "$@" --region "$region" --output text; }

# Both are called in a command substitution, where set -e does not hold: what cannot be asked must not count as empty.
queue_jobs() {
  local total=0 status count
  for status in SUBMITTED PENDING RUNNABLE STARTING RUNNING; do
    count=$(batch list-jobs --job-queue "$name" --job-status "$status" --query 'length(jobSummaryList)') || return 1
    # One figure a page.
    while read -r page; do total=$((total + page)); done <<<"$count"
  done
  echo "$total"
}

# Batch runs each job as a task in the cluster of its environment.
environment_jobs() {
  local cluster arns
  cluster=$(batch describe-compute-environments --compute-environments "$name" --query 'computeEnvironments[0].ecsClusterArn') || return 1
  if [ "$cluster" = None ]; then
    echo 0
    return
  fi
  arns=$(aws ecs list-tasks --cluster "$cluster" --desired-status RUNNING --region "$region" --query 'taskArns' --output text) || return 1
  if [ "$arns" = None ]; then arns=; fi
  wc -w <<<"$arns" | tr -d ' '
}

close() {
  if [ "$kind" = queue ]; then
    batch update-job-queue --job-queue "$name" --state DISABLED >/dev/null
  else
    batch update-compute-environment --compute-environment "$name" --state DISABLED >/dev/null
  fi
}

exists() {
  local found
  if [ "$kind" = queue ]; then
    found=$(batch describe-job-queues --job-queues "$name" --query 'length(jobQueues)') || exit 1
  else
    found=$(batch describe-compute-environments --compute-environments "$name" --query 'length(computeEnvironments)') || exit 1
  fi
  [ "$found" != 0 ]
}

if ! exists; then
  echo "$kind $name is gone already"
  exit 0
fi
close
deadline=$((SECONDS + minutes * 60))
while :; do
  if ! left=$("${kind}_jobs"); then
    echo "drain.sh: AWS does not say whether $kind $name still has jobs; it is closed for new ones and stays." >&2
    exit 1
  fi
  if [ "$left" -eq 0 ]; then
    echo "$kind $name is empty"
    exit 0
  fi
  echo "$kind $name: $left job(s) left"
  if [ "$SECONDS" -ge "$deadline" ]; then
    echo "drain.sh: $kind $name still has $left job(s) after $minutes minute(s); it is closed for new ones and stays." >&2
    echo "Apply again to go on waiting, or terminate the jobs." >&2
    exit 1
  fi
  sleep "$pause"
done
