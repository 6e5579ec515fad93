locals {
  # Environments of EC2, by what each tries. Members that one does not name are null.
  ec2 = {
    minimal          = { type = "EC2" }
    lower_case       = { type = "ec2", environment_type = "managed", strategy = "best_fit_progressive" }
    best_fit         = { type = "EC2", strategy = "BEST_FIT", types = ["c6i.xlarge"] }
    families         = { type = "EC2", strategy = "BEST_FIT_PROGRESSIVE", types = ["c6i", "m6i.large"] }
    spot_fleet       = { type = "SPOT", strategy = "BEST_FIT", spot_role = local.service_role, bid = 60 }
    spot_capacity    = { type = "SPOT", strategy = "SPOT_CAPACITY_OPTIMIZED" }
    spot_price       = { type = "SPOT", strategy = "SPOT_PRICE_CAPACITY_OPTIMIZED", bid = var.changed ? 80 : 70 }
    disabled         = { type = "EC2", state = var.changed ? "ENABLED" : "DISABLED" }
    updated_strategy = { type = "EC2", strategy = "BEST_FIT_PROGRESSIVE", types = var.changed ? ["m6i"] : ["c6i"] }
    replaced         = { type = "EC2", strategy = "BEST_FIT", key_pair = "key-${local.step}" }
  }
}

resource "aws_batch_compute_environment" "ec2" {
  for_each                 = local.ec2
  compute_environment_name = "ec2-${each.key}"
  type                     = lookup(each.value, "environment_type", "MANAGED")
  state                    = lookup(each.value, "state", null)
  service_role             = local.service_role
  compute_resources {
    type                = each.value.type
    allocation_strategy = lookup(each.value, "strategy", null)
    bid_percentage      = lookup(each.value, "bid", null)
    ec2_key_pair        = lookup(each.value, "key_pair", null)
    spot_iam_fleet_role = lookup(each.value, "spot_role", null)
    instance_role       = local.instance_profile
    instance_type       = lookup(each.value, "types", ["optimal"])
    min_vcpus           = 0
    max_vcpus           = 16 * local.step
    subnets             = local.subnets
    security_group_ids  = local.security_groups
  }
  tags = local.step_tags
}

resource "aws_batch_compute_environment" "all" {
  compute_environment_name = "all"
  type                     = "MANAGED"
  state                    = "ENABLED"
  compute_resources {
    type                = "EC2"
    allocation_strategy = "BEST_FIT_PROGRESSIVE"
    desired_vcpus       = 2
    ec2_key_pair        = "key"
    instance_role       = local.instance_profile
    instance_type       = ["c6i.large", "c6i.xlarge"]
    min_vcpus           = 2
    max_vcpus           = 64
    placement_group     = "near"
    subnets             = local.subnets
    security_group_ids  = local.security_groups
    tags                = { Name = "instance-${local.step}" }
    ec2_configuration {
      image_type        = "ECS_AL2023"
      image_id_override = "ami-0123456789abcdef${local.step}"
    }
    ec2_configuration {
      image_type = "ECS_AL2_NVIDIA"
    }
    launch_template {
      launch_template_id = "lt-0123456789abcdef0"
      version            = tostring(local.step)
    }
  }
  update_policy {
    job_execution_timeout_minutes = 30 * local.step
    terminate_jobs_on_update      = var.changed
  }
}

resource "aws_batch_compute_environment" "launch_template_name" {
  compute_environment_name_prefix = "prefix-"
  type                            = "MANAGED"
  service_role                    = local.service_role
  compute_resources {
    type               = "EC2"
    image_id           = "ami-0123456789abcdef0"
    instance_role      = local.instance_profile
    instance_type      = ["optimal"]
    max_vcpus          = 4
    subnets            = local.subnets
    security_group_ids = local.security_groups
    launch_template {
      launch_template_name = "template"
    }
  }
}

resource "aws_batch_compute_environment" "fargate" {
  for_each                 = toset(["FARGATE", "FARGATE_SPOT"])
  compute_environment_name = lower(each.key)
  type                     = "MANAGED"
  service_role             = local.service_role
  compute_resources {
    type               = each.key
    max_vcpus          = 8 * local.step
    subnets            = slice(local.subnets, 0, local.step)
    security_group_ids = concat(local.security_groups, var.changed ? ["sg-0123456789abcdef1"] : [])
  }
}

resource "aws_batch_compute_environment" "eks" {
  compute_environment_name = "eks"
  type                     = "MANAGED"
  eks_configuration {
    eks_cluster_arn      = "arn:aws:eks:us-east-1:000000000000:cluster/pods"
    kubernetes_namespace = "jobs"
  }
  compute_resources {
    type                = "EC2"
    allocation_strategy = "BEST_FIT_PROGRESSIVE"
    instance_role       = local.instance_profile
    instance_type       = ["m6i"]
    max_vcpus           = 8 * local.step
    subnets             = local.subnets
    security_group_ids  = local.security_groups
  }
}

resource "aws_batch_compute_environment" "unmanaged" {
  compute_environment_name = "unmanaged-${local.step}"
  type                     = "UNMANAGED"
  state                    = var.changed ? "DISABLED" : "ENABLED"
  service_role             = local.service_role
  tags                     = {}
}

data "aws_batch_compute_environment" "all" {
  compute_environment_name = aws_batch_compute_environment.all.compute_environment_name
}
