# Blocked queues and failed jobs to one SNS topic, with batch_notifications.
locals {
  notify = var.batch_notifications ? 1 : 0
  queue_arns = concat(
    aws_batch_job_queue.cpu_queue[*].arn,
    aws_batch_job_queue.gpu_queue[*].arn,
    aws_batch_job_queue.distributed[*].arn,
    aws_batch_job_queue.queue[*].arn,
    [for queue in aws_batch_job_queue.priority : queue.arn],
    [for queue in aws_batch_job_queue.on_demand : queue.arn],
  )
}

resource "aws_sns_topic" "alerts" {
  #checkov:skip=CKV_AWS_26:EventBridge and Budgets cannot publish to a topic under the AWS managed key; the messages name jobs and queues
  count = local.notify
  name  = "${var.name_prefix}-alerts"
}

resource "aws_sns_topic_subscription" "email" {
  for_each  = var.batch_notifications ? toset(var.alert_emails) : toset([])
  topic_arn = aws_sns_topic.alerts[0].arn
  protocol  = "email"
  endpoint  = each.value
}

data "aws_iam_policy_document" "alerts" {
  count = local.notify

  statement {
    sid       = "EventsPublish"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alerts[0].arn]

    # Without a condition: EventBridge evaluates none in the policy of a topic.
    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
  }

  statement {
    sid       = "BudgetsAndAlarmsPublish"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alerts[0].arn]

    principals {
      type        = "Service"
      identifiers = ["budgets.amazonaws.com", "cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }
  }
}

resource "aws_sns_topic_policy" "alerts" {
  count  = local.notify
  arn    = aws_sns_topic.alerts[0].arn
  policy = data.aws_iam_policy_document.alerts[0].json
}

resource "aws_cloudwatch_event_rule" "blocked_queue" {
  count       = local.notify
  name        = "${var.name_prefix}-blocked-queue"
  description = "The job at the head of a queue cannot be placed"
  event_pattern = jsonencode({
    source      = ["aws.batch"]
    detail-type = ["Batch Job Queue Blocked"]
    resources   = local.queue_arns
  })
}

resource "aws_cloudwatch_event_target" "blocked_queue" {
  count = local.notify
  rule  = aws_cloudwatch_event_rule.blocked_queue[0].name
  arn   = aws_sns_topic.alerts[0].arn
}

resource "aws_cloudwatch_event_rule" "failed_job" {
  count       = local.notify
  name        = "${var.name_prefix}-failed-job"
  description = "A job has failed for good"
  event_pattern = jsonencode({
    source      = ["aws.batch"]
    detail-type = ["Batch Job State Change"]
    # One mail for an array job, not one for each of its children.
    detail = { status = ["FAILED"], jobQueue = local.queue_arns, arrayProperties = { index = [{ exists = false }] } }
  })
}

resource "aws_cloudwatch_event_target" "failed_job" {
  count = local.notify
  rule  = aws_cloudwatch_event_rule.failed_job[0].name
  arn   = aws_sns_topic.alerts[0].arn
}
