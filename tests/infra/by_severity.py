"""by_severity.py LOG REVIEW: the runs of `terraform test` in LOG by the severity of the findings that name them in REVIEW, the worst first.

Fails if a run that it names did not pass, or if one that stands with its file was not made; other names are not known to be runs.
"""

import collections
import re
import sys

with open(sys.argv[1], encoding="utf-8") as log:
    results = dict(re.findall(r'^ +run "(\w+)"\.\.\. (\w+)', log.read(), re.MULTILINE))
counts, wrong = collections.defaultdict(collections.Counter), []
with open(sys.argv[2], encoding="utf-8") as review:
    rows = [match for line in review if (match := re.match(r"\| (\d+) \| (S\d) \| (.*)", line))]
for number, severity, text in (row.groups() for row in rows):
    # A run stands as `name`, the first of a row as `file.tftest.hcl: name`.
    for file, name in re.findall(r"`(\w+\.tftest\.hcl: )?([a-z]\w*)`", text):
        if name not in results and not file:
            continue
        result = results.get(name, "not there")
        counts[severity][result] += 1
        if result != "pass":
            wrong.append(f"FAILED {severity}, finding {number}: {name} ({result})")
for severity, found in sorted(counts.items()):
    print(f"{severity}: {found['pass']} runs passed, {found.total() - found['pass']} failed")
print(*sorted(wrong, key=lambda line: line.split(",")[0]), sep="\n")
sys.exit(bool(wrong) or not counts)
