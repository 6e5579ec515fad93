# Which compute environments there are. An environment's name is a function of everything that Batch could change on it only by ending jobs
# (docs/decisions/0017-two-phase-removal.md): its key here is its name, so that a change of settings adds one environment and takes another
# away, and never replaces one. What was current before stays as long as batch_retained_environments names it.
locals {
  separate_kinds = !local.separate ? {} : merge(
    { cpu = "cpu", gpu = "gpu" },
    var.batch_on_demand_fallback ? { cpu_on_demand = "cpu", gpu_on_demand = "gpu" } : {},
    var.batch_distributed ? { distributed = "distributed" } : {},
  )
  environment_stems = {
    cpu           = "${var.name_prefix}-cpu-compute-env"
    gpu           = "${var.name_prefix}-gpu-compute-env"
    cpu_on_demand = "${var.name_prefix}-cpu-on-demand-compute-env"
    gpu_on_demand = "${var.name_prefix}-gpu-on-demand-compute-env"
    distributed   = "${var.name_prefix}-distributed-compute-env"
  }
  resource_kinds = { cpu = "cpu", gpu = "gpu", cpu_on_demand = "cpu", gpu_on_demand = "gpu", distributed = "distributed" }
  template_stems = { for resource, kind in local.resource_kinds : resource => "${var.name_prefix}-${kind}-hosts" }

  # One name, or none, for each of the five resources.
  current_names = {
    for resource, stem in local.environment_stems : resource =>
    [for kind in compact([lookup(local.separate_kinds, resource, "")]) : "${stem}${local.suffix[kind]}"]
  }
  retained_names = {
    for resource, stem in local.environment_stems : resource =>
    [
      for name in keys(var.batch_retained_environments) : name
      if can(regex("^${stem}(-[0-9a-f]{8})?$", name)) && !contains(local.current_names[resource], name)
    ]
  }
  environments = {
    for resource, stem in local.environment_stems : resource => {
      for name in concat(local.current_names[resource], local.retained_names[resource]) : name => {
        is_current = contains(local.current_names[resource], name)
        state      = contains(local.current_names[resource], name) ? "ENABLED" : var.batch_retained_environments[name]
        template   = "${local.template_stems[resource]}${trimprefix(name, stem)}"
      }
    }
  }

  # The templates of all of these, and those of the current settings, which the single environment of old uses too.
  current_templates = { for kind in ["cpu", "gpu"] : kind => "${var.name_prefix}-${kind}-hosts${local.suffix[kind]}" }
  templates = merge(
    { for kind, name in local.current_templates : name => kind },
    [for resource, environments in local.environments : { for e in values(environments) : e.template => local.resource_kinds[resource] }]...
  )
}

# Stacks from before these were keyed by name.
moved {
  from = aws_batch_compute_environment.cpu[0]
  to   = aws_batch_compute_environment.cpu["refrag-cpu-compute-env"]
}

moved {
  from = aws_batch_compute_environment.gpu[0]
  to   = aws_batch_compute_environment.gpu["refrag-gpu-compute-env"]
}

moved {
  from = aws_launch_template.hosts["cpu"]
  to   = aws_launch_template.hosts["refrag-cpu-hosts"]
}

moved {
  from = aws_launch_template.hosts["gpu"]
  to   = aws_launch_template.hosts["refrag-gpu-hosts"]
}
