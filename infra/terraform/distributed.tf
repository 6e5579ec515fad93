# Multi-node jobs, with batch_distributed: on demand (Batch runs them on nothing else), in one zone and one placement group, over EFA where
# the types have it. refrag makes a multi-node definition from the one here for each number of nodes.
data "aws_ec2_instance_type" "distributed" {
  for_each      = toset(local.distributed == 1 ? var.batch_distributed_instance_types : [])
  instance_type = each.value
}

data "aws_ec2_instance_type_offerings" "distributed" {
  for_each      = data.aws_ec2_instance_type.distributed
  location_type = "availability-zone-id"

  filter {
    name   = "instance-type"
    values = [each.key]
  }
}

locals {
  distributed_types = values(data.aws_ec2_instance_type.distributed)
  efa_interfaces = (
    !var.batch_distributed_efa
    ? 0
    : try(min([for type in local.distributed_types : type.efa_supported ? max(1, type.efa_maximum_interfaces) : 0]...), 0)
  )
  distributed_gpus = try(min([for type in local.distributed_types : sum(concat([0], [for gpu in type.gpus : gpu.count]))]...), 0)

  # An old x86_64 type runs i386 as well.
  distributed_architectures = distinct([
    for type in local.distributed_types : contains(type.supported_architectures, "arm64") ? "arm64" : "x86_64"
  ])

  distributed_image_type = local.distributed_gpus > 0 ? "ECS_AL2023_NVIDIA" : "ECS_AL2023"

  # Where the job subnets are: the zone that is named, else the first that offers every type, else the first.
  job_subnet_zones = local.own == 1 ? [for zone in local.zones : zone.id] : data.aws_subnet.given[*].availability_zone_id
  distributed_zones = var.batch_distributed_zone_id != "" ? [var.batch_distributed_zone_id] : [
    for id in local.job_subnet_zones : id
    if alltrue([for offered in data.aws_ec2_instance_type_offerings.distributed : contains(offered.locations, id)])
  ]
  distributed_subnet = try(index(local.job_subnet_zones, local.distributed_zones[0]), var.batch_distributed_zone_id != "" ? -1 : 0)

  # A whole host, less what the agent and the system take.
  distributed_requirements = concat(
    [
      { type = "VCPU", value = tostring(try(min(local.distributed_types[*].default_vcpus...), 1)) },
      { type = "MEMORY", value = tostring(floor(try(min(local.distributed_types[*].memory_size...), 4) * local.usable_memory_share)) },
    ],
    local.distributed_gpus == 0 ? [] : [{ type = "GPU", value = tostring(local.distributed_gpus) }],
  )
  # Half of the memory for NCCL and data loaders; a limit, not a reservation. EFA locks the memory that it sends from.
  distributed_properties = {
    linuxParameters = merge(
      { sharedMemorySize = floor(try(min(local.distributed_types[*].memory_size...), 4) / 2) },
      local.efa_interfaces == 0 ? {} : { devices = [for card in range(local.efa_interfaces) : {
        hostPath      = "/dev/infiniband/uverbs${card}"
        containerPath = "/dev/infiniband/uverbs${card}"
        permissions   = ["READ", "WRITE", "MKNOD"]
      }] },
    )
    ulimits = [for name, limit in merge({ memlock = -1 }, var.batch_job_ulimits) : { name = name, softLimit = limit, hardLimit = limit }]
  }
}

# Stays as long as an environment that was made in it.
resource "aws_placement_group" "distributed" {
  count    = length(local.environments["distributed"]) > 0 ? 1 : 0
  name     = "${var.name_prefix}-distributed"
  strategy = "cluster"
}

resource "aws_batch_compute_environment" "distributed" {
  for_each                 = local.environments["distributed"]
  compute_environment_name = each.key
  type                     = "MANAGED"
  service_role             = local.service_role
  state                    = each.value.state

  compute_resources {
    type                = "EC2"
    allocation_strategy = "BEST_FIT_PROGRESSIVE"
    min_vcpus           = 0
    max_vcpus           = var.batch_distributed_max_vcpus
    instance_type       = var.batch_distributed_instance_types
    instance_role       = aws_iam_instance_profile.instance.arn
    placement_group     = one(aws_placement_group.distributed[*].name)
    subnets             = [local.subnet_ids[max(0, local.distributed_subnet)]]
    security_group_ids  = local.efa_interfaces == 0 ? [aws_security_group.jobs.id] : null

    ec2_configuration {
      image_type        = local.distributed_image_type
      image_id_override = local.image_ids["distributed"]
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
      compute_resources[0].placement_group,
      compute_resources[0].security_group_ids,
      compute_resources[0].subnets,
      compute_resources[0].type,
    ]

    precondition {
      condition     = !each.value.is_current || local.distributed_subnet >= 0
      error_message = "No job subnet is in the zone ${var.batch_distributed_zone_id}. Set batch_distributed_zone_id to one of ${join(", ", local.job_subnet_zones)}, or add a subnet there."
    }

    precondition {
      condition     = !each.value.is_current || length(local.distributed_zones) > 0
      error_message = "No zone of the job subnets offers ${join(", ", var.batch_distributed_instance_types)}. Choose other types, or zones with network_zone_ids."
    }

    precondition {
      condition     = !each.value.is_current || length(local.distributed_architectures) == 1
      error_message = "batch_distributed_instance_types mixes processor architectures (${join(", ", local.distributed_architectures)}). Keep the x86_64 types or the arm64 types: all nodes run one image."
    }

    precondition {
      condition = (
        !each.value.is_current
        || var.batch_image_release == ""
        || var.batch_distributed_ami_id != ""
        || local.distributed_gpus == 0
        || !contains(local.distributed_architectures, "arm64")
      )
      error_message = "AWS names no recommended GPU image for arm64 types. Set batch_distributed_ami_id, or leave batch_image_release empty."
    }

    precondition {
      condition     = var.batch_distributed_max_vcpus >= max(0, local.distributed_types[*].default_vcpus...)
      error_message = "batch_distributed_max_vcpus is ${var.batch_distributed_max_vcpus}, less than one host has. Raise it to the vCPUs of all nodes that run at once."
    }
  }
}

resource "aws_batch_job_queue" "distributed" {
  count                 = local.distributed
  name                  = "${var.name_prefix}-distributed-job-queue${local.queue_suffix}"
  state                 = "ENABLED"
  priority              = 10
  scheduling_policy_arn = one(aws_batch_scheduling_policy.fair_share[*].arn)

  dynamic "compute_environment_order" {
    for_each = [for name in local.current_names["distributed"] : aws_batch_compute_environment.distributed[name].arn]

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

resource "aws_batch_job_definition" "distributed" {
  count                 = local.distributed
  name                  = "${var.name_prefix}-distributed-job-def"
  type                  = "container"
  platform_capabilities = ["EC2"]
  propagate_tags        = true
  scheduling_priority   = var.batch_fair_share ? 0 : null
  container_properties = jsonencode(
    merge(local.job_properties, local.distributed_properties, { resourceRequirements = local.distributed_requirements })
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
