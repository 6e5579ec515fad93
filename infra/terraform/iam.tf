# IAM names are one space an account, whatever the region, so each carries its region.
locals {
  role_prefix = "${var.name_prefix}-${var.region}"
  partition   = data.aws_partition.current.partition
  account_id  = data.aws_caller_identity.current.account_id

  job_has_rights = length(var.job_s3_bucket_arns) + length(local.job_file_system_arns) + local.bucket > 0
}

# Batch makes this role by itself where it is missing and the caller may; to make it here is for accounts where the caller may not.
resource "aws_iam_service_linked_role" "batch" {
  count            = var.create_service_linked_role ? 1 : 0
  aws_service_name = "batch.amazonaws.com"
  description      = "Lets AWS Batch run hosts and containers in this account"
}

locals {
  # null: Batch takes its service-linked role by itself.
  service_role = one(aws_iam_service_linked_role.batch[*].arn)
}

# Some services have another name in other partitions.
data "aws_service_principal" "service" {
  for_each     = toset(["ec2", "ecs-tasks"])
  service_name = each.key
}

data "aws_iam_policy_document" "assume" {
  for_each = {
    instance  = data.aws_service_principal.service["ec2"].name
    execution = data.aws_service_principal.service["ecs-tasks"].name
    job       = data.aws_service_principal.service["ecs-tasks"].name
  }

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = [each.value]
    }

    # Only for tasks of this account: a service that acts for another account must not borrow the role. ECS documents it for task roles.
    dynamic "condition" {
      for_each = each.key == "job" ? [local.account_id] : []

      content {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [condition.value]
      }
    }
  }
}

data "aws_iam_policy_document" "pull_image" {
  #checkov:skip=CKV_AWS_356:ecr:GetAuthorizationToken takes no narrower resource
  statement {
    sid       = "LogInToRegistry"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid       = "PullJobImages"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = concat([aws_ecr_repository.jobs.arn], var.job_ecr_repository_arns)
  }

  statement {
    sid       = "WriteJobLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.jobs.arn}:*"]
  }
}

# The ECS agent on the host, whose role job code in host mode can reach: so it is held to the clusters of this stack's environments. Batch
# names them AWSBatch-ENVIRONMENT-UUID. The names of environments stand here in full, because PREFIX-* would cover a stack whose prefix
# begins with this one's. The actions are those of AmazonEC2ContainerServiceforEC2Role without CreateCluster, which Batch does itself.
locals {
  ecs_arn = "arn:${local.partition}:ecs:${var.region}:${local.account_id}"
  clusters = [
    for stem in concat(values(local.environment_stems), ["${var.name_prefix}-compute-env"]) : "AWSBatch-${stem}-*"
  ]
  cluster_arns = concat(
    [for cluster in local.clusters : "${local.ecs_arn}:cluster/${cluster}"],
    [for cluster in local.clusters : "${local.ecs_arn}:container-instance/${cluster}/*"],
  )
}

data "aws_iam_policy_document" "instance" {
  #checkov:skip=CKV_AWS_356:ecs:DiscoverPollEndpoint and ec2:DescribeTags take no narrower resource
  source_policy_documents = [data.aws_iam_policy_document.pull_image.json]

  statement {
    sid       = "FindTheAgentEndpoint"
    actions   = ["ecs:DiscoverPollEndpoint", "ec2:DescribeTags"]
    resources = ["*"]
  }

  statement {
    sid = "RunTasks"
    actions = [
      "ecs:DeregisterContainerInstance", "ecs:Poll", "ecs:RegisterContainerInstance", "ecs:StartTelemetrySession",
      "ecs:SubmitAttachmentStateChanges", "ecs:SubmitContainerStateChange", "ecs:SubmitTaskStateChange",
      "ecs:UpdateContainerInstancesState",
      "ecs:ListTagsForResource",
    ]
    resources = local.cluster_arns
  }

  statement {
    sid       = "TagHostsWhenTheyRegister"
    actions   = ["ecs:TagResource"]
    resources = local.cluster_arns

    condition {
      test     = "StringEquals"
      variable = "ecs:CreateAction"
      values   = ["RegisterContainerInstance"]
    }
  }
}

# Pulls, logs, and the secrets that the definitions name.
data "aws_iam_policy_document" "execution" {
  source_policy_documents = [data.aws_iam_policy_document.pull_image.json]

  dynamic "statement" {
    for_each = {
      for action, resources in {
        "secretsmanager:GetSecretValue" = [for arn in local.job_secret_arns : arn if split(":", arn)[2] == "secretsmanager"]
        "ssm:GetParameters"             = [for arn in local.job_secret_arns : arn if split(":", arn)[2] == "ssm"]
        "kms:Decrypt"                   = var.batch_job_secret_kms_key_arns
      } : action => resources if length(resources) > 0
    }

    content {
      actions   = [statement.key]
      resources = statement.value
    }
  }
}

data "aws_iam_policy_document" "job" {
  count = local.job_has_rights ? 1 : 0

  dynamic "statement" {
    for_each = length(var.job_s3_bucket_arns) > 0 ? ["ListBuckets"] : []

    content {
      sid       = statement.value
      actions   = ["s3:GetBucketLocation", "s3:ListBucket"]
      resources = var.job_s3_bucket_arns
    }
  }

  dynamic "statement" {
    for_each = length(var.job_s3_bucket_arns) > 0 ? ["ReadAndWriteObjects"] : []

    content {
      sid       = statement.value
      actions   = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
      resources = [for arn in var.job_s3_bucket_arns : "${arn}/*"]
    }
  }

  dynamic "statement" {
    for_each = local.bucket == 1 ? ["ReadCode"] : []

    content {
      sid       = statement.value
      actions   = ["s3:GetObject"]
      resources = [local.code_arn]
    }
  }

  dynamic "statement" {
    for_each = local.bucket == 1 ? ["ReadAndWriteResults"] : []

    content {
      sid       = statement.value
      actions   = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
      resources = [local.results_arn]
    }
  }

  # Without it S3 says of an object that is not there that it may not be read. It asks for the bucket as a whole.
  dynamic "statement" {
    for_each = local.bucket == 1 ? ["SeeWhatIsThere"] : []

    content {
      sid       = statement.value
      actions   = ["s3:ListBucket"]
      resources = [local.bucket_arn]
    }
  }

  dynamic "statement" {
    for_each = length(local.job_file_system_arns) > 0 ? ["MountFileSystems"] : []

    content {
      sid       = statement.value
      actions   = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
      resources = local.job_file_system_arns
    }
  }
}

resource "aws_iam_role" "instance" {
  name                 = "${local.role_prefix}-instance"
  description          = "Hosts of refrag jobs: the ECS agent, image pulls, logs"
  assume_role_policy   = data.aws_iam_policy_document.assume["instance"].json
  path                 = var.iam_path
  permissions_boundary = var.iam_permissions_boundary_arn == "" ? null : var.iam_permissions_boundary_arn
}

resource "aws_iam_role_policy" "instance" {
  name   = "host"
  role   = aws_iam_role.instance.id
  policy = data.aws_iam_policy_document.instance.json
}

resource "aws_iam_instance_profile" "instance" {
  name = "${local.role_prefix}-instance"
  path = var.iam_path
  role = aws_iam_role.instance.name
}

resource "aws_iam_role" "execution" {
  name                 = "${local.role_prefix}-execution"
  description          = "Starts refrag containers: image pulls, logs"
  assume_role_policy   = data.aws_iam_policy_document.assume["execution"].json
  path                 = var.iam_path
  permissions_boundary = var.iam_permissions_boundary_arn == "" ? null : var.iam_permissions_boundary_arn
}

resource "aws_iam_role_policy" "execution" {
  name   = "start"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.execution.json
}

# What the job's own code may do: nothing, until there is job_bucket, or buckets or file systems are named.
resource "aws_iam_role" "job" {
  name                 = "${local.role_prefix}-job"
  description          = "The code of refrag jobs"
  assume_role_policy   = data.aws_iam_policy_document.assume["job"].json
  path                 = var.iam_path
  permissions_boundary = var.iam_permissions_boundary_arn == "" ? null : var.iam_permissions_boundary_arn
}

resource "aws_iam_role_policy" "job" {
  count  = local.job_has_rights ? 1 : 0
  name   = "buckets"
  role   = aws_iam_role.job.id
  policy = data.aws_iam_policy_document.job[0].json
}
