# Compute environments, job queues and job definitions, one of each for CPU and for GPU work. The second, on-demand environments and the
# queues by priority are in batch_options.tf, the single queue of old in batch_single.tf.
resource "aws_batch_compute_environment" "cpu" {
  for_each                 = local.environments["cpu"]
  compute_environment_name = each.key
  type                     = "MANAGED"
  service_role             = local.service_role
  state                    = each.value.state

  compute_resources {
    type                = var.batch_use_spot ? "SPOT" : "EC2"
    allocation_strategy = var.batch_use_spot ? "SPOT_PRICE_CAPACITY_OPTIMIZED" : "BEST_FIT_PROGRESSIVE"
    min_vcpus           = each.value.is_current ? var.batch_cpu_min_vcpus : 0
    max_vcpus           = var.batch_cpu_max_vcpus
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

resource "aws_batch_compute_environment" "gpu" {
  for_each                 = local.environments["gpu"]
  compute_environment_name = each.key
  type                     = "MANAGED"
  service_role             = local.service_role
  state                    = each.value.state

  compute_resources {
    type                = var.batch_use_spot ? "SPOT" : "EC2"
    allocation_strategy = var.batch_use_spot ? "SPOT_PRICE_CAPACITY_OPTIMIZED" : "BEST_FIT_PROGRESSIVE"
    min_vcpus           = each.value.is_current ? var.batch_gpu_min_vcpus : 0
    max_vcpus           = var.batch_gpu_max_vcpus
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
  # In the order in which Batch tries them. The drains stand between, so that a queue leaves an environment before it is drained.
  cpu_environments = concat(
    [for name in local.current_names["cpu"] : aws_batch_compute_environment.cpu[name].arn],
    [for name in local.current_names["cpu_on_demand"] : aws_batch_compute_environment.cpu_on_demand[name].arn],
  )
  gpu_environments = concat(
    [for name in local.current_names["gpu"] : aws_batch_compute_environment.gpu[name].arn],
    [for name in local.current_names["gpu_on_demand"] : aws_batch_compute_environment.gpu_on_demand[name].arn],
  )

  # The three reasons on which Batch can act; the names are AWS's.
  runnable_reasons = var.batch_runnable_timeout_seconds == 0 ? [] : [
    "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY",
    "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE",
    "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT",
  ]
}

resource "aws_batch_job_queue" "cpu_queue" {
  count                 = local.separate ? 1 : 0
  name                  = "${var.name_prefix}-cpu-job-queue${local.queue_suffix}"
  state                 = "ENABLED"
  priority              = 10
  scheduling_policy_arn = one(aws_batch_scheduling_policy.fair_share[*].arn)

  dynamic "compute_environment_order" {
    for_each = local.cpu_environments

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

resource "aws_batch_job_queue" "gpu_queue" {
  count                 = local.separate ? 1 : 0
  name                  = "${var.name_prefix}-gpu-job-queue${local.queue_suffix}"
  state                 = "ENABLED"
  priority              = 10
  scheduling_policy_arn = one(aws_batch_scheduling_policy.fair_share[*].arn)

  dynamic "compute_environment_order" {
    for_each = local.gpu_environments

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

locals {
  # Faults of the platform: a reclaimed Spot host, and an image that could not be pulled. Any other failure is the job's own. Batch takes
  # five rules.
  retried = [
    { status_reason = "Host EC2*", reason = null },
    { status_reason = null, reason = "CannotPullContainer*" },
    { status_reason = null, reason = "DockerTimeoutError*" },
  ]
  # Docker's default for /dev/shm is 64 MiB, too little for data loaders with workers and for NCCL; and a job cannot ask for more.
  gpu_job_properties = (
    var.batch_gpu_job_shared_memory_mib == 0 ? {} : { linuxParameters = { sharedMemorySize = var.batch_gpu_job_shared_memory_mib } }
  )
  cpu_job_requirements = [
    { type = "VCPU", value = tostring(var.batch_cpu_job_vcpus) },
    { type = "MEMORY", value = tostring(var.batch_cpu_job_memory_mib) },
  ]
  gpu_job_requirements = [
    { type = "VCPU", value = tostring(var.batch_gpu_job_vcpus) },
    { type = "MEMORY", value = tostring(var.batch_gpu_job_memory_mib) },
    { type = "GPU", value = tostring(var.batch_gpu_job_gpus) },
  ]
}

resource "aws_batch_job_definition" "cpu_jobdef" {
  count                 = local.separate ? 1 : 0
  name                  = "${var.name_prefix}-cpu-job-def"
  type                  = "container"
  platform_capabilities = ["EC2"]
  propagate_tags        = true
  scheduling_priority   = var.batch_fair_share ? 0 : null
  container_properties  = jsonencode(merge(local.job_properties, { resourceRequirements = local.cpu_job_requirements }))

  dynamic "timeout" {
    for_each = local.job_timeouts

    content {
      attempt_duration_seconds = timeout.value
    }
  }

  retry_strategy {
    attempts = var.batch_job_attempts

    dynamic "evaluate_on_exit" {
      for_each = local.retried

      content {
        action           = "RETRY"
        on_reason        = evaluate_on_exit.value.reason
        on_status_reason = evaluate_on_exit.value.status_reason
      }
    }

    evaluate_on_exit {
      action    = "EXIT"
      on_reason = "*"
    }
  }
}

resource "aws_batch_job_definition" "gpu_jobdef" {
  count                 = local.separate ? 1 : 0
  name                  = "${var.name_prefix}-gpu-job-def"
  type                  = "container"
  platform_capabilities = ["EC2"]
  propagate_tags        = true
  scheduling_priority   = var.batch_fair_share ? 0 : null
  container_properties = jsonencode(
    merge(local.job_properties, local.gpu_job_properties, { resourceRequirements = local.gpu_job_requirements })
  )

  dynamic "timeout" {
    for_each = local.job_timeouts

    content {
      attempt_duration_seconds = timeout.value
    }
  }

  retry_strategy {
    attempts = var.batch_job_attempts

    dynamic "evaluate_on_exit" {
      for_each = local.retried

      content {
        action           = "RETRY"
        on_reason        = evaluate_on_exit.value.reason
        on_status_reason = evaluate_on_exit.value.status_reason
      }
    }

    evaluate_on_exit {
      action    = "EXIT"
      on_reason = "*"
    }
  }
}
