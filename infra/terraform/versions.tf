# Cross-variable validation needs Terraform 1.9; job_state_time_limit_action needs a late 5.x provider.
terraform {
  required_version = ">= 1.9.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.80.0, < 6.0.0"
    }
  }
}
