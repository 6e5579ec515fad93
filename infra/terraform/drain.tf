# Nothing is removed under a running job. Each of these stands between a resource and its removal: when the resource has to go, Terraform
# first destroys the drain, and that waits until no job is left. Order on replacement: the new environment, then the queue that turns to
# it, then the old drain, then the old environment.
# Their keys are the names, and not cpu and gpu: Terraform runs no destroy-time script of an instance that it replaces with
# create_before_destroy (which the queues hand on to these), but it does for one whose key is gone.
locals {
  drained_environments = toset([
    for e in concat(
      aws_batch_compute_environment.cpu,
      aws_batch_compute_environment.gpu,
      aws_batch_compute_environment.cpu_on_demand,
      aws_batch_compute_environment.gpu_on_demand,
    ) : e.compute_environment_name
  ])
  drained_queues = toset(concat(
    [for queue in aws_batch_job_queue.priority : queue.name],
    [for queue in concat(aws_batch_job_queue.cpu_queue, aws_batch_job_queue.gpu_queue, aws_batch_job_queue.queue) : queue.name],
  ))
  drain_minutes = var.batch_drain_before_removal ? var.batch_drain_timeout_minutes : 0
}

resource "terraform_data" "drain_environment" {
  for_each = local.drained_environments
  input    = { name = each.value, region = var.region, minutes = local.drain_minutes, script = abspath("${path.module}/scripts/drain.sh") }

  provisioner "local-exec" {
    when    = destroy
    command = "bash '${self.input.script}' environment '${self.input.name}' '${self.input.region}' ${self.input.minutes}"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "terraform_data" "drain_single_environment" {
  count            = local.single ? 1 : 0
  triggers_replace = aws_batch_compute_environment.ce[0].compute_environment_name
  input = {
    name    = aws_batch_compute_environment.ce[0].compute_environment_name
    region  = var.region
    minutes = local.drain_minutes
    script  = abspath("${path.module}/scripts/drain.sh")
  }

  provisioner "local-exec" {
    when    = destroy
    command = "bash '${self.input.script}' environment '${self.input.name}' '${self.input.region}' ${self.input.minutes}"
  }
}

resource "terraform_data" "drain_queue" {
  for_each = local.drained_queues
  input    = { name = each.value, region = var.region, minutes = local.drain_minutes, script = abspath("${path.module}/scripts/drain.sh") }

  provisioner "local-exec" {
    when    = destroy
    command = "bash '${self.input.script}' queue '${self.input.name}' '${self.input.region}' ${self.input.minutes}"
  }

  lifecycle {
    create_before_destroy = true
  }
}
