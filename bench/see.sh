#!/usr/bin/env bash
# `refrag jobs`, `queues` and `top` against `refrag serve` with JOBS waiting jobs (100,000 by default): when the first row comes, when the
# last, and how much memory the command takes. The server simulates, so nothing runs; two jobs have the machine's vCPUs and all others wait.
# Needs python3 and GNU time.
#
#   bench/see.sh [JOBS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
jobs=${1:-100000}
work=$(mktemp -d)
server=
trap '[[ -n $server ]] && kill "$server" 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT

REFRAG_BUILD="wait" ./refrag --version >/dev/null
program=$PWD/artifacts/refrag/$(<artifacts/refrag/fast.built)/refrag
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$program" serve --urls "http://127.0.0.1:$port" --state "$work/state" --runner simulated --allow-any-credentials \
  >"$work/server.log" 2>&1 & server=$!
for _ in $(seq 200); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; read -rt 0.1 <> <(:) || :; done
export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any AWS_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true

cat >"$work/fill.py" <<'P'
import json, socket, sys, threading, time
port, jobs, lanes = int(sys.argv[1]), int(sys.argv[2]), 16
def lane(number):
    s = socket.create_connection(("127.0.0.1", port))
    f = s.makefile("rb")
    for i in range(number, jobs, lanes):
        overrides = dict(
            environment=[dict(name="REFRAG_SIM_SECONDS", value="100000")],
            resourceRequirements=[dict(type="VCPU", value="1"), dict(type="MEMORY", value="64")])
        body = json.dumps(dict(
            jobName=f"job-{i}", jobQueue="refrag-cpu-job-queue", jobDefinition="refrag-cpu-job-def", tags={"app": f"app-{i % 10}"},
            containerOverrides=overrides)).encode()
        head = (
            f"POST /v1/submitjob HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: any\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n")
        s.sendall(head.encode() + body)
        status, length = f.readline(), 0
        while (line := f.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"): length = int(line.split(b":")[1])
        answer = f.read(length)
        if b" 200 " not in status: sys.exit(f"{status} {answer}")
began = time.monotonic()
threads = [threading.Thread(target=lane, args=(n,)) for n in range(lanes)]
for t in threads: t.start()
for t in threads: t.join()
print(f"{jobs} jobs submitted in {time.monotonic() - began:.0f} s", file=sys.stderr)
P
python3 "$work/fill.py" "$port" "$jobs"

cat >"$work/measure.py" <<'P'
import os, subprocess, sys, time
program, port, jobs = sys.argv[1], sys.argv[2], int(sys.argv[3])
print("| command | first row | last row | rows | memory of the command |")
print("|---|---|---|---|---|")
for words in (["jobs"], ["jobs", "--json"], ["jobs", "--tag", "app=app-3", "--json"], ["jobs", "job-99*", "--json"], ["queues"], ["top"]):
    began = time.monotonic()
    p = subprocess.Popen(
        ["/usr/bin/time", "-f", "%M", program, *words, "env=awsbatch", f"env.endpoint_url=http://127.0.0.1:{port}"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    first, rows = None, 0
    for line in p.stdout:
        rows += 1
        # The first line of a table is its head.
        if first is None and (rows > 1 or "--json" in words): first = time.monotonic() - began
    last = time.monotonic() - began
    memory = int(p.stderr.read().split()[-1]) / 1024
    print(f"| `refrag {' '.join(words)}` | {first:.2f} s | {last:.2f} s | {rows} | {memory:.0f} MiB |", flush=True)
P
python3 "$work/measure.py" "$program" "$port" "$jobs"
