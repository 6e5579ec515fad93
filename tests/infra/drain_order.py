"""drain_order.py LOG: checks, in the JSON events of one `terraform apply` or `destroy`, that nothing which a running job needs goes before
the drains.

Prints each removal that began too early, and fails where there is one, or where the log shows no drain or no removal to compare with it.

drain_order.py --ways LOG: checks that no subnet was led to another route table before all routes were there, and fails where the log shows
no such change or no route.
"""

import json
import sys

# What a job needs from its submission to its end. The alerts, the dashboard and the budget are not among it.
NEEDED = (
    "aws_batch_compute_environment", "aws_batch_job_definition", "aws_cloudwatch_log_group", "aws_ecr_repository", "aws_iam_",
    "aws_internet_gateway",
    "aws_eip", "aws_kms_key", "aws_launch_template", "aws_nat_gateway", "aws_placement_group", "aws_route", "aws_security_group",
    "aws_subnet",
    "aws_vpc",
)

with open(sys.argv[-1], encoding="utf-8") as file:
    events = [json.loads(line) for line in file if line.startswith("{")]
if sys.argv[1] == "--ways":
    kinds = [(event["type"], event.get("hook", {}).get("action"), event.get("hook", {}).get("resource", {}).get("resource_type"))
             for event in events]
    routes = [number for number, kind in enumerate(kinds) if kind == ("apply_complete", "create", "aws_route")]
    led = [number for number, kind in enumerate(kinds) if kind == ("apply_start", "update", "aws_route_table_association")]
    if not routes or not led:
        sys.exit("  the log shows no route that was made, or no subnet that was led elsewhere")
    print(f"  {len(led)} subnets, the first led elsewhere {'after' if led[0] > routes[-1] else 'BEFORE'} the last of {len(routes)} routes")
    sys.exit(led[0] < routes[-1])
drained = -1
removals = []
for number, event in enumerate(events):
    hook = event.get("hook", {})
    resource = hook.get("resource", {})
    if event["type"] == "provision_complete" and resource["addr"].startswith("terraform_data.drain_"):
        drained = number
    elif event["type"] == "apply_start" and hook.get("action") == "delete" and resource["resource_type"].startswith(NEEDED):
        removals.append((number, resource["addr"]))
early = [address for number, address in removals if number < drained]
for address in early:
    print(f"  removed before the last drain ended: {address}")
if drained < 0 or not removals:
    sys.exit("  the log shows no drain, or no removal")
print(f"  {len(removals)} removals, {len(early)} of them too early")
sys.exit(bool(early))
