# What a plan shows: names, defaults, switches. Values that only exist after an apply are asserted in apply.tftest.hcl.
mock_provider "aws" {
  source = "./tests/mocks"
}

run "defaults" {
  command = plan

  assert {
    condition = (
      one(values(aws_batch_compute_environment.cpu)).compute_environment_name == "refrag-cpu-compute-env"
      && one(values(aws_batch_compute_environment.gpu)).compute_environment_name == "refrag-gpu-compute-env"
    )
    error_message = "Default settings have the documented environment names (did a default change? then its hash in locals.tf must stay)."
  }
  assert {
    condition = (
      aws_batch_job_queue.cpu_queue[0].name == "refrag-cpu-job-queue"
      && aws_batch_job_queue.gpu_queue[0].name == "refrag-gpu-job-queue"
    )
    error_message = "Queue names are the documented ones."
  }
  assert {
    condition = (
      alltrue([for q in [aws_batch_job_queue.cpu_queue[0], aws_batch_job_queue.gpu_queue[0]] : q.state == "ENABLED"
        && q.priority == 10
      && q.scheduling_policy_arn == null])
    )
    error_message = "Queues are enabled, first in first out."
  }
  assert {
    condition = (
      alltrue([for q in [aws_batch_job_queue.cpu_queue[0], aws_batch_job_queue.gpu_queue[0]] :
        [for a in q.job_state_time_limit_action : "${a.state} ${a.action} ${a.max_time_seconds} ${a.reason}"]
        == ["RUNNABLE CANCEL 86400 CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY",
      "RUNNABLE CANCEL 86400 MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE", "RUNNABLE CANCEL 86400 MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT"]])
    )
    error_message = "An unplaceable job is cancelled after a day, for the three reasons on which Batch acts."
  }
  assert {
    condition = (
      aws_batch_job_definition.cpu_jobdef[0].name == "refrag-cpu-job-def"
      && aws_batch_job_definition.gpu_jobdef[0].name == "refrag-gpu-job-def"
    )
    error_message = "Definition names are the documented ones."
  }
  assert {
    condition = (
      { for r in jsondecode(aws_batch_job_definition.cpu_jobdef[0].container_properties).resourceRequirements :
      r.type => r.value } == { VCPU = "4", MEMORY = "8192" }
    )
    error_message = "CPU definition: 4 vCPU, 8192 MiB."
  }
  assert {
    condition = (
      jsondecode(aws_batch_job_definition.gpu_jobdef[0].container_properties).linuxParameters.sharedMemorySize == 16384
      && !can(jsondecode(aws_batch_job_definition.cpu_jobdef[0].container_properties).linuxParameters)
    )
    error_message = "GPU jobs have a /dev/shm that data loaders and NCCL can use."
  }
  assert {
    condition = (
      { for r in jsondecode(aws_batch_job_definition.gpu_jobdef[0].container_properties).resourceRequirements :
      r.type => r.value } == { VCPU = "8", MEMORY = "32768", GPU = "1" }
    )
    error_message = "GPU definition: 8 vCPU, 32768 MiB, 1 GPU."
  }
  assert {
    condition = (
      alltrue([for d in [aws_batch_job_definition.cpu_jobdef[0], aws_batch_job_definition.gpu_jobdef[0]] : d.propagate_tags
        && d.retry_strategy[0].attempts == 3
        && [for e in d.retry_strategy[0].evaluate_on_exit :
        "${e.action} ${coalesce(e.on_status_reason, "-")} ${coalesce(e.on_reason, "-")}"]
      == ["RETRY Host EC2* -", "RETRY - CannotPullContainer*", "RETRY - DockerTimeoutError*", "EXIT - *"]])
    )
    error_message = "Definitions propagate tags and retry only the platform's own faults."
  }
  assert {
    condition = (
      one(values(aws_batch_compute_environment.cpu)).compute_resources[0].max_vcpus == 32
      && one(values(aws_batch_compute_environment.gpu)).compute_resources[0].max_vcpus == 64
    )
    error_message = "Documented maxima: 32 and 64 vCPUs."
  }
  assert {
    condition = (
      alltrue([for e in [one(values(aws_batch_compute_environment.cpu)), one(values(aws_batch_compute_environment.gpu))] :
        e.compute_resources[0].type == "SPOT"
        && e.compute_resources[0].allocation_strategy == "SPOT_PRICE_CAPACITY_OPTIMIZED"
      && e.compute_resources[0].min_vcpus == 0])
    )
    error_message = "Spot, never BEST_FIT (it takes no infrastructure updates), nothing running while idle."
  }
  assert {
    condition = (
      contains(one(values(aws_batch_compute_environment.gpu)).compute_resources[0].instance_type, "g5.12xlarge")
      && contains(one(values(aws_batch_compute_environment.cpu)).compute_resources[0].instance_type, "c6i.large")
    )
    error_message = "Default types: the documented ones, and g5.12xlarge for jobs of two GPUs."
  }
  assert {
    condition = (
      one(values(aws_batch_compute_environment.cpu)).compute_resources[0].ec2_configuration[0].image_type == "ECS_AL2023"
      && one(values(aws_batch_compute_environment.gpu)).compute_resources[0].ec2_configuration[0].image_type == "ECS_AL2023_NVIDIA"
    )
    error_message = "Image types fit the families."
  }
  assert {
    condition = (
      alltrue([for e in [one(values(aws_batch_compute_environment.cpu)), one(values(aws_batch_compute_environment.gpu))] :
      !e.update_policy[0].terminate_jobs_on_update])
    )
    error_message = "An update never terminates jobs at once."
  }
  assert {
    condition = (
      output.batch_gpu_types_that_fit == tolist(["g5.12xlarge", "g5.4xlarge"])
      && output.batch_cpu_types_that_fit == tolist(["c6i.2xlarge", "m6i.2xlarge", "m6i.xlarge"])
    )
    error_message = "g5.2xlarge and c6i.xlarge have as much memory as the definitions ask, so they cannot host them."
  }
  assert {
    condition = (
      output.batch_cpu_job_queue_name == "refrag-cpu-job-queue"
      && output.batch_gpu_job_queue_name == "refrag-gpu-job-queue"
      && output.batch_cpu_job_definition_name == "refrag-cpu-job-def"
      && output.batch_gpu_job_definition_name == "refrag-gpu-job-def"
    )
    error_message = "The four documented outputs."
  }
  assert {
    condition = (
      length(data.aws_ssm_parameter.image) + length(data.aws_ec2_instance_types.unlisted) == 0
      && length(output.batch_machine_images) == 0
    )
    error_message = "Batch chooses the image, and EC2 is asked nothing that the list answers."
  }
  assert {
    condition     = output.batch_job_queue_name == null && length(output.batch_priority_queue_names) == 0 && length(output.batch_on_demand_queue_names) == 0 && output.region == "us-east-1"
    error_message = "Outputs of what is off are null or empty."
  }
  assert {
    condition = (
      length(aws_batch_compute_environment.cpu_on_demand) + length(aws_batch_compute_environment.gpu_on_demand)
      + length(aws_batch_job_queue.priority) + length(aws_batch_scheduling_policy.fair_share) + length(aws_sns_topic.alerts)
      + length(aws_budgets_budget.monthly) + length(aws_cloudwatch_metric_alarm.queue_depth) + length(aws_cloudwatch_dashboard.queues)
      + length(aws_kms_key.logs) + length(aws_vpc.own) + length(aws_iam_service_linked_role.batch) + length(aws_batch_job_queue.queue)
      + length(aws_s3_bucket.jobs) + length(terraform_data.bucket_is_empty)
      == 0
    )
    error_message = "Every option is off by default."
  }
  assert {
    condition = (
      alltrue([for t in aws_launch_template.hosts : t.metadata_options[0].http_tokens == "required"
        && t.metadata_options[0].http_put_response_hop_limit == 1
        && strcontains(base64decode(t.user_data), "ECS_AWSVPC_BLOCK_IMDS=true")
        && t.block_device_mappings[0].ebs[0].encrypted == "true"
        && toset([for s in t.tag_specifications : s.resource_type]) == toset(["instance", "volume"])
      && alltrue([for s in t.tag_specifications : s.tags.project == "refrag"])])
    )
    error_message = "Hosts: IMDSv2 only and out of reach of awsvpc containers, encrypted root volume, tags on instances and volumes."
  }
  assert {
    condition = (
      aws_launch_template.hosts["refrag-cpu-hosts"].block_device_mappings[0].ebs[0].volume_size == 50
      && aws_launch_template.hosts["refrag-gpu-hosts"].block_device_mappings[0].ebs[0].volume_size == 200
    )
    error_message = "Root volumes: 50 and 200 GiB."
  }
  assert {
    condition = (
      aws_ecr_repository.jobs.name == "refrag"
      && aws_ecr_repository.jobs.image_tag_mutability == "IMMUTABLE"
      && aws_ecr_repository.jobs.image_scanning_configuration[0].scan_on_push
      && !aws_ecr_repository.jobs.force_delete
    )
    error_message = "Repository: immutable tags, scan on push, not deleted with images in it."
  }
  assert {
    condition     = [for r in jsondecode(aws_ecr_lifecycle_policy.jobs.policy).rules : r.selection.countNumber] == [14, 30]
    error_message = "Lifecycle: untagged 14 days, newest 30 kept."
  }
  assert {
    condition = (
      alltrue([for r in jsondecode(aws_ecr_lifecycle_policy.jobs.policy).rules : r.selection.tagStatus != "any"
      && !contains([for p in try(r.selection.tagPrefixList, []) : startswith("1.0.0", p)], true)])
    )
    error_message = "The image of the job definitions never expires."
  }
  assert {
    condition = (
      aws_cloudwatch_log_group.jobs.name == "/refrag/batch"
      && aws_cloudwatch_log_group.jobs.retention_in_days == 30
      && aws_cloudwatch_log_group.jobs.kms_key_id == null
    )
    error_message = "Log group: 30 days, CloudWatch's own encryption."
  }
  assert {
    condition = (
      aws_iam_role.instance.name == "refrag-us-east-1-instance"
      && aws_iam_role.execution.name == "refrag-us-east-1-execution"
      && aws_iam_role.job.name == "refrag-us-east-1-job"
      && aws_iam_instance_profile.instance.role == aws_iam_role.instance.name
      && aws_iam_role_policy.instance.name == "host"
      && aws_iam_role_policy.execution.name == "start"
    )
    error_message = "Roles carry their region; IAM is one space an account."
  }
  assert {
    condition     = length(aws_iam_role_policy.job) == 0
    error_message = "The job role may do nothing until buckets are named."
  }
  assert {
    condition = (
      toset(data.aws_iam_policy_document.pull_image.statement[1].resources)
      == toset(["arn:aws:ecr:us-east-1:123456789012:repository/refrag"])
      && alltrue([for s in data.aws_iam_policy_document.instance.statement : alltrue([for a in s.actions : !endswith(a, "*")])])
    )
    error_message = "Least privilege: this repository only, no wildcard actions."
  }
  assert {
    condition = (
      alltrue(flatten([for s in data.aws_iam_policy_document.instance.statement :
        [for r in s.resources :
          can(regex(":(cluster/AWSBatch-refrag-[a-z-]*compute-env-[*]|container-instance/AWSBatch-refrag-[a-z-]*compute-env-[*]/[*])$", r))
      ] if contains(["RunTasks", "TagHostsWhenTheyRegister"], s.sid)]))
    )
    error_message = "The agent's rights end at this stack's clusters."
  }
  # Batch names a cluster AWSBatch-ENVIRONMENT-UUID. The last three are of stacks whose prefixes begin with this one's.
  assert {
    condition = (
      { for cluster in [
        "refrag-cpu-compute-env", "refrag-gpu-compute-env-0a1b2c3d", "refrag-cpu-on-demand-compute-env", "refrag-compute-env",
        "refrag-distributed-compute-env-0a1b2c3d", "refrag-test-cpu-compute-env", "refrag-test-compute-env", "refrag2-gpu-compute-env",
        ] : cluster => anytrue([for s in data.aws_iam_policy_document.instance.statement : anytrue([for r in s.resources :
          can(regex("^${replace(r, "*", ".*")}$",
      "arn:aws:ecs:us-east-1:123456789012:cluster/AWSBatch-${cluster}-00000000-0000-0000-0000-000000000000"))]) if s.sid == "RunTasks"]) }
      == {
        refrag-cpu-compute-env                  = true, refrag-gpu-compute-env-0a1b2c3d = true
        refrag-cpu-on-demand-compute-env        = true, refrag-compute-env = true
        refrag-distributed-compute-env-0a1b2c3d = true, refrag-test-cpu-compute-env = false
        refrag-test-compute-env                 = false, refrag2-gpu-compute-env = false
      }
    )
    error_message = "They reach each of its environments, and none of a stack whose prefix begins with this one's."
  }
  assert {
    condition = (
      toset(keys(jsondecode(aws_batch_job_definition.cpu_jobdef[0].container_properties))) == toset(["image", "command", "jobRoleArn",
      "executionRoleArn", "logConfiguration", "resourceRequirements"])
      && toset(keys(jsondecode(aws_batch_job_definition.cpu_jobdef[0].container_properties).logConfiguration.options))
      == toset(["awslogs-group", "awslogs-region", "awslogs-stream-prefix"])
      && length(aws_batch_job_definition.cpu_jobdef[0].timeout) == 0
      && length(data.aws_iam_policy_document.execution.statement) == 0
    )
    error_message = "A definition says nothing that was not asked for."
  }
  assert {
    condition = (
      [for c in data.aws_iam_policy_document.assume["job"].statement[0].condition :
      "${c.variable} ${c.values[0]}"] == ["aws:SourceAccount 123456789012"]
      && alltrue([for r in [aws_iam_role.instance, aws_iam_role.execution, aws_iam_role.job] : r.permissions_boundary == null
      && r.path == "/"])
    )
    error_message = "The job role is for this account's tasks; no boundary and no path unless named."
  }
  assert {
    condition = (
      length(aws_security_group.jobs.ingress) == 1
      && alltrue([for i in aws_security_group.jobs.ingress : i.self == true && length(coalesce(i.cidr_blocks, [])) == 0])
      && aws_security_group.jobs.vpc_id == "vpc-0123456789abcdef0"
    )
    error_message = "Nothing comes in but from other hosts; the default VPC."
  }
  assert {
    condition = (
      toset(keys(terraform_data.drain_environment)) == toset(["refrag-cpu-compute-env", "refrag-gpu-compute-env"])
      && toset(keys(terraform_data.drain_queue)) == toset(["refrag-cpu-job-queue", "refrag-gpu-job-queue"])
      && terraform_data.drain_queue["refrag-cpu-job-queue"].input.minutes == 1440
    )
    error_message = "Every queue and environment is drained before it goes."
  }
}

run "everything_on" {
  command = plan

  variables {
    network_mode               = "own"
    batch_on_demand_fallback   = true
    batch_priority_queues      = true
    batch_notifications        = true
    batch_monitoring           = true
    budget_monthly_usd         = 500
    alert_emails               = ["team@example.com"]
    log_encryption_key         = true
    create_service_linked_role = true
    job_s3_bucket_arns         = ["arn:aws:s3:::example-data"]
    tags                       = { team = "vision" }
  }

  assert {
    condition = (
      startswith(one(values(aws_batch_compute_environment.cpu_on_demand)).compute_environment_name, "refrag-cpu-on-demand-compute-env")
      && startswith(one(values(aws_batch_compute_environment.gpu_on_demand)).compute_environment_name, "refrag-gpu-on-demand-compute-env")
    )
    error_message = "On-demand environments beside the Spot ones."
  }
  assert {
    condition = (
      alltrue([for e in [one(values(aws_batch_compute_environment.cpu_on_demand)),
        one(values(aws_batch_compute_environment.gpu_on_demand))] : e.compute_resources[0].type == "EC2"
        && e.compute_resources[0].allocation_strategy == "BEST_FIT_PROGRESSIVE"
      && e.compute_resources[0].min_vcpus == 0])
    )
    error_message = "They are on demand."
  }
  assert {
    condition = (
      alltrue([for q in concat([aws_batch_job_queue.cpu_queue[0], aws_batch_job_queue.gpu_queue[0]], values(aws_batch_job_queue.priority)) :
      [for o in q.compute_environment_order : o.order] == [1, 2]])
    )
    error_message = "Every queue tries Spot first, then on demand."
  }
  assert {
    condition = (
      { for k, q in aws_batch_job_queue.priority : k => q.priority } == { cpu-high = 100, cpu-low = 1, gpu-high = 100, gpu-low = 1 }
      && aws_batch_job_queue.priority["cpu-high"].name == "refrag-cpu-high-job-queue"
      && output.batch_priority_queue_names["gpu-low"] == "refrag-gpu-low-job-queue"
    )
    error_message = "High and low queues of each kind, around the plain queue's 10."
  }
  assert {
    condition = (
      output.batch_on_demand_queue_names == { cpu = "refrag-cpu-on-demand-job-queue", gpu = "refrag-gpu-on-demand-job-queue" }
      && alltrue([for q in values(aws_batch_job_queue.on_demand) : length(q.compute_environment_order) == 1])
    )
    error_message = "A queue of each kind for the on-demand environment alone."
  }
  assert {
    condition = (
      one(values(aws_batch_compute_environment.cpu)).compute_environment_name != "refrag-cpu-compute-env"
      && startswith(one(values(aws_batch_compute_environment.cpu)).compute_environment_name, "refrag-cpu-compute-env-")
    )
    error_message = "Other settings (here network and tags) have another name."
  }
  assert {
    condition     = alltrue([for t in aws_launch_template.hosts : alltrue([for s in t.tag_specifications : s.tags.team == "vision"])])
    error_message = "Tags of one's own reach instances and volumes."
  }
  assert {
    condition = (
      aws_vpc.own[0].cidr_block == "10.42.0.0/16"
      && [for s in aws_subnet.own : s.cidr_block] == ["10.42.0.0/20", "10.42.16.0/20", "10.42.32.0/20"]
      && [for s in aws_subnet.own : s.availability_zone] == ["us-east-1a", "us-east-1b", "us-east-1c"]
    )
    error_message = "Own VPC: one subnet in each of three zones."
  }
  assert {
    condition     = aws_vpc_endpoint.s3[0].vpc_endpoint_type == "Gateway" && length(aws_vpc_endpoint.interface) == 0
    error_message = "The S3 gateway, and no endpoint that costs by the hour: hosts reach the internet."
  }
  assert {
    condition = (
      length(aws_internet_gateway.own) == 1
      && aws_route.internet[0].destination_cidr_block == "0.0.0.0/0"
      && length(aws_route_table_association.own) == 3
      && length(aws_route_table.own) == 1
      && alltrue([for s in aws_subnet.own : s.map_public_ip_on_launch])
    )
    error_message = "Own VPC: hosts reach the internet."
  }
  assert {
    condition = (
      length(aws_security_group.endpoints) == 1
      && alltrue([for i in aws_security_group.endpoints[0].ingress : i.from_port == 443 && i.to_port == 443])
    )
    error_message = "Endpoints take HTTPS only."
  }
  assert {
    condition = (
      aws_sns_topic.alerts[0].name == "refrag-alerts"
      && aws_sns_topic_subscription.email["team@example.com"].protocol == "email"
      && length(aws_sns_topic_policy.alerts) == 1
    )
    error_message = "An SNS topic that mails."
  }
  assert {
    condition = (
      jsondecode(aws_cloudwatch_event_rule.blocked_queue[0].event_pattern).detail-type == ["Batch Job Queue Blocked"]
      && jsondecode(aws_cloudwatch_event_rule.failed_job[0].event_pattern).detail.status == ["FAILED"]
      && jsondecode(aws_cloudwatch_event_rule.failed_job[0].event_pattern).detail.arrayProperties.index == [{ exists = false }]
      && length(jsondecode(aws_cloudwatch_event_rule.failed_job[0].event_pattern).detail.jobQueue) == 8
    )
    error_message = "Rules for blocked queues and failed jobs, over all eight queues."
  }
  assert {
    condition = (
      aws_cloudwatch_event_target.blocked_queue[0].arn == aws_sns_topic.alerts[0].arn
      && aws_cloudwatch_event_target.failed_job[0].arn == aws_sns_topic.alerts[0].arn
    )
    error_message = "Both rules go to the topic."
  }
  assert {
    condition = (
      aws_budgets_budget.monthly[0].limit_amount == "500.00"
      && { for f in aws_budgets_budget.monthly[0].cost_filter :
      f.name => f.values[0] } == { TagKeyValue = "user:project$refrag", Region = "us-east-1" }
      && toset([for n in aws_budgets_budget.monthly[0].notification : "${n.notification_type} ${n.threshold}"]) == toset(["FORECASTED 100",
      "ACTUAL 80"])
    )
    error_message = "A budget over the project tag, with two alerts."
  }
  assert {
    condition = (
      toset(keys(aws_cloudwatch_metric_alarm.queue_depth))
      == toset(["cpu", "gpu", "cpu-high", "cpu-low", "gpu-high", "gpu-low", "cpu-on-demand", "gpu-on-demand"])
      && aws_cloudwatch_metric_alarm.queue_depth["gpu"].alarm_name == "refrag-gpu-queue-growth"
      && aws_cloudwatch_metric_alarm.queue_depth["gpu"].threshold == 100
      && length(aws_cloudwatch_metric_alarm.queue_depth["gpu"].metric_query) == 3
    )
    error_message = "An alarm for each queue's depth."
  }
  assert {
    condition = (
      jsondecode(aws_cloudwatch_event_rule.entered_queue["cpu"].event_pattern).detail.status == ["RUNNABLE"]
      && length(jsondecode(aws_cloudwatch_event_rule.left_queue["cpu"].event_pattern).detail["$or"]) == 2
    )
    error_message = "What enters and what leaves a queue is counted."
  }
  assert {
    condition = (
      jsondecode(aws_cloudwatch_event_rule.left_queue["cpu"].event_pattern).detail["$or"][1].attempts.container.taskArn
      == [{ exists = false }]
    )
    error_message = "A job that failed while it started was counted when it was placed, and not again."
  }
  assert {
    condition = (
      length(aws_cloudwatch_event_target.entered_queue) == 8
      && length(aws_cloudwatch_event_target.left_queue) == 8
      && aws_cloudwatch_log_group.queue_events[0].retention_in_days == 1
      && length(aws_cloudwatch_log_resource_policy.queue_events) == 1
    )
    error_message = "Counted events are kept a day."
  }
  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.queues[0].dashboard_body).widgets) == 8
    error_message = "A dashboard with a widget for each queue."
  }
  assert {
    condition     = aws_kms_key.logs[0].enable_key_rotation && aws_cloudwatch_log_group.jobs.kms_key_id == aws_kms_key.logs[0].arn
    error_message = "Logs are encrypted with the stack's own key, which rotates."
  }
  assert {
    condition     = aws_iam_service_linked_role.batch[0].aws_service_name == "batch.amazonaws.com"
    error_message = "The service-linked role, on request."
  }
  assert {
    condition = (
      toset(data.aws_iam_policy_document.job[0].statement[1].resources) == toset(["arn:aws:s3:::example-data/*"])
      && aws_iam_role_policy.job[0].name == "buckets"
    )
    error_message = "Jobs reach the named buckets and no others."
  }
}

run "private_network" {
  command = plan

  variables {
    network_mode    = "own"
    network_private = true
  }

  assert {
    condition = (
      length(aws_internet_gateway.own) + length(aws_route.internet) == 0
      && toset(keys(aws_vpc_endpoint.interface)) == toset(["ecr.api", "ecr.dkr", "ecs", "ecs-agent", "ecs-telemetry", "logs", "sts"])
      && alltrue([for s in aws_subnet.own : !s.map_public_ip_on_launch])
    )
    error_message = "Without the internet, the agent and the logs need endpoints too."
  }
  assert {
    condition = (
      alltrue([for e in aws_vpc_endpoint.interface : e.private_dns_enabled])
      && { for s, d in data.aws_vpc_endpoint_service.interface : s => d.service } == { for s in keys(aws_vpc_endpoint.interface) : s => s }
    )
    error_message = "Services are asked for by name: what they are called differs by partition."
  }
}

run "endpoints_by_list" {
  command = plan

  variables {
    network_mode      = "own"
    network_private   = true
    network_endpoints = ["ecr.api", "ecr.dkr", "ecs", "ecs-agent", "ecs-telemetry", "logs", "ssmmessages"]
  }

  override_data {
    target = data.aws_vpc_endpoint_service.interface["ssmmessages"]
    values = {
      service_name       = "com.amazonaws.us-east-1.ssmmessages"
      availability_zones = ["us-east-1a"]
    }
  }

  assert {
    condition     = toset(keys(aws_vpc_endpoint.interface)) == toset(var.network_endpoints)
    error_message = "The list replaces the default one."
  }
}

run "nat_in_each_zone" {
  command = plan

  variables {
    network_mode       = "own"
    network_zone_count = 2
    network_nat        = "per_zone"
  }

  assert {
    condition = (
      length(aws_nat_gateway.nat) == 2
      && length(aws_eip.nat) == 2
      && [for r in aws_route.nat : r.destination_cidr_block] == ["0.0.0.0/0", "0.0.0.0/0"]
      && length(aws_route_table.nat) == 2
      && length(aws_internet_gateway.own) == 1
    )
    error_message = "A NAT gateway and a route to it for each zone."
  }
  assert {
    condition = (
      alltrue([for s in aws_subnet.own : !s.map_public_ip_on_launch])
      && [for s in aws_subnet.public : s.cidr_block] == ["10.42.128.0/20", "10.42.144.0/20"]
      && [for s in aws_subnet.public : s.availability_zone] == [for s in aws_subnet.own : s.availability_zone]
      && length(aws_route_table_association.public) == 2
    )
    error_message = "Job subnets are private; the gateways are in public subnets of the same zones."
  }
}

run "one_nat" {
  command = plan

  variables {
    network_mode = "own"
    network_nat  = "single"
  }

  assert {
    condition = (
      length(aws_nat_gateway.nat) == 1
      && length(aws_route_table.nat) == 1
      && length(aws_subnet.public) == 1
      && length(aws_route_table_association.own) == 3
    )
    error_message = "One gateway serves all zones."
  }
  assert {
    condition = (
      output.batch_cpu_compute_environment_names != run.nat_in_each_zone.batch_cpu_compute_environment_names
      && output.batch_cpu_compute_environment_names != run.private_network.batch_cpu_compute_environment_names
    )
    error_message = "Another way out, other environments."
  }
}

run "zones_that_offer_the_types" {
  command = plan

  variables {
    network_mode       = "own"
    network_zone_count = 2
  }

  override_data {
    target = data.aws_ec2_instance_type_offerings.zones["gpu"]
    values = { locations = ["use1-az2", "use1-az1"] }
  }

  assert {
    condition = (
      [for s in aws_subnet.own : s.availability_zone] == ["us-east-1c", "us-east-1d"]
      && data.aws_ec2_instance_type_offerings.zones["gpu"].location_type == "availability-zone-id"
    )
    error_message = "Subnets are in zones that have the GPU types."
  }
}

run "zones_by_id" {
  command = plan

  variables {
    network_mode       = "own"
    network_zone_count = 2
    network_zone_ids   = ["use1-az1", "use1-az3"]
  }

  assert {
    condition     = [for s in aws_subnet.own : s.availability_zone] == ["us-east-1d", "us-east-1b"]
    error_message = "Zones are taken by their ids, in the order of the list."
  }
}

run "s3_endpoint_of_the_default_vpc" {
  command = plan

  variables {
    network_s3_endpoint = true
  }

  assert {
    condition = (
      aws_vpc_endpoint.s3_shared[0].vpc_endpoint_type == "Gateway"
      && aws_vpc_endpoint.s3_shared[0].vpc_id == "vpc-0123456789abcdef0"
      && aws_vpc_endpoint.s3_shared[0].route_table_ids == toset(["rtb-0123456789abcdef0"])
      && [for f in data.aws_route_tables.default[0].filter : "${f.name} ${one(f.values)}"] == ["association.main true"]
    )
    error_message = "The default VPC's main route table has the S3 gateway."
  }
  assert {
    condition     = tolist(output.batch_cpu_compute_environment_names) == tolist(["refrag-cpu-compute-env"])
    error_message = "It makes no new environments."
  }
}

run "s3_endpoint_of_given_subnets" {
  command = plan

  variables {
    network_mode               = "subnets"
    network_subnet_ids         = ["subnet-00000000000000001"]
    network_s3_endpoint        = true
    network_s3_route_table_ids = ["rtb-00000000000000001"]
  }

  assert {
    condition = (
      aws_vpc_endpoint.s3_shared[0].route_table_ids == toset(["rtb-00000000000000001"])
      && aws_vpc_endpoint.s3_shared[0].vpc_id == "vpc-0123456789abcdef1"
    )
    error_message = "Only the named tables have it."
  }
}

run "distributed" {
  command = plan

  variables {
    network_mode      = "own"
    network_nat       = "single"
    batch_distributed = true
  }

  override_data {
    target = data.aws_ec2_instance_type_offerings.distributed["g5.12xlarge"]
    values = { locations = ["use1-az3", "use1-az2"] }
  }

  assert {
    condition = (
      aws_placement_group.distributed[0].strategy == "cluster"
      && one(values(aws_batch_compute_environment.distributed)).compute_resources[0].placement_group == "refrag-distributed"
      && one(values(aws_batch_compute_environment.distributed)).compute_resources[0].type == "EC2"
    )
    error_message = "On demand, in a placement group: Batch runs multi-node jobs on nothing else."
  }
  assert {
    condition = (
      local.distributed_subnet == 1
      && can(regex("^refrag-distributed-compute-env-[0-9a-f]{8}$", output.batch_distributed_compute_environment_names[0]))
    )
    error_message = "In the first zone that offers the type."
  }
  assert {
    condition = (
      output.batch_distributed_job_queue_name == "refrag-distributed-job-queue"
      && output.batch_distributed_job_definition_name == "refrag-distributed-job-def"
      && output.batch_distributed_efa_interfaces == 1
    )
    error_message = "A queue and a definition of its own."
  }
  assert {
    condition = (
      alltrue([for name,
        t in aws_launch_template.hosts : join(", ", [for n in t.network_interfaces :
        "${n.interface_type} ${n.network_card_index} ${n.device_index}"])
      == (startswith(name, "refrag-distributed-hosts-") ? "efa 0 0" : "")])
      && one(values(aws_batch_compute_environment.distributed)).compute_resources[0].security_group_ids == null
    )
    error_message = "EFA by the launch template, which then has the security group too."
  }
  assert {
    condition = (
      { for r in jsondecode(aws_batch_job_definition.distributed[0].container_properties).resourceRequirements :
      r.type => r.value } == { VCPU = "48", MEMORY = "186777", GPU = "4" }
      && jsondecode(aws_batch_job_definition.distributed[0].container_properties).linuxParameters.devices[0].hostPath
      == "/dev/infiniband/uverbs0"
      && jsondecode(aws_batch_job_definition.distributed[0].container_properties).ulimits
      == [{ name = "memlock", softLimit = -1, hardLimit = -1 }]
    )
    error_message = "A node is a whole host, with the EFA device and memory that may be locked."
  }
  assert {
    condition     = length([for e in aws_security_group.jobs.egress : e if e.self == true]) == 1
    error_message = "EFA needs a rule out that names the group itself."
  }
  assert {
    condition = (
      contains(keys(terraform_data.drain_queue), "refrag-distributed-job-queue")
      && contains(keys(terraform_data.drain_environment), output.batch_distributed_compute_environment_names[0])
    )
    error_message = "Drained like the others before they go."
  }
}

run "distributed_without_efa" {
  command = plan

  variables {
    network_mode                     = "own"
    network_private                  = true
    batch_distributed                = true
    batch_distributed_instance_types = ["c6i.8xlarge"]
    batch_distributed_zone_id        = "use1-az2"
  }

  override_data {
    target = data.aws_ec2_instance_type.distributed["c6i.8xlarge"]
    values = {
      default_vcpus = 32
      memory_size   = 65536
      efa_supported = false
      gpus          = []
    }
  }

  assert {
    condition = (
      local.distributed_subnet == 2
      && output.batch_distributed_efa_interfaces == 0
      && one(values(aws_batch_compute_environment.distributed)).compute_resources[0].ec2_configuration[0].image_type == "ECS_AL2023"
      && tolist(one(values(aws_batch_compute_environment.distributed)).compute_resources[0].security_group_ids)
      == tolist([aws_security_group.jobs.id])
    )
    error_message = "A type without EFA and GPUs has plain interfaces, the plain image, and the zone that is named."
  }
}

run "distributed_on_arm" {
  command = plan

  variables {
    network_mode                     = "own"
    network_private                  = true
    batch_distributed                = true
    batch_distributed_instance_types = ["hpc7g.16xlarge"]
    batch_image_release              = "2026-11"
  }

  override_data {
    target = data.aws_ec2_instance_type.distributed["hpc7g.16xlarge"]
    values = {
      default_vcpus           = 64
      memory_size             = 131072
      gpus                    = []
      supported_architectures = ["arm64"]
    }
  }
  override_data {
    target = data.aws_ec2_instance_type_offerings.distributed["hpc7g.16xlarge"]
    values = { locations = ["use1-az6"] }
  }

  assert {
    condition = (
      { for kind, p in data.aws_ssm_parameter.image : kind => p.name } == {
        cpu         = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"
        gpu         = "/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/recommended/image_id"
        distributed = "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id"
      }
    )
    error_message = "Each kind has an image of its types' architecture."
  }
}

run "distributed_with_gpus_on_arm" {
  command = plan

  variables {
    network_mode                     = "own"
    network_nat                      = "single"
    batch_distributed                = true
    batch_distributed_instance_types = ["g5g.16xlarge"]
    batch_image_release              = "2026-11"
  }

  override_data {
    target = data.aws_ec2_instance_type.distributed["g5g.16xlarge"]
    values = {
      gpus                    = [{ count = 2, manufacturer = "NVIDIA", memory_size = 16384, name = "T4g" }]
      supported_architectures = ["arm64"]
    }
  }
  override_data {
    target = data.aws_ec2_instance_type_offerings.distributed["g5g.16xlarge"]
    values = { locations = ["use1-az6"] }
  }

  expect_failures = [aws_batch_compute_environment.distributed]
}

run "distributed_on_two_architectures" {
  command = plan

  variables {
    network_mode                     = "own"
    network_nat                      = "single"
    batch_distributed                = true
    batch_distributed_instance_types = ["c6i.32xlarge", "hpc7g.16xlarge"]
  }

  override_data {
    target = data.aws_ec2_instance_type.distributed["hpc7g.16xlarge"]
    values = { gpus = [], supported_architectures = ["arm64"] }
  }
  override_data {
    target = data.aws_ec2_instance_type_offerings.distributed["c6i.32xlarge"]
    values = { locations = ["use1-az6"] }
  }
  override_data {
    target = data.aws_ec2_instance_type_offerings.distributed["hpc7g.16xlarge"]
    values = { locations = ["use1-az6"] }
  }

  expect_failures = [aws_batch_compute_environment.distributed]
}

run "distributed_where_no_subnet_is" {
  command = plan

  variables {
    network_mode              = "own"
    network_nat               = "single"
    batch_distributed         = true
    batch_distributed_zone_id = "use1-az9"
  }

  expect_failures = [aws_batch_compute_environment.distributed]
}

run "what_jobs_need" {
  command = plan

  variables {
    batch_job_ulimits = { memlock = -1 }
    batch_job_volumes = {
      data = { container_path = "/data", efs_file_system_id = "fs-0123456789abcdef0", efs_access_point_id = "fsap-0123456789abcdef0",
      read_only = true }
      cache = { container_path = "/cache", host_path = "/var/cache/jobs" }
    }
    batch_local_storage_path = "/scratch"
    batch_job_secrets = { API_KEY = "arn:aws:secretsmanager:us-east-1:123456789012:secret:api-AbCdEf:key::",
    TOKEN = "arn:aws:ssm:us-east-1:123456789012:parameter/token" }
    batch_job_secret_kms_key_arns = ["arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000"]
    batch_job_timeout_seconds     = 3600
    batch_job_log_mode            = "non-blocking"
  }

  assert {
    condition = (
      alltrue([for d in [aws_batch_job_definition.cpu_jobdef[0], aws_batch_job_definition.gpu_jobdef[0]] :
        d.timeout[0].attempt_duration_seconds == 3600
        && jsondecode(d.container_properties).ulimits == [{ name = "memlock", softLimit = -1, hardLimit = -1 }]
        && jsondecode(d.container_properties).logConfiguration.options.mode == "non-blocking"
      && jsondecode(d.container_properties).logConfiguration.options.max-buffer-size == "25m"])
    )
    error_message = "Limits, time limit and log mode are in every definition."
  }
  assert {
    condition = (
      { for m in jsondecode(aws_batch_job_definition.gpu_jobdef[0].container_properties).mountPoints :
      m.sourceVolume => "${m.containerPath} ${m.readOnly}" }
      == { local-storage = "/scratch false", data = "/data true", cache = "/cache false" }
    )
    error_message = "Every volume is mounted."
  }
  assert {
    condition = (
      one([for v in jsondecode(aws_batch_job_definition.gpu_jobdef[0].container_properties).volumes :
      v.efsVolumeConfiguration if v.name == "data"])
      == { fileSystemId = "fs-0123456789abcdef0", rootDirectory = "/", transitEncryption = "ENABLED",
      authorizationConfig = { iam = "ENABLED", accessPointId = "fsap-0123456789abcdef0" } }
      && one([for v in jsondecode(aws_batch_job_definition.gpu_jobdef[0].container_properties).volumes :
      v.host.sourcePath if v.name == "local-storage"]) == "/mnt/local"
    )
    error_message = "EFS over TLS with the job role's rights; the hosts' own disks by their folder."
  }
  assert {
    condition = (
      strcontains(base64decode(one([for name, t in aws_launch_template.hosts : t.user_data if strcontains(name, "gpu")])),
      "mkfs.xfs -f $disks && mount -o noatime $disks /mnt/local")
      && startswith(output.batch_gpu_compute_environment_names[0], "refrag-gpu-compute-env-")
    )
    error_message = "Hosts mount their instance store: another template, another environment."
  }
  assert {
    condition = (
      jsonencode({ for s in jsondecode(aws_batch_job_definition.cpu_jobdef[0].container_properties).secrets :
      s.name => s.valueFrom }) == jsonencode(var.batch_job_secrets)
    )
    error_message = "Secrets are environment variables."
  }
  assert {
    condition = (
      { for s in data.aws_iam_policy_document.execution.statement :
      one(s.actions) => one(s.resources) }
      == { "secretsmanager:GetSecretValue" = "arn:aws:secretsmanager:us-east-1:123456789012:secret:api-AbCdEf",
      "ssm:GetParameters" = "arn:aws:ssm:us-east-1:123456789012:parameter/token", "kms:Decrypt" = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000" }
    )
    error_message = "The execution role may read exactly these secrets."
  }
  assert {
    condition = (
      one([for s in data.aws_iam_policy_document.job[0].statement :
      s.resources if s.sid == "MountFileSystems"])
      == toset(["arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-0123456789abcdef0"])
    )
    error_message = "The job role may mount exactly these file systems."
  }
}

run "given_subnets" {
  command = plan

  variables {
    network_mode       = "subnets"
    network_subnet_ids = ["subnet-00000000000000001"]
  }

  assert {
    condition = (
      tolist(one(values(aws_batch_compute_environment.cpu)).compute_resources[0].subnets) == tolist(["subnet-00000000000000001"])
      && aws_security_group.jobs.vpc_id == "vpc-0123456789abcdef1"
    )
    error_message = "Given subnets, and their VPC."
  }
}

run "fair_share" {
  command = plan

  variables {
    batch_fair_share         = true
    batch_fair_share_weights = { research = 1, nightly = 4 }
  }

  assert {
    condition = (
      aws_batch_job_queue.cpu_queue[0].name == "refrag-cpu-job-queue-fair"
      && aws_batch_job_queue.cpu_queue[0].scheduling_policy_arn == aws_batch_scheduling_policy.fair_share[0].arn
      && aws_batch_job_definition.cpu_jobdef[0].scheduling_priority == 0
    )
    error_message = "A fair-share queue is another queue: it cannot be made from the first."
  }
  assert {
    condition = (
      { for d in aws_batch_scheduling_policy.fair_share[0].fair_share_policy[0].share_distribution :
      d.share_identifier => d.weight_factor } == { research = 1, nightly = 4 }
      && aws_batch_scheduling_policy.fair_share[0].fair_share_policy[0].share_decay_seconds == 3600
    )
    error_message = "The policy has the weights."
  }
}

run "switched_off" {
  command = plan

  variables {
    batch_runnable_timeout_seconds = 0
    batch_use_spot                 = false
    batch_drain_before_removal     = false
  }

  assert {
    condition     = length(aws_batch_job_queue.cpu_queue[0].job_state_time_limit_action) == 0
    error_message = "0 switches the time limit off."
  }
  assert {
    condition = (
      one(values(aws_batch_compute_environment.gpu)).compute_resources[0].type == "EC2"
      && one(values(aws_batch_compute_environment.gpu)).compute_resources[0].allocation_strategy == "BEST_FIT_PROGRESSIVE"
    )
    error_message = "On demand without Spot."
  }
  assert {
    condition     = alltrue([for d in terraform_data.drain_environment : d.input.minutes == 0])
    error_message = "No draining on request."
  }
}

run "image_of_ones_own" {
  command = plan

  variables {
    batch_gpu_ami_id         = "ami-0123456789abcdef0"
    batch_volume_kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000"
  }

  assert {
    condition = (
      toset([for t in aws_launch_template.hosts : t.block_device_mappings[0].device_name]) == toset(["/dev/sda1", "/dev/xvda"])
      && alltrue([for t in aws_launch_template.hosts :
      t.block_device_mappings[0].ebs[0].kms_key_id == "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000"])
    )
    error_message = "The root volume is the image's own, and encrypted with the named key."
  }
}

run "events_of_this_stack_alone" {
  command = plan

  variables {
    batch_monitoring    = true
    batch_notifications = true
    alert_emails        = ["team@example.com"]
  }

  # (EventBridge User Guide, "CloudWatch Logs permissions": the rule's ARN is a condition of PutLogEvents, and of nothing else)
  assert {
    condition = (
      { for s in data.aws_iam_policy_document.queue_events[0].statement :
      join(" ", s.actions) => [for c in s.condition : "${c.test} ${c.variable} ${join(",", c.values)}"] }
      == {
        "logs:CreateLogStream" = []
        "logs:PutLogEvents"    = ["ArnLike aws:SourceArn arn:aws:events:us-east-1:123456789012:rule/refrag-*"]
      }
      && alltrue([for rule in concat(values(aws_cloudwatch_event_rule.entered_queue), values(aws_cloudwatch_event_rule.left_queue)) :
      startswith(rule.name, "refrag-")])
    )
    error_message = "Only rules of this stack write events to its log group."
  }
}

run "an_organisation_with_rules" {
  command = plan

  variables {
    iam_permissions_boundary_arn = "arn:aws:iam::123456789012:policy/boundary"
    iam_path                     = "/batch/"
    log_kms_key_arn              = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000"
    log_keep_on_destroy          = true
  }

  assert {
    condition = (
      alltrue([for r in [aws_iam_role.instance, aws_iam_role.execution, aws_iam_role.job] : r.permissions_boundary
        == "arn:aws:iam::123456789012:policy/boundary"
      && r.path == "/batch/"])
      && aws_iam_instance_profile.instance.path == "/batch/"
    )
    error_message = "Every role has the boundary and the path."
  }
  assert {
    condition = (
      aws_cloudwatch_log_group.jobs.kms_key_id == var.log_kms_key_arn
      && length(aws_kms_key.logs) == 0
      && aws_cloudwatch_log_group.jobs.skip_destroy
    )
    error_message = "Logs: a key from elsewhere, kept on destroy."
  }
}

run "another_generation" {
  command = plan

  variables {
    batch_generation = 2
  }

  assert {
    condition = (
      alltrue([for kind in ["cpu", "gpu"] :
        can(regex("^refrag-${kind}-compute-env-[0-9a-f]{8}$",
          one(concat([for name in keys(aws_batch_compute_environment.cpu) : name if kind == "cpu"],
      [for name in keys(aws_batch_compute_environment.gpu) : name if kind == "gpu"]))))])
    )
    error_message = "Another generation, other environments."
  }
}

run "retained" {
  command = plan

  variables {
    batch_cpu_instance_types    = ["m7i.xlarge"]
    batch_cpu_min_vcpus         = 4
    batch_retained_environments = { "refrag-cpu-compute-env" = "DISABLED", "refrag-gpu-compute-env" = "ENABLED" }
  }

  assert {
    condition = (
      length(aws_batch_compute_environment.cpu) == 2
      && aws_batch_compute_environment.cpu["refrag-cpu-compute-env"].state == "DISABLED"
      && aws_batch_compute_environment.cpu["refrag-cpu-compute-env"].compute_resources[0].min_vcpus == 0
    )
    error_message = "What is retained stays closed, and keeps no hosts without jobs."
  }
  assert {
    condition = (
      keys(aws_batch_compute_environment.gpu) == ["refrag-gpu-compute-env"]
      && aws_batch_compute_environment.gpu["refrag-gpu-compute-env"].state == "ENABLED"
    )
    error_message = "What is current is not retained, whatever the variable says."
  }
  assert {
    condition = (
      length(aws_batch_job_queue.cpu_queue[0].compute_environment_order) == 1
      && output.batch_retained_environment_names == tolist(["refrag-cpu-compute-env"])
      && output.batch_cpu_compute_environment_names[0] != "refrag-cpu-compute-env"
    )
    error_message = "No queue uses what is retained."
  }
  assert {
    condition = (
      toset(keys(terraform_data.drain_environment)) == setunion(keys(aws_batch_compute_environment.cpu), ["refrag-gpu-compute-env"])
      && contains(keys(aws_launch_template.hosts), "refrag-cpu-hosts")
      && length(aws_launch_template.hosts) == 3
    )
    error_message = "What is retained keeps its drain and its launch template."
  }
}

run "families_and_maximum" {
  command = plan

  variables {
    batch_gpu_instance_types = ["g4dn"]
    batch_gpu_max_vcpus      = 128
    batch_cpu_max_vcpus      = 64
  }

  assert {
    condition     = contains(output.batch_gpu_types_that_fit, "g4dn.12xlarge") && !contains(output.batch_gpu_types_that_fit, "g4dn.2xlarge")
    error_message = "A family stands for all of its sizes."
  }
  assert {
    condition = (
      one(values(aws_batch_compute_environment.cpu)).compute_environment_name == "refrag-cpu-compute-env"
      && one(values(aws_batch_compute_environment.gpu)).compute_environment_name != "refrag-gpu-compute-env"
    )
    error_message = "A new maximum updates in place, new types replace."
  }
}

run "layout_both" {
  command = plan

  variables {
    batch_queue_layout = "both"
  }

  assert {
    condition = (
      length(aws_batch_job_queue.cpu_queue) == 1
      && aws_batch_job_queue.queue[0].name == "refrag-job-queue"
      && aws_batch_compute_environment.ce[0].compute_environment_name == "refrag-compute-env"
      && aws_batch_job_definition.jobdef[0].name == "refrag-job-def"
    )
    error_message = "Both layouts beside each other."
  }
  assert {
    condition = (
      length(terraform_data.drain_single_environment) == 1
      && terraform_data.drain_queue["refrag-job-queue"].input.name == "refrag-job-queue"
    )
    error_message = "The single queue is drained too before it goes."
  }
}

run "layout_single" {
  command = plan

  variables {
    batch_queue_layout = "single"
  }

  assert {
    condition = (
      length(aws_batch_job_queue.cpu_queue) + length(aws_batch_job_queue.gpu_queue) + length(aws_batch_compute_environment.cpu)
      + length(aws_batch_compute_environment.gpu) + length(aws_batch_job_definition.cpu_jobdef)
      + length(aws_batch_job_definition.gpu_jobdef) == 0
      && output.batch_job_queue_name == "refrag-job-queue"
      && output.batch_cpu_job_queue_name == null
    )
    error_message = "Only the single queue."
  }
}

run "image_of_ones_own_for_gpu" {
  command = plan

  variables {
    batch_gpu_ami_id = "ami-0123456789abcdef0"
  }
}

run "an_image_release" {
  command = plan

  variables {
    batch_image_release = "2026-11"
    batch_gpu_ami_id    = "ami-0123456789abcdef0"
  }

  assert {
    condition = (
      { for kind, p in data.aws_ssm_parameter.image :
      kind => p.name } == { cpu = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id" }
    )
    error_message = "The recommended image of the kinds without an image of their own."
  }
  assert {
    condition = (
      one(values(aws_batch_compute_environment.cpu)).compute_resources[0].ec2_configuration[0].image_id_override == "ami-00000000000000001"
      && one(values(aws_batch_compute_environment.gpu)).compute_resources[0].ec2_configuration[0].image_id_override
      == "ami-0123456789abcdef0"
    )
    error_message = "Environments are made with it; an image of one's own stays."
  }
  assert {
    condition = (
      startswith(output.batch_cpu_compute_environment_names[0], "refrag-cpu-compute-env-")
      && output.batch_gpu_compute_environment_names == run.image_of_ones_own_for_gpu.batch_gpu_compute_environment_names
    )
    error_message = "A release is a part of the names that use it, and of no others."
  }
}

run "arm_hosts_have_arm_images" {
  command = plan

  variables {
    batch_image_release      = "2026-11"
    batch_cpu_instance_types = ["c8g.2xlarge"]
  }

  override_data {
    target = data.aws_ec2_instance_types.unlisted[0]
    values = { instance_types = ["c8g.2xlarge"] }
  }

  assert {
    condition = (
      { for kind, p in data.aws_ssm_parameter.image :
      kind => p.name } == { cpu = "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id", gpu = "/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/recommended/image_id" }
    )
    error_message = "The image is for the processors of the types."
  }
}

run "a_new_family" {
  command = plan

  variables {
    batch_cpu_instance_types = ["c8a", "m7a.xlarge"]
  }

  override_data {
    target = data.aws_ec2_instance_types.unlisted[0]
    values = { instance_types = ["c8a.large", "c8a.xlarge", "m7a.xlarge"] }
  }

  assert {
    condition = (
      one(values(aws_batch_compute_environment.cpu)).compute_resources[0].instance_type == toset(["c8a", "m7a.xlarge"])
      && toset(flatten([for f in data.aws_ec2_instance_types.unlisted[0].filter : f.values])) == toset(["c8a.*", "m7a.xlarge"])
    )
    error_message = "A family that this stack does not list is taken, and EC2 is asked for it."
  }
}

run "a_family_that_does_not_exist" {
  command = plan

  variables {
    batch_cpu_instance_types = ["m6i.xlarge", "z9.huge"]
  }

  expect_failures = [check.instance_types]
}

run "batch_chooses_types" {
  command = plan

  variables {
    batch_cpu_instance_types = ["optimal"]
  }

  assert {
    condition     = length(data.aws_ec2_instance_types.unlisted) == 0
    error_message = "optimal is Batch's own word."
  }
}

run "alarms_without_readers" {
  command = plan

  variables {
    batch_monitoring            = true
    batch_monitoring_log_policy = false
  }

  expect_failures = [check.alarms]
}

run "another_region_than_the_provider" {
  command = plan

  variables {
    region = "eu-west-1"
  }

  expect_failures = [check.region]
}

run "maxima_of_the_fallback" {
  command = plan

  variables {
    batch_on_demand_fallback      = true
    batch_gpu_on_demand_max_vcpus = 16
  }

  assert {
    condition = (
      one(values(aws_batch_compute_environment.gpu_on_demand)).compute_resources[0].max_vcpus == 16
      && one(values(aws_batch_compute_environment.cpu_on_demand)).compute_resources[0].max_vcpus == 32
    )
    error_message = "The second choice has a maximum of its own."
  }
}

run "single_layout_with_an_image_of_ones_own" {
  command = plan

  variables {
    batch_queue_layout       = "single"
    batch_gpu_instance_types = ["p3.8xlarge"]
    batch_gpu_image_type     = "ECS_AL2_NVIDIA"
    batch_gpu_ami_id         = "ami-0123456789abcdef0"
  }

  assert {
    condition = (
      aws_batch_compute_environment.ce[0].compute_resources[0].ec2_configuration[0].image_id_override == "ami-0123456789abcdef0"
    )
    error_message = "The single environment has the image that its types need."
  }
}

run "rights" {
  command = plan

  assert {
    condition = (
      toset(flatten([for s in data.aws_iam_policy_document.submit.statement : s.resources if s.sid == "SubmitJobs"]))
      == toset(["arn:aws:batch:us-east-1:123456789012:job-queue/refrag-*",
      "arn:aws:batch:us-east-1:123456789012:job-definition/refrag-*", "arn:aws:batch:us-east-1:123456789012:job/*"])
    )
    error_message = "Who submits does so on this stack's queues."
  }
  assert {
    condition = (
      alltrue([for d in [data.aws_iam_policy_document.submit, data.aws_iam_policy_document.deploy] :
        alltrue(flatten([for s in d.statement : [for r in s.resources : r != "*"]
      if length(setintersection(toset(s.actions), toset(["iam:PassRole", "iam:*Role"]))) > 0]))])
    )
    error_message = "No statement passes roles of all names."
  }
  assert {
    condition = (
      toset(flatten([for s in data.aws_iam_policy_document.submit.statement : s.resources if s.sid == "GiveJobsTheirRoles"]))
      == toset(["arn:aws:iam::123456789012:role/refrag-us-east-1-job", "arn:aws:iam::123456789012:role/refrag-us-east-1-execution"])
    )
    error_message = "Only the stack's own roles can be passed."
  }
  # The name is that of DefinitionDerivation.DerivedName.
  assert {
    condition = (
      { for definition in ["refrag-gpu-job-def:3", "refrag-job-def:12", "refrag-gpu-job-def-6d65282818:1"] : definition =>
        anytrue(flatten([for s in data.aws_iam_policy_document.submit.statement : [for r in s.resources :
          can(regex("^${replace(replace(r, "*", ".*"), "?", ".")}$", "arn:aws:batch:us-east-1:123456789012:job-definition/${definition}"))
      ] if contains(s.actions, "batch:DeregisterJobDefinition")])) }
      == { "refrag-gpu-job-def:3" = false, "refrag-job-def:12" = false, "refrag-gpu-job-def-6d65282818:1" = true }
    )
    error_message = "Who submits removes what was derived, and not the stack's own definitions."
  }
  # Every action here is on the resources of the stack alone, or has no resource and is held to the region, or only reads.
  assert {
    condition = alltrue([
      for s in data.aws_iam_policy_document.deploy.statement :
      contains([for c in s.condition : "${c.variable} ${join(",", c.values)}"], "aws:RequestedRegion us-east-1")
      || alltrue([for a in s.actions : can(regex(":Get", a))])
      if contains(s.resources, "*")
    ])
    error_message = "Who deploys is held to the stack by name, or to the region."
  }
  assert {
    condition = (
      toset(flatten([for s in data.aws_iam_policy_document.deploy.statement :
        [for r in s.resources : trimprefix(r, "arn:aws:iam::123456789012:")]
      if contains(["KeepRoles", "GiveRolesTheirRights"], s.sid)]))
      == toset([for name in ["execution", "instance", "job"] : "role/refrag-us-east-1-${name}"])
      && alltrue(flatten([for s in data.aws_iam_policy_document.deploy.statement :
        [for a in s.actions : !can(regex("^iam:([*]|Attach|Detach|.*Boundary|\\*Role)", a)) || a == "iam:*InstanceProfile"]
      if s.sid != "KeepServiceLinkedRole"]))
    )
    error_message = "Who deploys makes three roles, by name, and attaches no policies of others."
  }
  # Deletes and changes, where EC2 knows the resource by its tag. (Service Authorization Reference, Amazon EC2)
  assert {
    condition = (
      toset(flatten([for s in data.aws_iam_policy_document.deploy_by_tag.statement : s.actions
      if !contains([for c in s.condition : "${c.variable} ${join(",", c.values)}"], "aws:ResourceTag/project refrag")]))
      == toset(["ec2:AllocateAddress", "ec2:CreateInternetGateway", "ec2:CreateLaunchTemplate", "ec2:CreateNatGateway",
        "ec2:CreatePlacementGroup", "ec2:CreateRouteTable", "ec2:CreateSecurityGroup", "ec2:CreateSubnet", "ec2:CreateTags",
      "ec2:CreateVpc", "ec2:CreateVpcEndpoint", "ec2:Describe*", "ec2:DisassociateAddress"])
    )
    error_message = "Without the stack's tag who deploys creates and sees, and changes nothing."
  }
  assert {
    condition = (
      [for s in data.aws_iam_policy_document.deploy_by_tag.statement :
      one([for c in s.condition : "${c.test} ${c.variable} ${join(",", c.values)}"]) if s.sid == "TagWhatIsMade"]
      == ["Null ec2:CreateAction false"]
    )
    error_message = "The stack's tag cannot be put on what is there already."
  }
  assert {
    condition = (
      alltrue(flatten([for s in data.aws_iam_policy_document.read.statement :
      [for a in s.actions : can(regex(":(Describe|Get|List|Filter|BatchGet)", a))]]))
    )
    error_message = "Who reads changes nothing."
  }
  # Actions that are allowed on all resources: most have no resource type in the Service Authorization Reference.
  assert {
    condition = alltrue([
      for action in [
        "batch:DescribeJobs", "batch:ListJobs", "ecs:ListTasks", "logs:DescribeLogGroups", "servicequotas:GetAWSDefaultServiceQuota",
      ] : [for s in data.aws_iam_policy_document.read.statement : s.resources if contains(s.actions, action)] == [toset(["*"])]
    ])
    error_message = "What sees jobs, and what verify asks, is allowed on all resources."
  }
  assert {
    condition = alltrue([
      for action in ["cloudwatch:DescribeAlarms", "logs:*ResourcePolic*", "sns:*SubscriptionAttributes", "sns:Unsubscribe"] :
      [for s in data.aws_iam_policy_document.deploy.statement : s.resources if contains(s.actions, action)] == [toset(["*"])]
    ])
    error_message = "Alarms, subscriptions and policies of the log are allowed on all resources."
  }
}

run "rights_with_a_boundary_and_a_key" {
  command = plan

  variables {
    iam_permissions_boundary_arn = "arn:aws:iam::123456789012:policy/boundary"
    log_encryption_key           = true
    network_s3_endpoint          = true
  }

  # (IAM User Guide, "Available keys for IAM": the actions that iam:PermissionsBoundary is for)
  assert {
    condition = (
      { for s in data.aws_iam_policy_document.deploy.statement :
        join(" ", sort(s.actions)) => [for c in s.condition : "${c.test} ${c.variable} ${join(",", c.values)}"]
      if contains(s.actions, "iam:CreateRole") || contains(s.actions, "iam:PutRolePolicy") }
      == { "iam:CreateRole iam:DeleteRolePolicy iam:PutRolePolicy" = [
      "StringEquals iam:PermissionsBoundary arn:aws:iam::123456789012:policy/boundary"] }
    )
    error_message = "No role is made, and none gets rights, without the boundary."
  }
  assert {
    condition = (
      [for s in data.aws_iam_policy_document.deploy_by_tag.statement :
        join(" ", concat(sort(s.actions), ["if"], sort([for c in s.condition : "${c.variable} ${join(",", c.values)}"])))
      if startswith(sort(s.actions)[0], "kms:")]
      == [
        "kms:CreateKey kms:TagResource if aws:RequestTag/project refrag aws:RequestedRegion us-east-1",
        join(" ", ["kms:DescribeKey", "kms:EnableKeyRotation", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags if"]),
        join(" ", ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource",
        "kms:UpdateKeyDescription if aws:ResourceTag/project refrag"]),
      ]
    )
    error_message = "Only a key with the stack's tag is changed or deleted."
  }
  assert {
    condition = (
      [for s in data.aws_iam_policy_document.deploy_by_tag.statement : s.resources if s.sid == "PutS3EndpointIntoRouteTables"]
      == [toset(["arn:aws:ec2:us-east-1:123456789012:route-table/*"])]
    )
    error_message = "The endpoint goes into route tables that have no tag of this stack."
  }
}

run "rights_to_make_the_role_of_batch" {
  command = plan

  variables {
    create_service_linked_role = true
  }

  assert {
    condition = (
      [for s in data.aws_iam_policy_document.deploy.statement : s.resources if s.sid == "KeepServiceLinkedRole"]
      == [toset(["arn:aws:iam::123456789012:role/aws-service-role/batch.amazonaws.com/*"])]
    )
    error_message = "Who makes the role of Batch may tag and remove it."
  }
}

run "bucket" {
  command = plan

  variables {
    job_bucket             = true
    job_bucket_result_days = 30
  }

  assert {
    condition = (
      aws_s3_bucket.jobs[0].bucket == "refrag-us-east-1-123456789012" && !aws_s3_bucket.jobs[0].force_destroy
      && output.job_code_store == "s3://refrag-us-east-1-123456789012/code"
      && output.job_results_store == "s3://refrag-us-east-1-123456789012/results"
    )
    error_message = "One bucket, named by stack, region and account, stays with what it holds."
  }
  assert {
    condition = (
      aws_s3_bucket_public_access_block.jobs[0].block_public_acls && aws_s3_bucket_public_access_block.jobs[0].block_public_policy
      && aws_s3_bucket_public_access_block.jobs[0].ignore_public_acls
      && aws_s3_bucket_public_access_block.jobs[0].restrict_public_buckets
      && aws_s3_bucket_ownership_controls.jobs[0].rule[0].object_ownership == "BucketOwnerEnforced"
    )
    error_message = "Nothing in it can be made public."
  }
  assert {
    condition = (
      one(one(aws_s3_bucket_server_side_encryption_configuration.jobs[0].rule).apply_server_side_encryption_by_default).sse_algorithm
      == "AES256"
    )
    error_message = "It is encrypted."
  }
  assert {
    condition = (
      [for s in data.aws_iam_policy_document.bucket[0].statement : "${s.effect} ${join(",", s.actions)} ${join(",", s.resources)}"]
      == ["Deny s3:* arn:aws:s3:::refrag-us-east-1-123456789012,arn:aws:s3:::refrag-us-east-1-123456789012/*"]
      && [for c in one(data.aws_iam_policy_document.bucket[0].statement).condition : "${c.test} ${c.variable} ${join(",", c.values)}"]
      == ["Bool aws:SecureTransport false"]
    )
    error_message = "It is reached over TLS only."
  }
  assert {
    condition = (
      { for r in aws_s3_bucket_lifecycle_configuration.jobs[0].rule : r.id => one(r.expiration[*].days) if r.id != "unfinished-uploads" }
      == { code = 90, results = 30 }
      && { for r in aws_s3_bucket_lifecycle_configuration.jobs[0].rule : r.id => r.filter[0].prefix if r.id != "unfinished-uploads" }
      == { code = "code/", results = "results/" }
      && [
        for r in aws_s3_bucket_lifecycle_configuration.jobs[0].rule : r.abort_incomplete_multipart_upload[0].days_after_initiation
        if r.id == "unfinished-uploads"
      ] == [7]
    )
    error_message = "Code and results go after their days, what no upload completed after a week."
  }
  assert {
    condition = (
      { for s in data.aws_iam_policy_document.job[0].statement : s.sid => "${join(",", sort(s.actions))} ${join(",", s.resources)}" }
      == {
        ReadCode            = "s3:GetObject arn:aws:s3:::refrag-us-east-1-123456789012/code/*"
        ReadAndWriteResults = "s3:AbortMultipartUpload,s3:DeleteObject,s3:GetObject,s3:PutObject arn:aws:s3:::refrag-us-east-1-123456789012/results/*"
        SeeWhatIsThere      = "s3:ListBucket arn:aws:s3:::refrag-us-east-1-123456789012"
      }
    )
    error_message = "A job reads code, and reads and writes results; nothing else."
  }
  assert {
    condition = (
      toset(flatten([for s in data.aws_iam_policy_document.submit.statement : s.actions if s.sid == "BringCode"]))
      == toset(["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"])
      && toset(flatten([for s in data.aws_iam_policy_document.submit.statement : s.resources if s.sid == "BringCode"]))
      == toset(["arn:aws:s3:::refrag-us-east-1-123456789012/code/*"])
      && toset(flatten([for s in data.aws_iam_policy_document.read.statement : s.resources if s.sid == "TakeResultsHome"]))
      == toset(["arn:aws:s3:::refrag-us-east-1-123456789012/results/*"])
      && alltrue(flatten([for s in data.aws_iam_policy_document.read.statement :
      [for a in s.actions : can(regex(":(Describe|Get|List|Filter|BatchGet)", a))]]))
    )
    error_message = "Who submits brings code, who reads takes results home and changes nothing."
  }
  assert {
    condition = (
      toset(flatten([for s in data.aws_iam_policy_document.deploy.statement : s.resources if s.sid == "MakeBucket"]))
      == toset(["arn:aws:s3:::refrag-us-east-1-123456789012"])
      && length([for s in data.aws_iam_policy_document.deploy.statement : s.sid if s.sid == "EmptyBucket"]) == 0
    )
    error_message = "Who deploys makes this bucket, and may not empty it."
  }
}

run "bucket_that_keeps_results" {
  command = plan

  variables {
    job_bucket               = true
    job_bucket_code_days     = 365
    job_bucket_force_destroy = true
  }

  assert {
    condition = (
      { for r in aws_s3_bucket_lifecycle_configuration.jobs[0].rule : r.id => one(r.expiration[*].days) if length(r.expiration) > 0 }
      == { code = 365 }
    )
    error_message = "Results stay unless their days are given."
  }
  assert {
    condition = (
      aws_s3_bucket.jobs[0].force_destroy && terraform_data.bucket_is_empty[0].input.force
      && length([for s in data.aws_iam_policy_document.deploy.statement : s.sid if s.sid == "EmptyBucket"]) == 1
    )
    error_message = "Who wants it gone says so."
  }
}
