# What jobs print. CloudWatch encrypts by itself; log_encryption_key adds a key of our own, which can be withdrawn and audited.
resource "aws_cloudwatch_log_group" "jobs" {
  #checkov:skip=CKV_AWS_158:encrypted by CloudWatch; log_encryption_key or log_kms_key_arn adds a key
  #checkov:skip=CKV_AWS_338:log_retention_days is the choice of who pays for it
  name              = "/${var.name_prefix}/batch"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_kms_key_arn == "" ? one(aws_kms_key.logs[*].arn) : var.log_kms_key_arn
  skip_destroy      = var.log_keep_on_destroy
}

data "aws_iam_policy_document" "logs_key" {
  count = var.log_encryption_key ? 1 : 0

  statement {
    sid       = "AccountAdministersKey"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${local.account_id}:root"]
    }
  }

  statement {
    sid       = "LogsUseKey"
    actions   = ["kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["logs.${var.region}.${data.aws_partition.current.dns_suffix}"]
    }

    condition {
      test     = "ArnEquals"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values   = ["arn:${local.partition}:logs:${var.region}:${local.account_id}:log-group:/${var.name_prefix}/batch"]
    }
  }
}

resource "aws_kms_key" "logs" {
  count                   = var.log_encryption_key ? 1 : 0
  description             = "Logs of ${var.name_prefix} jobs"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.logs_key[0].json
}
