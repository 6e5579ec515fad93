# The same stack in two regions, from one configuration and one state: jobs go where capacity is.
terraform {
  required_version = ">= 1.9.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.80.0, < 6.0.0"
    }
  }
}

provider "aws" {
  region = "us-east-1"

  default_tags {
    tags = { project = "refrag" }
  }

  ignore_tags {
    keys = ["refrag:scaling-claims"] # refrag scale puts it on environments
  }
}

provider "aws" {
  alias  = "europe"
  region = "eu-west-1"

  default_tags {
    tags = { project = "refrag" }
  }

  ignore_tags {
    keys = ["refrag:scaling-claims"] # refrag scale puts it on environments
  }
}

module "us_east_1" {
  source = "../../modules/batch"
  region = "us-east-1"
}

module "eu_west_1" {
  source    = "../../modules/batch"
  region    = "eu-west-1"
  providers = { aws = aws.europe }
}

output "gpu_queues" {
  description = "The GPU queue of each region."
  value       = { us-east-1 = module.us_east_1.batch_gpu_job_queue_name, eu-west-1 = module.eu_west_1.batch_gpu_job_queue_name }
}
