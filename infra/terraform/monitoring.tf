# How the queues grow, with batch_monitoring. Batch publishes no such metric. Events report when a job becomes RUNNABLE and when one
# leaves that state; EventBridge counts what each rule matches, and entered minus left is how much a queue grew in a period.
locals {
  monitored = !var.batch_monitoring ? {} : merge(
    { for queue in aws_batch_job_queue.cpu_queue : "cpu" => queue.arn },
    { for queue in aws_batch_job_queue.gpu_queue : "gpu" => queue.arn },
    { for queue in aws_batch_job_queue.distributed : "distributed" => queue.arn },
    { for key, queue in aws_batch_job_queue.priority : key => queue.arn },
    { for key, queue in aws_batch_job_queue.on_demand : "${key}-on-demand" => queue.arn },
  )
  event_writers = ["delivery.logs.amazonaws.com", "events.amazonaws.com"]
}

resource "aws_cloudwatch_event_rule" "entered_queue" {
  for_each    = local.monitored
  name        = "${var.name_prefix}-${each.key}-entered-queue"
  description = "A job became RUNNABLE; only counted"
  event_pattern = jsonencode({
    source      = ["aws.batch"]
    detail-type = ["Batch Job State Change"]
    detail      = { status = ["RUNNABLE"], jobQueue = [each.value] }
  })
}

resource "aws_cloudwatch_event_rule" "left_queue" {
  for_each    = local.monitored
  name        = "${var.name_prefix}-${each.key}-left-queue"
  description = "A job was placed, or failed without having started; only counted"
  event_pattern = jsonencode({
    source      = ["aws.batch"]
    detail-type = ["Batch Job State Change"]
    detail = {
      jobQueue = [each.value]
      "$or" = [
        { status = ["STARTING"] },
        # Cancelled while it waited. What failed while it started has a task, and was counted when it was placed.
        { status = ["FAILED"], attempts = { container = { taskArn = [{ exists = false }] } } },
      ]
    }
  })
}

# The rules' target: a day of the events themselves, to look into.
resource "aws_cloudwatch_log_group" "queue_events" {
  #checkov:skip=CKV_AWS_158:events without content of jobs, encrypted by CloudWatch
  #checkov:skip=CKV_AWS_338:only counted; a day is enough to look into them
  count             = var.batch_monitoring ? 1 : 0
  name              = "/aws/events/${var.name_prefix}-queues"
  retention_in_days = 1
}

data "aws_iam_policy_document" "queue_events" {
  count = var.batch_monitoring ? 1 : 0

  # Without a condition: EventBridge names the rule only when it writes events, not when it makes the stream that it writes them to.
  # (EventBridge User Guide, "CloudWatch Logs permissions")
  statement {
    sid       = "EventsMakeStreams"
    actions   = ["logs:CreateLogStream"]
    resources = ["${aws_cloudwatch_log_group.queue_events[0].arn}:*"]

    principals {
      type        = "Service"
      identifiers = local.event_writers
    }
  }

  statement {
    sid       = "EventsWriteLogs"
    actions   = ["logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.queue_events[0].arn}:*"]

    principals {
      type        = "Service"
      identifiers = local.event_writers
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:${local.partition}:events:${var.region}:${local.account_id}:rule/${var.name_prefix}-*"]
    }
  }
}

resource "aws_cloudwatch_log_resource_policy" "queue_events" {
  count           = var.batch_monitoring && var.batch_monitoring_log_policy ? 1 : 0
  policy_name     = "${var.name_prefix}-queue-events"
  policy_document = data.aws_iam_policy_document.queue_events[0].json
}

resource "aws_cloudwatch_event_target" "entered_queue" {
  for_each = aws_cloudwatch_event_rule.entered_queue
  rule     = each.value.name
  arn      = aws_cloudwatch_log_group.queue_events[0].arn
}

resource "aws_cloudwatch_event_target" "left_queue" {
  for_each = aws_cloudwatch_event_rule.left_queue
  rule     = each.value.name
  arn      = aws_cloudwatch_log_group.queue_events[0].arn
}

resource "aws_cloudwatch_metric_alarm" "queue_depth" {
  for_each   = local.monitored
  alarm_name = "${var.name_prefix}-${each.key}-queue-growth"
  alarm_description = join(" ", [
    "The ${each.key} queue grew by more than ${var.queue_growth_alarm_jobs} jobs in an hour:",
    "see `refrag why` and the dashboard"
  ])
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.queue_growth_alarm_jobs
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = aws_sns_topic.alerts[*].arn

  metric_query {
    id          = "growth"
    expression  = "FILL(entered, 0) - FILL(gone, 0)"
    label       = "Jobs waiting, change in an hour"
    return_data = true
  }

  metric_query {
    id = "entered"

    metric {
      namespace   = "AWS/Events"
      metric_name = "MatchedEvents"
      dimensions  = { RuleName = aws_cloudwatch_event_rule.entered_queue[each.key].name }
      period      = 3600
      stat        = "Sum"
    }
  }

  metric_query {
    id = "gone"

    metric {
      namespace   = "AWS/Events"
      metric_name = "MatchedEvents"
      dimensions  = { RuleName = aws_cloudwatch_event_rule.left_queue[each.key].name }
      period      = 3600
      stat        = "Sum"
    }
  }
}

resource "aws_cloudwatch_dashboard" "queues" {
  count          = var.batch_monitoring ? 1 : 0
  dashboard_name = "${local.role_prefix}-queues"

  dashboard_body = jsonencode({
    widgets = [
      for index, kind in keys(local.monitored) : {
        type   = "metric"
        x      = 12 * (index % 2)
        y      = 6 * floor(index / 2)
        width  = 12
        height = 6
        properties = {
          title  = "${kind} queue: jobs that began to wait, jobs that left"
          region = var.region
          stat   = "Sum"
          period = 300
          metrics = [
            ["AWS/Events", "MatchedEvents", "RuleName", "${var.name_prefix}-${kind}-entered-queue"],
            ["AWS/Events", "MatchedEvents", "RuleName", "${var.name_prefix}-${kind}-left-queue"],
          ]
        }
      }
    ]
  })
}
