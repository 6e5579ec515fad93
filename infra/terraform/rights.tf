# Who may do what with this stack, as policy documents to attach to people and machines. The stack attaches them to nothing. They are made
# of names alone, so that a plan of a stack that does not exist yet shows them.
locals {
  batch_arn      = "arn:${local.partition}:batch:${var.region}:${local.account_id}"
  jobs_log_arn   = "arn:${local.partition}:logs:${var.region}:${local.account_id}:log-group:/${var.name_prefix}/batch"
  repository_arn = "arn:${local.partition}:ecr:${var.region}:${local.account_id}:repository/${var.name_prefix}"
  role_arns = {
    for name in ["execution", "instance", "job"] :
    name => "arn:${local.partition}:iam::${local.account_id}:role${var.iam_path}${local.role_prefix}-${name}"
  }
  key_arn = "arn:${local.partition}:kms:${var.region}:${local.account_id}:key/*"
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

  # For jobs that want another image, role or number of nodes. `refrag submit` registers revisions of the stack's own definitions.
  statement {
    sid       = "DeriveDefinitions"
    actions   = ["batch:RegisterJobDefinition", "batch:TagResource"]
    resources = ["${local.batch_arn}:job-definition/${var.name_prefix}-*", "${local.batch_arn}:job/*"]
  }

  # Not the stack's own, which the jobs of others name. refrag puts a hyphen and ten hexadecimal digits behind the base's name.
  statement {
    sid       = "RemoveDerivedDefinitions"
    actions   = ["batch:DeregisterJobDefinition"]
    resources = ["${local.batch_arn}:job-definition/${var.name_prefix}-*job-def-??????????:*"]
  }

  statement {
    sid       = "EndJobs"
    actions   = ["batch:CancelJob", "batch:TerminateJob"]
    resources = ["${local.batch_arn}:job/*"]
  }

  statement {
    sid       = "GiveJobsTheirRoles"
    actions   = ["iam:PassRole"]
    resources = [for role in ["job", "execution"] : local.role_arns[role]]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = [data.aws_service_principal.service["ecs-tasks"].name]
    }
  }
}

# Who deploys has two documents, because together they are longer than a managed policy may be. This one is held to the stack by names.
data "aws_iam_policy_document" "deploy" {
  #checkov:skip=CKV_AWS_356:what is allowed on all resources has none in the Service Authorization Reference, or only reads
  #checkov:skip=CKV_AWS_109:held to the stack's three roles; what they may do is held by iam_permissions_boundary_arn alone
  #checkov:skip=CKV_AWS_111:held to the stack by name, but for policies of the logs and subscriptions, which have no resource: to the region
  source_policy_documents = [data.aws_iam_policy_document.submit.json]

  statement {
    sid = "MakeBatchResources"
    actions = [
      "batch:Create*", "batch:Delete*", "batch:DeregisterJobDefinition", "batch:TagResource", "batch:UntagResource", "batch:Update*",
    ]
    resources = [
      for kind in ["compute-environment", "job-queue", "job-definition", "scheduling-policy"] :
      "${local.batch_arn}:${kind}/${var.name_prefix}-*"
    ]
  }

  statement {
    sid = "KeepRoles"
    actions = [
      "iam:DeleteRole", "iam:Get*", "iam:List*", "iam:PassRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy",
      "iam:UpdateRole*",
    ]
    resources = values(local.role_arns)
  }

  # With a boundary these actions are refused on a role that has another or none, so that no role gets more than the boundary allows. The
  # rights to change it are not here. Without a boundary whoever deploys can give these roles any right, and take them.
  statement {
    sid       = "GiveRolesTheirRights"
    actions   = ["iam:CreateRole", "iam:DeleteRolePolicy", "iam:PutRolePolicy"]
    resources = values(local.role_arns)

    dynamic "condition" {
      for_each = compact([var.iam_permissions_boundary_arn])

      content {
        test     = "StringEquals"
        variable = "iam:PermissionsBoundary"
        values   = [condition.value]
      }
    }
  }

  statement {
    sid     = "MakeInstanceProfile"
    actions = ["iam:*InstanceProfile"]
    resources = [
      "arn:${local.partition}:iam::${local.account_id}:instance-profile${var.iam_path}${local.role_prefix}-instance",
      local.role_arns["instance"],
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

    condition {
      test     = "StringEquals"
      variable = "aws:RequestedRegion"
      values   = [var.region]
    }
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
    actions   = ["ecr:GetAuthorizationToken", "sts:GetCallerIdentity"]
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
}

# EC2 and KMS give ids, not names: what is there already is known by the stack's tag `project`. EC2 lets only what creates a resource set
# tags on it, so that the tag cannot be put on the resources of others. KMS has no such condition: see SECURITY.md.
data "aws_iam_policy_document" "deploy_by_tag" {
  #checkov:skip=CKV_AWS_356:what does not exist yet has no id; what exists is held to the stack's tag
  #checkov:skip=CKV_AWS_109:policies of keys with the stack's tag
  #checkov:skip=CKV_AWS_111:creates in the region, and changes what has the stack's tag; DisassociateAddress is explained below
  statement {
    sid = "MakeNetworkAndTemplates"
    actions = [
      "ec2:AllocateAddress", "ec2:CreateInternetGateway", "ec2:CreateLaunchTemplate", "ec2:CreateNatGateway", "ec2:CreatePlacementGroup",
      "ec2:CreateRouteTable", "ec2:CreateSecurityGroup", "ec2:CreateSubnet", "ec2:CreateVpc", "ec2:CreateVpcEndpoint", "ec2:Describe*",
      # Terraform may send it for the address of a NAT gateway that is gone: then there is no resource that could have a tag.
      "ec2:DisassociateAddress",
    ]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "aws:RequestedRegion"
      values   = [var.region]
    }
  }

  statement {
    sid       = "TagWhatIsMade"
    actions   = ["ec2:CreateTags"]
    resources = ["*"]

    condition {
      test     = "Null"
      variable = "ec2:CreateAction"
      values   = ["false"]
    }
  }

  statement {
    sid = "ChangeWhatWasMade"
    actions = [
      "ec2:AssociateRouteTable", "ec2:AttachInternetGateway", "ec2:AuthorizeSecurityGroup*", "ec2:CreateRoute", "ec2:CreateTags",
      "ec2:Delete*", "ec2:DetachInternetGateway", "ec2:DisassociateRouteTable", "ec2:ModifyLaunchTemplate", "ec2:ModifySubnetAttribute",
      "ec2:ModifyVpcAttribute", "ec2:ModifyVpcEndpoint", "ec2:ReleaseAddress", "ec2:ReplaceRoute*", "ec2:RevokeSecurityGroup*",
      "ec2:UpdateSecurityGroupRuleDescriptions*",
    ]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "aws:RequestedRegion"
      values   = [var.region]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/project"
      values   = [var.name_prefix]
    }
  }

  # A change of an endpoint asks for its route tables too, and those of another's VPC have no tag of this stack.
  dynamic "statement" {
    for_each = var.network_s3_endpoint ? ["PutS3EndpointIntoRouteTables"] : []

    content {
      sid       = statement.value
      actions   = ["ec2:ModifyVpcEndpoint"]
      resources = ["arn:${local.partition}:ec2:${var.region}:${local.account_id}:route-table/*"]
    }
  }

  dynamic "statement" {
    for_each = var.log_encryption_key ? ["MakeKey"] : []

    content {
      sid       = statement.value
      actions   = ["kms:CreateKey", "kms:TagResource"]
      resources = ["*"]

      condition {
        test     = "StringEquals"
        variable = "aws:RequestTag/project"
        values   = [var.name_prefix]
      }

      condition {
        test     = "StringEquals"
        variable = "aws:RequestedRegion"
        values   = [var.region]
      }
    }
  }

  # KMS may take five minutes until a new key's tag counts, and Terraform does this at once.
  dynamic "statement" {
    for_each = var.log_encryption_key ? ["ReadKeyAndRotateIt"] : []

    content {
      sid = statement.value
      actions = [
        "kms:DescribeKey", "kms:EnableKeyRotation", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags",
      ]
      resources = [local.key_arn]
    }
  }

  dynamic "statement" {
    for_each = var.log_encryption_key ? ["ChangeKey"] : []

    content {
      sid       = statement.value
      actions   = ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateKeyDescription"]
      resources = [local.key_arn]

      condition {
        test     = "StringEquals"
        variable = "aws:ResourceTag/project"
        values   = [var.name_prefix]
      }
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
  description = "First of two policy documents of who may plan, apply and destroy this stack, the Terraform state apart; the other is deploy_by_tag_policy_json. A plan shows both before anything exists."
  value       = data.aws_iam_policy_document.deploy.json
}

output "deploy_by_tag_policy_json" {
  description = "Second policy document of who may plan, apply and destroy this stack: network, launch templates and key, which are known by the tag project = name_prefix."
  value       = data.aws_iam_policy_document.deploy_by_tag.json
}
