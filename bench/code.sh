#!/usr/bin/env bash
# `env.code` with FILES files (10,000 by default, a few KiB of text each, outside of a Git repository) against moto's S3, in one run: a
# submission with archive and upload beside `tar | aws s3 cp` and `aws s3 sync`, a second one without changes, and one without code (all to
# `refrag serve`, which runs nothing); and a job on this machine with code beside one without. Needs aws, moto_server, python3, tar and gcc.
#
#   bench/code.sh [FILES [ROUNDS]]    the environment's REFRAG names another program than the native one
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
files=${1:-10000} rounds=${2:-5}
work=$(mktemp -d)
servers=
# shellcheck disable=SC2086 # Several numbers.
trap '[[ -n $servers ]] && kill $servers 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT

program=${REFRAG:-}
if [[ -z $program ]]; then
  REFRAG_BUILD="wait" ./refrag --version >/dev/null
  program=$PWD/artifacts/refrag/$(<artifacts/refrag/fast.built)/refrag
fi
port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
answers() { for _ in $(seq 200); do (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && break; read -rt 0.1 <> <(:) || :; done; }
s3=$(port)
moto_server -H 127.0.0.1 -p "$s3" >"$work/moto.log" 2>&1 & servers=$!
batch=$(port)
"$program" serve --urls "http://127.0.0.1:$batch" --state "$work/engine" --runner simulated --allow-any-credentials \
  >"$work/server.log" 2>&1 & servers+=" $!"
answers "$s3"
answers "$batch"
export AWS_ENDPOINT_URL_S3=http://127.0.0.1:$s3 AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any AWS_REGION=us-east-1
export AWS_EC2_METADATA_DISABLED=true AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
export XDG_STATE_HOME=$work/state REFRAG_RUNS=$work/runs TMPDIR=$work
aws s3 mb s3://code >/dev/null

python3 - "$work/code" "$files" <<'P'
import os, random, sys
folder, files = sys.argv[1], int(sys.argv[2])
draw = random.Random(1)
words = [f"word{i}" for i in range(2000)]
for number in range(files):
    path = f"{folder}/package{number // 100}/module{number % 100}.py"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write("\n".join(" = ".join(draw.choices(words, k=2)) for _ in range(draw.randint(20, 300))) + "\n")
P
cat >"$work/measure.py" <<'P'
import os, shutil, statistics, subprocess, sys, time
program, work, rounds, batch = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
code = f"{work}/code"
def timed(*command):
    began = time.monotonic()
    subprocess.run(command, cwd=code, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return (time.monotonic() - began) * 1000
def submit(*words): return timed(program, "run", "env=awsbatch", f"env.endpoint_url=http://127.0.0.1:{batch}", *words, "--", "true")
def job(*words): return timed(program, "run", *words, "--", "true")
def row(what, all):
    print(f"| {what} | {statistics.median(all):,.0f} ms | {min(all):,.0f} to {max(all):,.0f} ms |")
    return statistics.median(all)
submit()
job()
# A file that was written within the last three seconds is read again by the next submission.
time.sleep(4)
rows = {name: [] for name in ("none", "first", "again", "pipe", "sync", "job", "job with code")}
for number in range(rounds):
    store = ["env.code=.", f"env.code_store=s3://code/{number}"]
    rows["none"].append(submit())
    shutil.rmtree(f"{os.environ['XDG_STATE_HOME']}/refrag/code-index", ignore_errors=True)
    rows["first"].append(submit(*store))
    rows["again"].append(submit(*store))
    rows["pipe"].append(timed("sh", "-c", f"tar -czf - . | aws s3 cp --quiet - s3://code/pipe-{number}.tar.gz"))
    rows["sync"].append(timed("aws", "s3", "sync", "--quiet", ".", f"s3://code/sync-{number}"))
    rows["job"].append(job())
    rows["job with code"].append(job(*store))
sizes = [os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(code) for name in names]
print(f"{len(sizes):,} files, {sum(sizes) / 2**20:.1f} MiB, {rounds} rounds\n")
print("| what | median | least to most |")
print("|---|---|---|")
none = row("a submission without code", rows["none"])
first = row("the first submission with code: list, hash, archive, upload", rows["first"])
again = row("another one of the same code: list, ask", rows["again"])
pipe = row("`tar -cz \\| aws s3 cp`", rows["pipe"])
sync = row("`aws s3 sync`", rows["sync"])
alone = row("a job on this machine without code", rows["job"])
brings = row("one with code: list, ask, fetch, unpack", rows["job with code"])
print(f"\nThe first submission takes {first / pipe:.2f} of `tar | aws s3 cp` and 1/{sync / first:.1f} of `aws s3 sync`.")
print(f"One without changes takes {again - none:,.0f} ms more than one without code,")
print(f"a job with code {brings - alone:,.0f} ms more than one without.")
P
python3 "$work/measure.py" "$program" "$work" "$rounds" "$batch"
