# Who may do what with this stack, as policy documents to attach to people and machines. The stack attaches them to nothing. They are made
# of names alone, so that a plan of a stack that does not exist yet shows them.
locals {
  batch_arn      = "arn:${local.partition}:batch:${var.region}:${local.account_id}"
  jobs_log_arn   = "arn:${local.partition}:logs:${var.region}:${local.account_id}:log-group:/${var.name_prefix}/batch"
  repository_arn = "arn:${local.partition}:ecr:${var.region}:${local.account_id}:repository/${var.name_prefix}"
  stack_role_arn = "arn:${local.partition}:iam::${local.account_id}:role${var.iam_path}${local.role_prefix}-*"
}

data "aws_iam_policy_document" "read" {
  statement {
    sid = "SeeBatch"
    actions = [
      "batch:DescribeComputeEnvironments", "batch:DescribeJobDefinitions", "batch:DescribeJobQueues", "batch:DescribeJobs",
      "batch:DescribeSchedulingPolicies",
      "batch:GetJobQueueSnapshot", "batch:ListJobs", "batch:ListTagsForResource", "ec2:DescribeInstanceTypes", "ecs:ListTasks",
      "logs:DescribeLogGroups", "servicequotas:GetAWSDefaultServiceQuota", "servicequotas:GetServiceQuota",
    ]
    # Most of these take no narrower resource; the others only read.
    resources = ["*"]
  }

  statement {
    sid       = "ReadJobLogs"
    actions   = ["logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents"]
    resources = [local.jobs_log_arn, "${local.jobs_log_arn}:*"]
  }

  statement {
    sid       = "SeeImages"
    actions   = ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:GetLifecyclePolicy"]
    resources = [local.repository_arn]
  }

  dynamic "statement" {
    for_each = local.bucket == 1 ? ["TakeResultsHome"] : []

    content {
      sid       = statement.value
      actions   = ["s3:GetObject"]
      resources = [local.results_arn]
    }
  }

  dynamic "statement" {
    for_each = local.bucket == 1 ? ["SeeWhatIsInTheBucket"] : []

    content {
      sid       = statement.value
      actions   = ["s3:ListBucket"]
      resources = [local.bucket_arn]
    }
  }
}

data "aws_iam_policy_document" "submit" {
  source_policy_documents = [data.aws_iam_policy_document.read.json]

  dynamic "statement" {
    for_each = local.bucket == 1 ? ["BringCode"] : []

    content {
      sid       = statement.value
      actions   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
      resources = [local.code_arn]
    }
  }

  statement {
    sid     = "SubmitJobs"
    actions = ["batch:SubmitJob"]
    resources = [
      for name in ["job-queue/${var.name_prefix}-*", "job-definition/${var.name_prefix}-*", "job/*"] : "${local.batch_arn}:${name}"
    ]
  }

  # For jobs that want another image, role or number of nodes.
  statement {
    sid       = "DeriveDefinitions"
    actions   = ["batch:DeregisterJobDefinition", "batch:RegisterJobDefinition", "batch:TagResource"]
    resources = ["${local.batch_arn}:job-definition/${var.name_prefix}-*", "${local.batch_arn}:job/*"]
  }

  statement {
    sid       = "EndJobs"
    actions   = ["batch:CancelJob", "batch:TerminateJob"]
    resources = ["${local.batch_arn}:job/*"]
  }

  statement {
    sid       = "GiveJobsTheirRoles"
    actions   = ["iam:PassRole"]
    resources = [for role in ["job", "execution"] : "${trimsuffix(local.stack_role_arn, "*")}${role}"]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = [data.aws_service_principal.service["ecs-tasks"].name]
    }
  }
}

data "aws_iam_policy_document" "deploy" {
  #checkov:skip=CKV_AWS_356:EC2 gives ids, so that what does not exist yet cannot be named
  #checkov:skip=CKV_AWS_109:held to the roles of this stack by name
  #checkov:skip=CKV_AWS_111:held to this stack by name or to the region
  source_policy_documents = [data.aws_iam_policy_document.submit.json]

  statement {
    sid     = "MakeBatchResources"
    actions = ["batch:Create*", "batch:Delete*", "batch:TagResource", "batch:UntagResource", "batch:Update*"]
    resources = [
      for kind in ["compute-environment", "job-queue", "job-definition", "scheduling-policy"] :
      "${local.batch_arn}:${kind}/${var.name_prefix}-*"
    ]
  }

  statement {
    sid       = "MakeRoles"
    actions   = ["iam:*Role", "iam:*RolePolicy", "iam:List*RolePolicies", "iam:ListInstanceProfilesForRole"]
    resources = [local.stack_role_arn]
  }

  statement {
    sid     = "MakeInstanceProfile"
    actions = ["iam:*InstanceProfile"]
    resources = [
      "arn:${local.partition}:iam::${local.account_id}:instance-profile${var.iam_path}${local.role_prefix}-*", local.stack_role_arn
    ]
  }

  dynamic "statement" {
    for_each = var.create_service_linked_role ? ["KeepServiceLinkedRole"] : []

    content {
      sid       = statement.value
      actions   = ["iam:*Role", "iam:GetServiceLinkedRoleDeletionStatus"]
      resources = ["arn:${local.partition}:iam::${local.account_id}:role/aws-service-role/batch.amazonaws.com/*"]
    }
  }

  # Batch's own role, and in an account without hosts so far those of Spot and Auto Scaling.
  statement {
    sid       = "MakeServiceLinkedRoles"
    actions   = ["iam:CreateServiceLinkedRole"]
    resources = ["arn:${local.partition}:iam::*:role/aws-service-role/*"]

    condition {
      test     = "StringEquals"
      variable = "iam:AWSServiceName"
      values   = ["autoscaling.amazonaws.com", "batch.amazonaws.com", "spot.amazonaws.com"]
    }
  }

  # EC2 gives ids, not names, so these cannot be held to this stack's resources before they exist.
  statement {
    sid = "MakeNetworkAndTemplates"
    actions = [
      "ec2:*Address", "ec2:*InternetGateway", "ec2:*RouteTable", "ec2:*SecurityGroup*", "ec2:Create*", "ec2:Delete*", "ec2:Describe*",
      "ec2:ModifyLaunchTemplate", "ec2:ModifySubnetAttribute", "ec2:ModifyVpcAttribute", "ec2:ModifyVpcEndpoint", "ec2:ReplaceRoute*",
      "ec2:RunInstances",
    ]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "aws:RequestedRegion"
      values   = [var.region]
    }
  }

  statement {
    sid       = "MakeRepository"
    actions   = ["ecr:*"]
    resources = [local.repository_arn]
  }

  statement {
    sid = "MakeLogsAlarmsAndAlerts"
    actions = [
      "cloudwatch:*Alarm*", "cloudwatch:*Dashboard*", "cloudwatch:*Tag*", "events:*Rule*", "events:*Target*", "events:*Tag*",
      "logs:*KmsKey", "logs:*LogGroup*", "logs:*RetentionPolicy", "logs:*Tag*", "sns:*Topic*", "sns:*Subscri*", "sns:*Tag*",
    ]
    resources = [
      "arn:${local.partition}:cloudwatch:${var.region}:${local.account_id}:alarm:${var.name_prefix}-*",
      "arn:${local.partition}:cloudwatch::${local.account_id}:dashboard/${local.role_prefix}-*",
      "arn:${local.partition}:events:${var.region}:${local.account_id}:rule/${var.name_prefix}-*",
      "arn:${local.partition}:logs:${var.region}:${local.account_id}:log-group:/${var.name_prefix}/*",
      "arn:${local.partition}:logs:${var.region}:${local.account_id}:log-group:/aws/events/${var.name_prefix}-*",
      "arn:${local.partition}:sns:${var.region}:${local.account_id}:${var.name_prefix}-*",
    ]
  }

  # AWS takes these on all resources: DescribeAlarms asks for alarm:*, the others know no narrower resource.
  statement {
    sid       = "MakeSubscriptionsAndLogPolicies"
    actions   = ["cloudwatch:DescribeAlarms", "logs:*ResourcePolic*", "sns:*SubscriptionAttributes", "sns:Unsubscribe"]
    resources = ["*"]
  }

  # AWS's own parameters belong to no account.
  statement {
    sid       = "ReadRecommendedImage"
    actions   = ["ssm:GetParameter"]
    resources = ["arn:${local.partition}:ssm:${var.region}:*:parameter/aws/service/ecs/optimized-ami/*"]
  }

  # Who and where.
  statement {
    sid       = "Look"
    actions   = ["ecr:GetAuthorizationToken", "sts:GetCallerIdentity", "iam:GetRole"]
    resources = ["*"]
  }

  dynamic "statement" {
    for_each = var.budget_monthly_usd > 0 ? ["MakeBudget"] : []

    content {
      sid       = statement.value
      actions   = ["budgets:*"]
      resources = ["arn:${local.partition}:budgets::${local.account_id}:budget/${local.role_prefix}-*"]
    }
  }

  dynamic "statement" {
    for_each = local.bucket == 1 ? ["MakeBucket"] : []

    content {
      sid = statement.value
      actions = [
        "s3:*EncryptionConfiguration", "s3:*LifecycleConfiguration", "s3:CreateBucket", "s3:DeleteBucket", "s3:DeleteBucketPolicy",
        "s3:Get*Configuration", "s3:GetBucket*", "s3:ListBucket", "s3:ListTagsForResource", "s3:PutBucket*", "s3:TagResource",
        "s3:UntagResource",
      ]
      resources = [local.bucket_arn]
    }
  }

  dynamic "statement" {
    for_each = local.bucket == 1 && var.job_bucket_force_destroy ? ["EmptyBucket"] : []

    content {
      sid       = statement.value
      actions   = ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:ListBucketVersions"]
      resources = [local.bucket_arn, "${local.bucket_arn}/*"]
    }
  }

  dynamic "statement" {
    for_each = var.log_encryption_key ? ["MakeKey"] : []

    content {
      sid = statement.value
      actions = [
        "kms:*KeyPolicy", "kms:CreateKey", "kms:DescribeKey", "kms:EnableKeyRotation", "kms:GetKeyRotationStatus",
        "kms:ListResourceTags", "kms:ScheduleKeyDeletion", "kms:TagResource",
      ]
      resources = ["*"]
    }
  }
}

output "read_policy_json" {
  description = "Policy document of who may see jobs, logs and images."
  value       = data.aws_iam_policy_document.read.json
}

output "submit_policy_json" {
  description = "Policy document of who may submit and end jobs on this stack's queues, which includes what read_policy_json allows."
  value       = data.aws_iam_policy_document.submit.json
}

output "deploy_policy_json" {
  description = "Policy document of who may plan, apply and destroy this stack, the Terraform state apart. A plan shows it before anything exists."
  value       = data.aws_iam_policy_document.deploy.json
}
