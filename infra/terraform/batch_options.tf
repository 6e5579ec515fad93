# What may stand beside the two queues: on-demand environments as the second choice, with queues of their own, queues by priority, fair
# share.
resource "aws_batch_compute_environment" "cpu_on_demand" {
  for_each                 = local.environments["cpu_on_demand"]
  compute_environment_name = each.key
  type                     = "MANAGED"
  service_role             = local.service_role
  state                    = each.value.state

  compute_resources {
    type                = "EC2"
    allocation_strategy = "BEST_FIT_PROGRESSIVE"
    min_vcpus           = 0
    max_vcpus           = coalesce(var.batch_cpu_on_demand_max_vcpus, var.batch_cpu_max_vcpus)
    instance_type       = var.batch_cpu_instance_types
    instance_role       = aws_iam_instance_profile.instance.arn
    subnets             = local.subnet_ids
    security_group_ids  = [aws_security_group.jobs.id]

    ec2_configuration {
      image_type        = var.batch_cpu_image_type
      image_id_override = local.image_ids["cpu"]
    }

    launch_template {
      launch_template_id = aws_launch_template.hosts[each.value.template].id
      version            = "1"
    }
  }

  update_policy {
    terminate_jobs_on_update      = false
    job_execution_timeout_minutes = 360
  }

  depends_on = [aws_iam_role_policy.instance]

  # Everything that the name stands for, and the network that it was made in, stays as it was made (locals.tf).
  lifecycle {
    create_before_destroy = true
    ignore_changes = [
      compute_resources[0].allocation_strategy,
      compute_resources[0].ec2_configuration,
      compute_resources[0].instance_type,
      compute_resources[0].launch_template,
      compute_resources[0].security_group_ids,
      compute_resources[0].subnets,
      compute_resources[0].type,
    ]
  }
}

resource "aws_batch_compute_environment" "gpu_on_demand" {
  for_each                 = local.environments["gpu_on_demand"]
  compute_environment_name = each.key
  type                     = "MANAGED"
  service_role             = local.service_role
  state                    = each.value.state

  compute_resources {
    type                = "EC2"
    allocation_strategy = "BEST_FIT_PROGRESSIVE"
    min_vcpus           = 0
    max_vcpus           = coalesce(var.batch_gpu_on_demand_max_vcpus, var.batch_gpu_max_vcpus)
    instance_type       = var.batch_gpu_instance_types
    instance_role       = aws_iam_instance_profile.instance.arn
    subnets             = local.subnet_ids
    security_group_ids  = [aws_security_group.jobs.id]

    ec2_configuration {
      image_type        = var.batch_gpu_image_type
      image_id_override = local.image_ids["gpu"]
    }

    launch_template {
      launch_template_id = aws_launch_template.hosts[each.value.template].id
      version            = "1"
    }
  }

  update_policy {
    terminate_jobs_on_update      = false
    job_execution_timeout_minutes = 360
  }

  depends_on = [aws_iam_role_policy.instance]

  # Everything that the name stands for, and the network that it was made in, stays as it was made (locals.tf).
  lifecycle {
    create_before_destroy = true
    ignore_changes = [
      compute_resources[0].allocation_strategy,
      compute_resources[0].ec2_configuration,
      compute_resources[0].instance_type,
      compute_resources[0].launch_template,
      compute_resources[0].security_group_ids,
      compute_resources[0].subnets,
      compute_resources[0].type,
    ]
  }
}

locals {
  priorities = { high = 100, low = 1 }

  # High before the plain queue (10) before low, on the same environments.
  priority_queues = !(local.separate && var.batch_priority_queues) ? {} : {
    for pair in setproduct(["cpu", "gpu"], keys(local.priorities)) :
    "${pair[0]}-${pair[1]}" => { kind = pair[0], priority = local.priorities[pair[1]] }
  }
}

resource "aws_batch_job_queue" "priority" {
  for_each              = local.priority_queues
  name                  = "${var.name_prefix}-${each.key}-job-queue${local.queue_suffix}"
  state                 = "ENABLED"
  priority              = each.value.priority
  scheduling_policy_arn = one(aws_batch_scheduling_policy.fair_share[*].arn)

  dynamic "compute_environment_order" {
    for_each = each.value.kind == "cpu" ? local.cpu_environments : local.gpu_environments

    content {
      order               = compute_environment_order.key + 1
      compute_environment = compute_environment_order.value
    }
  }

  dynamic "job_state_time_limit_action" {
    for_each = local.runnable_reasons

    content {
      state            = "RUNNABLE"
      action           = "CANCEL"
      reason           = job_state_time_limit_action.value
      max_time_seconds = var.batch_runnable_timeout_seconds
    }
  }

  depends_on = [terraform_data.drain_environment]

  lifecycle {
    create_before_destroy = true
  }
}

# On demand alone: where refrag submits what has lost its Spot hosts often enough (env.spot=first), and what is never to run on Spot.
locals {
  on_demand_queues = !(local.separate && var.batch_on_demand_fallback) ? {} : {
    cpu = [for name in local.current_names["cpu_on_demand"] : aws_batch_compute_environment.cpu_on_demand[name].arn]
    gpu = [for name in local.current_names["gpu_on_demand"] : aws_batch_compute_environment.gpu_on_demand[name].arn]
  }
}

resource "aws_batch_job_queue" "on_demand" {
  for_each              = local.on_demand_queues
  name                  = "${var.name_prefix}-${each.key}-on-demand-job-queue${local.queue_suffix}"
  state                 = "ENABLED"
  priority              = 10
  scheduling_policy_arn = one(aws_batch_scheduling_policy.fair_share[*].arn)

  dynamic "compute_environment_order" {
    for_each = each.value

    content {
      order               = compute_environment_order.key + 1
      compute_environment = compute_environment_order.value
    }
  }

  dynamic "job_state_time_limit_action" {
    for_each = local.runnable_reasons

    content {
      state            = "RUNNABLE"
      action           = "CANCEL"
      reason           = job_state_time_limit_action.value
      max_time_seconds = var.batch_runnable_timeout_seconds
    }
  }

  depends_on = [terraform_data.drain_environment]

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_batch_scheduling_policy" "fair_share" {
  count = var.batch_fair_share ? 1 : 0
  name  = "${var.name_prefix}-fair-share"

  fair_share_policy {
    compute_reservation = var.batch_fair_share_reservation
    share_decay_seconds = var.batch_fair_share_decay_seconds

    dynamic "share_distribution" {
      for_each = var.batch_fair_share_weights

      content {
        share_identifier = share_distribution.key
        weight_factor    = share_distribution.value
      }
    }
  }
}
