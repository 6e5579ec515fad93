#!/usr/bin/env bash
# SubmitJob with a durable answer by `refrag serve`, beside moto's SubmitJob and beside an empty Kestrel endpoint that reads the same body,
# in one run, at 1, 8 and 64 connections. All jobs but the first wait, because the first has every vCPU: what is measured is taking a job,
# not running it. Needs moto_server, python3 with boto3, and the .NET SDK. Everything is on loopback, the load generator on the same cores.
#
#   bench/server.sh [SECONDS]    seconds a measurement, default 5; REFRAG=PROGRAM measures another build than ./refrag
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
seconds=${1:-5}
work=$(mktemp -d)
pids=()
cleanup() {
  local pid
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || :; done
  wait 2>/dev/null
  rm -rf "$work"
}
trap cleanup EXIT

refrag=${REFRAG:-./refrag}
REFRAG_BUILD="wait" "$refrag" --version >/dev/null
# Each builds in a folder of its own: programs of one file share theirs otherwise, and then each other's start file.
for program in load empty-endpoint; do
  dotnet publish "bench/$program.cs" -c Release -p:ArtifactsPath="$work/build/$program" -o "$work/$program" -v quiet --nologo \
    >"$work/$program.log" 2>&1 || { cat "$work/$program.log"; exit 1; }
done

# A free port.
free() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
ready() {
  for _ in $(seq 300); do (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return; read -rt 0.1 <> <(:) || :; done
  echo "nothing listens on $1" >&2
  return 1
}

ours=$(free); moto=$(free); empty=$(free)
"$refrag" serve --urls "http://127.0.0.1:$ours" --state "$work/state" --runner simulated >"$work/ours.log" 2>&1 & pids+=($!)
moto_server -H 127.0.0.1 -p "$moto" >"$work/moto.log" 2>&1 & pids+=($!)
"$work/empty-endpoint/empty-endpoint" "$empty" >"$work/empty.log" 2>&1 & pids+=($!)
ready "$ours"; ready "$moto"; ready "$empty"
eval "$("$refrag" serve --print-env --state "$work/state" --urls "http://127.0.0.1:$ours")"

# Sets both up and writes the signed bytes of one SubmitJob for each.
cat >"$work/set-up.py" <<'P'
import json, os, sys, urllib.request
import boto3, botocore.auth, botocore.awsrequest
folder, ours, moto, empty = sys.argv[1:]
definition = dict(jobDefinitionName="bench", type="container", containerProperties={
    "image": "busybox", "command": ["sleep", "600"], "environment": [{"name": "REFRAG_SIM_SECONDS", "value": "86400"}],
    "resourceRequirements": [{"type": "VCPU", "value": str(os.cpu_count())}, {"type": "MEMORY", "value": "64"}]})
for name, port in (("ours", ours), ("moto", moto), ("empty", empty)):
    url = f"http://127.0.0.1:{port}"
    batch = boto3.client("batch", endpoint_url=url)
    if name == "moto":
        urllib.request.urlopen(urllib.request.Request(
            url + "/moto-api/config", b'{"batch": {"use_docker": false}}', {"Content-Type": "application/json"}))
        iam = boto3.client("iam", endpoint_url=url)
        role = iam.create_role(RoleName="batch", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        batch.create_compute_environment(computeEnvironmentName="bench", type="UNMANAGED", state="ENABLED", serviceRole=role)
        batch.create_job_queue(
            jobQueueName="refrag-cpu-job-queue", state="ENABLED", priority=1,
            computeEnvironmentOrder=[{"order": 1, "computeEnvironment": "bench"}])
    body = json.dumps({"jobName": "bench", "jobQueue": "refrag-cpu-job-queue", "jobDefinition": "bench",
        "containerOverrides": {"environment": [{"name": f"VARIABLE_{i}", "value": "a value of some length"} for i in range(5)]}}).encode()
    if name != "empty":
        batch.register_job_definition(**definition)
        batch.submit_job(jobName="first", jobQueue="refrag-cpu-job-queue", jobDefinition="bench")
    request = botocore.awsrequest.AWSRequest(
        "POST", url + "/v1/submitjob", data=body, headers={"Content-Type": "application/json", "Host": f"127.0.0.1:{port}"})
    botocore.auth.SigV4Auth(boto3.Session().get_credentials(), "batch", "us-east-1").add_auth(request)
    headers = "".join(f"{k}: {v}\r\n" for k, v in request.headers.items())
    head = f"POST /v1/submitjob HTTP/1.1\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    open(f"{folder}/{name}.http", "wb").write(head.encode() + body)
P
python3 "$work/set-up.py" "$work" "$ours" "$moto" "$empty"

echo '| server | connections | answers/s | p50 | p99 | failed |'
echo '|---|---|---|---|---|---|'
for connections in 1 8 64; do
  for name in ours moto empty; do
    port=${!name}
    "$work/load/load" 127.0.0.1 "$port" "$work/$name.http" "$connections" "$seconds" >"$work/figure.json" || :
    python3 -c '
import json, sys
f = json.load(open(sys.argv[1]))
row = "| {name} | {connections} | {perSecond:,} | {p50ms:.2f} ms | {p99ms:.2f} ms | {failed} |"
print(row.format(name=sys.argv[2], **f))' "$work/figure.json" "$name"
  done
done
grep VmHWM "/proc/${pids[0]}/status" | sed 's/VmHWM:/resident at most, ours:/'
