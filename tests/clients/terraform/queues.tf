resource "aws_batch_scheduling_policy" "fair" {
  name = "fair"
  fair_share_policy {
    compute_reservation = local.step
    share_decay_seconds = 3600 * local.step
    dynamic "share_distribution" {
      for_each = var.changed ? { "a*" = 0.2, b = 3 } : { "a*" = 0.1, b = 2, c = 1 }
      content {
        share_identifier = share_distribution.key
        weight_factor    = share_distribution.value
      }
    }
  }
  tags = local.step_tags
}

resource "aws_batch_scheduling_policy" "replaced" {
  name = "replaced-${local.step}"
  fair_share_policy {
    share_decay_seconds = 600
  }
}

locals {
  environments = { for name, environment in aws_batch_compute_environment.ec2 : name => environment.arn }
  queues = {
    one       = { of = ["minimal"] }
    ordered   = { of = var.changed ? ["families", "best_fit", "minimal"] : ["minimal", "best_fit"] }
    spot      = { of = ["spot_capacity", "spot_price"], priority = 10 * local.step }
    fair      = { of = ["minimal"], policy = aws_batch_scheduling_policy.fair.arn }
    closed    = { of = ["minimal"], state = var.changed ? "ENABLED" : "DISABLED" }
    timed     = { of = ["minimal"], limits = var.changed ? { CAPACITY_INSUFFICIENT_INSTANCE_CAPACITY = 1200 } : {} }
    timed_two = { of = ["minimal"], limits = { MISCONFIGURATION_JOB_RESOURCE_REQUIREMENT = 600 * local.step } }
    renamed   = { of = ["minimal"], name = "renamed-${local.step}" }
  }
}

resource "aws_batch_job_queue" "ec2" {
  for_each              = local.queues
  name                  = lookup(each.value, "name", each.key)
  state                 = lookup(each.value, "state", "ENABLED")
  priority              = lookup(each.value, "priority", 1)
  scheduling_policy_arn = lookup(each.value, "policy", null)
  dynamic "compute_environment_order" {
    for_each = each.value.of
    content {
      order               = compute_environment_order.key
      compute_environment = local.environments[compute_environment_order.value]
    }
  }
  dynamic "job_state_time_limit_action" {
    for_each = lookup(each.value, "limits", {})
    content {
      action           = "CANCEL"
      max_time_seconds = job_state_time_limit_action.value
      # The first word is AWS's kind of reason.
      reason = replace(job_state_time_limit_action.key, "/^([A-Z]+)_/", "$1:")
      state  = "RUNNABLE"
    }
  }
  tags = local.step_tags
}

resource "aws_batch_job_queue" "fargate" {
  name     = "fargate"
  state    = "ENABLED"
  priority = 0
  # The older way to name environments.
  compute_environments = [for environment in aws_batch_compute_environment.fargate : environment.arn]
  timeouts {
    create = "10m"
    update = "10m"
    delete = "10m"
  }
}

data "aws_batch_job_queue" "fair" {
  name = aws_batch_job_queue.ec2["fair"].name
}

data "aws_batch_scheduling_policy" "fair" {
  arn = aws_batch_scheduling_policy.fair.arn
}
