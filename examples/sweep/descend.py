"""Finds the minimum of (x - 3)^2 by gradient descent, and writes a line of metrics for each step."""
import json
import os
import sys

settings = dict(word.split("=", 1) for word in sys.argv[1:])
rate, steps = float(settings["lr"]), int(settings.get("steps", "20"))
folder = os.environ.get("REFRAG_OUTPUT_DIR", ".")
x = 0.0
with open(os.path.join(folder, "metrics.jsonl"), "w") as metrics:
    for step in range(1, steps + 1):
        x -= rate * 2 * (x - 3)
        metrics.write(json.dumps({"step": step, "loss": (x - 3) ** 2}) + "\n")
print("lr %s ends at x = %.4f" % (settings["lr"], x))
