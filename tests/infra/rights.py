"""Prints the calls that policy documents do not allow: rights.py LOG POLICY..., where LOG is what TF_LOG_PROVIDER=DEBUG makes the provider
write. Resources and conditions are not compared, except for actions that are allowed on all resources alone: these need "*"."""

import fnmatch
import json
import re
import sys

PREFIXES = {
    "Batch": "batch", "Budgets": "budgets", "CloudWatch": "cloudwatch", "CloudWatch Logs": "logs", "EC2": "ec2", "ECR": "ecr",
    "EventBridge": "events", "IAM": "iam", "KMS": "kms", "S3": "s3", "SNS": "sns", "SSM": "ssm", "STS": "sts",
}
# Where the action has another name than the call. (Amazon S3 User Guide, "Required permissions for Amazon S3 API operations")
OTHER_NAMES = {
    "s3:DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
    "s3:DeleteBucketOwnershipControls": "s3:PutBucketOwnershipControls",
    "s3:DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
}
# Actions that a policy allows on "*" or not at all: most have no resource type in the Service Authorization Reference, DescribeAlarms asks
# for alarm:*. EC2's are all on "*" here.
WITHOUT_RESOURCE = [
    "batch:Describe*", "batch:ListJobs", "cloudwatch:DescribeAlarms", "ecr:GetAuthorizationToken", "kms:CreateKey",
    "logs:*ResourcePolicy", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "sns:GetSubscriptionAttributes",
    "sns:SetSubscriptionAttributes", "sns:Unsubscribe", "sts:GetCallerIdentity",
]


def matches(action, patterns):
    """IAM compares actions without regard to case, and knows * and ?."""
    return any(fnmatch.fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns)


def as_list(value):
    return value if isinstance(value, list) else [value]


def allowed(action, statements):
    needs_all = matches(action, WITHOUT_RESOURCE)
    return any(
        statement["Effect"] == "Allow" and matches(action, as_list(statement["Action"]))
        and (not needs_all or "*" in as_list(statement["Resource"]))
        for statement in statements
    )


def calls(log):
    """The actions of the calls that the provider sent. An entry is several lines where a value is."""
    found = set()
    for entry in re.split(r"^(?=\d{4}-\d\d-\d\dT)", log, flags=re.MULTILINE):
        method = re.search(r"\brpc\.method=(\w+)", entry)
        # What the provider asks before it has a client (who it is) has no name in the log.
        if "HTTP Request Sent" not in entry or not method:
            continue
        service = re.search(r'\brpc\.service=(?:"([^"]+)"|(\w+))', entry)
        name = f"{PREFIXES[service[1] or service[2]]}:{method[1]}"
        found.add(OTHER_NAMES.get(name, name))
    return found


with open(sys.argv[1], encoding="utf-8", errors="replace") as log:
    sent = calls(log.read())
allowing = []
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as document:
        allowing += json.load(document)["Statement"]
print(len(sent), "kinds of calls", file=sys.stderr)
for action in sorted(action for action in sent if not allowed(action, allowing)):
    print(action)
sys.exit(0 if sent else 1)
