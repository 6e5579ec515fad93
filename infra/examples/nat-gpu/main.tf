# An own VPC with NAT, GPU jobs on g5 and g6, and a queue for multi-node jobs over EFA.
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
    tags = { project = "vision" }
  }

  ignore_tags {
    keys = ["refrag:scaling-claims"] # refrag scale puts it on environments
  }
}

module "batch" {
  source      = "../../modules/batch"
  region      = "us-east-1"
  name_prefix = "vision"

  network_mode = "own"
  network_nat  = "single"

  batch_gpu_instance_types = ["g5.4xlarge", "g5.12xlarge", "g6.4xlarge", "g6.12xlarge"]
  batch_gpu_max_vcpus      = 192
  batch_on_demand_fallback = true
  batch_distributed        = true

  batch_local_storage_path = "/scratch"
  batch_job_ulimits        = { memlock = -1 }
}

output "queues" {
  description = "Where to submit: jobs without GPUs, with GPUs, and of several nodes."
  value = {
    cpu         = module.batch.batch_cpu_job_queue_name
    gpu         = module.batch.batch_gpu_job_queue_name
    distributed = module.batch.batch_distributed_job_queue_name
  }
}
