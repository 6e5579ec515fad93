#!/usr/bin/env bash
# Whole-process time of `refrag run … --dry-run`, through ./refrag, as the native program itself and as the build for the .NET runtime (what
# ./refrag falls back to without a linker), beside the AWS CLI and a bare import of boto3, in one run. The AWS CLI asks a server on loopback
# (moto), so no network is in its figure. Needs hyperfine, aws, python3 with boto3, moto_server and gcc.
#
#   bench/start.sh [FILE.md]    also writes the table to FILE.md
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
server=
trap '[[ -n $server ]] && kill "$server" 2>/dev/null; rm -rf "$work"' EXIT

REFRAG_BUILD="wait" ./refrag --version >/dev/null
program=artifacts/refrag/$(<artifacts/refrag/fast.built)/refrag
dotnet publish src/Refrag.Cli -c Release --use-current-runtime --no-self-contained -p:PublishReadyToRun=true -p:RunAnalyzers=false \
  -o "$work/runtime" -v quiet --nologo

port=$((20000 + RANDOM % 20000))
moto_server -H 127.0.0.1 -p "$port" >"$work/moto.log" 2>&1 &
server=$!
for _ in $(seq 100); do
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
  read -rt 0.1 <> <(:) || :
done

export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=secret AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
run='run app=train env=awsbatch env.gpus=2 env.vcpus=16 env.memory=65536 --dry-run'
hyperfine --warmup 3 --runs 20 --export-json "$work/figures.json" \
  --command-name 'refrag, native AOT' "$program $run" \
  --command-name './refrag' "./refrag $run" \
  --command-name 'refrag, ReadyToRun' "$work/runtime/refrag $run" \
  --command-name 'python3 -c "import boto3"' 'python3 -c "import boto3"' \
  --command-name 'aws batch describe-job-queues' "aws --endpoint-url http://127.0.0.1:$port batch describe-job-queues"

python3 - "$work/figures.json" <<'P' | tee ${1:+"$1"}
import json, sys
results = json.load(open(sys.argv[1]))["results"]
aws = results[-1]["mean"]
print("| command | mean | min to max | part of the AWS CLI |")
print("|---|---|---|---|")
for r in results:
    print(f"| {r['command']} | {r['mean'] * 1000:.0f} ms | {r['min'] * 1000:.0f} to {r['max'] * 1000:.0f} ms | 1/{aws / r['mean']:.1f} |")
P
