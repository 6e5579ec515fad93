# The single queue of old, for the time of a migration and for the way back (batch_queue_layout). Its addresses are the ones it always
# had, so that Terraform knows a deployed one again; whatever it looks like, it is left as it is.
locals {
  single_types = distinct(concat(var.batch_cpu_instance_types, var.batch_gpu_instance_types))
  # A deployed one keeps its name. From the ARN, because versions 5 and 6 of the provider call the attribute differently.
  single_environment_name = one([for environment in aws_batch_compute_environment.ce : basename(environment.arn)])
}

resource "aws_batch_compute_environment" "ce" {
  count                    = local.single ? 1 : 0
  compute_environment_name = "${var.name_prefix}-compute-env"
  type                     = "MANAGED"
  service_role             = local.service_role

  compute_resources {
    type                = var.batch_use_spot ? "SPOT" : "EC2"
    allocation_strategy = var.batch_use_spot ? "SPOT_PRICE_CAPACITY_OPTIMIZED" : "BEST_FIT_PROGRESSIVE"
    min_vcpus           = 0
    max_vcpus           = var.batch_cpu_max_vcpus + var.batch_gpu_max_vcpus
    instance_type       = local.single_types
    instance_role       = aws_iam_instance_profile.instance.arn
    subnets             = local.subnet_ids
    security_group_ids  = [aws_security_group.jobs.id]

    ec2_configuration {
      image_type        = var.batch_gpu_image_type
      image_id_override = local.image_ids["gpu"]
    }

    launch_template {
      launch_template_id = aws_launch_template.hosts[local.current_templates["gpu"]].id
      version            = "1"
    }
  }

  depends_on = [aws_iam_role_policy.instance]

  lifecycle {
    ignore_changes = all
  }
}

resource "aws_batch_job_queue" "queue" {
  count    = local.single ? 1 : 0
  name     = "${var.name_prefix}-job-queue"
  state    = "ENABLED"
  priority = 10

  compute_environment_order {
    order               = 1
    compute_environment = aws_batch_compute_environment.ce[0].arn
  }

  depends_on = [terraform_data.drain_single_environment]

  lifecycle {
    ignore_changes = all
  }
}

resource "aws_batch_job_definition" "jobdef" {
  count                 = local.single ? 1 : 0
  name                  = "${var.name_prefix}-job-def"
  type                  = "container"
  platform_capabilities = ["EC2"]
  propagate_tags        = true
  container_properties  = jsonencode(merge(local.job_properties, { resourceRequirements = local.cpu_job_requirements }))

  lifecycle {
    ignore_changes = all
  }
}
