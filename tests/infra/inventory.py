"""Prints everything of ours that the account behind AWS_ENDPOINT_URL holds, one line each, sorted."""

import boto3


def names(service, call, path, key, **request):
    answer = getattr(boto3.client(service), call)(**request)
    return [item[key] if key else item for item in answer[path]]


batch = boto3.client("batch")
ec2 = boto3.client("ec2")
lines = []
for e in batch.describe_compute_environments()["computeEnvironments"]:
    lines.append(f"environment {e['computeEnvironmentName']}={e['state']}")
for q in batch.describe_job_queues()["jobQueues"]:
    lines.append(f"queue {q['jobQueueName']}={q['state']}")
for d in batch.describe_job_definitions()["jobDefinitions"]:
    if d["status"] == "ACTIVE":
        lines.append(f"definition {d['jobDefinitionName']}")
for g in ec2.describe_security_groups()["SecurityGroups"]:
    if g["GroupName"] != "default":
        lines.append(f"group {g['GroupName']}")
for v in ec2.describe_vpcs()["Vpcs"]:
    if not v["IsDefault"]:
        lines.append(f"vpc {v['CidrBlock']}")
for e in ec2.describe_vpc_endpoints()["VpcEndpoints"]:
    if e["State"] != "deleted":
        lines.append(f"endpoint {e['ServiceName']}")
for kind, service, call, path, key in [
    ("policy", "batch", "list_scheduling_policies", "schedulingPolicies", "arn"),
    ("role", "iam", "list_roles", "Roles", "RoleName"),
    ("profile", "iam", "list_instance_profiles", "InstanceProfiles", "InstanceProfileName"),
    ("repository", "ecr", "describe_repositories", "repositories", "repositoryName"),
    ("bucket", "s3", "list_buckets", "Buckets", "Name"),
    ("logs", "logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("template", "ec2", "describe_launch_templates", "LaunchTemplates", "LaunchTemplateName"),
    ("topic", "sns", "list_topics", "Topics", "TopicArn"),
    ("rule", "events", "list_rules", "Rules", "Name"),
    ("alarm", "cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    ("dashboard", "cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
]:
    lines += [f"{kind} {name}" for name in names(service, call, path, key)]
print("\n".join(sorted(lines)))
