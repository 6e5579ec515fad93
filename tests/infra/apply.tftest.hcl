# What an apply shows: references between resources, and the sequence of a replacement. Draining is off: there is no Batch to ask.
mock_provider "aws" {
  source = "./tests/mocks-apply"
}

# Two environments with the same ARN could not be distinguished.
override_resource {
  target = aws_batch_compute_environment.gpu
  values = {
    arn = "arn:aws:batch:us-east-1:123456789012:compute-environment/mock-gpu"
  }
}

override_resource {
  target = aws_batch_compute_environment.gpu_on_demand
  values = {
    arn = "arn:aws:batch:us-east-1:123456789012:compute-environment/mock-gpu-on-demand"
  }
}

variables {
  batch_drain_before_removal = false
}

run "first_generation" {
  assert {
    condition = (
      [for o in aws_batch_job_queue.cpu_queue[0].compute_environment_order :
      o.compute_environment] == [one(values(aws_batch_compute_environment.cpu)).arn]
      && [for o in aws_batch_job_queue.gpu_queue[0].compute_environment_order :
      o.compute_environment] == [one(values(aws_batch_compute_environment.gpu)).arn]
    )
    error_message = "Each queue feeds its own environment."
  }
  assert {
    condition = (
      one(values(aws_batch_compute_environment.gpu)).compute_resources[0].launch_template[0].launch_template_id
      == aws_launch_template.hosts["refrag-gpu-hosts"].id
      && one(values(aws_batch_compute_environment.gpu)).compute_resources[0].instance_role == aws_iam_instance_profile.instance.arn
      && tolist(one(values(aws_batch_compute_environment.gpu)).compute_resources[0].security_group_ids)
      == tolist([aws_security_group.jobs.id])
    )
    error_message = "An environment uses its launch template, profile and security group."
  }
  assert {
    condition = (
      jsondecode(aws_batch_job_definition.gpu_jobdef[0].container_properties).image == "${aws_ecr_repository.jobs.repository_url}:1.0.0"
      && output.job_image == "${aws_ecr_repository.jobs.repository_url}:1.0.0"
    )
    error_message = "The definitions run the repository's image."
  }
  assert {
    condition = (
      jsondecode(aws_batch_job_definition.cpu_jobdef[0].container_properties).jobRoleArn == aws_iam_role.job.arn
      && jsondecode(aws_batch_job_definition.cpu_jobdef[0].container_properties).executionRoleArn == aws_iam_role.execution.arn
      && jsondecode(aws_batch_job_definition.cpu_jobdef[0].container_properties).logConfiguration.options.awslogs-group
      == aws_cloudwatch_log_group.jobs.name
    )
    error_message = "The definitions use the roles and the log group."
  }
  assert {
    condition = (
      terraform_data.drain_environment["refrag-cpu-compute-env"].output.name == "refrag-cpu-compute-env"
      && terraform_data.drain_queue["refrag-gpu-job-queue"].output.name == "refrag-gpu-job-queue"
    )
    error_message = "Drains know what they guard."
  }
}

run "replacement" {
  variables {
    batch_cpu_instance_types = ["m7i.xlarge"]
  }

  assert {
    condition = (
      one(values(aws_batch_compute_environment.cpu)).compute_environment_name != run.first_generation.batch_cpu_compute_environment_names[0]
    )
    error_message = "New types, new environment."
  }
  assert {
    condition = (
      one(values(aws_batch_compute_environment.gpu)).compute_environment_name == run.first_generation.batch_gpu_compute_environment_names[0]
    )
    error_message = "The other kind stays."
  }
  assert {
    condition = (
      aws_batch_job_queue.cpu_queue[0].name == run.first_generation.batch_cpu_job_queue_name
      && [for o in aws_batch_job_queue.cpu_queue[0].compute_environment_order :
      o.compute_environment] == [one(values(aws_batch_compute_environment.cpu)).arn]
    )
    error_message = "The queue stays and turns to the new environment."
  }
  assert {
    condition = (
      terraform_data.drain_environment[one(values(aws_batch_compute_environment.cpu)).compute_environment_name].output.name
      == one(values(aws_batch_compute_environment.cpu)).compute_environment_name
      && length(terraform_data.drain_environment) == 2
    )
    error_message = "The new environment is guarded in its turn."
  }
}

# A subnet was added to the default VPC.
run "a_subnet_is_added" {
  variables {
    batch_cpu_instance_types = ["m7i.xlarge"]
  }

  override_data {
    target = data.aws_subnets.default
    values = {
      ids = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"]
    }
  }

  assert {
    condition = (
      alltrue([for e in concat(values(aws_batch_compute_environment.cpu), values(aws_batch_compute_environment.gpu)) :
      length(e.compute_resources[0].subnets) == 2])
    )
    error_message = "An environment stays in the subnets that it was made in."
  }
}

run "another_generation_takes_the_subnet" {
  variables {
    batch_generation = 2
  }

  override_data {
    target = data.aws_subnets.default
    values = {
      ids = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"]
    }
  }

  assert {
    condition = (
      alltrue([for e in concat(values(aws_batch_compute_environment.cpu), values(aws_batch_compute_environment.gpu)) :
        length(e.compute_resources[0].subnets) == 3
      && e.compute_environment_name != "refrag-gpu-compute-env"])
    )
    error_message = "Another generation is in the subnets of today."
  }
}

run "with_the_image_of_today" {
  variables {
    batch_image_release = "2026-11"
  }

  assert {
    condition     = output.batch_machine_images == { cpu = "ami-00000000000000001", gpu = "ami-00000000000000001" }
    error_message = "The recommended images."
  }
}

# AWS has published another image.
run "the_image_stays" {
  variables {
    batch_image_release = "2026-11"
  }

  override_data {
    target = data.aws_ssm_parameter.image
    values = { insecure_value = "ami-00000000000000002" }
  }

  expect_failures = [check.machine_images]

  assert {
    condition = (
      output.batch_machine_images == { cpu = "ami-00000000000000001", gpu = "ami-00000000000000001" }
      && output.batch_cpu_compute_environment_names == run.with_the_image_of_today.batch_cpu_compute_environment_names
    )
    error_message = "An environment keeps its image; a check says that there is a newer one."
  }
}

run "another_release_takes_the_new_image" {
  variables {
    batch_image_release = "2026-12"
  }

  override_data {
    target = data.aws_ssm_parameter.image
    values = { insecure_value = "ami-00000000000000002" }
  }

  assert {
    condition     = output.batch_machine_images == { cpu = "ami-00000000000000002", gpu = "ami-00000000000000002" }
    error_message = "Another label, another image."
  }
}

run "back_to_the_first" {
  assert {
    condition     = one(values(aws_batch_compute_environment.cpu)).compute_environment_name == "refrag-cpu-compute-env"
    error_message = "The first settings have the first name again."
  }
}

run "everything_on" {
  variables {
    batch_on_demand_fallback = true
    batch_priority_queues    = true
    batch_notifications      = true
    batch_monitoring         = true
    budget_monthly_usd       = 500
    alert_emails             = ["team@example.com"]
    log_encryption_key       = true
    batch_fair_share         = true
  }

  assert {
    condition = (
      [for o in aws_batch_job_queue.priority["gpu-high"].compute_environment_order : o.compute_environment]
      == [one(values(aws_batch_compute_environment.gpu)).arn, one(values(aws_batch_compute_environment.gpu_on_demand)).arn]
    )
    error_message = "Priority queues share the environments, Spot first."
  }
  assert {
    condition = (
      alltrue([for a in aws_cloudwatch_metric_alarm.queue_depth : toset(a.alarm_actions) == toset([aws_sns_topic.alerts[0].arn])])
      && output.alerts_topic_arn == aws_sns_topic.alerts[0].arn
    )
    error_message = "Alarms go to the topic."
  }
  assert {
    condition = (
      alltrue([for q in aws_batch_job_queue.priority : q.scheduling_policy_arn == aws_batch_scheduling_policy.fair_share[0].arn])
    )
    error_message = "Fair share covers all queues."
  }
}
