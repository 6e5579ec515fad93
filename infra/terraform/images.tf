# The machine image of an environment. Without batch_image_release Batch chooses it. With one, it is the image that AWS recommends at the
# moment when the environment is made: the environment keeps it (ignore_changes), so that the state pins it, and another release or
# generation is another name and reads again.
locals {
  own_images = { cpu = var.batch_cpu_ami_id, gpu = var.batch_gpu_ami_id, distributed = var.batch_distributed_ami_id }
  image_kinds = {
    for kind, id in local.own_images : kind => kind
    if id == "" && var.batch_image_release != "" && (kind != "distributed" || local.distributed == 1)
  }
  image_labels = { for kind, id in local.own_images : kind => id == "" ? var.batch_image_release : "" }
  # The name of an environment from before does not change because of a setting that it does not use.
  image_releases = {
    for kind, label in local.image_labels : kind => { for key, value in { release = label } : key => value if value != "" }
  }
  image_families = {
    cpu = contains(local.cpu_architectures, "arm64") ? "amazon-linux-2023/arm64" : "amazon-linux-2023"
    gpu = "amazon-linux-2023/gpu"
    distributed = (
      local.distributed_gpus > 0
      ? "amazon-linux-2023/gpu"
      : contains(local.distributed_architectures, "arm64") ? "amazon-linux-2023/arm64" : "amazon-linux-2023"
    )
  }
  recommended_images = { for kind, parameter in data.aws_ssm_parameter.image : kind => parameter.insecure_value }
  # null: Batch's choice.
  image_ids = { for kind, id in local.own_images : kind => id != "" ? id : lookup(local.recommended_images, kind, null) }

  # What the current environments were made with.
  pinned_images = { for kind in keys(local.image_kinds) : kind => one(concat(
    [
      for name in local.current_names[kind] :
      one(aws_batch_compute_environment.cpu[name].compute_resources[0].ec2_configuration[*].image_id_override)
      if kind == "cpu"
    ],
    [
      for name in local.current_names[kind] :
      one(aws_batch_compute_environment.gpu[name].compute_resources[0].ec2_configuration[*].image_id_override)
      if kind == "gpu"
    ],
    [
      for name in local.current_names[kind] :
      one(aws_batch_compute_environment.distributed[name].compute_resources[0].ec2_configuration[*].image_id_override)
      if kind == "distributed"
    ],
  )) }
}

data "aws_ssm_parameter" "image" {
  for_each = local.image_kinds
  name     = "/aws/service/ecs/optimized-ami/${local.image_families[each.key]}/recommended/image_id"
}

output "batch_machine_images" {
  description = "Machine images that the environments were made with, by kind; empty without batch_image_release."
  value       = local.pinned_images
}
