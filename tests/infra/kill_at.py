"""kill_at.py SIGNAL WHEN STACK LOG COMMAND…: starts COMMAND, and sends it SIGNAL as soon as WHEN is true.

WHEN is journal:STEP (the journal beside the state in STACK shows STEP as the next) or line:TEXT (COMMAND has said TEXT). Only COMMAND
itself gets the signal, not what it started. Prints the journal's next step afterwards, or "none". Fails where COMMAND ends before.
"""

import json
import os
import signal
import subprocess
import sys
import time

name, when, stack, log, *command = sys.argv[1:]
kind, wanted = when.split(":", 1)
journal = os.path.join(stack, "terraform.tfstate.d", "refrag-move", "terraform.tfstate")


def step():
    try:
        with open(journal, encoding="utf-8") as file:
            return json.loads(json.load(file)["outputs"]["move"]["value"])["next"]
    except (FileNotFoundError, KeyError, ValueError):
        return "none"


def reached():
    if kind == "journal":
        return step() == wanted
    with open(log, encoding="utf-8") as file:
        return wanted in file.read()


# What a shell starts in the background ignores SIGINT, and so would COMMAND.
signal.signal(signal.SIGINT, signal.SIG_DFL)
with open(log, "w", encoding="utf-8") as output:
    process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
while not reached():
    if process.poll() is not None:
        sys.exit(f"{command[0]} ended with {process.returncode} before {when}")
    time.sleep(0.0005 if kind == "journal" else 0.05)
process.send_signal(getattr(signal, f"SIG{name}"))
process.wait()
print(step())
