# Every resource and data source of AWS Batch that the AWS provider 5.100 has, with every property, at a server of ours.
# `changed` is the second step: what can be updated in place is, and what cannot is replaced. ../terraform-resources runs it.
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

variable "changed" {
  description = "The second step."
  type        = bool
  default     = false
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
  default_tags {
    tags = { made_by = "terraform" }
  }
}

locals {
  step             = var.changed ? 2 : 1
  service_role     = "arn:aws:iam::000000000000:role/batch"
  job_role         = "arn:aws:iam::000000000000:role/job"
  instance_profile = "arn:aws:iam::000000000000:instance-profile/batch"
  subnets          = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  security_groups  = ["sg-0123456789abcdef0"]
  step_tags        = { step = tostring(local.step) }
}
