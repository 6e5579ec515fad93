# Nothing is removed under a running job. Each of these stands between a resource and its removal: when the resource has to go, Terraform
# first destroys the drain, and that waits until no job is left. Order on replacement: the new environment, then the queue that turns to
# it, then the old drain, then the old environment.
# Their keys are the names, and not cpu and gpu: Terraform runs no destroy-time script of an instance that it replaces with
# create_before_destroy (which the queues hand on to these), but it does for one whose key is gone.
# A drain depends on everything that a running job needs, so that none of it ends before the drain has; queues depend on the drains of
# environments, and their own drains on them. (tests/infra/drain_graph.py finds what is missing here; run-moto-order reads the order of real
# runs.)
locals {
  drained_environments = toset(flatten([for resource, environments in local.environments : keys(environments)]))
  drained_queues = toset(concat(
    [for queue in aws_batch_job_queue.priority : queue.name],
    [for queue in aws_batch_job_queue.on_demand : queue.name],
    [
      for queue in concat(
        aws_batch_job_queue.cpu_queue, aws_batch_job_queue.gpu_queue, aws_batch_job_queue.distributed, aws_batch_job_queue.queue
      ) : queue.name
    ],
  ))
  drain_minutes = var.batch_drain_before_removal ? var.batch_drain_timeout_minutes : 0
}

resource "terraform_data" "drain_environment" {
  for_each = local.drained_environments
  input    = { name = each.value, region = var.region, minutes = local.drain_minutes }

  provisioner "local-exec" {
    when    = destroy
    command = "bash '${path.module}/scripts/drain.sh' environment '${self.input.name}' '${self.input.region}' ${self.input.minutes}"
  }

  depends_on = [
    aws_batch_compute_environment.cpu,
    aws_batch_compute_environment.cpu_on_demand,
    aws_batch_compute_environment.distributed,
    aws_batch_compute_environment.gpu,
    aws_batch_compute_environment.gpu_on_demand,
    aws_batch_job_definition.cpu_jobdef,
    aws_batch_job_definition.distributed,
    aws_batch_job_definition.gpu_jobdef,
    aws_cloudwatch_log_group.jobs,
    aws_ecr_repository.jobs,
    aws_iam_role_policy.execution,
    aws_iam_role_policy.instance,
    aws_iam_role_policy.job,
    aws_kms_key.logs,
    aws_route.internet,
    aws_route.nat,
    aws_route_table_association.own,
    aws_vpc_endpoint.interface,
    aws_vpc_endpoint.s3,
    aws_vpc_endpoint.s3_shared,
    terraform_data.bucket_is_empty,
  ]

  lifecycle {
    create_before_destroy = true
  }
}

resource "terraform_data" "drain_single_environment" {
  count            = local.single ? 1 : 0
  triggers_replace = local.single_environment_name
  input = {
    name    = local.single_environment_name
    region  = var.region
    minutes = local.drain_minutes
  }

  provisioner "local-exec" {
    when    = destroy
    command = "bash '${path.module}/scripts/drain.sh' environment '${self.input.name}' '${self.input.region}' ${self.input.minutes}"
  }

  depends_on = [
    aws_batch_job_definition.jobdef,
    aws_cloudwatch_log_group.jobs,
    aws_ecr_repository.jobs,
    aws_iam_role_policy.execution,
    aws_iam_role_policy.instance,
    aws_iam_role_policy.job,
    aws_kms_key.logs,
    aws_route.internet,
    aws_route.nat,
    aws_route_table_association.own,
    aws_vpc_endpoint.interface,
    aws_vpc_endpoint.s3,
    aws_vpc_endpoint.s3_shared,
    terraform_data.bucket_is_empty,
  ]
}

resource "terraform_data" "drain_queue" {
  for_each = local.drained_queues
  input    = { name = each.value, region = var.region, minutes = local.drain_minutes }

  provisioner "local-exec" {
    when    = destroy
    command = "bash '${path.module}/scripts/drain.sh' queue '${self.input.name}' '${self.input.region}' ${self.input.minutes}"
  }

  lifecycle {
    create_before_destroy = true
  }
}
