# With job_bucket: a bucket for what jobs bring along and leave behind. refrag puts archives of code below code/, each under the hash of its
# content, and jobs put their results below results/. It has no versions, as buckets begin: neither is ever written twice with another
# meaning, and what is removed shall be gone.
locals {
  bucket = var.job_bucket ? 1 : 0
  # Bucket names are unique across all accounts.
  bucket_name   = "${local.role_prefix}-${local.account_id}"
  bucket_arn    = "arn:${local.partition}:s3:::${local.bucket_name}"
  code_arn      = "${local.bucket_arn}/code/*"
  results_arn   = "${local.bucket_arn}/results/*"
  result_expiry = var.job_bucket_result_days == 0 ? [] : [var.job_bucket_result_days]
}

resource "aws_s3_bucket" "jobs" {
  #checkov:skip=CKV_AWS_18:access logs are for the account's trail
  #checkov:skip=CKV_AWS_21:an archive has the hash of its content as its name, results are a job's own
  #checkov:skip=CKV_AWS_144:code can be archived again, results are taken home
  #checkov:skip=CKV_AWS_145:encrypted by S3; a key of its own would add a right to every job
  #checkov:skip=CKV2_AWS_62:no program waits for an object
  count         = local.bucket
  bucket        = local.bucket_name
  force_destroy = var.job_bucket_force_destroy
}

resource "aws_s3_bucket_public_access_block" "jobs" {
  count                   = local.bucket
  bucket                  = aws_s3_bucket.jobs[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# No access lists: policies alone say who may do what.
resource "aws_s3_bucket_ownership_controls" "jobs" {
  count  = local.bucket
  bucket = aws_s3_bucket.jobs[0].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "jobs" {
  count  = local.bucket
  bucket = aws_s3_bucket.jobs[0].id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

data "aws_iam_policy_document" "bucket" {
  count = local.bucket

  statement {
    sid       = "OnlyOverTls"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [local.bucket_arn, "${local.bucket_arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "jobs" {
  count  = local.bucket
  bucket = aws_s3_bucket.jobs[0].id
  policy = data.aws_iam_policy_document.bucket[0].json

  # S3 takes one change of who may do what at a time.
  depends_on = [aws_s3_bucket_public_access_block.jobs, aws_s3_bucket_ownership_controls.jobs]
}

# S3 counts from the upload and knows no last use: refrag copies an archive onto itself when it submits it again, which starts it anew.
resource "aws_s3_bucket_lifecycle_configuration" "jobs" {
  count  = local.bucket
  bucket = aws_s3_bucket.jobs[0].id

  rule {
    id     = "code"
    status = "Enabled"

    filter {
      prefix = "code/"
    }

    expiration {
      days = var.job_bucket_code_days
    }
  }

  dynamic "rule" {
    for_each = local.result_expiry

    content {
      id     = "results"
      status = "Enabled"

      filter {
        prefix = "results/"
      }

      expiration {
        days = rule.value
      }
    }
  }

  rule {
    id     = "unfinished-uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

# A bucket that holds something stays as it is, with its policy, its rules and the rights of the jobs: this goes before them, and only if
# the bucket is empty.
resource "terraform_data" "bucket_is_empty" {
  count = local.bucket
  input = { name = aws_s3_bucket.jobs[0].id, region = var.region, force = var.job_bucket_force_destroy }

  provisioner "local-exec" {
    when    = destroy
    command = "bash '${path.module}/scripts/bucket-is-empty.sh' '${self.input.name}' '${self.input.region}' ${self.input.force}"
  }

  depends_on = [
    aws_iam_role_policy.job,
    aws_s3_bucket_lifecycle_configuration.jobs,
    aws_s3_bucket_ownership_controls.jobs,
    aws_s3_bucket_policy.jobs,
    aws_s3_bucket_public_access_block.jobs,
    aws_s3_bucket_server_side_encryption_configuration.jobs,
  ]
}

output "job_code_store" {
  description = "Where refrag puts the code of jobs, for env.code_store; null without job_bucket."
  value       = one([for bucket in aws_s3_bucket.jobs : "s3://${bucket.bucket}/code"])
}

output "job_results_store" {
  description = "Where jobs put their results, for env.results; null without job_bucket."
  value       = one([for bucket in aws_s3_bucket.jobs : "s3://${bucket.bucket}/results"])
}
