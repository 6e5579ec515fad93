# What a plan needs to know of resources that do not exist: well-formed ARNs, since other resources check them.
mock_resource "aws_batch_compute_environment" {
  override_during = plan
  defaults = {
    arn = "arn:aws:batch:us-east-1:123456789012:compute-environment/mock"
  }
}

mock_resource "aws_batch_job_queue" {
  override_during = plan
  defaults = {
    arn = "arn:aws:batch:us-east-1:123456789012:job-queue/mock"
  }
}

mock_resource "aws_batch_scheduling_policy" {
  override_during = plan
  defaults = {
    arn = "arn:aws:batch:us-east-1:123456789012:scheduling-policy/mock"
  }
}

mock_resource "aws_batch_job_definition" {
  override_during = plan
  defaults = {
    arn = "arn:aws:batch:us-east-1:123456789012:job-definition/mock:1"
  }
}

mock_resource "aws_iam_role" {
  override_during = plan
  defaults = {
    arn = "arn:aws:iam::123456789012:role/mock"
  }
}

mock_resource "aws_iam_instance_profile" {
  override_during = plan
  defaults = {
    arn = "arn:aws:iam::123456789012:instance-profile/mock"
  }
}

mock_resource "aws_cloudwatch_log_group" {
  override_during = plan
  defaults = {
    arn = "arn:aws:logs:us-east-1:123456789012:log-group:mock"
  }
}

mock_resource "aws_sns_topic" {
  override_during = plan
  defaults = {
    arn = "arn:aws:sns:us-east-1:123456789012:mock"
  }
}

mock_resource "aws_kms_key" {
  override_during = plan
  defaults = {
    arn = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000"
  }
}

mock_resource "aws_cloudwatch_event_rule" {
  override_during = plan
  defaults = {
    arn = "arn:aws:events:us-east-1:123456789012:rule/mock"
  }
}

mock_resource "aws_ecr_repository" {
  override_during = plan
  defaults = {
    arn            = "arn:aws:ecr:us-east-1:123456789012:repository/refrag"
    repository_url = "123456789012.dkr.ecr.us-east-1.amazonaws.com/refrag"
  }
}

mock_resource "aws_launch_template" {
  override_during = plan
  defaults = {
    id             = "lt-0123456789abcdef0"
    latest_version = 1
  }
}

mock_resource "aws_security_group" {
  override_during = plan
  defaults = {
    id = "sg-0123456789abcdef0"
  }
}

mock_data "aws_caller_identity" {
  defaults = {
    account_id = "123456789012"
  }
}

mock_data "aws_ami" {
  defaults = {
    root_device_name = "/dev/sda1"
  }
}

mock_data "aws_partition" {
  defaults = {
    partition  = "aws"
    dns_suffix = "amazonaws.com"
  }
}

mock_data "aws_vpc" {
  defaults = {
    id = "vpc-0123456789abcdef0"
  }
}

mock_data "aws_subnets" {
  defaults = {
    ids = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  }
}

mock_data "aws_subnet" {
  defaults = {
    vpc_id               = "vpc-0123456789abcdef1"
    availability_zone_id = "use1-az6"
  }
}

mock_data "aws_availability_zones" {
  defaults = {
    names    = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"]
    zone_ids = ["use1-az6", "use1-az3", "use1-az2", "use1-az1"]
  }
}

mock_data "aws_iam_policy_document" {
  defaults = {
    json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
  }
}

mock_resource "aws_iam_service_linked_role" {
  override_during = plan
  defaults = {
    arn = "arn:aws:iam::123456789012:role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch"
  }
}

mock_data "aws_vpc_endpoint_service" {
  defaults = {
    service_name       = "com.amazonaws.us-east-1.mock"
    availability_zones = ["us-east-1a", "us-east-1b", "us-east-1c"]
  }
}

# EC2 offers no types anywhere: no zone is better than another.
mock_data "aws_ec2_instance_type_offerings" {
  defaults = {
    locations = []
  }
}

mock_data "aws_ec2_instance_type" {
  defaults = {
    default_vcpus           = 48
    memory_size             = 196608
    efa_supported           = true
    efa_maximum_interfaces  = 1
    supported_architectures = ["x86_64"]
    gpus                    = [{ count = 4, manufacturer = "NVIDIA", memory_size = 24576, name = "A10G" }]
  }
}

mock_data "aws_route_tables" {
  defaults = {
    ids = ["rtb-0123456789abcdef0"]
  }
}

mock_data "aws_ssm_parameter" {
  defaults = {
    insecure_value = "ami-00000000000000001"
  }
}

mock_data "aws_region" {
  defaults = {
    id = "us-east-1"
  }
}

mock_data "aws_service_principal" {
  defaults = {
    name = "ecs-tasks.amazonaws.com"
  }
}

mock_data "aws_ec2_instance_types" {
  defaults = {
    instance_types = []
  }
}
