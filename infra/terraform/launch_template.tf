# How a host starts: metadata by token only, an encrypted disk large enough for the images, and tags on what it makes.
# A template is never edited: its whole content is part of the settings that name it (locals.tf), so that a release which changes the
# content makes new templates and new environments. That is why environments name version 1. With the latest version in its place, a new one
# would become known only during the apply, and the provider would then replace an environment that the plan had promised to update.
locals {
  # Multi-node jobs run in awsvpc mode: their code must not reach the host's credentials. Batch takes user data as a MIME archive only.
  host_user_data = <<-MIME
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary="==REFRAG=="

    --==REFRAG==
    Content-Type: text/x-shellscript; charset="us-ascii"

    #!/bin/bash
    echo ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config${local.local_storage_script}

    --==REFRAG==--
  MIME

  # All disks of the instance store as one file system; a host without any keeps the folder on its root volume.
  local_storage_script = var.batch_local_storage_path == "" ? "" : <<-SCRIPT

    mkdir -p ${local.local_storage_path}
    disks=$(lsblk --nodeps --noheadings --paths --output NAME,MODEL | awk '/Instance Storage/ { print $1 }')
    if [ "$(wc -w <<<"$disks")" -gt 1 ]; then
      command -v mdadm || dnf install -y mdadm
      mdadm --create /dev/md0 --run --level=0 --raid-devices="$(wc -w <<<"$disks")" $disks && disks=/dev/md0
    fi
    if [ -n "$disks" ]; then mkfs.xfs -f $disks && mount -o noatime $disks ${local.local_storage_path}; fi
    chmod 1777 ${local.local_storage_path}
  SCRIPT

  host_templates = {
    for kind, volume_gib in {
      cpu         = var.batch_cpu_volume_gib
      gpu         = var.batch_gpu_volume_gib
      distributed = var.batch_gpu_volume_gib
      } : kind => merge({
        user_data   = local.host_user_data
        device_name = try(data.aws_ami.own[kind].root_device_name, "/dev/xvda")
        volume_type = "gp3"
        volume_gib  = volume_gib
        hop_limit   = 1
        kms_key     = var.batch_volume_kms_key_arn
        tags        = merge(local.tags, { Name = "${var.name_prefix}-${kind}" })
    }, kind == "distributed" ? { efa = local.efa_interfaces } : {})
  }
}

# An image of one's own may have its root volume elsewhere; ours would be a second one, and the root neither large nor encrypted.
data "aws_ami" "own" {
  for_each = {
    for kind, id in { cpu = var.batch_cpu_ami_id, gpu = var.batch_gpu_ami_id, distributed = var.batch_distributed_ami_id } : kind => id
    if id != ""
  }

  filter {
    name   = "image-id"
    values = [each.value]
  }
}

resource "aws_launch_template" "hosts" {
  for_each  = local.templates
  name      = each.key
  user_data = base64encode(local.host_templates[each.value].user_data)

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = local.host_templates[each.value].hop_limit
  }

  block_device_mappings {
    device_name = local.host_templates[each.value].device_name

    ebs {
      volume_type           = local.host_templates[each.value].volume_type
      volume_size           = local.host_templates[each.value].volume_gib
      encrypted             = true
      kms_key_id            = var.batch_volume_kms_key_arn == "" ? null : var.batch_volume_kms_key_arn
      delete_on_termination = true
    }
  }

  # Batch refuses security groups beside those of interfaces, so an environment whose template has interfaces names none (distributed.tf).
  dynamic "network_interfaces" {
    for_each = range(try(local.host_templates[each.value].efa, 0))

    content {
      interface_type        = "efa"
      network_card_index    = network_interfaces.value
      device_index          = network_interfaces.value == 0 ? 0 : 1
      security_groups       = [aws_security_group.jobs.id]
      delete_on_termination = true
    }
  }

  dynamic "tag_specifications" {
    for_each = ["instance", "volume"]

    content {
      resource_type = tag_specifications.value
      tags          = local.host_templates[each.value].tags
    }
  }

  lifecycle {
    create_before_destroy = true
    ignore_changes        = all
  }
}
