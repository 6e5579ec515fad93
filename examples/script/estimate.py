"""Estimates pi by chance, and writes what it found to the job's output directory."""
import json
import os
import random
import sys

points = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
random.seed(1)
inside = sum(random.random() ** 2 + random.random() ** 2 <= 1 for _ in range(points))
result = {"points": points, "pi": 4 * inside / points}
with open(os.path.join(os.environ.get("REFRAG_OUTPUT_DIR", "."), "result.json"), "w") as file:
    json.dump(result, file)
print("pi is about %(pi).2f, from %(points)d points" % result)
