# Warnings of plan and apply: what may be right, and mostly is not. Nothing is refused here.
data "aws_region" "current" {}

# Asks for what instance_types.json does not list; needs ec2:DescribeInstanceTypes only then.
data "aws_ec2_instance_types" "unlisted" {
  count = length(local.unlisted_types) > 0 ? 1 : 0

  filter {
    name   = "instance-type"
    values = [for type in local.unlisted_types : strcontains(type, ".") ? type : "${type}.*"]
  }
}

locals {
  unknown_types = [
    for type in local.unlisted_types : type
    if !anytrue([
      for found in flatten(data.aws_ec2_instance_types.unlisted[*].instance_types) : found == type || startswith(found, "${type}.")
    ])
  ]
}

check "instance_types" {
  assert {
    condition     = length(local.unknown_types) == 0
    error_message = "EC2 in ${var.region} has no instance type ${join(", ", local.unknown_types)}. Correct batch_cpu_instance_types or batch_gpu_instance_types, or Batch refuses the environment."
  }
}

check "alarms" {
  assert {
    condition     = !var.batch_monitoring || (var.batch_notifications && length(var.alert_emails) > 0)
    error_message = "The alarms of batch_monitoring reach no subscriber. Set batch_notifications = true and alert_emails, or subscribe to the topic (output alerts_topic_arn) in another way."
  }
}

check "machine_images" {
  assert {
    condition     = alltrue([for kind, image in local.pinned_images : image == local.recommended_images[kind]])
    error_message = "AWS recommends a newer machine image than the environments were made with (${join(", ", [for kind, image in local.pinned_images : "${kind}: ${coalesce(image, "-")}, newest ${local.recommended_images[kind]}" if image != local.recommended_images[kind]])}). Change batch_image_release to move to it."
  }
}

check "region" {
  assert {
    condition     = data.aws_region.current.id == var.region
    error_message = "The AWS provider works in ${data.aws_region.current.id}, and region is ${var.region}. Set region to the provider's region."
  }
}
