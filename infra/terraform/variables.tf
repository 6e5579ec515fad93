# Every variable has a default that works in a bare account, and refuses what AWS would refuse later, with the cure in the message.
# One file a subject: batch variables here, the rest in variables_account.tf and variables_options.tf.

variable "batch_cpu_instance_types" {
  description = "EC2 instance types, or families such as c6i, of the CPU compute environment."
  type        = list(string)
  default     = ["c6i.large", "m6i.large", "c6i.xlarge", "m6i.xlarge", "c6i.2xlarge", "m6i.2xlarge"]
  nullable    = false

  validation {
    condition     = length(var.batch_cpu_instance_types) > 0
    error_message = "batch_cpu_instance_types is empty. List at least one instance type, such as [\"m6i.xlarge\"]."
  }

  validation {
    condition = alltrue([
      for type in var.batch_cpu_instance_types :
      contains(concat(keys(local.instance_types), keys(local.instance_families)), type)
      || !contains(keys(local.instance_families), split(".", type)[0])
    ])
    error_message = "Unknown instance type in batch_cpu_instance_types: ${join(", ", [for type in var.batch_cpu_instance_types : type if !contains(concat(keys(local.instance_types), keys(local.instance_families)), type) && contains(keys(local.instance_families), split(".", type)[0])])}: its family has no such size. Correct the name, or add its row to instance_types.json if AWS has it in your region."
  }

  validation {
    condition = alltrue([
      for type in flatten([for name in var.batch_cpu_instance_types : lookup(local.instance_families, name, [name])]) :
      try(local.instance_types[type].gpus, 0) == 0
    ])
    error_message = "batch_cpu_instance_types lists GPU types: ${join(", ", [for type in flatten([for name in var.batch_cpu_instance_types : lookup(local.instance_families, name, [name])]) : type if try(local.instance_types[type].gpus, 0) > 0])}. Move them to batch_gpu_instance_types: CPU jobs would pay for idle GPUs."
  }

  validation {
    condition = length(distinct([
      for type in [
        for type in flatten([for name in var.batch_cpu_instance_types : lookup(local.instance_families, name, [name])]) :
        local.instance_types[type]
        if contains(keys(local.instance_types), type)
      ] :
      type.architecture
    ])) <= 1
    error_message = "batch_cpu_instance_types mixes processor architectures (${join(", ", distinct([for type in [for type in flatten([for name in var.batch_cpu_instance_types : lookup(local.instance_families, name, [name])]) : local.instance_types[type] if contains(keys(local.instance_types), type)] : type.architecture]))}). A queue takes only one: keep the x86_64 types or the arm64 types."
  }

  validation {
    condition = (
      !alltrue([
        for type in flatten([for name in var.batch_cpu_instance_types : lookup(local.instance_families, name, [name])]) :
        contains(keys(local.instance_types), type)
      ])
      || anytrue([
        for type in [
          for type in flatten([for name in var.batch_cpu_instance_types : lookup(local.instance_families, name, [name])]) :
          local.instance_types[type]
          if contains(keys(local.instance_types), type)
        ] :
        type.vcpus >= var.batch_cpu_job_vcpus && type.memory_mib * local.usable_memory_share >= var.batch_cpu_job_memory_mib
      ])
    )
    error_message = "No type in batch_cpu_instance_types can host the CPU job definition (${var.batch_cpu_job_vcpus} vCPU, ${var.batch_cpu_job_memory_mib} MiB; a host offers 95 % of its memory). Add a larger type such as m6i.xlarge, or lower batch_cpu_job_vcpus or batch_cpu_job_memory_mib."
  }
}

variable "batch_cpu_max_vcpus" {
  description = "Most vCPUs that the CPU compute environment may run at once. Batch may exceed it by one instance."
  type        = number
  default     = 32
  nullable    = false

  validation {
    condition = (
      var.batch_cpu_max_vcpus == floor(var.batch_cpu_max_vcpus)
      && var.batch_cpu_max_vcpus >= max(1, [
        for type in [
          for type in flatten([for name in var.batch_cpu_instance_types : lookup(local.instance_families, name, [name])]) :
          local.instance_types[type]
          if contains(keys(local.instance_types), type)
        ] :
        type.vcpus
      ]...)
    )
    error_message = "batch_cpu_max_vcpus is ${var.batch_cpu_max_vcpus}, but the largest type in batch_cpu_instance_types has ${max(1, [for type in [for type in flatten([for name in var.batch_cpu_instance_types : lookup(local.instance_families, name, [name])]) : local.instance_types[type] if contains(keys(local.instance_types), type)] : type.vcpus]...)} vCPUs. Raise batch_cpu_max_vcpus to at least that whole number, or remove the type."
  }
}

variable "batch_cpu_min_vcpus" {
  description = "vCPUs that the CPU compute environment keeps running without jobs. 0 costs nothing while idle."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition = (
      var.batch_cpu_min_vcpus == floor(var.batch_cpu_min_vcpus)
      && var.batch_cpu_min_vcpus >= 0
      && var.batch_cpu_min_vcpus <= var.batch_cpu_max_vcpus
    )
    error_message = "batch_cpu_min_vcpus is ${var.batch_cpu_min_vcpus}. Give a whole number from 0 to batch_cpu_max_vcpus (${var.batch_cpu_max_vcpus})."
  }
}

variable "batch_cpu_image_type" {
  description = "Machine image of CPU hosts: ECS_AL2023, or ECS_AL2 with an image of your own."
  type        = string
  default     = "ECS_AL2023"
  nullable    = false

  validation {
    condition     = contains(["ECS_AL2023", "ECS_AL2"], var.batch_cpu_image_type)
    error_message = "batch_cpu_image_type is ${var.batch_cpu_image_type}. Use ECS_AL2023; the NVIDIA images are for batch_gpu_image_type."
  }

  validation {
    condition     = var.batch_cpu_image_type != "ECS_AL2" || var.batch_cpu_ami_id != ""
    error_message = "AWS has supplied no AL2 image to new compute environments since 2026-06-30. Use batch_cpu_image_type = \"ECS_AL2023\", or name an AL2 image of your own in batch_cpu_ami_id."
  }
}

variable "batch_cpu_ami_id" {
  description = "Image of your own for CPU hosts (ami-...), which must contain the ECS agent. Empty: the image that AWS Batch chooses for the image type."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = var.batch_cpu_ami_id == "" || can(regex("^ami-[0-9a-f]{8,17}$", var.batch_cpu_ami_id))
    error_message = "batch_cpu_ami_id is ${var.batch_cpu_ami_id}, which is no image id. Give ami- and 8 to 17 hexadecimal digits, or leave it empty."
  }
}

variable "batch_cpu_volume_gib" {
  description = "Size of the encrypted root volume of a CPU host, in GiB."
  type        = number
  default     = 50
  nullable    = false

  validation {
    condition = (
      var.batch_cpu_volume_gib == floor(var.batch_cpu_volume_gib) && var.batch_cpu_volume_gib >= 30 && var.batch_cpu_volume_gib <= 16384
    )
    error_message = "batch_cpu_volume_gib is ${var.batch_cpu_volume_gib}. Give a whole number from 30 (the machine image and job images need that much) to 16384."
  }
}

variable "batch_cpu_job_vcpus" {
  description = "vCPUs of the CPU job definition; a job may ask otherwise."
  type        = number
  default     = 4
  nullable    = false

  validation {
    condition     = var.batch_cpu_job_vcpus == floor(var.batch_cpu_job_vcpus) && var.batch_cpu_job_vcpus >= 1
    error_message = "batch_cpu_job_vcpus is ${var.batch_cpu_job_vcpus}. AWS Batch on EC2 takes whole vCPUs from 1."
  }
}

variable "batch_cpu_job_memory_mib" {
  description = "Memory of the CPU job definition in MiB; a job may ask otherwise. A request equal to a host's installed memory never fits."
  type        = number
  default     = 8192
  nullable    = false

  validation {
    condition     = var.batch_cpu_job_memory_mib == floor(var.batch_cpu_job_memory_mib) && var.batch_cpu_job_memory_mib >= 4
    error_message = "batch_cpu_job_memory_mib is ${var.batch_cpu_job_memory_mib}. Give whole MiB from 4, such as 8192."
  }
}

variable "batch_gpu_instance_types" {
  description = "EC2 instance types, or families such as g5, of the GPU compute environment. g5.12xlarge is there for jobs of two to four GPUs."
  type        = list(string)
  default     = ["g5.xlarge", "g5.2xlarge", "g5.4xlarge", "g5.12xlarge"]
  nullable    = false

  validation {
    condition     = length(var.batch_gpu_instance_types) > 0
    error_message = "batch_gpu_instance_types is empty. List at least one instance type, such as [\"g5.4xlarge\"]."
  }

  validation {
    condition = alltrue([
      for type in var.batch_gpu_instance_types :
      contains(concat(keys(local.instance_types), keys(local.instance_families)), type)
      || !contains(keys(local.instance_families), split(".", type)[0])
    ])
    error_message = "Unknown instance type in batch_gpu_instance_types: ${join(", ", [for type in var.batch_gpu_instance_types : type if !contains(concat(keys(local.instance_types), keys(local.instance_families)), type) && contains(keys(local.instance_families), split(".", type)[0])])}: its family has no such size. Correct the name, or add its row to instance_types.json if AWS has it in your region."
  }

  validation {
    condition = alltrue([
      for type in flatten([for name in var.batch_gpu_instance_types : lookup(local.instance_families, name, [name])]) :
      try(local.instance_types[type].gpus, 1) > 0
    ])
    error_message = "batch_gpu_instance_types lists types without GPUs: ${join(", ", [for type in flatten([for name in var.batch_gpu_instance_types : lookup(local.instance_families, name, [name])]) : type if try(local.instance_types[type].gpus, 1) == 0])}. Move them to batch_cpu_instance_types."
  }

  validation {
    condition = length(distinct([
      for type in [
        for type in flatten([for name in var.batch_gpu_instance_types : lookup(local.instance_families, name, [name])]) :
        local.instance_types[type]
        if contains(keys(local.instance_types), type)
      ] :
      type.architecture
    ])) <= 1
    error_message = "batch_gpu_instance_types mixes processor architectures (${join(", ", distinct([for type in [for type in flatten([for name in var.batch_gpu_instance_types : lookup(local.instance_families, name, [name])]) : local.instance_types[type] if contains(keys(local.instance_types), type)] : type.architecture]))}). A queue takes only one: keep the x86_64 types or the arm64 types."
  }

  validation {
    condition = (
      !alltrue([
        for type in flatten([for name in var.batch_gpu_instance_types : lookup(local.instance_families, name, [name])]) :
        contains(keys(local.instance_types), type)
      ])
      || anytrue([
        for type in [
          for type in flatten([for name in var.batch_gpu_instance_types : lookup(local.instance_families, name, [name])]) :
          local.instance_types[type]
          if contains(keys(local.instance_types), type)
        ] :
        type.vcpus >= var.batch_gpu_job_vcpus
        && type.memory_mib * local.usable_memory_share >= var.batch_gpu_job_memory_mib
        && type.gpus >= var.batch_gpu_job_gpus
      ])
    )
    error_message = "No type in batch_gpu_instance_types can host the GPU job definition (${var.batch_gpu_job_vcpus} vCPU, ${var.batch_gpu_job_memory_mib} MiB, ${var.batch_gpu_job_gpus} GPU(s); a host offers 95 % of its memory). Add a larger type such as g5.4xlarge, or lower batch_gpu_job_vcpus or batch_gpu_job_memory_mib."
  }
}

variable "batch_gpu_max_vcpus" {
  description = "Most vCPUs that the GPU compute environment may run at once. Batch may exceed it by one instance."
  type        = number
  default     = 64
  nullable    = false

  validation {
    condition = (
      var.batch_gpu_max_vcpus == floor(var.batch_gpu_max_vcpus)
      && var.batch_gpu_max_vcpus >= max(1, [
        for type in [
          for type in flatten([for name in var.batch_gpu_instance_types : lookup(local.instance_families, name, [name])]) :
          local.instance_types[type]
          if contains(keys(local.instance_types), type)
        ] :
        type.vcpus
      ]...)
    )
    error_message = "batch_gpu_max_vcpus is ${var.batch_gpu_max_vcpus}, but the largest type in batch_gpu_instance_types has ${max(1, [for type in [for type in flatten([for name in var.batch_gpu_instance_types : lookup(local.instance_families, name, [name])]) : local.instance_types[type] if contains(keys(local.instance_types), type)] : type.vcpus]...)} vCPUs. Raise batch_gpu_max_vcpus to at least that whole number, or remove the type."
  }
}

variable "batch_gpu_min_vcpus" {
  description = "vCPUs that the GPU compute environment keeps running without jobs. 0 costs nothing while idle."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition = (
      var.batch_gpu_min_vcpus == floor(var.batch_gpu_min_vcpus)
      && var.batch_gpu_min_vcpus >= 0
      && var.batch_gpu_min_vcpus <= var.batch_gpu_max_vcpus
    )
    error_message = "batch_gpu_min_vcpus is ${var.batch_gpu_min_vcpus}. Give a whole number from 0 to batch_gpu_max_vcpus (${var.batch_gpu_max_vcpus})."
  }
}

variable "batch_gpu_image_type" {
  description = "Machine image of GPU hosts: ECS_AL2023_NVIDIA, or ECS_AL2_NVIDIA with an image of your own, which p3 and g3 need."
  type        = string
  default     = "ECS_AL2023_NVIDIA"
  nullable    = false

  validation {
    condition     = contains(["ECS_AL2023_NVIDIA", "ECS_AL2_NVIDIA"], var.batch_gpu_image_type)
    error_message = "batch_gpu_image_type is ${var.batch_gpu_image_type}, which has no GPU driver. Use ECS_AL2023_NVIDIA, or ECS_AL2_NVIDIA for p3 and g3."
  }

  validation {
    condition = (
      var.batch_gpu_image_type != "ECS_AL2023_NVIDIA"
      || length([
        for type in flatten([for name in var.batch_gpu_instance_types : lookup(local.instance_families, name, [name])]) : type
        if contains(local.families_without_al2023, split(".", type)[0])
      ]) == 0
    )
    error_message = "ECS_AL2023_NVIDIA does not support ${join(", ", [for type in flatten([for name in var.batch_gpu_instance_types : lookup(local.instance_families, name, [name])]) : type if contains(local.families_without_al2023, split(".", type)[0])])}. Remove these types from batch_gpu_instance_types, or set batch_gpu_image_type = \"ECS_AL2_NVIDIA\" and batch_gpu_ami_id."
  }

  validation {
    condition     = var.batch_gpu_image_type != "ECS_AL2_NVIDIA" || var.batch_gpu_ami_id != ""
    error_message = "AWS has supplied no AL2 image to new compute environments since 2026-06-30. Name an AL2 GPU image of your own in batch_gpu_ami_id, or use batch_gpu_image_type = \"ECS_AL2023_NVIDIA\" without p3 and g3 types."
  }
}

variable "batch_gpu_ami_id" {
  description = "Image of your own for GPU hosts (ami-...), which must contain the ECS agent. Empty: the image that AWS Batch chooses for the image type."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = var.batch_gpu_ami_id == "" || can(regex("^ami-[0-9a-f]{8,17}$", var.batch_gpu_ami_id))
    error_message = "batch_gpu_ami_id is ${var.batch_gpu_ami_id}, which is no image id. Give ami- and 8 to 17 hexadecimal digits, or leave it empty."
  }
}

variable "batch_gpu_volume_gib" {
  description = "Size of the encrypted root volume of a GPU host, in GiB. GPU images and frameworks are large."
  type        = number
  default     = 200
  nullable    = false

  validation {
    condition = (
      var.batch_gpu_volume_gib == floor(var.batch_gpu_volume_gib) && var.batch_gpu_volume_gib >= 100 && var.batch_gpu_volume_gib <= 16384
    )
    error_message = "batch_gpu_volume_gib is ${var.batch_gpu_volume_gib}. Give a whole number from 100 (the machine image and job images need that much) to 16384."
  }
}

variable "batch_gpu_job_vcpus" {
  description = "vCPUs of the GPU job definition; a job may ask otherwise."
  type        = number
  default     = 8
  nullable    = false

  validation {
    condition     = var.batch_gpu_job_vcpus == floor(var.batch_gpu_job_vcpus) && var.batch_gpu_job_vcpus >= 1
    error_message = "batch_gpu_job_vcpus is ${var.batch_gpu_job_vcpus}. AWS Batch on EC2 takes whole vCPUs from 1."
  }
}

variable "batch_gpu_job_memory_mib" {
  description = "Memory of the GPU job definition in MiB; a job may ask otherwise. A request equal to a host's installed memory never fits."
  type        = number
  default     = 32768
  nullable    = false

  validation {
    condition     = var.batch_gpu_job_memory_mib == floor(var.batch_gpu_job_memory_mib) && var.batch_gpu_job_memory_mib >= 4
    error_message = "batch_gpu_job_memory_mib is ${var.batch_gpu_job_memory_mib}. Give whole MiB from 4, such as 32768."
  }
}

variable "batch_gpu_job_shared_memory_mib" {
  description = "Size of /dev/shm in the GPU job definition, in MiB; a job cannot ask otherwise. It is a limit and no reservation, and what is used counts as the job's memory. 0: Docker's 64 MiB."
  type        = number
  default     = 16384
  nullable    = false

  validation {
    condition = (
      var.batch_gpu_job_shared_memory_mib == floor(var.batch_gpu_job_shared_memory_mib)
      && var.batch_gpu_job_shared_memory_mib >= 0
      && var.batch_gpu_job_shared_memory_mib <= var.batch_gpu_job_memory_mib
    )
    error_message = "batch_gpu_job_shared_memory_mib is ${var.batch_gpu_job_shared_memory_mib}. Give whole MiB from 0 to batch_gpu_job_memory_mib (${var.batch_gpu_job_memory_mib})."
  }
}

variable "batch_gpu_job_gpus" {
  description = "GPUs of the GPU job definition; a job may ask otherwise."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.batch_gpu_job_gpus == floor(var.batch_gpu_job_gpus) && var.batch_gpu_job_gpus >= 1
    error_message = "batch_gpu_job_gpus is ${var.batch_gpu_job_gpus}. Give a whole number from 1; jobs without GPUs go to the CPU queue."
  }
}
