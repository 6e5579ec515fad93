# What the validations must know of EC2: sizes and architectures, one row a type, in instance_types.json. A summary of a plan reads the
# on-demand prices from the same file.
locals {
  instance_types = jsondecode(file("${path.module}/instance_types.json")).types

  # Batch takes a family ("c6i") in place of a type, and means every size of it.
  instance_families = { for type in keys(local.instance_types) : split(".", type)[0] => type... }

  # The ECS agent and the system keep a share of a host's memory: 5 % is what AWS advises to leave.
  usable_memory_share = 0.95

  # Families whose GPUs the AL2023 driver no longer serves.
  families_without_al2023 = ["g3", "g3s", "p3", "p3dn"]
}
