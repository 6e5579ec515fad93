# A fixture: the single queue as it was deployed before CPU and GPU queues were separated, with roles and network of its own.
provider "aws" {
  region = "us-east-1"
}

data "aws_vpc" "default" {
  default = true
}

data "aws_subnets" "default" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
}

resource "aws_security_group" "batch" {
  name   = "refrag-old-batch"
  vpc_id = data.aws_vpc.default.id
}

resource "aws_iam_role" "batch_service" {
  name = "refrag-old-service"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "batch.amazonaws.com" } }]
  })
}

resource "aws_iam_role" "old_instance" {
  name = "refrag-old-instance"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_instance_profile" "old_instance" {
  name = "refrag-old-instance"
  role = aws_iam_role.old_instance.name
}

resource "aws_batch_compute_environment" "ce" {
  compute_environment_name = "refrag-compute-env"
  type                     = "MANAGED"
  service_role             = aws_iam_role.batch_service.arn

  compute_resources {
    type               = "EC2"
    max_vcpus          = 64
    min_vcpus          = 0
    instance_type      = ["c6i.large", "m6i.xlarge", "g5.xlarge"]
    instance_role      = aws_iam_instance_profile.old_instance.arn
    subnets            = data.aws_subnets.default.ids
    security_group_ids = [aws_security_group.batch.id]
  }
}

resource "aws_batch_job_queue" "queue" {
  name     = "refrag-job-queue"
  state    = "ENABLED"
  priority = 1

  compute_environment_order {
    order               = 1
    compute_environment = aws_batch_compute_environment.ce.arn
  }
}

resource "aws_batch_job_definition" "jobdef" {
  name = "refrag-job-def"
  type = "container"
  container_properties = jsonencode({
    image                = "busybox:1.36"
    command              = ["true"]
    resourceRequirements = [{ type = "VCPU", value = "1" }, { type = "MEMORY", value = "512" }]
  })
}
