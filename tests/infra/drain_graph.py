"""drain_graph.py DRAIN <GRAPH: checks, in what `terraform graph` prints, that a drain depends on every resource except those listed here.

Terraform removes a resource before what it depends on. So what a drain does not depend on may go at once, under running jobs.
"""

import re
import sys

drain = sys.argv[1]
# What no running job needs: the queues, which depend on the drains themselves; what informs people; and what decides only what comes next.
FREE = re.compile(
    r"aws_(batch_job_queue|batch_scheduling_policy|budgets|cloudwatch_(event|metric|dashboard|log_resource_policy)|"
    r"ecr_lifecycle_policy|sns)|"
    r"aws_cloudwatch_log_group.queue_events|terraform_data\."
)
# Each layout's drain is for its own environments and definitions.
OTHER = {
    "terraform_data.drain_environment": r"aws_batch_(compute_environment\.ce|job_definition\.jobdef)$",
    "terraform_data.drain_single_environment":
        r"aws_batch_(compute_environment|job_definition)\.([cg]pu|distributed)|aws_placement_group\.",
}
graph = sys.stdin.read()
edges = {}
for source, target in re.findall(r'"([^"]+)" -> "([^"]+)"', graph):
    edges.setdefault(source, set()).add(target)
reached, waiting = set(), [drain]
while waiting:
    for target in edges.get(waiting.pop(), ()):
        if target not in reached:
            reached.add(target)
            waiting.append(target)
resources = {name for name in re.findall(r'^  "([^"]+)" \[', graph, re.M) if not name.startswith("data.")}
missing = sorted(name for name in resources - reached if not FREE.match(name) and not re.match(OTHER[drain], name))
for name in missing:
    print(f"  {drain} does not depend on {name}")
if not reached:
    sys.exit("  the graph has no such drain")
sys.exit(bool(missing))
