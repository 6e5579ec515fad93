# In which zones an own VPC has its subnets: the named ones, or those that offer one of the CPU types and one of the GPU types.
data "aws_availability_zones" "available" {
  count = var.network_mode == "own" ? 1 : 0
  state = "available"

  # Not Local and Wavelength Zones that the account has opted in to: their names sort first, and they have few instance types.
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }

  exclude_zone_ids = var.network_excluded_zone_ids
}

data "aws_ec2_instance_type_offerings" "zones" {
  for_each      = local.own == 1 && length(var.network_zone_ids) == 0 ? local.type_patterns : {}
  location_type = "availability-zone-id"

  filter {
    name   = "instance-type"
    values = each.value
  }
}

locals {
  # "c6i" stands for its sizes; "optimal" and the like leave the choice to Batch.
  type_patterns = {
    for kind, types in { cpu = var.batch_cpu_instance_types, gpu = var.batch_gpu_instance_types } :
    kind => [for type in types : strcontains(type, ".") ? type : "${type}.*"]
    if !anytrue([for type in types : startswith(type, "optimal") || startswith(type, "default_")])
  }
  available_zones = flatten([
    for zones in data.aws_availability_zones.available : [for index, id in zones.zone_ids : { id = id, name = zones.names[index] }]
  ])
  # Where EC2 offers a kind in no zone at all, its types are wrong for the region, and no zone is better than another.
  offering_zones = [
    for zone in local.available_zones : zone
    if alltrue([
      for offered in data.aws_ec2_instance_type_offerings.zones : length(offered.locations) == 0 || contains(offered.locations, zone.id)
    ])
  ]
  named_zones = [for id in var.network_zone_ids : one([for zone in local.available_zones : zone if zone.id == id])]
  zones       = slice(local.candidate_zones, 0, min(local.own * var.network_zone_count, length(local.candidate_zones)))
  # Zones without the types come last: a subnet there costs nothing.
  candidate_zones = (
    length(var.network_zone_ids) > 0
    ? local.named_zones
    : concat(local.offering_zones, [for zone in local.available_zones : zone if !contains(local.offering_zones, zone)])
  )
}
