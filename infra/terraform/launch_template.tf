# How a host starts: metadata by token only, an encrypted disk large enough for the images, and tags on what it makes.
# A template is never edited: other settings are another name and so another template (locals.tf), which is why environments name version
# 1. With the latest version in its place, a new one would become known only during the apply, and the provider would then replace an
# environment that the plan had promised to update.
locals {
  launch_templates = { cpu = var.batch_cpu_volume_gib, gpu = var.batch_gpu_volume_gib }
}

resource "aws_launch_template" "hosts" {
  for_each = local.launch_templates
  name     = "${var.name_prefix}-${each.key}-hosts${local.suffix[each.key]}"

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
    # Two hops: a container's request passes the host's bridge.
    http_put_response_hop_limit = 2
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type           = "gp3"
      volume_size           = each.value
      encrypted             = true
      delete_on_termination = true
    }
  }

  dynamic "tag_specifications" {
    for_each = ["instance", "volume"]

    content {
      resource_type = tag_specifications.value
      tags          = merge(local.tags, { Name = "${var.name_prefix}-${each.key}" })
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}
