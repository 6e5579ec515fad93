"""Counts to a hundred, slowly, and continues where the last attempt stopped."""
import json
import os
import time

path = os.path.join(os.environ["REFRAG_OUTPUT_DIR"], "state.json")
state = {"step": 0, "loss": 1.0}
if os.path.exists(path):
    with open(path) as file:
        state = json.load(file)
    print("resumed at step %d" % state["step"], flush=True)
while state["step"] < 100:
    time.sleep(0.1)
    state = {"step": state["step"] + 1, "loss": state["loss"] * 0.95}
    # Whole or not at all: it may end at any moment.
    with open(path + ".new", "w") as file:
        json.dump(state, file)
    os.replace(path + ".new", path)
print("step %(step)d, loss %(loss).4f" % state)
