#!/usr/bin/env bash
# How soon `refrag serve` listens, and what is resident two seconds later: of programs in turns, on a new state each time, with and without
# fleets. The median of the rounds.
#
#   ROUNDS=9 bench/idle.sh PROGRAM…
set -euo pipefail
rounds=${ROUNDS:-9}
work=$(mktemp -d)
server=
trap '[[ -n $server ]] && kill "$server" 2>/dev/null; rm -rf "$work"' EXIT

measure() { # NAME PROGRAM OPTION…: adds a line "ms KiB" to NAME
  local name=$1 began line ready
  shift
  mkfifo "$work/said"
  began=$(date +%s%N)
  "$1" serve --state "$work/state" --urls http://127.0.0.1:0 --runner process "${@:2}" >"$work/said" 2>/dev/null &
  server=$!
  exec 3<"$work/said"
  read -rt 60 line <&3
  ready=$((($(date +%s%N) - began) / 100000))
  [[ $line == Listening* ]]
  sleep 2
  echo "$ready $(awk '/VmRSS/ { print $2 }' "/proc/$server/status")" >>"$work/$name"
  kill "$server"
  wait "$server" || :
  server=
  exec 3<&-
  rm -rf "$work/said" "$work/state"
}
median() { # FILE COLUMN
  cut -d' ' -f"$2" "$1" | sort -n | sed -n "$(((rounds + 1) / 2))p"
}

for _ in $(seq "$rounds"); do
  at=0
  for program; do
    measure "$at-plain" "$program"
    measure "$at-fleet" "$program" --fleet
    at=$((at + 1))
  done
done
at=0
for program; do
  for kind in plain fleet; do
    awk -v name="$program $kind" -v ms="$(median "$work/$at-$kind" 1)" -v kib="$(median "$work/$at-$kind" 2)" \
      'BEGIN { printf "%s: listens after %.1f ms, resident %.1f MiB\n", name, ms / 10, kib / 1024 }'
  done
  at=$((at + 1))
done
