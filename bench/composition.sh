#!/usr/bin/env bash
# Composition: in process (this repository's configuration, synthetic ones of 200 to 1,600 files, a sweep of 10,000 jobs), and as whole
# processes, native, beside a bare start of Python, an import of OmegaConf, without which Hydra cannot start, and Hydra's own compose where
# it is installed. One run. Needs gcc; hyperfine for the second half. PYTHON names the Python to ask for the peers (default: python3).
#
#   bench/composition.sh [FILE.md]    also writes the tables to FILE.md
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

dotnet build bench/Refrag.Bench.Composition -c Release -p:RunAnalyzers=false -v quiet --nologo >&2
bench=artifacts/bin/Refrag.Bench.Composition/release/Refrag.Bench.Composition
{ "$bench" conf; "$bench" --sweep; } | tee "$work/table.md"

if command -v hyperfine >/dev/null; then
  native=${REFRAG_NATIVE:-}
  if [[ -z $native ]]; then
    dotnet publish src/Refrag.Cli -c Release --use-current-runtime -p:Native=true -p:RunAnalyzers=false \
      -o "$work/native" -v quiet --nologo >&2
    native=$work/native/refrag
  fi
  sweep='run -m app=train lr=range(0.01,1.01,0.01) seed=range(100) env=awsbatch --dry-run'
  commands=(--command-name 'refrag config show app=train' "$native config show app=train"
    --command-name 'refrag config explain lr app=train' "$native config explain lr app=train"
    --command-name 'refrag complete -- run app=tr' "$native complete -- run app=tr"
    --command-name 'refrag run -m …, 10,000 jobs, --dry-run' "$native $sweep"
    --command-name 'python3 -c pass' "$python -c pass")
  if "$python" -c 'import omegaconf' 2>/dev/null; then
    commands+=(--command-name 'python3 -c "import omegaconf"' "$python -c 'import omegaconf'")
  fi
  if "$python" -c 'import hydra' 2>/dev/null; then
    peer="from hydra import compose, initialize_config_dir
with initialize_config_dir(config_dir='$PWD/conf', version_base=None): compose('config', ['app=train'])"
    printf '%s\n' "$peer" >"$work/peer.py"
    commands+=(--command-name 'hydra.compose' "$python $work/peer.py")
  fi
  hyperfine -N --warmup 3 --runs 20 --export-markdown "$work/processes.md" "${commands[@]}" >&2
  { echo; cat "$work/processes.md"; echo; } | tee -a "$work/table.md"
  # shellcheck disable=SC2086 # $sweep is a list of words.
  peak=$( { /usr/bin/time -f '%M' "$native" $sweep >/dev/null; } 2>&1 | tail -1)
  echo "The sweep's process had at most $((peak / 1024)) MiB." | tee -a "$work/table.md"
fi
if [[ -n ${1:-} ]]; then cp "$work/table.md" "$1"; fi
