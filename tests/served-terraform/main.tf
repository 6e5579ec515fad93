# What Terraform's AWS provider can manage of AWS Batch, at a server of ours. Nothing here asks another service.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

variable "endpoint" {
  description = "Where refrag serve listens."
  type        = string
}

variable "size" {
  description = "What an update changes."
  type        = number
  default     = 4
}

variable "generation" {
  description = "What a replacement changes."
  type        = string
  default     = "one"
}

provider "aws" {
  region                      = "us-east-1"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  skip_region_validation      = true
  max_retries                 = 2
  endpoints {
    batch = var.endpoint
  }
}

locals {
  role = "arn:aws:iam::000000000000:role/batch"
}

resource "aws_batch_scheduling_policy" "fair" {
  name = "fair-${var.generation}"
  fair_share_policy {
    compute_reservation = 1
    share_decay_seconds = 600 * var.size
    share_distribution {
      share_identifier = "red"
      weight_factor    = 0.5
    }
    share_distribution {
      share_identifier = "blue*"
      weight_factor    = 2
    }
  }
  tags = { size = tostring(var.size) }
}

resource "aws_batch_compute_environment" "cpu" {
  compute_environment_name = "cpu-${var.generation}"
  type                     = "MANAGED"
  state                    = "ENABLED"
  service_role             = local.role
  compute_resources {
    type                = "EC2"
    allocation_strategy = "BEST_FIT_PROGRESSIVE"
    instance_role       = "arn:aws:iam::000000000000:instance-profile/batch"
    instance_type       = ["c6i.xlarge", "m6i"]
    min_vcpus           = 0
    max_vcpus           = 16 * var.size
    subnets             = ["subnet-0123456789abcdef0"]
    security_group_ids  = ["sg-0123456789abcdef0"]
  }
  update_policy {
    job_execution_timeout_minutes = 30
    terminate_jobs_on_update      = false
  }
  tags = { size = tostring(var.size) }
}

resource "aws_batch_compute_environment" "unmanaged" {
  compute_environment_name = "unmanaged-${var.generation}"
  type                     = "UNMANAGED"
  service_role             = local.role
}

resource "aws_batch_job_queue" "cpu" {
  name                  = "cpu-${var.generation}"
  state                 = "ENABLED"
  priority              = var.size
  scheduling_policy_arn = aws_batch_scheduling_policy.fair.arn
  compute_environment_order {
    order               = 1
    compute_environment = aws_batch_compute_environment.cpu.arn
  }
  job_state_time_limit_action {
    action           = "CANCEL"
    max_time_seconds = 600
    reason           = "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT"
    state            = "RUNNABLE"
  }
  tags = { size = tostring(var.size) }
}

resource "aws_batch_job_definition" "train" {
  name                  = "train-${var.generation}"
  type                  = "container"
  platform_capabilities = ["EC2"]
  propagate_tags        = true
  scheduling_priority   = var.size
  parameters            = { epochs = tostring(var.size) }
  container_properties = jsonencode({
    image   = "busybox"
    command = ["echo", "Ref::epochs"]
    resourceRequirements = [
      { type = "VCPU", value = "1" },
      { type = "MEMORY", value = tostring(64 * var.size) },
    ]
    environment = [{ name = "A", value = "b" }]
  })
  retry_strategy {
    attempts = 3
    evaluate_on_exit {
      action           = "RETRY"
      on_status_reason = "Host EC2*"
    }
  }
  timeout {
    attempt_duration_seconds = 600
  }
  tags = { size = tostring(var.size) }
}
