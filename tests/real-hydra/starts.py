"""Tries `refrag run -- python SCRIPT WORDS` on recorded command lines, and compares the words that the program gets.

    REFRAG=PATH python3 starts.py WORK [PER_REPOSITORY]

Reads WORK/starts.tsv. A `python` that writes its words stands before the real one on PATH: what counts is the command line that a program
gets, not its packages. Prints a row a repository, of at most PER_REPOSITORY (default 5) lines, and what was refused.
"""
import os
import shlex
import subprocess
import sys
from collections import defaultdict
from pathlib import Path


def main():
    work, most = Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 5
    stand_in = work / "bin" / "python"
    stand_in.parent.mkdir(exist_ok=True)
    stand_in.write_text('#!/bin/sh\nfor word do printf "%s\\n" "$word"; done >"$WORDS"\n')
    stand_in.chmod(0o755)
    lines = defaultdict(list)
    for row in (work / "starts.tsv").read_text().splitlines():
        repository, tree, script, words = row.split("\t")
        lines[repository].append((tree, script, shlex.split(words)))
    print("repository\tlines\tstarted as typed\trefused")
    all_started = 0
    for repository, tried in lines.items():
        step = max(1, len(tried) // most)
        tried = tried[::step][:most]
        results = [start(work, *line) for line in tried]
        started = results.count(None)
        all_started += started == len(tried)
        print(f"{repository}\t{len(tried)}\t{started}\t{len(tried) - started}", flush=True)
        for (_, script, words), problem in zip(tried, results):
            if problem is not None:
                print(f"  {script} {shlex.join(words)}: {problem}")
    print(f"{all_started} of {len(lines)} repositories start with every line")


def start(work, tree, script, words):
    """What went wrong; None where the program got its words."""
    got = work / "words"
    got.unlink(missing_ok=True)
    environment = {
        "PATH": f"{work / 'bin'}:{os.environ['PATH']}", "HOME": str(work / "home"), "USER": "alice", "WORDS": str(got),
    }
    ran = subprocess.run(
        [os.environ["REFRAG"], "run", "--", "python", script, *words], cwd=tree, env=environment, capture_output=True, text=True)
    if ran.returncode != 0 or not got.exists():
        return ran.stderr.strip().replace("\n", " ")[:300] or f"exit {ran.returncode}"
    return None if got.read_text() == "".join(f"{word}\n" for word in [script, *words]) else f"got {got.read_text()!r}"


main()
