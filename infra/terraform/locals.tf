data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  # Cost allocation: the same tags on every resource, and through launch templates on instances and volumes.
  tags = merge({ project = var.name_prefix, managed-by = "terraform" }, var.tags)

  separate    = var.batch_queue_layout != "single"
  single      = var.batch_queue_layout != "separate"
  distributed = local.separate && var.batch_distributed ? 1 : 0

  # Families become the types they stand for.
  cpu_types = distinct(flatten([for name in var.batch_cpu_instance_types : lookup(local.instance_families, name, [name])]))
  gpu_types = distinct(flatten([for name in var.batch_gpu_instance_types : lookup(local.instance_families, name, [name])]))

  cpu_types_that_fit = sort([
    for type in local.cpu_types : type
    if try(local.instance_types[type].vcpus, 0) >= var.batch_cpu_job_vcpus
    && try(local.instance_types[type].memory_mib, 0) * local.usable_memory_share >= var.batch_cpu_job_memory_mib
  ])
  gpu_types_that_fit = sort([
    for type in local.gpu_types : type
    if try(local.instance_types[type].vcpus, 0) >= var.batch_gpu_job_vcpus
    && try(local.instance_types[type].memory_mib, 0) * local.usable_memory_share >= var.batch_gpu_job_memory_mib
    && try(local.instance_types[type].gpus, 0) >= var.batch_gpu_job_gpus
  ])

  # Everything that Batch could change on a living environment only by stopping jobs after a while. A change here gives a new name, and
  # so a new environment beside the old one (docs/decisions/0017-two-phase-removal.md).
  # The subnets that AWS has at the moment are not among them: an environment keeps those that it was made in (batch.tf), and a new
  # batch_generation makes one in today's.
  network_settings = merge({
    mode       = var.network_mode
    subnet_ids = sort(var.network_subnet_ids)
    cidr       = var.network_mode == "own" ? var.network_vpc_cidr : ""
    zones      = var.network_mode == "own" ? var.network_zone_count : 0
    private    = var.network_mode == "own" && var.network_private
    }, {
    for key, value in { nat = var.network_nat, zone_ids = join(" ", var.network_zone_ids) } : key => value
    if !contains(["none", ""], value)
  })
  environment_settings = {
    cpu = {
      types   = sort(var.batch_cpu_instance_types)
      image   = var.batch_cpu_image_type
      ami     = var.batch_cpu_ami_id
      volume  = var.batch_cpu_volume_gib
      spot    = var.batch_use_spot
      network = local.network_settings
      tags    = local.environment_tags
      more    = local.further_settings["cpu"]
    }
    gpu = {
      types   = sort(var.batch_gpu_instance_types)
      image   = var.batch_gpu_image_type
      ami     = var.batch_gpu_ami_id
      volume  = var.batch_gpu_volume_gib
      spot    = var.batch_use_spot
      network = local.network_settings
      tags    = local.environment_tags
      more    = local.further_settings["gpu"]
    }
    distributed = {
      types   = sort(var.batch_distributed_instance_types)
      image   = local.distributed_image_type
      ami     = var.batch_distributed_ami_id
      zone    = var.batch_distributed_zone_id
      network = local.network_settings
      tags    = local.environment_tags
      more    = local.further_settings["distributed"]
    }
  }
  environment_tags = var.tags
  further_settings = {
    for kind, template in local.host_templates : kind => merge({
      generation = var.batch_generation
      # Prefix and region are in other names or another account's space; the plain names must not depend on them.
      template = sha256(jsonencode(merge(template, { tags = local.environment_tags })))
    }, local.image_releases[kind])
  }

  # The settings that go by the plain, documented names. FROZEN: a later release that changes a default must not touch these hashes, or a
  # deployed environment would be updated in place instead of replaced.
  plain_name_settings = {
    cpu = "e5d72f50"
    gpu = "6853d176"
    # Always with its hash: it has no name from before.
    distributed = ""
  }
  settings_hash = { for kind, settings in local.environment_settings : kind => substr(sha256(jsonencode(settings)), 0, 8) }
  suffix        = { for kind, hash in local.settings_hash : kind => hash == local.plain_name_settings[kind] ? "" : "-${hash}" }

  # A queue cannot change between first-in-first-out and fair share: another name, another queue.
  queue_suffix = var.batch_fair_share ? "-fair" : ""

  job_image = var.job_image != "" ? var.job_image : "${aws_ecr_repository.jobs.repository_url}:${var.job_image_tag}"
}
