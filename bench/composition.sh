#!/usr/bin/env bash
# Composition: in process (this repository's configuration, synthetic ones of 200 to 1,600 files, a sweep of 10,000 jobs), and as a whole process, native,
# beside a bare start of Python and an import of PyYAML, without which Hydra cannot start, and Hydra's own compose where it is installed. One run.
# Needs gcc; hyperfine for the second half.
#
#   bench/composition.sh [FILE.md]    also writes the tables to FILE.md
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

dotnet build bench/Refrag.Bench.Composition -c Release -p:RunAnalyzers=false -v quiet --nologo >&2
artifacts/bin/Refrag.Bench.Composition/release/Refrag.Bench.Composition conf | tee "$work/table.md"

if command -v hyperfine >/dev/null; then
  dotnet publish src/Refrag.Cli -c Release --use-current-runtime -p:Native=true -p:RunAnalyzers=false -o "$work/native" -v quiet --nologo >&2
  commands=(--command-name 'refrag config show app=train (native AOT)' "$work/native/refrag config show app=train"
    --command-name 'python3 -c pass' 'python3 -c pass')
  if python3 -c 'import yaml' 2>/dev/null; then commands+=(--command-name 'python3 -c "import yaml"' 'python3 -c "import yaml"'); fi
  if python3 -c 'import hydra' 2>/dev/null; then
    peer="from hydra import compose, initialize_config_dir
with initialize_config_dir(config_dir='$PWD/conf', version_base=None): compose('config', ['app=train'])"
    printf '%s\n' "$peer" >"$work/peer.py"
    commands+=(--command-name 'hydra.compose' "python3 $work/peer.py")
  fi
  hyperfine -N --warmup 5 --runs 40 --export-markdown "$work/processes.md" "${commands[@]}" >&2
  { echo; cat "$work/processes.md"; } | tee -a "$work/table.md"
fi
if [[ -n ${1:-} ]]; then cp "$work/table.md" "$1"; fi
