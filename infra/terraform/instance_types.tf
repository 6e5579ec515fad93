# What the validations must know of EC2: sizes and architectures, one row a type, in instance_types.json. A summary of a plan reads the
# on-demand prices from the same file.
locals {
  instance_types = jsondecode(file("${path.module}/instance_types.json")).types

  # Batch takes a family ("c6i") in place of a type, and means every size of it.
  instance_families = { for type in keys(local.instance_types) : split(".", type)[0] => type... }

  # The ECS agent and the system keep a share of a host's memory: 5 % is what AWS advises to leave.
  usable_memory_share = 0.95

  # What is not listed, such as a family that came later: nothing is refused because of it, and EC2 is asked whether it exists (checks.tf).
  unlisted_types = distinct([
    for type in concat(var.batch_cpu_instance_types, var.batch_gpu_instance_types) : type
    if !contains(concat(keys(local.instance_types), keys(local.instance_families)), type)
    && type != "optimal"
    && !startswith(type, "default_")
  ])
  # Graviton families have a g behind their generation: c8g, m7gd.
  cpu_architectures = distinct([
    for type in flatten([for name in var.batch_cpu_instance_types : lookup(local.instance_families, name, [name])]) :
    try(local.instance_types[type].architecture, can(regex("^([a-z]+[0-9]+g|default_arm64)", type)) ? "arm64" : "x86_64")
  ])

  # Families whose GPUs the AL2023 driver no longer serves.
  families_without_al2023 = ["g3", "g3s", "p3", "p3dn"]
}
