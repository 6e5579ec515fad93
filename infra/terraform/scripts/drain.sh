#!/usr/bin/env bash
# drain.sh queue|environment NAME REGION MINUTES
# Closes a job queue or compute environment for new work and waits until no job is left in it; MINUTES = 0 does nothing at all.
# Terraform calls it before it removes either. Fails, and so keeps the resource, when the time is up or AWS cannot be asked.
set -euo pipefail

kind=$1 name=$2 region=$3 minutes=$4
pause=${REFRAG_DRAIN_PAUSE_SECONDS:-15}
# AWS's lists lag behind: a job that was placed a moment ago, or that a reclaimed host gave back, is in none of them. One empty
# look is not enough.
looks=5

if [ "$minutes" -eq 0 ]; then
  echo "not draining $kind $name: batch_drain_before_removal is false"
  exit 0
fi
if ! command -v aws >/dev/null; then
  echo "drain.sh: the AWS CLI is not on PATH, so it is not known whether $kind $name still has jobs." >&2
  echo "Install it, or check that it is empty and apply with batch_drain_before_removal = false first." >&2
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
    batch update-job-queue --job-queue "$name" --state DISABLED
  else
    batch update-compute-environment --compute-environment "$name" --state DISABLED
  fi
}

# Prints STATUS and STATE. Both updates are asynchronous: while one is UPDATING it may still take jobs, and refuses to be updated again.
describe() {
  if [ "$kind" = queue ]; then
    batch describe-job-queues --job-queues "$name" --query 'jobQueues[0].[status, state]'
  else
    batch describe-compute-environments --compute-environments "$name" --query 'computeEnvironments[0].[status, state]'
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

unknown() {
  echo "drain.sh: AWS does not say whether $kind $name still has jobs; it stays." >&2
  exit 1
}

# give_up_if_late TEXT: fails when the time is up.
give_up_if_late() {
  if [ "$SECONDS" -lt "$deadline" ]; then return; fi
  echo "drain.sh: $kind $name $1 after $minutes minute(s); it stays." >&2
  echo "Apply again to continue waiting, or terminate the jobs." >&2
  exit 1
}

close_and_settle() {
  local status state answer
  until answer=$(close 2>&1 >/dev/null); do
    case $answer in *'being modified'*) ;; *) echo "$answer" >&2; unknown ;; esac
    give_up_if_late "cannot be closed"
    sleep "$pause"
  done
  while :; do
    read -r status state < <(describe) || unknown
    case "$status $state" in 'VALID DISABLED' | 'INVALID DISABLED' | 'None DISABLED') return ;; esac
    give_up_if_late "is $status and $state"
    sleep "$pause"
  done
}

wait_until_empty() {
  local left empty=0
  while :; do
    left=$("${kind}_jobs") || unknown
    if [ "$left" -eq 0 ]; then
      empty=$((empty + 1))
      if [ "$empty" -eq "$looks" ]; then return; fi
    else
      empty=0
      echo "$kind $name: $left job(s) left"
      give_up_if_late "still has $left job(s)"
    fi
    sleep "$pause"
  done
}

if ! exists; then
  echo "$kind $name is gone already"
  exit 0
fi
deadline=$((SECONDS + minutes * 60))
close_and_settle
wait_until_empty
echo "$kind $name is empty"
